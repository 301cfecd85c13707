"""What a coach says of herself and of what she sells, checked by the forms, before it is a row. Pure."""

from dataclasses import dataclass
from datetime import date

from marketplace.coaches.cancelling import Preset
from marketplace.coaches.kinds import OfferKind, Setting

EUROS = {"AT", "BE", "DE", "ES", "FI", "FR", "GR", "IE", "IT", "LU", "NL", "PT"}
CURRENCIES = {"CA": "CAD", "US": "USD", "GB": "GBP", "SG": "SGD", "AU": "AUD", "NZ": "NZD", "CH": "CHF"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """A coach's words and where she works. `place` is text for the gazetteer, `main_issues` some of `issues`."""

    name: str
    headline: str
    about: str
    place: str
    languages: tuple[str, ...]
    issues: tuple[str, ...]
    main_issues: tuple[str, ...] = ()
    goals: tuple[str, ...] = ()
    travel_km: int = 15
    gender: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """A credential as the coach names it, not checked by anybody yet."""

    title: str
    issuer: str
    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTerms:
    """All that an offer says. `price` in minor units; the fields are those of the Offer table."""

    kind: OfferKind
    title: str
    price: int
    details: str = ""
    minutes: int | None = None
    turnaround_hours: int | None = None
    weekly_places: int | None = None
    interval_minutes: int = 30
    buffer_before: int = 0
    buffer_after: int = 0
    lead_hours: int = 12
    no_same_day: bool = False
    window_days: int = 60
    book_from: date | None = None
    book_until: date | None = None
    schedule: int = 0
    cancellation: Preset = Preset.MODERATE
    seats: int = 1
    setting: Setting | None = None
    meeting_point: str = ""
    exact_address: str = ""
    call_link: str = ""
    bad_weather: str = ""


def currency_of(country: str) -> str:
    """What a coach of that country (ISO 3166, two letters) is paid in, unless she is paid in US dollars."""
    return "EUR" if country in EUROS else CURRENCIES.get(country, "USD")
