"""Packages, read: what is sold, what a runner has, who has visits left with a coach."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from marketplace.accounts.models import User
from marketplace.coaches.models import Coach, Offer
from marketplace.db import locked
from marketplace.errors import NotFound
from marketplace.money import Money
from marketplace.packages.models import Credit, Deal, Package
from marketplace.packages.rules import is_dearer
from marketplace.packages.states import CreditStatus, PackageStatus
from marketplace.payments.models import Payment


@dataclass(frozen=True, slots=True)
class Held:
    """A package with its visits and whom it is between; `disputed_at` stops all use of it."""

    package: Package
    offer: Offer
    coach: Coach
    runner: User
    credits: Sequence[Credit]
    disputed_at: datetime | None

    @property
    def free(self) -> Sequence[Credit]:
        """The visits that can be used, or given back."""
        return [each for each in self.credits if each.status == CreditStatus.FREE]

    @property
    def left(self) -> int:
        """How many they are."""
        return len(self.free)

    @property
    def worth(self) -> Money:
        """What they are worth together."""
        return Money(sum(each.value for each in self.free), self.package.currency)

    @property
    def is_usable(self) -> bool:
        """Whether one of them can be used now."""
        bookable = self.offer.is_sold and self.coach.is_listed
        return self.package.is_active and self.left > 0 and self.disputed_at is None and bookable


def deals(session: Session, offer_id: UUID) -> Sequence[Deal]:
    """The packages that a coach made of an offer, the smallest first, also such as cost too much to be sold."""
    sold = select(Deal).where(col(Deal.offer_id) == offer_id).order_by(col(Deal.visits))
    return session.execute(sold).scalars().all()


def deals_of(session: Session, offer_ids: Sequence[UUID]) -> list[tuple[Deal, Offer]]:
    """The packages of these offers that are sold, the smallest first, each with its offer."""
    sold = select(Deal, Offer).join(Offer, col(Offer.id) == col(Deal.offer_id))
    sold = sold.where(col(Deal.price) <= col(Offer.price) * col(Deal.visits))
    sold = sold.where(col(Deal.offer_id).in_(offer_ids)).order_by(col(Deal.visits))
    return [(row[0], row[1]) for row in session.execute(sold)]


def deal(session: Session, deal_id: UUID) -> Deal:
    """A package that is sold. NotFound `package`, also once its visits cost less one by one."""
    found = session.get(Deal, deal_id)
    if found is None or is_dearer(session.get_one(Offer, found.offer_id).price, found.visits, found.price):
        raise NotFound("package")
    return found


def of_runner(session: Session, runner_id: UUID) -> list[Held]:
    """What a runner has bought and paid, what ends first first."""
    hers = col(Package.runner_id) == runner_id, col(Package.bought_at).is_not(None)
    rows = session.execute(select(Package).where(*hers).order_by(col(Package.expires_at), col(Package.id))).scalars()
    return _held(session, rows.all())


def usable(session: Session, runner_id: UUID, offer_id: UUID, now: datetime) -> Held | None:
    """The package with which a runner can book this offer now; of several, the one that ends first."""
    hers = [each for each in of_runner(session, runner_id) if each.package.offer_id == offer_id]
    return next((each for each in hers if each.is_usable and not is_over(each.package, now)), None)


def is_over(package: Package, now: datetime) -> bool:
    """Whether its time is past, though nobody may have ended it yet."""
    return package.expires_at is not None and package.expires_at <= now


def of_coach(session: Session, coach_id: UUID) -> list[Held]:
    """The packages of a coach's offers with visits left, what ends first first."""
    hers = col(Package.coach_id) == coach_id, col(Package.status) == PackageStatus.ACTIVE
    rows = session.execute(select(Package).where(*hers).order_by(col(Package.expires_at), col(Package.id))).scalars()
    return [each for each in _held(session, rows.all()) if each.left]


def mine(session: Session, package_id: UUID, runner_id: UUID) -> Held:
    """A package of this runner. NotFound `package`."""
    package = session.get(Package, package_id)
    if package is None or package.runner_id != runner_id:
        raise NotFound("package")
    return held(session, package)


def held(session: Session, package: Package) -> Held:
    """A package with all that its page speaks of."""
    (found,) = _held(session, [package])
    return found


def _held(session: Session, packages: Sequence[Package]) -> list[Held]:
    """The same of many, in two queries; the visits are read afresh, in the order of use."""
    ids = [each.id for each in packages]
    credits: dict[UUID, list[Credit]] = {each: [] for each in ids}
    all_of_them = select(Credit).where(col(Credit.package_id).in_(ids)).order_by(col(Credit.number))
    for credit in session.scalars(all_of_them, execution_options={"populate_existing": True}):
        credits[credit.package_id].append(credit)
    between = select(col(Package.id), Offer, Coach, User, col(Payment.disputed_at)).where(col(Package.id).in_(ids))
    between = between.join(Offer, col(Offer.id) == col(Package.offer_id))
    between = between.join(Coach, col(Coach.id) == col(Package.coach_id))
    between = between.join(User, col(User.id) == col(Package.runner_id))
    between = between.join(Payment, col(Payment.order_id) == col(Package.order_id))
    known = {row[0]: (row[1], row[2], row[3], row[4]) for row in session.execute(between)}
    return [Held(each, *known[each.id][:3], credits[each.id], known[each.id][3]) for each in packages]


def credit_of(session: Session, booking_id: UUID) -> Credit | None:
    """The visit with which a booking is paid."""
    return session.execute(select(Credit).where(col(Credit.booking_id) == booking_id)).scalar_one_or_none()


def package_of_order(session: Session, order_id: UUID) -> Package | None:
    """The package that an order bought, locked."""
    found: Package | None = locked(session, select(Package).where(col(Package.order_id) == order_id))
    return found


def active_of_person(session: Session, user_id: UUID) -> Sequence[UUID]:
    """The packages that end when this person leaves, as runner or as coach."""
    hers = select(col(Package.id)).join(Coach, col(Coach.id) == col(Package.coach_id))
    hers = hers.where((col(Package.runner_id) == user_id) | (col(Coach.user_id) == user_id))
    return session.execute(hers.where(col(Package.status) == PackageStatus.ACTIVE)).scalars().all()


def active_until(session: Session, before: datetime, *, unreminded: bool = False, limit: int = 100) -> Sequence[UUID]:
    """The packages in use that end before then, and that nobody disputes; what ends first first."""
    due = select(col(Package.id)).join(Payment, col(Payment.order_id) == col(Package.order_id))
    due = due.where(col(Package.status) == PackageStatus.ACTIVE, col(Package.expires_at) <= before)
    due = due.where(col(Payment.disputed_at).is_(None)).order_by(col(Package.expires_at))
    if unreminded:
        due = due.where(col(Package.reminded_at).is_(None))
    return session.execute(due.limit(limit)).scalars().all()


def worth_by_package(session: Session) -> dict[tuple[UUID, str], int]:
    """What the free visits of each package are worth, in minor units of its currency, by both."""
    free = func.sum(col(Credit.value)).filter(col(Credit.status) == CreditStatus.FREE)
    sums = select(col(Package.id), col(Package.currency), func.coalesce(free, 0))
    sums = sums.join(Credit, col(Credit.package_id) == col(Package.id)).group_by(col(Package.id))
    return {(row[0], row[1]): int(row[2]) for row in session.execute(sums)}
