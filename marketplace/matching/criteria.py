"""What a search is asked for. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from marketplace.matching.score import Wish

LEAST_KM, USUAL_KM, MOST_KM = 0.1, 40, 300
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
    `free`: she has an opening at one of those times. `words`: her page has a word that begins with each.
    `likes`: traits that are liked but not required. `zone`: minutes that the runner's standard time is ahead of UTC.
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
    free: int = 0
    least_rating: float | None = None
    words: tuple[str, ...] = ()
    listed_since: datetime | None = None
    sort: Sort = Sort.FIT
    limit: int = USUAL_LIMIT
    likes: int = 0
    zone: int | None = None

    @property
    def asked(self) -> "Criteria":
        """The same search whatever its order, page and minute: what is found, not what is shown."""
        start = self.now.replace(second=0, microsecond=0)
        return replace(self, now=start, sort=Sort.FIT, limit=USUAL_LIMIT, likes=0)

    @property
    def available_until(self) -> datetime | None:
        """The latest next opening that will do."""
        days = self.available_within_days
        return None if days is None else self.now + timedelta(days=days)

    @property
    def wish(self) -> Wish:
        """The part that the fit is reckoned from."""
        return Wish(
            issues=self.issues,
            past=self.past,
            goals=self.goals,
            languages=self.languages,
            traits=self.likes,
            within_km=self.within_km if self.centre else None,
            most_price=self.most_price,
        )

    def at(self, now: datetime) -> "Criteria":
        """The same search as of another instant: the next page is reckoned like the first."""
        return replace(self, now=now)


def currency_of(country: str) -> str:
    """The currency in which prices are thought of there (ISO 4217)."""
    return "EUR" if country in EURO else CURRENCIES.get(country, "CAD")
