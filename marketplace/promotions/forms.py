"""What a coach types to make a code, and the command line too."""

import re
from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from marketplace.coaches.forms import Price
from marketplace.web.forms import Form

SHORTEST, LONGEST = 3, 30


def _code(typed: str) -> str:
    code = "".join(typed.split()).upper()
    if not re.fullmatch(r"[A-Z0-9-]+", code):
        raise PydanticCustomError("code-letters", "letters, digits and dashes")
    return code


Code = Annotated[str, Field(min_length=SHORTEST, max_length=LONGEST), AfterValidator(_code)]


class CodeForm(Form):
    """A code of a coach's own. `until` is the last local day of hers on which it holds."""

    code: Code
    takes: Literal["percent", "amount"]
    percent: int | None = Field(default=None, ge=1, le=100)
    amount: Price | None = None
    until: date | None = None
    most_uses: int | None = Field(default=None, ge=1, le=100_000)
    most_each: int | None = Field(default=None, ge=1, le=100)
    offers: list[UUID] = Field(default_factory=list, max_length=20)

    @model_validator(mode="after")
    def _has_its_worth(self) -> Self:
        if self.takes == "percent" and self.percent is None:
            raise PydanticCustomError("code-worth", "no per cent")
        if self.takes == "amount" and not self.amount:
            raise PydanticCustomError("code-worth", "no amount")
        return self
