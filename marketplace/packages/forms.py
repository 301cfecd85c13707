"""What is sent about packages: which one a runner buys, and for how much a coach sells them."""

import re
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from marketplace.packages.rules import SIZES, less
from marketplace.web.forms import Form

MOST_PRICE = 1_000_000


class BuyPage(Form):
    """A package at the price as it was shown."""

    id: UUID
    amount: int = Field(ge=0, le=MOST_PRICE)
    currency: str = Field(pattern="^[A-Z]{3}$")


def _readable(typed: str) -> str:
    if typed:
        _read(typed)
    return typed


PriceOrPercent = Annotated[str, Field(max_length=20), AfterValidator(_readable)]


class PackagesPage(Form):
    """The packages of an offer: for each size a price, or per cent off; empty is not sold."""

    visits_3: PriceOrPercent = ""
    visits_5: PriceOrPercent = ""
    visits_10: PriceOrPercent = ""

    def prices(self, price: int) -> dict[int, int]:
        """Visits -> price in minor units, of an offer of that price."""
        typed: dict[str, Any] = self.model_dump()
        return {size: price_of(text, price, size) for size in SIZES if (text := typed[f"visits_{size}"])}


def price_of(typed: str, price: int, visits: int) -> int:
    """ "255", "255,50" or "10 %" as the price of a package in minor units. Refused as `package-price`."""
    number, is_percent = _read(typed)
    return less(price, visits, number) if is_percent else int(number * 100)


def _read(typed: str) -> tuple[Decimal, bool]:
    found = re.fullmatch(r"(\d{1,7}(?:[.,]\d{1,2})?)(%?)", re.sub(r"[\s$€£]", "", typed))
    number = Decimal(found[1].replace(",", ".")) if found else Decimal(0)
    if found is None or (found[2] and number >= 100):
        raise PydanticCustomError("package-price", "neither a price nor a discount")
    return number, bool(found[2])
