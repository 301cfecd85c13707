"""Using a visit of a package for a booking, and giving it back to the package."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.db import locked
from marketplace.errors import Conflict
from marketplace.packages import queries
from marketplace.packages.models import Credit, Package
from marketplace.packages.states import PackageStatus
from marketplace.payments import queries as orders
from marketplace.payments import service as payments


def spend(session: Session, *, runner_id: UUID, offer_id: UUID, booking_id: UUID) -> tuple[Package, Credit]:
    """Pay for a booking with the next free visit of a package of its offer, of the one that ends first.

    Conflict `no-credit-left` where there is none any more, `credits-frozen` while the payer's bank questions the
    payment of the only one.
    """
    now = clock.now()
    hers = [each for each in queries.of_runner(session, runner_id) if each.package.offer_id == offer_id and each.left]
    for package in (each.package for each in hers):
        lock(session, package)
        free = _free(session, package, now)
        if free is not None and not is_frozen(session, package):
            free.make(session, "use", by="runner", booking_id=booking_id)
            session.flush()
            payments.spend_credit(session, package.order_id, package.id, booking_id, free.value)
            return package, free
    frozen = any(each.disputed_at for each in hers)
    raise Conflict("credits-frozen" if frozen else "no-credit-left", field="use_credit")


def take_back(session: Session, booking_id: UUID) -> bool:
    """The visit that paid for a booking can be used again; False where its money must go back another way.

    That is where there is no such visit, the package has ended, or its payment is disputed.
    """
    credit = queries.credit_of(session, booking_id)
    if credit is None:
        return False
    package = session.get_one(Package, credit.package_id)
    lock(session, package)
    if not package.is_active or queries.is_over(package, clock.now()) or is_frozen(session, package):
        return False
    credit.make(session, "give-back", by="system")
    session.flush()
    payments.restore_credit(session, package.order_id, package.id, booking_id, credit.value)
    return True


def lock(session: Session, package: Package) -> None:
    """Nobody else changes the visits of a package, or disputes its payment, until this transaction ends."""
    orders.locked_payment(session, order_id=package.order_id)
    locked(session, select(Package).where(col(Package.id) == package.id))


def is_frozen(session: Session, package: Package) -> bool:
    """Whether the payer's bank questions, or took back, what paid for it."""
    return orders.payment_of(session, package.order_id).disputed_at is not None


def _free(session: Session, package: Package, now: datetime) -> Credit | None:
    """Its next free visit, as it stands under the lock."""
    if package.status != PackageStatus.ACTIVE or queries.is_over(package, now):
        return None
    return next(iter(queries.held(session, package).free), None)
