"""What the contact page sends."""

from uuid import UUID

from pydantic import Field

from marketplace.web.forms import Form


class ContactForm(Form):
    """A message to the operator. `website` is a trap: people don't see it, programs fill it in."""

    id: UUID
    name: str = Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$")
    email: str = Field(max_length=254, pattern=r"^[^@\s\x00-\x1f<>]+@[^@\s\x00-\x1f<>]+$")
    message: str = Field(min_length=10, max_length=5000, pattern=r"^[^\x00]+$")
    website: str = ""
