"""The shapes in which the API speaks of coaches and needs."""

from datetime import UTC, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from marketplace.coaches.cancelling import ALL, Preset
from marketplace.coaches.models import Offer
from marketplace.matching import reason_words, wording
from marketplace.matching.masks import GOALS, ISSUES, LANGUAGES, MODES, ids
from marketplace.matching.needshown import NeedShown
from marketplace.matching.queries import Card, Hit, Results
from marketplace.matching.reasons import MOST_REASONS, Reason
from marketplace.money import Money
from marketplace.web.api import Price, encode_cursor
from marketplace.web.languages import absolute_url


class PlaceShown(BaseModel):
    """Where a coach works, to about a kilometre."""

    name: str
    region: str
    country: str
    latitude: float
    longitude: float


class ReasonShown(BaseModel):
    """Why a coach fits: a stable kind, the same in words, and how many points of the fit it is."""

    kind: str
    text: str
    points: float

    @classmethod
    def of(cls, reason: Reason) -> "ReasonShown":
        """The API's shape of a reason."""
        return cls(kind=reason.kind, text=reason_words.reason_text(reason), points=round(reason.points, 1))


class RatingShown(BaseModel):
    """The mean of a coach's stars (null without any) and how many runners gave them."""

    average: float | None
    count: int


class CoachShown(BaseModel):
    """A coach in the results. `distance_km` is null for those outside the ring."""

    slug: str
    name: str
    headline: str
    place: PlaceShown
    distance_km: float | None
    fit: int = Field(ge=0, le=100)
    reasons: list[ReasonShown]
    next_opening: datetime | None
    price_from: Price
    rating: RatingShown
    languages: list[str]
    modes: list[str]
    url: str

    @classmethod
    def of(cls, hit: Hit) -> "CoachShown":
        """The API's shape of a hit."""
        card = hit.card
        return cls(
            slug=card.slug,
            name=card.name,
            headline=card.headline,
            place=_place(card),
            distance_km=None if hit.distance_km is None else round(hit.distance_km, 1),
            fit=hit.fit,
            reasons=[ReasonShown.of(each) for each in reason_words.worth_telling(hit.reasons)[:MOST_REASONS]],
            next_opening=_instant(hit.next_at),
            price_from=Price.of(Money(hit.price, card.currency)),
            rating=RatingShown(average=card.rating, count=card.rating_count),
            languages=list(ids(card.languages, LANGUAGES)),
            modes=list(ids(card.modes, MODES)),
            url=absolute_url("matching.profile", slug=card.slug),
        )


class CoachesAnswer(BaseModel):
    """A page of coaches; `next_cursor` is null on the last."""

    coaches: list[CoachShown]
    total: int
    next_cursor: str | None

    @classmethod
    def of(cls, results: Results) -> "CoachesAnswer":
        """The API's shape of a page of results."""
        after = encode_cursor(*results.after) if results.after else None
        return cls(coaches=[CoachShown.of(hit) for hit in results.hits], total=results.total, next_cursor=after)


class SpecialismShown(BaseModel):
    """An issue that the coach fixes; `main` for those she does most."""

    id: str
    name: str
    main: bool


class CredentialShown(BaseModel):
    """A certificate; `checked` when the site has seen proof."""

    title: str
    issuer: str
    year: int | None
    checked: bool


class ProfileAnswer(BaseModel):
    """A coach's page."""

    slug: str
    name: str
    headline: str
    about: str
    place: PlaceShown
    timezone: str
    languages: list[str]
    modes: list[str]
    issues: list[SpecialismShown]
    goals: list[str]
    credentials: list[CredentialShown]
    next_opening: datetime | None
    price_from: Price
    rating: RatingShown
    url: str

    @classmethod
    def of(cls, hit: Hit, *, about: str, timezone: str, credentials: list[CredentialShown]) -> "ProfileAnswer":
        """The API's shape of a listed coach."""
        shown, card = CoachShown.of(hit), hit.card
        main = ids(card.main_issues, ISSUES)
        fixes = [
            SpecialismShown(id=each, name=wording.issue_name(each), main=each in main)
            for each in ids(card.issues, ISSUES)
        ]
        own = shown.model_dump(exclude={"distance_km", "fit", "reasons"})
        rest = {"about": about, "timezone": timezone, "credentials": credentials}
        return cls.model_validate(own | rest | {"issues": fixes, "goals": list(ids(card.goals, GOALS))})


class RefundStep(BaseModel):
    """Cancelled at least `hours_before` the start, so much of the price comes back; after the last step, nothing.
    `hours_before` is null for a clip review."""

    hours_before: int | None
    refund: Price

    @classmethod
    def all_of(cls, offer: Offer) -> "list[RefundStep]":
        """What a runner who cancels gets back, in order of time."""
        policy = offer.policy
        steps: list[tuple[int | None, int]] = [(policy.full_hours if offer.preset else None, ALL)]
        if offer.preset and policy.part_percent:
            steps.append((policy.part_hours, policy.part_percent))
        return [cls(hours_before=hours, refund=Price.of(offer.cost.percent(percent))) for hours, percent in steps]


class OfferShown(BaseModel):
    """What a coach sells. A clip review has no `minutes` but `turnaround_hours`; the others the other way round.

    `policy` says what cancelling gives back; null for a clip review: all, until the coach has opened the clip.
    """

    id: UUID
    kind: str
    title: str
    minutes: int | None
    price: Price
    mode: str
    turnaround_hours: int | None
    policy: Preset | None
    cancellation: list[RefundStep]

    @classmethod
    def of(cls, offer: Offer) -> "OfferShown":
        """The API's shape of an offer."""
        return cls(
            id=offer.id,
            kind=offer.kind.value,
            title=offer.title,
            minutes=offer.minutes,
            price=Price.of(offer.cost),
            mode=offer.mode.value,
            turnaround_hours=offer.turnaround_hours,
            policy=offer.preset,
            cancellation=RefundStep.all_of(offer),
        )


class OffersAnswer(BaseModel):
    """What a coach sells, in her order."""

    offers: list[OfferShown]


class MatchAnswer(BaseModel):
    """What was understood, and the first coaches who fit."""

    need: NeedShown
    coaches: list[CoachShown]


def _place(card: Card) -> PlaceShown:
    return PlaceShown(
        name=card.place_name,
        region=card.region,
        country=card.country,
        latitude=card.latitude,
        longitude=card.longitude,
    )


def _instant(at: datetime | None) -> datetime | None:
    return at.astimezone(UTC).replace(microsecond=0) if at else None
