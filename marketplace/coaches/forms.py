"""What a coach types: her profile, a credential, an offer of each kind."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from marketplace import clock
from marketplace.coaches.cancelling import Preset
from marketplace.coaches.drafts import Certificate, OfferTerms, Profile
from marketplace.coaches.kinds import LEAST_PRICE, OfferKind, Setting
from marketplace.web.forms import Form, PageDay

MOST_PRICE = 100_000
MOST_MAIN_ISSUES = 3
OLDEST_YEAR = 1950


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _minor_units(typed: Any) -> Any:
    """ "95", "95.5", "95,00" or "$95" as 9500; what is no amount is refused as `price`.

    "1,000" is neither a thousand nor one: it is refused, since both are meant by somebody.
    """
    if not isinstance(typed, str):
        return typed
    text = re.sub(r"[\s$€£]", "", typed)
    if not re.fullmatch(r"\d{1,9}([.,]\d{1,2})?", text):
        raise PydanticCustomError("price", "no amount")
    return int(Decimal(text.replace(",", ".")) * 100)


def _chargeable(price: int) -> int:
    if 0 < price < LEAST_PRICE:
        raise PydanticCustomError("price-too-small", "less than a card payment")
    if price > MOST_PRICE:
        raise PydanticCustomError("price-too-large", "more than is sold", {"most": MOST_PRICE})
    return price


def _secure_link(link: str) -> str:
    parts = urlsplit(link)
    if link and (parts.scheme != "https" or "." not in parts.netloc or " " in link):
        raise PydanticCustomError("link-not-https", "no secure address")
    return link


Line = Annotated[str, AfterValidator(_one_line)]
Amount = Annotated[int, BeforeValidator(_minor_units), Field(ge=0)]
"""What somebody types as money, in minor units."""
Price = Annotated[Amount, AfterValidator(_chargeable)]
Minutes = Annotated[int, Field(ge=5, le=480, multiple_of=5)]
Buffer = Annotated[int, Field(ge=0, le=180, multiple_of=5)]


class ProfileForm(Form):
    """A coach's profile, as first application or as edit."""

    name: Line = Field(min_length=2, max_length=80)
    headline: Line = Field(min_length=10, max_length=140)
    about: str = Field(min_length=80, max_length=6000)
    place: str = Field(min_length=2, max_length=120)
    travel_km: int = Field(default=15, ge=0, le=300)
    gender: Literal["female", "male", "nonbinary"] | None = None
    languages: list[Literal["en", "fr"]] = Field(min_length=1, max_length=2)
    issues: list[str] = Field(min_length=1, max_length=40)
    main_issues: list[str] = Field(default=[], max_length=MOST_MAIN_ISSUES)
    goals: list[str] = Field(default=[], max_length=10)

    @field_validator("main_issues")
    @classmethod
    def _are_chosen(cls, main: list[str], info: ValidationInfo) -> list[str]:
        if set(main) - set(info.data.get("issues", main)):
            raise PydanticCustomError("main-not-chosen", "a main issue that is none of hers")
        return main

    def profile(self) -> Profile:
        """As the service takes it."""
        chosen: dict[str, Any] = {
            name: tuple(dict.fromkeys(value)) if isinstance(value, list) else value
            for name, value in self.model_dump().items()
        }
        return Profile(**chosen)


class CredentialForm(Form):
    """One certificate or qualification."""

    title: Line = Field(min_length=3, max_length=140)
    issuer: Line = Field(min_length=2, max_length=140)
    year: int | None = Field(default=None, ge=OLDEST_YEAR)

    @field_validator("year")
    @classmethod
    def _not_to_come(cls, year: int | None) -> int | None:
        if year is not None and year > clock.now().year:
            raise PydanticCustomError("year-to-come", "not earned yet")
        return year

    def certificate(self) -> Certificate:
        """As the service takes it."""
        return Certificate(**self.model_dump())


class OfferForm(Form):
    """What offers of all kinds say."""

    title: Line = Field(min_length=3, max_length=100)
    details: str = Field(default="", max_length=2000)
    price: Price

    def terms(self, kind: OfferKind) -> OfferTerms:
        """As the service takes them."""
        return OfferTerms(kind=kind, **self.model_dump())


class ClipReviewForm(OfferForm):
    """A clip answered within a promised time; so many a week."""

    turnaround_hours: int = Field(ge=1, le=336)
    weekly_places: int = Field(ge=1, le=50)


class VisitForm(OfferForm):
    """What offers with a fixed hour share. All minutes are multiples of five."""

    minutes: Minutes
    interval_minutes: Minutes = 30
    buffer_before: Buffer = 0
    buffer_after: Buffer = 0
    lead_hours: int = Field(default=12, ge=0, le=336)
    no_same_day: bool = False
    window_days: int = Field(default=60, ge=1, le=90)
    book_from: PageDay | None = None
    book_until: PageDay | None = None
    schedule: int = Field(default=0, ge=0)
    cancellation: Preset = Preset.MODERATE
    seats: int = Field(default=1, ge=1, le=100)

    @field_validator("book_until")
    @classmethod
    def _in_order(cls, until: date | None, info: ValidationInfo) -> date | None:
        first = info.data.get("book_from")
        if until and first and until < first:
            raise PydanticCustomError("dates-order", "the last day is before the first")
        return until


class VideoCallForm(VisitForm):
    """A call; the link is shown once the booking is confirmed."""

    call_link: Annotated[str, AfterValidator(_secure_link)] = Field(min_length=1, max_length=300)


class InPersonForm(VisitForm):
    """A visit: a public meeting point for all to see, the exact address once it is confirmed."""

    setting: Setting
    meeting_point: Line = Field(min_length=3, max_length=200)
    exact_address: Line = Field(min_length=3, max_length=300)
    bad_weather: Line = Field(default="", max_length=300, validate_default=True)

    @field_validator("bad_weather")
    @classmethod
    def _said_where_it_may_rain(cls, said: str, info: ValidationInfo) -> str:
        if not said and info.data.get("setting") in (Setting.TRACK, Setting.OUTDOORS):
            raise PydanticCustomError("weather-unsaid", "outdoors, and nothing said about rain")
        return said


OFFER_FORMS: dict[OfferKind, type[OfferForm]] = {
    OfferKind.CLIP_REVIEW: ClipReviewForm,
    OfferKind.VIDEO_CALL: VideoCallForm,
    OfferKind.IN_PERSON: InPersonForm,
}
