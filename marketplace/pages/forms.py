"""What the contact page sends."""

from uuid import UUID

from pydantic import Field

from marketplace.web.forms import Form


class ContactForm(Form):
    """A message to the operator. `website` is a trap: people don't see it, programs fill it in."""

    id: UUID
    name: str = Field(min_length=1, max_length=100)
    email: str = Field(max_length=254, pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
    message: str = Field(min_length=10, max_length=5000)
    website: str = ""
