"""Commands about bookings: one model for each verb, as the API sends it, and thin adapters for the pages."""

from datetime import UTC, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from marketplace.bookings.series import LEAST_TIMES, MOST_TIMES, Repeat
from marketplace.bookings.service import Intake, Shown
from marketplace.coaches.cancelling import Preset
from marketplace.errors import Invalid
from marketplace.knowledge import catalogue
from marketplace.money import Money
from marketplace.promotions.forms import LONGEST as LONGEST_CODE
from marketplace.web.api import Day, Instant, Price, Strict
from marketplace.web.forms import Form, FormRefused, PageDay, sentences


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


class Repetition(Strict):
    """A visit again and again, at the same wall time of the coach whatever the clocks do between. All are held and
    paid together, or none."""

    every_weeks: Literal[1, 2] = Field(description="Every week, or every second one.")
    times: int = Field(ge=LEAST_TIMES, le=MOST_TIMES, description="How many visits, the first one counted.")
    instead: dict[Day, Instant | None] = Field(
        default_factory=dict,
        max_length=MOST_TIMES,
        description="For dates of the series, local to the coach: another start, or null to leave that date out. "
        "Other dates change nothing.",
    )


class HoldForm(Strict):
    """Hold a time, or with `starts_at` null a place for a clip review; `price` and `policy` as the offer shows them."""

    id: UUID | None = None
    offer: UUID
    starts_at: Instant | None = None
    price: Price | None = Field(default=None, description="As it was shown; another one now is a 409.")
    policy: Preset | None = Field(default=None, description="As it was shown; another one now is a 409.")
    issues: list[Issue] = Field(default_factory=list, max_length=12)
    goal: str = Field(default="", max_length=200)
    note: str = Field(default="", max_length=4000)
    story: str = Field(default="", max_length=20000)
    pain_screen: PainScreen | None = None
    repeat: Repetition | None = Field(default=None, description="A series that begins at `starts_at`.")
    code: str = Field(default="", max_length=LONGEST_CODE, description="A promotion code; `price` is that before it.")
    use_credit: bool = Field(default=False, description="Pay with a visit of my package of this offer.")

    @model_validator(mode="after")
    def _one_way_to_pay(self) -> "HoldForm":
        if self.use_credit and self.code:
            raise PydanticCustomError("code-with-credit", "a code and a credit")
        if self.repeat is not None and (self.use_credit or self.code):
            raise PydanticCustomError("one-at-a-time", "a code or a credit for a series")
        return self

    def repeated(self) -> Repeat | None:
        """The visits of a series; None for one visit."""
        if self.repeat is None:
            return None
        if self.starts_at is None:
            raise Invalid("time-needed", field="starts_at")
        return Repeat(self.starts_at, self.repeat.every_weeks, self.repeat.times, self.repeat.instead)

    def shown(self) -> Shown:
        """What the runner was shown."""
        return Shown(Money(self.price.amount, self.price.currency) if self.price else None, self.policy)

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


SAME_IN_BOTH = {"id", "offer", "starts_at", "policy", "issues", "goal", "note", "story", "use_credit"}
"""Fields of the booking page that are the same in the API's command."""


class HoldPage(PainPage):
    """The booking page: the intake beside what was chosen, and the price and policy as they were shown."""

    id: UUID
    offer: UUID
    starts_at: Instant | None = None
    amount: int = Field(ge=0, le=100_000_00)
    currency: str = Field(pattern="^[A-Z]{3}$")
    policy: Preset | None = None
    issues: list[Issue] = Field(default_factory=list, max_length=12)
    goal: str = Field(default="", max_length=200)
    note: str = Field(default="", max_length=4000)
    story: str = Field(default="", max_length=20000)
    every_weeks: int = Field(default=0, ge=0, le=2)
    times: int = Field(default=6, ge=LEAST_TIMES, le=MOST_TIMES)
    instead: list[Annotated[str, Field(max_length=60)]] = Field(default_factory=list, max_length=2 * MOST_TIMES)
    code: str = Field(default="", max_length=LONGEST_CODE)
    use_credit: bool = False

    def command(self) -> HoldForm:
        """The same as the API's command. `instead` are texts "date|instant", or "date|" for one left out."""
        price = {"amount": self.amount, "currency": self.currency}
        own = self.model_dump(include=SAME_IN_BOTH)
        own["code"] = "" if self.use_credit else self.code  # she paid with a visit after trying a code
        own |= {"price": price, "pain_screen": self.screen().model_dump()}
        if self.every_weeks and self.starts_at:
            chosen = dict(text.partition("|")[::2] for text in self.instead)
            instead = {on: start or None for on, start in chosen.items()}
            own["repeat"] = {"every_weeks": self.every_weeks, "times": self.times, "instead": instead}
        try:
            return HoldForm.model_validate(own)
        except ValidationError as error:  # somebody else's form: our own sends what can be read
            raise FormRefused(sentences(error)) from None


class CancellationForm(Strict):
    """Cancel a booking, or give up a hold. `refund` as it was shown."""

    reason: str = Field(default="", max_length=500)
    refund: Price | None = None


class CancellationPage(Form):
    """The same from a page; `refund` in minor units."""

    reason: str = Field(default="", max_length=500)
    refund: int | None = Field(default=None, ge=0)


class AbsencePage(Form):
    """What happened, by who says that the other did not come."""

    words: str = Field(default="", max_length=1000)


class ObjectionPage(Form):
    """What happened, by who did come."""

    words: str = Field(min_length=3, max_length=1000)


class DecisionPage(Form):
    """What staff decide of a report that is objected to."""

    was_absent: Literal["yes", "no"]


class ReschedulingForm(Strict):
    """Move a visit to another opening of the same offer; of a group visit `one` seat, or as its coach `all`."""

    starts_at: Instant
    who: Literal["one", "all"] = "one"


class ReschedulingPage(Form):
    """The same from a page: each opening is a button."""

    starts_at: Instant
    who: Literal["one", "all"] = "one"


class ProposalPage(Form):
    """Up to three other times, with a few words."""

    times: list[Instant] = Field(min_length=1, max_length=3)
    message: str = Field(default="", max_length=500)


class AcceptancePage(Form):
    """One of the proposed times: each is a button."""

    starts_at: Instant


class WaitForm(Strict):
    """The week of an offer that a runner waits for."""

    offer: UUID
    week_on: Day = Field(description="Any date of the week (Monday to Sunday), local to the coach.")


class WaitPage(Form):
    """The same from a page."""

    offer: UUID
    week_on: PageDay


class ComplaintForm(Strict):
    """What went wrong, or the coach's answer to it."""

    words: str = Field(min_length=10, max_length=2000)


class ComplaintPage(Form):
    """What went wrong, from a page."""

    words: str = Field(min_length=10, max_length=2000)


class AnswerPage(ComplaintPage):
    """The coach's answer to it."""


class NotesPage(Form):
    """The coach's own notes on a booking."""

    notes: str = Field(default="", max_length=10000)


class ChosenQuery(Form):
    """What the booking page is opened for; for a clip review without a time."""

    offer: UUID
    starts_at: Instant | None = None


def instant_in(text: str) -> datetime | None:
    """An instant as a form of ours writes it, in UTC; None for anything else, to show a page in spite of it."""
    try:
        return TypeAdapter(Instant).validate_python(text).astimezone(UTC)
    except ValidationError:
        return None


def plain(screen: dict[str, Any] | None) -> PainScreen | None:
    """A kept pain screen, as the command that gave it."""
    return None if screen is None else PainScreen.model_validate(screen)
