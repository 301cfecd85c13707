"""What a coach says for her receipts."""

from collections.abc import Callable
from typing import Annotated, LiteralString

from pydantic import AfterValidator, Field, field_validator
from pydantic_core import PydanticCustomError

from marketplace.payments import taxes
from marketplace.web.forms import Form


def _checked(read: Callable[[str], str | None], refusal: LiteralString) -> AfterValidator:
    """Written as the office that gave it does, or refused as `refusal`."""

    def check(typed: str) -> str:
        number = read(typed) if typed else ""
        if number is None:
            raise PydanticCustomError(refusal, "not its format")
        return number

    return AfterValidator(check)


GstHst = Annotated[str, _checked(taxes.gst_hst_number, "number-gst-hst")]
Qst = Annotated[str, _checked(taxes.qst_number, "number-qst")]
Vat = Annotated[str, _checked(taxes.vat_number, "number-vat")]


class RegistrationForm(Form):
    """The address of her practice and her tax numbers; "" for none."""

    address: str = Field(default="", max_length=300)
    gst_hst: GstHst = ""
    qst: Qst = ""
    vat: Vat = ""

    @field_validator("address")
    @classmethod
    def _in_lines(cls, typed: str) -> str:
        return ", ".join(line.strip(" ,") for line in typed.splitlines() if line.strip(" ,"))
