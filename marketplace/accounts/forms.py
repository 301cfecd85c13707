"""What the pages of an account send."""

from typing import Annotated, Literal
from uuid import UUID
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from marketplace.accounts.policy import LONGEST_ADDRESS, Reminders
from marketplace.web.forms import Form


def _address(value: str) -> str:
    try:
        return validate_email(value, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        raise PydanticCustomError("address", "no address") from None


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise PydanticCustomError("literal_error", "no zone")
    return value


def _no_link(value: str) -> str:
    """Names stand in mails: they must not carry anybody's advertisement."""
    if any(sign in value.lower() for sign in ("://", "www.", "@")):
        raise PydanticCustomError("name-with-address", "an address in a name")
    return value


PRINTED = r"^[^\x00-\x1f\x7f]*$"  # PostgreSQL keeps no NUL, and headers no line break
Address = Annotated[str, Field(max_length=LONGEST_ADDRESS), AfterValidator(_address)]
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f<>]+$"), AfterValidator(_no_link)]
Password = Annotated[str, StringConstraints(strip_whitespace=False, max_length=1000)]  # exactly as typed
Language = Literal["en", "fr"]
Zone = Annotated[str, AfterValidator(_zone)]
Next = Annotated[str, Field(max_length=2000)]


class SignInForm(Form):
    """Address and password; any text for an address, so that nothing is told by refusing one."""

    email: str = Field(max_length=LONGEST_ADDRESS, pattern=PRINTED)
    password: Password
    remember: bool = False
    next: Next = ""


class RegistrationForm(Form):
    """A new account; terms and privacy must be accepted."""

    name: Name
    email: Address
    password: Password
    role: Literal["runner", "coach"] = "runner"
    terms: Literal["yes"]
    next: Next = ""


class AddressForm(Form):
    """An address to send a link to."""

    email: Address
    next: Next = ""


class VerificationForm(Form):
    """The password with which the account was opened; not asked of who is signed in to it."""

    password: Password = ""


class NewPasswordForm(Form):
    """A password to be."""

    password: Password


class ProfileForm(Form):
    """What is said of a person, and which reminders she wants: those she had where it is not said."""

    name: Name
    language: Language
    timezone: Zone
    reminders: Reminders | None = None


class AddressChangeForm(Form):
    """A new address, with the password."""

    email: Address
    current_password: Password


class PasswordChangeForm(Form):
    """A new password, with the old one."""

    current_password: Password
    password: Password


class ClosingForm(Form):
    """Leaving, with the password."""

    current_password: Password


class TokenForm(Form):
    """A new API token; the id makes a double click one token."""

    id: UUID
    label: str = Field(min_length=1, max_length=100, pattern=PRINTED)
