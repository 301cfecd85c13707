"""Commands about calendars kept elsewhere, as the desk's page sends them."""

from uuid import UUID

from pydantic import Field

from marketplace.db import new_id
from marketplace.web.forms import Form


class AddressForm(Form):
    """An ICS address to be read."""

    id: UUID = Field(default_factory=new_id)
    address: str = Field(max_length=2000)
    name: str = Field(default="", max_length=200)


class AccountForm(Form):
    """An account whose calendars are to be found."""

    account_id: UUID = Field(default_factory=new_id)
    server: str = Field(max_length=2000)
    user: str = Field(max_length=200)
    password: str = Field(max_length=500)


class ChoiceForm(Form):
    """Which calendars block, and which one is written into."""

    blocks: list[UUID] = Field(default_factory=list, max_length=500)
    writes: UUID | None = None
