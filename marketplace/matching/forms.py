"""What a search and a story may say: one model for the API, and a lenient reading of the same from an address."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, Field, ValidationError

from marketplace.matching.criteria import (
    LEAST_KM,
    MOST_DAYS,
    MOST_KM,
    MOST_LIMIT,
    USUAL_KM,
    USUAL_LIMIT,
    Criteria,
    Sort,
)
from marketplace.matching.masks import GOALS, ISSUES, LANGUAGES, MODES, TRAITS, WANTS, mask
from marketplace.places.geo import standard_minutes
from marketplace.places.names import plain
from marketplace.web.api import Strict
from marketplace.web.forms import Form

MOST_STORY = 20_000
MOST_WORDS = 6
NOBODYS_WORD = "-"
TIMES = ("evenings", "weekends")


def _known(known: Sequence[str]) -> AfterValidator:
    def check(value: str) -> str:
        if value not in known:
            raise ValueError(f"unknown; one of {', '.join(known)}")
        return value

    return AfterValidator(check)


IssueId = Annotated[str, _known(ISSUES), Field(json_schema_extra={"enum": list(ISSUES)})]
GoalId = Annotated[str, _known(GOALS), Field(json_schema_extra={"enum": list(GOALS)})]
LanguageId = Annotated[str, _known(LANGUAGES), Field(json_schema_extra={"enum": list(LANGUAGES)})]
ModeId = Annotated[str, _known(MODES), Field(json_schema_extra={"enum": list(MODES)})]
WantId = Annotated[str, _known(WANTS), Field(json_schema_extra={"enum": list(WANTS)})]
Liked = Annotated[str, _known(TRAITS), Field(json_schema_extra={"enum": list(TRAITS)})]
TimeId = Annotated[str, _known(TIMES), Field(json_schema_extra={"enum": list(TIMES)})]


class SearchQuery(Strict):
    """A search for coaches. `near`: a place id, text, or "lat,lon"; without it, anywhere."""

    q: str | None = Field(
        default=None, min_length=1, max_length=100, description="Words of a coach's name or page, whole or begun"
    )
    near: str | None = Field(default=None, min_length=1, max_length=200)
    within_km: float = Field(default=USUAL_KM, ge=LEAST_KM, le=MOST_KM)
    issue: list[IssueId] = Field(default_factory=list, max_length=40)
    past: list[IssueId] = Field(
        default_factory=list, max_length=40, description="Issues that are over: they weigh less"
    )
    goal: list[GoalId] = Field(default_factory=list, max_length=20)
    mode: list[ModeId] = Field(default_factory=list, max_length=4)
    language: list[LanguageId] = Field(default_factory=list, max_length=4)
    max_price: int | None = Field(default=None, ge=0, le=10_000_000, description="In minor units of `currency`")
    currency: str | None = Field(default=None, pattern="^[A-Z]{3}$")
    available_within_days: int | None = Field(default=None, ge=0, le=MOST_DAYS)
    free: list[TimeId] = Field(
        default_factory=list, max_length=4, description="Has an opening at one of these times in the next two weeks"
    )
    min_rating: float | None = Field(default=None, ge=0, le=5)
    prefer: list[Liked] = Field(default_factory=list, max_length=4, description="Liked, not required")
    sort: Literal["fit", "distance", "soonest", "price", "rating"] = "fit"
    limit: int = Field(default=USUAL_LIMIT, ge=1, le=MOST_LIMIT)
    cursor: str | None = Field(default=None, max_length=400)

    def criteria(
        self, now: datetime, centre: tuple[float, float] | None, currency: str, timezone: str | None = None
    ) -> Criteria:
        """The same as values for the search; `currency` where none is named, `timezone` of the place."""
        issues = mask(self.issue, ISSUES)
        return Criteria(
            now=now,
            centre=centre,
            within_km=self.within_km,
            issues=issues,
            past=mask(self.past, ISSUES) & ~issues,
            goals=mask(self.goal, GOALS),
            languages=mask(self.language, LANGUAGES),
            modes=mask(self.mode, MODES),
            most_price=self.max_price,
            currency=self.currency or currency,
            available_within_days=self.available_within_days,
            least_rating=self.min_rating,
            sort=Sort(self.sort),
            limit=self.limit,
            free=mask(self.free, TRAITS),
            words=words(self.q or ""),
            likes=mask(self.prefer, TRAITS),
            zone=standard_minutes(timezone) if timezone else None,
        )


def words(text: str) -> tuple[str, ...]:
    """What is typed into the text search, as the words of coaches are stored; single letters say too little.

    Where nothing of it can be searched for ("日本"), a word that nobody has: better nobody than everybody.
    """
    found = tuple(dict.fromkeys(word for word in plain(text).split() if len(word) > 1))[:MOST_WORDS]
    return found or ((NOBODYS_WORD,) if text.strip() else ())


class PageQuery(SearchQuery):
    """The same as a page's address has it: with wants, which change no result, and a budget in whole units."""

    want: list[WantId] = Field(default_factory=list, max_length=10)
    budget: int | None = Field(default=None, ge=0, le=100_000)


class MatchBody(Strict):
    """A story, and the place if the story does not name it."""

    story: str = Field(max_length=MOST_STORY)
    near: str | None = Field(default=None, max_length=200)


class StoryForm(Form):
    """The start page's form. Of a story that is very long the beginning is read."""

    story: str = Field(default="", max_length=10 * MOST_STORY)
    near: str | None = Field(default=None, max_length=200)

    @property
    def beginning(self) -> str:
        """What is read of the story."""
        return self.story[:MOST_STORY]


class CoachPath(BaseModel):
    """A coach by the last part of her address."""

    slug: str = Field(max_length=80)


MANY = frozenset(name for name, field in PageQuery.model_fields.items() if "list[" in str(field.annotation))
"""The parameters that repeat."""


def lenient(given: Mapping[str, Sequence[str]]) -> PageQuery:
    """The search of an address. Foreign parameters, empty ones and impossible values are passed over."""
    values: dict[str, Any] = {}
    for name in PageQuery.model_fields:
        texts = [text.strip() for text in given.get(name, ()) if text.strip() and "\x00" not in text]
        if texts:
            values[name] = list(dict.fromkeys(texts)) if name in MANY else texts[-1]
    try:
        query = PageQuery.model_validate(values)
    except ValidationError as error:
        query = PageQuery.model_validate(_without(values, error))
    if query.budget is not None:
        query.max_price, query.budget = query.budget * 100, None
    return query


def _without(values: dict[str, Any], error: ValidationError) -> dict[str, Any]:
    """The values but those at fault: of a list only the items that are."""
    wrong: dict[str, set[int | str]] = {}
    for each in error.errors():
        wrong.setdefault(str(each["loc"][0]), set()).update(each["loc"][1:2])
    kept: dict[str, Any] = {}
    for name, value in values.items():
        if name not in wrong:
            kept[name] = value
        elif isinstance(value, list) and wrong[name]:
            kept[name] = [item for place, item in enumerate(value) if place not in wrong[name]]
    return kept
