"""The shape in which the API speaks of a story understood."""

from pydantic import BaseModel

from marketplace.knowledge.need.tree import Need
from marketplace.knowledge.plausible import outlooks


class NeededIssueShown(BaseModel):
    """An issue and the words that showed it; "past" when it is over.

    `side` is left, right, both or null; `onset` says when in a run a pain begins, in the story's words.
    """

    id: str
    because: str
    when: str
    side: str | None
    onset: str | None


class GoalShown(BaseModel):
    """A wished result in seconds: "under an hour" has only the maximum. `by` is when, in the story's words."""

    distance: str
    target_seconds_min: int | None
    target_seconds_max: int | None
    by: str | None
    because: str


class ResultShown(BaseModel):
    """A race that the story tells of, in seconds."""

    distance: str
    seconds: int
    because: str


class OutlookShown(BaseModel):
    """A goal beside what a result foretells for it (Riegel's rule), in seconds.

    `verdict`: "in-reach", "stretch" (up to 5 % faster) or "seasons".
    """

    distance: str
    target_seconds: int
    foretold_seconds: int
    result_distance: str
    result_seconds: int
    verdict: str


class NamesakeShown(BaseModel):
    """Another place of the same name; `id` serves as `near`."""

    id: int
    name: str
    region: str | None
    country: str


class NeedPlaceShown(BaseModel):
    """Where she lives or wants to meet; `others` may be meant instead."""

    name: str
    region: str | None
    country: str
    latitude: float
    longitude: float
    because: str
    others: list[NamesakeShown]


class PreferenceShown(BaseModel):
    """What is liked besides, with its value where it has one."""

    kind: str
    value: str
    because: str


class FlagShown(BaseModel):
    """A sign that wants a doctor or physiotherapist before a coach."""

    id: str
    because: str


class NeedShown(BaseModel):
    """A story, understood. `because` quotes it."""

    issues: list[NeededIssueShown]
    goals: list[GoalShown]
    place: NeedPlaceShown | None
    wants: list[str]
    language: str
    coach_language: str | None
    preferences: list[PreferenceShown]
    red_flags: list[FlagShown]
    results: list[ResultShown]
    plausibility: list[OutlookShown]
    seeker: bool

    @classmethod
    def of(cls, need: Need) -> "NeedShown":
        """The API's shape of a need."""
        return cls(
            issues=[NeededIssueShown.model_validate(each, from_attributes=True) for each in need.issues],
            goals=[GoalShown.model_validate(each, from_attributes=True) for each in need.goals],
            place=NeedPlaceShown.model_validate(need.place, from_attributes=True) if need.place else None,
            wants=list(need.wants),
            language=need.language,
            coach_language=need.coach_language,
            preferences=[PreferenceShown.model_validate(each, from_attributes=True) for each in need.preferences],
            red_flags=[FlagShown.model_validate(each, from_attributes=True) for each in need.red_flags],
            results=[ResultShown.model_validate(each, from_attributes=True) for each in need.results],
            plausibility=[
                OutlookShown.model_validate(each, from_attributes=True) for each in outlooks(need.goals, need.results)
            ],
            seeker=need.seeker,
        )
