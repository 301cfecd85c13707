"""What staff's pages send."""

from typing import Literal

from pydantic import Field

from marketplace.coaches.forms import Amount
from marketplace.errors import Invalid
from marketplace.web.forms import Form


class DecisionPage(Form):
    """How a complaint is decided: nothing back, a part (`amount`), or all; and words to both."""

    outcome: Literal["nothing", "part", "all"]
    amount: Amount | None = None
    words: str = Field(default="", max_length=2000)

    def refund(self, left: int) -> int:
        """What goes back, in minor units, of what is `left` to give. Invalid `amount-needed`."""
        if self.outcome != "part":
            return left if self.outcome == "all" else 0
        if not self.amount:
            raise Invalid("amount-needed", field="amount")
        return self.amount


class SearchQuery(Form):
    """What order is looked for."""

    q: str = Field(default="", max_length=200)


class BooksQuery(Form):
    """Which month of which currency's books."""

    currency: str = Field(default="", pattern="^([A-Z]{3})?$")
    month: str = Field(default="", pattern=r"^(20\d\d-(0[1-9]|1[0-2]))?$")
