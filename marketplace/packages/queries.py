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
    """The packages of an offer that are sold, the smallest first."""
    sold = select(Deal).where(col(Deal.offer_id) == offer_id).order_by(col(Deal.visits))
    return session.execute(sold).scalars().all()


def deal(session: Session, deal_id: UUID) -> Deal:
    """A package that is sold. NotFound `package`."""
    found = session.get(Deal, deal_id)
    if found is None:
        raise NotFound("package")
    return found


def of_runner(session: Session, runner_id: UUID) -> list[Held]:
    """What a runner has bought and paid, what ends first first."""
    hers = col(Package.runner_id) == runner_id, col(Package.bought_at).is_not(None)
    rows = session.execute(select(Package).where(*hers).order_by(col(Package.expires_at), col(Package.id))).scalars()
    return [held(session, each) for each in rows]


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
    rows = session.execute(select(Package).where(*hers).order_by(col(Package.expires_at))).scalars()
    return [each for each in (held(session, package) for package in rows) if each.left]


def mine(session: Session, package_id: UUID, runner_id: UUID) -> Held:
    """A package of this runner. NotFound `package`."""
    package = session.get(Package, package_id)
    if package is None or package.runner_id != runner_id:
        raise NotFound("package")
    return held(session, package)


def held(session: Session, package: Package) -> Held:
    """A package with all that its page speaks of."""
    coach = session.get_one(Coach, package.coach_id)
    disputed = select(col(Payment.disputed_at)).where(col(Payment.order_id) == package.order_id)
    return Held(
        package,
        session.get_one(Offer, package.offer_id),
        coach,
        session.get_one(User, package.runner_id),
        credits(session, package.id),
        session.execute(disputed).scalar_one_or_none(),
    )


def credits(session: Session, package_id: UUID) -> Sequence[Credit]:
    """The visits of a package, read afresh, in the order of use."""
    all_of_it = select(Credit).where(col(Credit.package_id) == package_id).order_by(col(Credit.number))
    return session.execute(all_of_it, execution_options={"populate_existing": True}).scalars().all()


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
