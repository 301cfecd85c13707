"""Commands about hours, as the desk's page and the API send them.

Times of day are "HH:MM" wall times in the coach's zone; "24:00" is midnight at the end of the day. A window that ends
at or before its start runs over midnight.
"""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from marketplace.scheduling.walltime import DAY
from marketplace.web.forms import PageDay

WallTime = Annotated[str, Field(pattern=r"^(([01][0-9]|2[0-3]):[0-5][05]|24:00)$", examples=["09:00"])]
"""On the 5-minute grid that everything bookable stands on."""


class WindowForm(BaseModel):
    """One stretch of working hours of a day."""

    model_config = ConfigDict(extra="forbid")

    starts: WallTime
    ends: WallTime

    @model_validator(mode="after")
    def _has_length(self) -> Self:
        if self.starts == self.ends:
            raise PydanticCustomError("window-order", "a window of no length")
        return self

    def minutes(self) -> tuple[int, int]:
        """Minutes after midnight; an end past 1440 is on the next date."""
        start, end = minutes_of(self.starts), minutes_of(self.ends)
        return start, end if end > start else end + DAY


class WeeklyWindowForm(WindowForm):
    """One stretch of working hours, each week. Monday is 0."""

    weekday: int = Field(ge=0, le=6, strict=True)


class HoursForm(BaseModel):
    """All of a coach's weekly hours, and her limits (null: none; left out: as they are)."""

    model_config = ConfigDict(extra="forbid")

    windows: list[WeeklyWindowForm] = Field(max_length=200)
    timezone: str | None = Field(default=None, max_length=60)
    most_visits_per_day: int | None = Field(default=None, ge=1, le=50)
    most_visits_per_week: int | None = Field(default=None, ge=1, le=200)

    def by_weekday(self) -> dict[int, list[tuple[int, int]]]:
        """The windows as the service takes them."""
        found: dict[int, list[tuple[int, int]]] = {}
        for window in self.windows:
            found.setdefault(window.weekday, []).append(window.minutes())
        return found


class ExceptionForm(BaseModel):
    """The hours of one date instead of the week's; no window: closed."""

    model_config = ConfigDict(extra="forbid")

    windows: list[WindowForm] = Field(default_factory=list, max_length=50)


class ExceptionPageForm(ExceptionForm):
    """The same with its date, from the desk's page."""

    on: PageDay


def minutes_of(text: str) -> int:
    """Minutes after midnight of "HH:MM"."""
    return int(text[:2]) * 60 + int(text[3:])


def wall_time(minutes: int) -> str:
    """The "HH:MM" of minutes after midnight; past 1440 it is the next date's."""
    minutes = minutes - DAY if minutes > DAY else minutes
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
