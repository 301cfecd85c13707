"""What is sent about packages: which one a runner buys, and for how much a coach sells them."""

import re
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from marketplace.coaches.forms import LEAST_PRICE
from marketplace.packages.rules import SIZES, less
from marketplace.web.forms import Form

MOST_PRICE = 1_000_000


class BuyPage(Form):
    """A package at the price as it was shown."""

    id: UUID
    amount: int = Field(ge=0, le=MOST_PRICE)
    currency: str = Field(pattern="^[A-Z]{3}$")


def _readable(typed: str) -> str:
    price_of(typed, 10_000, 3)
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
    text = re.sub(r"[\s$€£]", "", typed).replace(",", ".")
    if not text:
        return 0
    try:
        number = Decimal(text.removesuffix("%"))
    except InvalidOperation:
        number = Decimal("nan")
    whole = text.endswith("%")
    if not number.is_finite() or number < 0 or (whole and number >= 100) or (number * 100) % 1:
        raise PydanticCustomError("package-price", "neither a price nor a discount")
    found = less(price, visits, number) if whole else int(number * 100)
    if not LEAST_PRICE <= found <= MOST_PRICE:
        raise PydanticCustomError("package-price", "too little or too much")
    return found
