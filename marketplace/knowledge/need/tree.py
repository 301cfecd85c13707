"""What a runner needs, as understood from her words: the tree that pages show as chips and matching scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

When = Literal["now", "past"]
Language = Literal["en", "fr"]
Side = Literal["left", "right", "both"]


@dataclass(frozen=True, slots=True)
class NeededIssue:
    """An issue of the catalogue; `because` quotes the story. A past one is over and weighs less.

    `onset` says when in a run a pain begins, in the story's words.
    """

    id: str
    because: str
    when: When = "now"
    side: Side | None = None
    onset: str | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """A wished result. "Under an hour" has only the maximum, 3600; an aim has both ends; finishing has neither.

    `by` is when, in the story's words; `boston` says that a qualifying time for Boston is the aim.
    """

    distance: str
    because: str
    target_seconds_min: int | None = None
    target_seconds_max: int | None = None
    by: str | None = None
    boston: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """A race that she has run lately, or her best: whole seconds over a distance."""

    distance: str
    seconds: int
    because: str


@dataclass(frozen=True, slots=True)
class Namesake:
    """Another place of the same name."""

    id: int | str | None
    name: str
    region: str | None
    country: str


@dataclass(frozen=True, slots=True)
class NeedPlace:
    """Where she lives or wants to meet. `id` and `timezone` are the gazetteer's; `others` may be meant instead."""

    name: str
    region: str | None
    country: str
    latitude: float
    longitude: float
    because: str
    id: int | str | None = None
    timezone: str | None = None
    others: tuple[Namesake, ...] = ()


@dataclass(frozen=True, slots=True)
class Preference:
    """What she prefers besides: kind gender, budget, evenings, weekends, mornings, lunchtime…

    `value`: "female"/"male" for gender, the amount in whole units for budget ("" when none is named), else "".
    """

    kind: str
    value: str
    because: str


@dataclass(frozen=True, slots=True)
class NeedFlag:
    """A sign that wants a doctor or physiotherapist first."""

    id: str
    because: str


@dataclass(frozen=True, slots=True)
class Need:
    """A story, understood. `seeker` is false for a text that is no runner looking for help."""

    issues: tuple[NeededIssue, ...] = ()
    goals: tuple[Goal, ...] = ()
    place: NeedPlace | None = None
    wants: tuple[str, ...] = ()
    language: Language = "en"
    coach_language: Language | None = None
    preferences: tuple[Preference, ...] = ()
    red_flags: tuple[NeedFlag, ...] = ()
    results: tuple[Result, ...] = ()
    seeker: bool = False

    @property
    def issues_now(self) -> tuple[str, ...]:
        """The ids of what troubles her now."""
        return tuple(issue.id for issue in self.issues if issue.when == "now")


class PlaceHit(Protocol):
    """What a gazetteer knows of a place; the columns of places.models.Place will do."""

    @property
    def id(self) -> int | str | None: ...
    @property
    def name(self) -> str: ...
    @property
    def region(self) -> str | None: ...
    @property
    def country(self) -> str: ...
    @property
    def latitude(self) -> float: ...
    @property
    def longitude(self) -> float: ...
    @property
    def timezone(self) -> str | None: ...
    @property
    def population(self) -> int: ...


class PlaceFinder(Protocol):
    """The gazetteer, as an argument: `understand` asks it once for all phrases of a story that may be places."""

    def find(self, phrases: Sequence[str]) -> Mapping[str, Sequence[PlaceHit]]:
        """For each phrase ("Kanata", "Nelson, BC", "K1S") that names places, those, the likeliest first."""
        ...
