"""How a package's visits go back as money: when its runner asks, when it ends, when somebody leaves."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.db import transaction
from marketplace.errors import Conflict
from marketplace.jobs import do_each, enqueue
from marketplace.money import Money
from marketplace.packages import queries
from marketplace.packages.models import Credit, Package
from marketplace.packages.rules import REMINDED
from marketplace.packages.service.using import is_frozen, lock
from marketplace.payments import queries as books
from marketplace.payments import service as payments


def return_unused(session: Session, package_id: UUID, *, by: User) -> Money:
    """Give all unused visits of a runner's package back to her card; how much that is. The package stays.

    Conflict `no-credit-left`, `credits-frozen`.
    """
    package = queries.mine(session, package_id, by.id).package
    lock(session, package)
    if is_frozen(session, package):
        raise Conflict("credits-frozen")
    given = _give_back(session, package, by="runner")
    if not given:
        raise Conflict("no-credit-left")
    return given


def end(session: Session, package_id: UUID, *, by: str = "system") -> None:
    """The end of a package: what is unused goes back to the runner's card. Conflict `credits-frozen`."""
    package = session.get_one(Package, package_id)
    lock(session, package)
    if not package.is_active:
        return
    if is_frozen(session, package):
        raise Conflict("credits-frozen")
    given = _give_back(session, package, by=by)
    package.make(session, "end", by=by)
    key = f"packages.tell:{package.id}:ended"
    enqueue(session, "packages.tell", key=key, package_id=package.id, news="ended", given=given.amount)


def end_due() -> int:
    """End the packages whose year is over; how many. Its own transactions."""
    with transaction(write=False) as session:
        due = queries.active_until(session, clock.now())
    return do_each(due, end)


def remind_due() -> int:
    """Tell who has visits left in a package that ends within 30 days, once; how many. Its own transactions."""
    with transaction(write=False) as session:
        due = queries.active_until(session, clock.now() + REMINDED, unreminded=True)
    return do_each(due, _remind)


def lose(session: Session, order_id: UUID, *, cause: str) -> None:
    """Money of a package has gone back without us, by the payer's bank or on Stripe's pages: it ends.

    Its unused visits are gone; what of their money is left goes back too, once for each `cause`: the id at Stripe.
    """
    package = queries.package_of_order(session, order_id)
    if package is None or package.bought_at is None:
        return
    for credit in queries.held(session, package).free:
        credit.make(session, "lose", by="stripe")
    if package.is_active:
        package.make(session, "end", by="stripe")
    session.flush()
    if left := books.held_now(session, package.id):
        payments.refund(
            session,
            order_id,
            amount=left,
            key=f"package:{package.id}:left:{cause}",
            reason="unused-visits",
            by="system",
            reference_id=package.id,
        )


def return_all_of(session: Session, user_id: UUID) -> None:
    """A runner or a coach leaves: her packages end, and unused visits go back to the cards that paid them."""
    for package_id in sorted(queries.active_of_person(session, user_id)):
        end(session, package_id, by="system")


def _give_back(session: Session, package: Package, *, by: str) -> Money:
    """All free visits, as one refund; the first of them names it, since none goes back twice."""
    free: Sequence[Credit] = queries.held(session, package).free
    worth = sum(each.value for each in free)
    if free:
        key = f"package:{package.id}:returned:{free[0].number}"
        for credit in free:
            credit.make(session, "return", by=by)
        session.flush()
        _refund(session, package, worth, key, by)
    return Money(worth, package.currency)


def _refund(session: Session, package: Package, amount: int, key: str, by: str) -> None:
    payments.refund_credits(session, package.order_id, package.id, amount, key=key, reason="unused-visits", by=by)


def _remind(session: Session, package_id: UUID) -> None:
    held = queries.held(session, session.get_one(Package, package_id))
    held.package.reminded_at = clock.now()
    if held.left and held.package.is_active:
        key = f"packages.tell:{package_id}:ending"
        enqueue(session, "packages.tell", key=key, package_id=package_id, news="ending")
