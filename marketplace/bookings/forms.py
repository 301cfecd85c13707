"""Commands about bookings: one model for each verb, as the API sends it, and thin adapters for the pages."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from marketplace.bookings.service import Intake
from marketplace.knowledge import catalogue
from marketplace.web.api import Instant, Price, Strict
from marketplace.web.forms import Form


def _issue(value: str) -> str:
    if value not in catalogue.issue_ids():
        raise ValueError("unknown issue")
    return value


def _red_flag(value: str) -> str:
    if value not in {flag.id for flag in catalogue.all_red_flags()}:
        raise ValueError("unknown red flag")
    return value


Issue = Annotated[str, Field(max_length=40), AfterValidator(_issue)]
RedFlag = Annotated[str, Field(max_length=40), AfterValidator(_red_flag)]


class PainScreen(BaseModel):
    """What the runner says about pain: whether any, which red flags, and more in her words."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    pain: bool
    flags: list[RedFlag] = Field(default_factory=list, max_length=20)
    note: str = Field(default="", max_length=1000)


class HoldForm(Strict):
    """Hold a time, or with `starts_at` null a place for a clip review."""

    id: UUID | None = None
    offer: UUID
    starts_at: Instant | None = None
    price: Price | None = None
    issues: list[Issue] = Field(default_factory=list, max_length=12)
    goal: str = Field(default="", max_length=200)
    note: str = Field(default="", max_length=4000)
    story: str = Field(default="", max_length=20000)
    pain_screen: PainScreen | None = None

    def intake(self) -> Intake:
        """What of it is for the coach."""
        screen = self.pain_screen.model_dump() if self.pain_screen else None
        return Intake(list(dict.fromkeys(self.issues)), self.goal, self.note, self.story, screen)


class PainPage(Form):
    """The questions about pain on a page: a yes or no, then signs to tick."""

    pain: Literal["yes", "no"]
    flags: list[RedFlag] = Field(default_factory=list, max_length=20)
    pain_note: str = Field(default="", max_length=1000)

    def screen(self) -> PainScreen:
        """The command. Without pain there are no signs of it to keep."""
        flags = list(dict.fromkeys(self.flags))
        return PainScreen(pain=self.pain == "yes" or bool(flags), flags=flags, note=self.pain_note)


class HoldPage(PainPage):
    """The booking page: the intake beside what was chosen and the price as it was shown."""

    id: UUID
    offer: UUID
    starts_at: Instant | None = None
    amount: int = Field(ge=0, le=100_000_00)
    currency: str = Field(pattern="^[A-Z]{3}$")
    issues: list[Issue] = Field(default_factory=list, max_length=12)
    goal: str = Field(default="", max_length=200)
    note: str = Field(default="", max_length=4000)
    story: str = Field(default="", max_length=20000)

    def command(self) -> HoldForm:
        """The same as the API's command."""
        price = {"amount": self.amount, "currency": self.currency}
        own = self.model_dump(include={"id", "offer", "starts_at", "issues", "goal", "note", "story"})
        return HoldForm.model_validate(own | {"price": price, "pain_screen": self.screen().model_dump()})


class CancellationForm(Strict):
    """Cancel a booking, or give up a hold."""

    reason: str = Field(default="", max_length=500)


class CancellationPage(Form):
    """The same from a page."""

    reason: str = Field(default="", max_length=500)


class ReschedulingForm(Strict):
    """Move a visit to another opening of the same offer."""

    starts_at: Instant


class ReschedulingPage(Form):
    """The same from a page: each opening is a button."""

    starts_at: Instant


class NotesPage(Form):
    """The coach's own notes on a booking."""

    notes: str = Field(default="", max_length=10000)


class ChosenQuery(Form):
    """What the booking page is opened for; for a clip review without a time."""

    offer: UUID
    starts_at: Instant | None = None


def plain(screen: dict[str, Any] | None) -> PainScreen | None:
    """A kept pain screen, as the command that gave it."""
    return None if screen is None else PainScreen.model_validate(screen)
