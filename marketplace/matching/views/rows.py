"""A coach in a list, as templates/matching/_parts.html shows her. What was rendered is kept for the minute."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import current_app, url_for
from markupsafe import Markup

from marketplace.coaches.kinds import Mode
from marketplace.matching import reason_words, wording
from marketplace.matching.masks import ISSUES, MODES, ids
from marketplace.matching.queries import Hit, Sold
from marketplace.matching.reasons import MOST_REASONS
from marketplace.matching.rendered import Reader, of_the_minute
from marketplace.money import Money
from marketplace.web.languages import language, viewer_zone

SHOWN_TIMES = 3
SHOWN_AS_SUCH = {"rating", "opening", "new", "clip"}


@dataclass(frozen=True, slots=True)
class Time:
    """An opening and where it is booked."""

    starts_at: datetime
    url: str
    seats_left: int | None = None  # of a group visit that others sit in


def slots(carried: dict[str, Any]) -> Callable[[Hit, int, bool], Markup]:
    """What a list's template calls for each hit, its number and whether the reader keeps her: the rendered slot.

    `carried`: what links take along for the booking's form (issue, goal, near).
    """
    reader = reader_of(carried)

    def slot(hit: Hit, number: int, is_kept: bool) -> Markup:
        kind = "kept slot" if is_kept else "slot"
        return of_the_minute(kind, hit, number, reader, lambda: _slot(hit, number, carried, is_kept))

    return slot


def reader_of(carried: dict[str, Any]) -> Reader:
    """Who reads what is made of a hit."""
    return language(), viewer_zone().key, repr(carried)


def row(hit: Hit, carried: dict[str, Any]) -> dict[str, Any]:
    """What the template wants of a hit."""
    card = hit.card
    shown = _asked(card.offers, hit.criteria.modes)
    timed = min((each for each in _nearer(shown, hit) if each.minutes), key=lambda each: each.price, default=None)
    clip = next((each for each in shown if each.turnaround_hours is not None), None)
    times = _times(timed, hit, carried) if timed else []
    sold_here = timed if times else min(shown, key=lambda each: each.price, default=None)
    return {
        "slug": card.slug,
        "url": url_for("matching.profile", slug=card.slug, **carried),
        "name": card.name,
        "headline": card.headline,
        "avatar": card.avatar_seed or card.slug,
        "place": f"{card.place_name}, {card.region}",
        "distance_km": hit.distance_km,
        "languages": wording.language_names(card.languages),
        "modes": list(ids(card.modes, MODES)),
        "fit": hit.fit if hit.is_matched else None,
        "drawing": _drawing(hit),
        "reasons": _reasons(hit) if hit.is_matched else [],
        "rating_average": card.rating,
        "rating_count": card.rating_count,
        "new": card.rating_count == 0,
        "times": times,
        "all_times_url": url_for("matching.openings", slug=card.slug, offer_id=timed.id) if timed else None,
        "clip_url": booking_url(card.slug, clip.id, carried) if clip else None,
        "clip_price": Money(clip.price, card.currency) if clip else None,
        "price": Money(sold_here.price if sold_here else hit.price, card.currency),
        "price_note": wording.what_is_sold(sold_here) if sold_here else "",
    }


def booking_url(slug: str, offer_id: object, carried: dict[str, Any], starts_at: datetime | None = None) -> str:
    """The booking page of an offer and time."""
    told = {name: carried[name] for name in ("issue", "goal") if carried.get(name)}
    when = starts_at.isoformat() if starts_at else None
    return url_for("bookings.new", slug=slug, offer=offer_id, starts_at=when, **told)


def _slot(hit: Hit, number: int, carried: dict[str, Any], is_kept: bool) -> Markup:
    parts: Any = current_app.jinja_env.get_template("matching/_slot.html").module
    made: Markup = parts.slot(row(hit, carried), number, is_kept)
    return made


def _reasons(hit: Hit) -> list[str]:
    """The reasons that the row does not show as such; two at least."""
    told = reason_words.worth_telling(hit.reasons)
    own = [reason for reason in told if reason.kind not in SHOWN_AS_SUCH]
    rest = [reason for reason in told if reason.kind in SHOWN_AS_SUCH]
    wanted = [*own[:MOST_REASONS], *rest[: max(0, 2 - len(own))]]
    return [reason_words.reason_text(reason) for reason in wanted]


def _asked(sold: Iterable[Sold], modes: int) -> list[Sold]:
    """The offers of the mode that was asked for, where one was."""
    wanted = ids(modes, MODES)
    return [offer for offer in sold if len(wanted) != 1 or offer.mode == wanted[0]]


def _nearer(sold: Sequence[Sold], hit: Hit) -> Sequence[Sold]:
    """A coach far away is met online only."""
    return [offer for offer in sold if not hit.elsewhere or offer.mode == Mode.ONLINE]


def _drawing(hit: Hit) -> str | None:
    """The issue to draw: one of those asked for that is her main work, or another that is."""
    best = hit.issues & hit.card.main_issues or hit.issues or hit.card.main_issues or hit.card.issues
    return next(iter(ids(best, ISSUES)), None)


def _times(offer: Sold, hit: Hit, carried: dict[str, Any]) -> list[Time]:
    """Her next opening, then the first of each of the next days that have any, in the reader's zone."""
    zone: ZoneInfo = viewer_zone()
    open_starts = [at for at, until in offer.starts if until > hit.criteria.now]
    by_day = {at.astimezone(zone).date(): at for at in reversed(open_starts)}
    firsts = [by_day[on] for on in sorted(by_day)][:SHOWN_TIMES]
    rest = [at for at in open_starts if at not in firsts]
    shown = sorted([*firsts, *rest[: SHOWN_TIMES - len(firsts)]])
    return [Time(at, booking_url(hit.card.slug, offer.id, carried, at)) for at in shown]
