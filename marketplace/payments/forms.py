"""What a coach says for her receipts."""

from collections.abc import Callable

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from marketplace.payments import taxes
from marketplace.web.forms import Form

CHECKS: dict[str, Callable[[str], str | None]] = {
    "gst_hst": taxes.gst_hst_number,
    "qst": taxes.qst_number,
    "vat": taxes.vat_number,
}


class RegistrationForm(Form):
    """The address of her practice and her tax numbers; "" for none."""

    address: str = Field(default="", max_length=300)
    gst_hst: str = Field(default="", max_length=30)
    qst: str = Field(default="", max_length=30)
    vat: str = Field(default="", max_length=30)

    @field_validator("address")
    @classmethod
    def _in_lines(cls, typed: str) -> str:
        return ", ".join(line.strip(" ,") for line in typed.splitlines() if line.strip(" ,"))

    @field_validator("gst_hst", "qst", "vat")
    @classmethod
    def _by_its_format(cls, typed: str, info) -> str:  # type: ignore[no-untyped-def]
        number = CHECKS[info.field_name](typed) if typed else ""
        if number is None:
            raise PydanticCustomError(f"number-{info.field_name.replace('_', '-')}", "not its format")  # type: ignore[arg-type]
        return number
