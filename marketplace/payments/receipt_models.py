"""Tables of tax numbers and receipts. What a receipt says is kept as it was when the money came."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from marketplace.db import Instant
from marketplace.payments.taxes import Rate


class Registration(SQLModel, table=True):
    """What a coach wants her receipts to say: the address of her practice and her tax numbers, each "" for none."""

    coach_id: UUID = Field(foreign_key="coach.id", primary_key=True)
    address: str = Field(default="", max_length=300)
    gst_hst: str = Field(default="", max_length=20)
    qst: str = Field(default="", max_length=20)
    vat: str = Field(default="", max_length=20)
    updated_at: datetime = Field(sa_type=Instant)


class Receipt(SQLModel, table=True):
    """The receipt of a payment: who sold to whom, under which tax numbers."""

    payment_id: UUID = Field(foreign_key="payment.id", primary_key=True)
    payer_name: str = Field(max_length=100)
    coach_name: str = Field(max_length=100)
    coach_address: str = Field(max_length=300)
    gst_hst: str = Field(default="", max_length=20)
    qst: str = Field(default="", max_length=20)
    vat: str = Field(default="", max_length=20)
    issued_at: datetime = Field(sa_type=Instant)

    @property
    def number(self) -> str:
        """How people name it: the day (UTC) and what is random in the payment's id."""
        return f"{self.issued_at:%Y%m%d}-{self.payment_id.hex[-10:].upper()}"


class LineTax(SQLModel, table=True):
    """A tax within the amount of an order's line, in minor units; `percent` of the price before taxes."""

    __tablename__ = "line_tax"
    __table_args__ = (CheckConstraint("amount >= 0", name="amount_not_negative"),)

    line_id: UUID = Field(foreign_key="purchase_line.id", primary_key=True)
    tax: str = Field(primary_key=True, max_length=10)
    percent: str = Field(max_length=10)
    province: str = Field(max_length=6)
    amount: int

    @property
    def rate(self) -> Rate:
        """The tax and its rate."""
        return Rate(self.tax, Decimal(self.percent))
