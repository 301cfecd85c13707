"""Thin adapters of the desk's pages for the commands of the features below."""

from datetime import date, timedelta
from re import fullmatch
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from marketplace.coaches.forms import Line, ProfileForm
from marketplace.coaches.kinds import OfferKind
from marketplace.desk.week import MOST_OVERNIGHT, Row
from marketplace.scheduling.forms import minutes_of
from marketplace.scheduling.service import Stretch
from marketplace.scheduling.walltime import DAY
from marketplace.web.forms import Form, PageDay

MOST_DATES = 62


def _on_grid(text: str) -> str:
    if not fullmatch(r"([01][0-9]|2[0-3]):[0-5][05]|24:00", text):
        raise PydanticCustomError("wall-time", "no time on the 5-minute grid")
    return text


WallTime = Annotated[str, AfterValidator(_on_grid)]
"""As `scheduling.forms.WallTime`, refused with words that a page can say."""


class ProfilePage(ProfileForm):
    """The profile as its page sends it: who ticks an issue as a main one has ticked the issue."""

    @model_validator(mode="before")
    @classmethod
    def _main_is_chosen(cls, typed: Any) -> Any:
        both = [*typed.get("issues", []), *typed.get("main_issues", [])]
        return typed | ({"issues": list(dict.fromkeys(both))} if both else {})


class PlaceChoice(Form):
    """Which of several places of one name is meant."""

    place_id: int | None = None


class NewOffer(Form):
    """Which kind of offer is made, and the id it will have: a second press is the same offer."""

    id: UUID
    kind: OfferKind


class DatesForm(Form):
    """Days unlike their weekday: one, or all from `on` to `until`."""

    on: PageDay
    until: PageDay | None = None
    kind: Literal["closed", "hours"]

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.until and self.until < self.on:
            raise PydanticCustomError("dates-order", "the last day is before the first")
        if len(self.dates()) > MOST_DATES:
            raise PydanticCustomError("dates-many", "too many days", {"most": MOST_DATES})
        return self

    def dates(self) -> list[date]:
        """Every day of it."""
        last = self.until or self.on
        count = min((last - self.on).days, MOST_DATES) + 1
        return [self.on + timedelta(days=number) for number in range(count)]


class StretchForm(Form):
    """A stretch of hours added, moved from where it `was`, or removed: on its date only, or every week."""

    on: PageDay
    starts: WallTime = Field(alias="from")
    ends: WallTime = Field(alias="to")
    scope: Literal["date", "week"]
    was_on: PageDay | None = None
    was_from: WallTime | None = None
    was_to: WallTime | None = None
    offer: UUID | None = None
    verb: Literal["save", "remove"] = "save"

    @model_validator(mode="after")
    def _has_length(self) -> Self:
        if self.starts == self.ends != "00:00":
            raise PydanticCustomError("window-order", "a window of no length")
        row = Row(self.starts, self.ends)
        if row.overnight_minutes > MOST_OVERNIGHT:
            hours = {"hours": f"{row.overnight_minutes / 60:.0f}"}
            raise PydanticCustomError("overnight", "long over midnight", row._asdict() | hours)
        return self

    @property
    def to(self) -> Stretch | None:
        """Where the hours are to be; None when they are removed."""
        return None if self.verb == "remove" else _stretch(self.on, self.starts, self.ends)

    @property
    def was(self) -> Stretch | None:
        """Where they were; None when they are new."""
        if self.was_on and self.was_from and self.was_to:
            return _stretch(self.was_on, self.was_from, self.was_to)
        return _stretch(self.on, self.starts, self.ends) if self.verb == "remove" else None


class DayForm(Form):
    """One date: as its weekday is, closed, or with hours of its own."""

    kind: Literal["usual", "closed", "hours"]


class CopyForm(Form):
    """The dates that get the hours of another one too."""

    dates: list[PageDay] = Field(default=[], max_length=MOST_DATES)


class UndoForm(Form):
    """Which change is taken back, and the page to go back to."""

    change_id: UUID
    back: str = Field(default="", max_length=300)


class ScheduleForm(Form):
    """A week of hours beside the usual one: by season, from a day of each year to another, or by offer."""

    name: Line = Field(min_length=2, max_length=60)
    kind: Literal["season", "offers"]
    first_month: int = Field(default=1, ge=1, le=12)
    first_day: int = Field(default=1, ge=1, le=31)
    last_month: int = Field(default=12, ge=1, le=12)
    last_day: int = Field(default=31, ge=1, le=31)

    @property
    def season(self) -> tuple[str, str] | None:
        """The first and the last day, as "MM-DD"."""
        if self.kind == "offers":
            return None
        return f"{self.first_month:02d}-{self.first_day:02d}", f"{self.last_month:02d}-{self.last_day:02d}"


class AwayForm(Form):
    """Days away, both counted; the last may be left out for one day."""

    first: PageDay
    until: PageDay | None = None
    note: Line = Field(default="", max_length=100)


class LimitsForm(Form):
    """How much she takes on, and the time for the way between places. Minutes are multiples of five."""

    per_day: int | None = Field(default=None, ge=1, le=50)
    per_week: int | None = Field(default=None, ge=1, le=200)
    minutes_per_day: int | None = Field(default=None, ge=5, le=1440, multiple_of=5)
    minutes_per_week: int | None = Field(default=None, ge=5, le=10080, multiple_of=5)
    travel_minutes: int = Field(default=0, ge=0, le=240, multiple_of=5)


def _stretch(on: date, starts: str, ends: str) -> Stretch:
    start, end = minutes_of(starts), minutes_of(ends)
    return Stretch(on, start, end if end > start else end + DAY)
