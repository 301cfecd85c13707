"""What the contact page sends."""

from pydantic import EmailStr, Field

from marketplace.web.forms import Form


class ContactForm(Form):
    """A message to whoever runs the site."""

    name: str = Field(min_length=1, max_length=100)
    email: EmailStr
    message: str = Field(min_length=10, max_length=5000)
