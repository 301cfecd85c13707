"""Thin adapters of the desk's pages for the commands of the features below."""

from datetime import date, timedelta
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from marketplace.coaches.forms import ProfileForm
from marketplace.coaches.kinds import OfferKind
from marketplace.web.forms import Form

MOST_DATES = 62


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

    on: date
    until: date | None = None
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
