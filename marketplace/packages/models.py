"""Tables of packages: which a coach sells, which a runner has bought, and its visits as credits."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlmodel import Field, Session, SQLModel

from marketplace.db import Instant, TextEnum, new_id, one_of
from marketplace.money import Money
from marketplace.packages import states
from marketplace.packages.rules import SIZES
from marketplace.packages.states import CreditStatus, PackageStatus
from marketplace.payments.models_out import history_row
from marketplace.payments.states import after


class Deal(SQLModel, table=True):
    """A package that a coach sells: so many visits of an offer for a price, in the offer's currency."""

    __table_args__ = (
        UniqueConstraint("offer_id", "visits"),
        CheckConstraint(f"visits in {SIZES}", name="visits_known"),
        CheckConstraint("price > 0", name="price_positive"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    offer_id: UUID = Field(foreign_key="offer.id")
    visits: int
    price: int  # minor units, of all visits together


class Package(SQLModel, table=True):
    """What a runner has bought, on the terms of that day. Whoever changes its credits locks its payment first."""

    __table_args__ = (
        one_of("status", PackageStatus),
        CheckConstraint("price > 0 and visits > 0", name="worth_something"),
        Index("ix_package_status_expires", "status", "expires_at"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    runner_id: UUID = Field(foreign_key="user.id", index=True)
    coach_id: UUID = Field(foreign_key="coach.id", index=True)
    offer_id: UUID = Field(foreign_key="offer.id")
    order_id: UUID = Field(foreign_key="purchase.id", unique=True)
    status: PackageStatus = Field(default=PackageStatus.WAITING, sa_type=TextEnum(PackageStatus))
    title: str = Field(max_length=100)
    visits: int
    price: int
    currency: str = Field(max_length=3)
    created_at: datetime = Field(sa_type=Instant)
    bought_at: datetime | None = Field(default=None, sa_type=Instant)
    expires_at: datetime | None = Field(default=None, sa_type=Instant)  # visits can be booked until then
    reminded_at: datetime | None = Field(default=None, sa_type=Instant)  # of its end

    @property
    def cost(self) -> Money:
        """What was paid for it."""
        return Money(self.price, self.currency)

    @property
    def is_active(self) -> bool:
        """Whether its free visits can be used, unless its payment is disputed."""
        return self.status == PackageStatus.ACTIVE

    def make(self, session: Session, move: str, *, by: str, reason: str = "") -> None:
        """Make a named move and add it to the history of money. Conflict `move-impossible`."""
        self.status = PackageStatus(after(states.PACKAGE, move, self.status))
        session.add(history_row(self.id, move, by, reason))


class Credit(SQLModel, table=True):
    """One visit of a package. `booking_id` is what it is used for; it names no table, since bookings are above."""

    __table_args__ = (
        one_of("status", CreditStatus),
        UniqueConstraint("package_id", "number"),
        CheckConstraint("value >= 0", name="value_not_negative"),
        CheckConstraint("(status = 'used') = (booking_id is not null)", name="used_for_something"),
    )

    id: UUID = Field(default_factory=new_id, primary_key=True)
    package_id: UUID = Field(foreign_key="package.id")
    number: int  # from 1, in the order of use
    value: int  # minor units
    status: CreditStatus = Field(default=CreditStatus.FREE, sa_type=TextEnum(CreditStatus))
    booking_id: UUID | None = Field(default=None, unique=True)

    def make(self, session: Session, move: str, *, by: str, booking_id: UUID | None = None) -> None:
        """Make a named move and add it to the package's history. Conflict `move-impossible`."""
        self.status = CreditStatus(after(states.CREDIT, move, self.status))
        what = booking_id or self.booking_id
        self.booking_id = booking_id
        session.add(history_row(self.package_id, f"credit-{move}", by, f"{self.number} {what or ''}".strip()))
