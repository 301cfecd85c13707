"""What a runner gives."""

from typing import Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from marketplace.coaches.forms import Price
from marketplace.web.forms import Form

AMOUNTS = (500, 1000, 2000)
"""Offered, in minor units."""
MOST = 50_000


class TipForm(Form):
    """One of the offered amounts, or another."""

    choice: Literal["500", "1000", "2000", "other"]
    other: Price | None = Field(default=None)

    @model_validator(mode="after")
    def _is_something(self) -> Self:
        if not 0 < self.amount <= MOST:
            raise PydanticCustomError("tip-amount", "no amount, or too much")
        return self

    @property
    def amount(self) -> int:
        """In minor units."""
        return self.other or 0 if self.choice == "other" else int(self.choice)
