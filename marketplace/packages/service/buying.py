"""Buying a package: an order of its own, paid like any other; then its visits are there to be used."""

from decimal import Decimal
from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.coaches.kinds import Mode
from marketplace.coaches.models import Offer
from marketplace.coaches.service import check_buyer
from marketplace.errors import Conflict
from marketplace.jobs import enqueue
from marketplace.money import Money
from marketplace.packages import queries
from marketplace.packages.models import Credit, Deal, Package
from marketplace.packages.rules import ends_at, values
from marketplace.packages.service.selling import seller
from marketplace.packages.states import PackageStatus
from marketplace.payments import service as payments


def buy(
    session: Session, *, package_id: UUID, deal_id: UUID, by: User, fee_percent: Decimal, price: Money | None = None
) -> Package:
    """Order a package; it is the runner's once it is paid. The same id again is the same package.

    `price` as she was shown it. Raises NotFound, Forbidden `address-not-verified` or `own-offer`, Conflict
    `package-price-changed`, `coach-away`, `coach-unpaid`, `id-taken` for the id of somebody else's, and for the id of
    one that was not paid in time, or otherwise than agreed, `payment-over` or `payment-rejected`.
    """
    if (known := session.get(Package, package_id)) is not None:
        return _same(session, known, by)
    deal = queries.deal(session, deal_id)
    offer, coach = seller(session, deal)
    check_buyer(by, coach)
    if not payments.can_be_paid(session, coach.id):
        raise Conflict("coach-unpaid")
    if price is not None and price != Money(deal.price, offer.currency):
        raise Conflict("package-price-changed", amount=deal.price, currency=offer.currency)
    now = clock.now()
    order = payments.open_order(
        session,
        payer_id=by.id,
        coach_id=coach.id,
        lines=[_line(package_id, deal, offer)],
        currency=offer.currency,
        expires_at=now + payments.TO_PAY,
        fee_percent=fee_percent,
    )
    package = Package(
        id=package_id,
        runner_id=by.id,
        coach_id=coach.id,
        offer_id=offer.id,
        order_id=order.id,
        title=offer.title,
        visits=deal.visits,
        price=deal.price,
        currency=offer.currency,
        created_at=now,
    )
    session.add(package)
    session.flush()
    return package


def begin_payment(session: Session, package_id: UUID, *, by: User) -> Package:
    """The package whose payment page is to open. Conflict `already-paid`, `payment-over`, `payment-rejected`."""
    package = queries.mine(session, package_id, by.id).package
    _check_not_over(session, package)
    if package.status != PackageStatus.WAITING:
        raise Conflict("already-paid")
    return package


def activate(session: Session, order_id: UUID) -> None:
    """A package is paid: its visits are there, for a year. Also when it was paid late: it claims no time."""
    package = queries.package_of_order(session, order_id)
    if package is None or package.status not in (PackageStatus.WAITING, PackageStatus.UNPAID):
        return
    now = clock.now()
    package.make(session, "pay", by="system")
    package.bought_at, package.expires_at = now, ends_at(now)
    worth = enumerate(values(package.price, package.visits), 1)
    session.add_all(Credit(package_id=package.id, number=number, value=value) for number, value in worth)
    payments.issue_credits(session, order_id, package.id, package.price)
    enqueue(session, "packages.tell", key=f"packages.tell:{package.id}:bought", package_id=package.id, news="bought")


def lapse(session: Session, order_id: UUID) -> None:
    """A package was not paid in time, or otherwise than agreed."""
    package = queries.package_of_order(session, order_id)
    if package is not None and package.status == PackageStatus.WAITING:
        package.make(session, "lapse", by="system")


def _line(package_id: UUID, deal: Deal, offer: Offer) -> payments.Line:
    """How it stands on the bill; its taxes are those of the visits."""
    title = f"{deal.visits} × {offer.title}"
    return payments.Line("package", package_id, title, deal.price, offer.mode is Mode.ONLINE)


def _same(session: Session, known: Package, by: User) -> Package:
    if known.runner_id != by.id:
        raise Conflict("id-taken", field="id")
    _check_not_over(session, known)
    return known


def _check_not_over(session: Session, package: Package) -> None:
    if package.status == PackageStatus.UNPAID:
        raise Conflict("payment-rejected" if payments.was_rejected(session, package.order_id) else "payment-over")
