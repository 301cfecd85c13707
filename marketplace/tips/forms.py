"""What a runner gives."""

from typing import Literal, Self

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from marketplace.coaches.forms import Amount
from marketplace.web.forms import Form

AMOUNTS = (500, 1000, 2000)
"""Offered, in minor units."""
LEAST, MOST = 100, 50_000


class TipForm(Form):
    """One of the offered amounts, or another."""

    choice: Literal["500", "1000", "2000", "other"]
    other: Amount | None = None

    @model_validator(mode="after")
    def _is_something(self) -> Self:
        if not LEAST <= self.amount <= MOST:
            raise PydanticCustomError("tip-amount", "no amount, or too much")
        return self

    @property
    def amount(self) -> int:
        """In minor units."""
        return self.other or 0 if self.choice == "other" else int(self.choice)
