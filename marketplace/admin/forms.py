"""What staff's pages send."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticCustomError

from marketplace.errors import Invalid
from marketplace.web.forms import Form

MOST = 100_000_00


def _cents(typed: object) -> int:
    """ "12.50" or "12,50" as 1250."""
    try:
        amount = Decimal(str(typed).strip().replace(",", ".").lstrip("$")) * 100
    except InvalidOperation:
        raise PydanticCustomError("decimal_parsing", "no amount") from None
    if not amount.is_finite() or amount != amount.to_integral_value() or not 0 < amount <= MOST:
        raise PydanticCustomError("decimal_parsing", "no amount of cents")
    return int(amount)


class DecisionPage(Form):
    """How a complaint is decided: nothing back, a part (`amount`), or all; and words to both."""

    outcome: Literal["nothing", "part", "all"]
    amount: Annotated[int, BeforeValidator(_cents)] | None = None
    words: str = Field(default="", max_length=2000)

    def refund(self, left: int) -> int:
        """What goes back, in minor units, of what is `left` to give. Invalid `amount-needed`."""
        if self.outcome != "part":
            return left if self.outcome == "all" else 0
        if self.amount is None:
            raise Invalid("amount-needed", field="amount")
        return self.amount


class SearchQuery(Form):
    """What order is looked for."""

    q: str = Field(default="", max_length=200)


class BooksQuery(Form):
    """Which month of which currency's books."""

    currency: str = Field(default="", pattern="^([A-Z]{3})?$")
    month: str = Field(default="", pattern=r"^(20\d\d-(0[1-9]|1[0-2]))?$")
