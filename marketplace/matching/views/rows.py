"""A coach in a list, as templates/matching/_parts.html shows her."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlmodel import Session

from marketplace.coaches import queries as coaches
from marketplace.coaches.kinds import Mode
from marketplace.coaches.models import Offer
from marketplace.matching import queries, wording
from marketplace.matching.masks import ISSUES, MODES, ids
from marketplace.matching.queries import Hit
from marketplace.matching.score import MOST_REASONS
from marketplace.money import Money
from marketplace.scheduling import service as calendars
from marketplace.web.languages import viewer_zone

SHOWN_TIMES = 3
SHOWN_AS_SUCH = {"rating", "opening"}
SAID_ELSEWHERE = {"distance", "price", "speaks"}
LOOKED_AT_DAYS = 7


@dataclass(frozen=True, slots=True)
class Time:
    """An opening and where it is booked."""

    starts_at: datetime
    url: str


def rows(
    session: Session, hits: Sequence[Hit], carried: dict[str, Any], modes: int, now: datetime
) -> list[dict[str, Any]]:
    """Rows for those hits. `carried`: what links take along for the booking's form (issue, goal, near)."""
    sold = coaches.offers_of(session, [hit.card.coach_id for hit in hits])
    return [_row(session, hit, sold[hit.card.coach_id], carried, modes, now) for hit in hits]


def booking_url(slug: str, offer: Offer, carried: dict[str, Any], starts_at: datetime | None = None) -> str:
    """The booking page of an offer and time."""
    told = {name: carried[name] for name in ("issue", "goal") if carried.get(name)}
    when = starts_at.isoformat() if starts_at else None
    return url_for("bookings.new", slug=slug, offer=offer.id, starts_at=when, **told)


def _row(
    session: Session, hit: Hit, sold: Sequence[Offer], carried: dict[str, Any], modes: int, now: datetime
) -> dict[str, Any]:
    card, shown = hit.card, _asked(sold, modes)
    timed = min((each for each in _nearer(shown, hit) if each.minutes), key=lambda each: each.price, default=None)
    clip = next((each for each in shown if each.turnaround_hours is not None), None)
    times = _times(session, timed, hit, carried, now) if timed else []
    sold_here = timed if times else min(shown, key=lambda each: each.price, default=None)
    return {
        "slug": card.slug,
        "url": url_for("matching.profile", slug=card.slug, **carried),
        "name": card.name,
        "headline": card.headline,
        "avatar": card.avatar_seed or card.slug,
        "place": f"{card.place_name}, {card.region}",
        "distance_km": hit.distance_km,
        "latitude": card.latitude,
        "longitude": card.longitude,
        "languages": wording.language_names(card.languages),
        "modes": list(ids(card.modes, MODES)),
        "fit": hit.fit if hit.is_matched else None,
        "drawing": _drawing(hit),
        "reasons": _reasons(hit) if hit.is_matched else [],
        "rating_average": card.rating,
        "rating_count": card.rating_count,
        "new": card.rating_count == 0,
        "times": times,
        "all_times_url": _all_times(card, timed) if timed else None,
        "clip_url": booking_url(card.slug, clip, carried) if clip else None,
        "turnaround_hours": clip.turnaround_hours if clip else None,
        "clip_price": clip.cost if clip else None,
        "price": sold_here.cost if sold_here else Money(hit.price, card.currency),
        "price_note": wording.what_is_sold(sold_here) if sold_here else "",
    }


def _reasons(hit: Hit) -> list[str]:
    """The reasons that the row does not say elsewhere; two at least, never the stars and times that it shows."""
    reasons = [reason for reason in hit.reasons if reason.kind not in SHOWN_AS_SUCH]
    own = [reason for reason in reasons if reason.kind not in SAID_ELSEWHERE]
    others = [reason for reason in reasons if reason.kind in SAID_ELSEWHERE]
    return [wording.reason_text(reason) for reason in [*own, *others][: max(2, min(len(own), MOST_REASONS))]]


def _asked(sold: Sequence[Offer], modes: int) -> list[Offer]:
    """The offers of the mode that was asked for, where one was."""
    wanted = ids(modes, MODES)
    return [offer for offer in sold if len(wanted) != 1 or offer.mode == wanted[0]]


def _nearer(sold: Sequence[Offer], hit: Hit) -> Sequence[Offer]:
    """A coach far away is met online only."""
    return [offer for offer in sold if not hit.elsewhere or offer.mode == Mode.ONLINE]


def _drawing(hit: Hit) -> str | None:
    """The issue to draw: one of those asked for that is her main work, or another that is."""
    best = hit.issues & hit.card.main_issues or hit.issues or hit.card.main_issues or hit.card.issues
    return next(iter(ids(best, ISSUES)), None)


def _times(session: Session, offer: Offer, hit: Hit, carried: dict[str, Any], now: datetime) -> list[Time]:
    """Her next opening, then the first of each of the next days that have any."""
    zone = viewer_zone()
    since = max(now, hit.next_at or now).astimezone(zone).date()
    found = calendars.openings(session, offer, first=since, days=LOOKED_AT_DAYS, viewer_zone=zone, now=now)
    by_day = {each.starts_at.astimezone(zone).date(): each.starts_at for each in reversed(found)}
    firsts = [by_day[on] for on in sorted(by_day)][:SHOWN_TIMES]
    rest = [each.starts_at for each in found if each.starts_at not in firsts]
    shown = sorted([*firsts, *rest[: SHOWN_TIMES - len(firsts)]])
    return [Time(at, booking_url(hit.card.slug, offer, carried, at)) for at in shown]


def _all_times(card: queries.Card, offer: Offer) -> str:
    return url_for("matching.openings", slug=card.slug, offer_id=offer.id)
