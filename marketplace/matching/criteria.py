"""What a search is asked for. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.matching.score import Wish

USUAL_KM, MOST_KM = 40, 300
USUAL_LIMIT, MOST_LIMIT = 20, 50
MOST_DAYS = 90
CURRENCIES = {"CA": "CAD", "US": "USD", "GB": "GBP", "AU": "AUD", "NZ": "NZD", "CH": "CHF"}
EURO = frozenset(
    (
        "AT",
        "BE",
        "CY",
        "DE",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PT",
        "SI",
        "SK",
    )
)


class Sort(StrEnum):
    """What comes first."""

    FIT = "fit"
    DISTANCE = "distance"
    SOONEST = "soonest"
    PRICE = "price"
    RATING = "rating"


@dataclass(frozen=True, slots=True)
class Criteria:
    """A search. `centre` is (latitude, longitude); sets are masks; `most_price` is in minor units of `currency`.

    `issues`, `past` and `goals`: a coach with any of them qualifies. `languages` and `modes`: she has all of them.
    `likes_*`: what is liked but not required. `listed_since`: only coaches first listed after that instant.
    """

    now: datetime
    centre: tuple[float, float] | None = None
    within_km: float = USUAL_KM
    issues: int = 0
    past: int = 0
    goals: int = 0
    languages: int = 0
    modes: int = 0
    most_price: int | None = None
    currency: str = "CAD"
    available_within_days: int | None = None
    least_rating: float | None = None
    sort: Sort = Sort.FIT
    limit: int = USUAL_LIMIT
    likes_gender: str | None = None
    likes_evenings: bool = False
    likes_weekends: bool = False
    listed_since: datetime | None = None

    @property
    def available_until(self) -> datetime | None:
        """The latest next opening that will do."""
        days = self.available_within_days
        return None if days is None else self.now + timedelta(days=days)

    @property
    def wish(self) -> Wish:
        """The part that the fit is reckoned from."""
        return Wish(
            now=self.now,
            issues=self.issues,
            past=self.past,
            goals=self.goals,
            languages=self.languages,
            within_km=self.within_km if self.centre else None,
            gender=self.likes_gender,
            evenings=self.likes_evenings,
            weekends=self.likes_weekends,
            most_price=self.most_price,
        )

    def at(self, now: datetime) -> "Criteria":
        """The same search as of another instant: the next page is reckoned like the first."""
        return replace(self, now=now)


def currency_of(country: str) -> str:
    """The currency in which prices are thought of there (ISO 4217)."""
    return "EUR" if country in EURO else CURRENCIES.get(country, "CAD")
