"""What is said of one coach among others: a column of the comparison."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlmodel import Session

from marketplace.coaches import queries as coaches
from marketplace.coaches.kinds import Mode
from marketplace.coaches.models import Offer
from marketplace.kept.queries import Asked, Face
from marketplace.kept.views.asked import carried
from marketplace.matching import wording
from marketplace.matching.masks import GOALS, ISSUES, ONLINE, ids
from marketplace.matching.queries import Hit
from marketplace.matching.reason_words import reason_text, worth_telling
from marketplace.matching.views.rows import Time, booking_url
from marketplace.money import Money
from marketplace.scheduling import service as calendars
from marketplace.web.filters import kilometres
from marketplace.web.languages import viewer_zone

MOST_REASONS = 4
MOST_TIMES, LOOKED_AT_DAYS = 3, 14


@dataclass(frozen=True, slots=True)
class Fit:
    """How well she fits what was asked for, and why."""

    number: int
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Fixed:
    """An issue that she fixes; `is_asked` when it is what was asked for."""

    name: str
    is_main: bool
    is_asked: bool


@dataclass(frozen=True, slots=True)
class Fixes:
    """What she fixes, and what was asked for that she does not list."""

    issues: list[Fixed]
    lacking: list[str]


@dataclass(frozen=True, slots=True)
class Sold:
    """An offer in a line."""

    what: str
    price: Money


@dataclass(frozen=True, slots=True)
class Cancelling:
    """Until when the money comes back, and of which offers; of all of them where `what` is empty."""

    what: str
    line: str


@dataclass(frozen=True, slots=True)
class Bookable:
    """Her next times of one offer, or where a clip is sent."""

    what: str
    times: list[Time]
    all_url: str | None
    clip_url: str | None


@dataclass(frozen=True, slots=True)
class Column:
    """A coach, row by row; what she does not say is empty."""

    face: Face
    url: str
    fit: Fit | None
    fixes: Fixes
    goals: list[str]
    where: str
    modes: str
    languages: str
    offers: list[Sold]
    times: Bookable | None
    cancelling: list[Cancelling]
    rating: tuple[float, int] | None
    papers: list[str]


def column(session: Session, face: Face, hit: Hit, asked: Asked, now: datetime) -> Column:
    """The coach as she stands for what was asked for."""
    card, sold, along = hit.card, coaches.offers(session, face.coach_id), carried(asked)
    papers = [paper for paper in coaches.credentials(session, face.coach_id) if paper.checked_at]
    return Column(
        face=face,
        url=url_for("matching.profile", slug=face.slug, **along),
        fit=Fit(hit.fit, [reason_text(each) for each in worth_telling(hit.reasons)[:MOST_REASONS]])
        if hit.is_matched
        else None,
        fixes=_fixes(hit, asked),
        goals=[wording.goal_name(each) for each in ids(card.goals, GOALS)],
        where=_where(hit),
        modes=_modes(card.modes),
        languages=", ".join(wording.language_names(card.languages)),
        offers=[Sold(wording.what_is_sold(offer), offer.cost) for offer in sold],
        times=_bookable(session, face, sold, hit, along, now),
        cancelling=_cancelling(sold),
        rating=(card.rating, card.rating_count) if card.rating else None,
        papers=[", ".join(text for text in (paper.title, paper.issuer) if text) for paper in papers],
    )


def _fixes(hit: Hit, asked: Asked) -> Fixes:
    """What was asked for first, then her main work."""
    main, wanted = ids(hit.card.main_issues, ISSUES), ids(hit.issues, ISSUES)
    found = [Fixed(wording.issue_name(each), each in main, each in wanted) for each in ids(hit.card.issues, ISSUES)]
    found.sort(key=lambda each: (not each.is_asked, not each.is_main))
    return Fixes(found, [wording.issue_name(each) for each in ids(asked.criteria.issues & ~hit.issues, ISSUES)])


def _modes(modes: int) -> str:
    if modes == ONLINE:
        return _("Online")
    return _("In person and online") if modes & ONLINE else _("In person")


def _cancelling(sold: Sequence[Offer]) -> list[Cancelling]:
    """Each rule once, with the offers that it holds for."""
    by_line: dict[str, list[str]] = {}
    for offer in sold:
        by_line.setdefault(wording.cancel_line(offer), []).append(wording.what_is_sold(offer))
    return [Cancelling("; ".join(what) if len(by_line) > 1 else "", line) for line, what in by_line.items()]


def _where(hit: Hit) -> str:
    place = f"{hit.card.place_name}, {hit.card.region}" if hit.card.region else hit.card.place_name
    return place if hit.distance_km is None else f"{place}, {kilometres(hit.distance_km)}"


def _bookable(
    session: Session, face: Face, sold: Sequence[Offer], hit: Hit, along: dict[str, Any], now: datetime
) -> Bookable | None:
    """Her least dear offer with a fixed hour that can be had from here; a clip review when there is none."""
    reachable = [offer for offer in sold if offer.minutes and (not hit.elsewhere or offer.mode == Mode.ONLINE)]
    timed = min(reachable, key=lambda each: each.price, default=None)
    clip = next((offer for offer in sold if offer.minutes is None), None)
    clip_url = booking_url(face.slug, clip.id, along) if clip else None
    if timed is None:
        return Bookable(wording.what_is_sold(clip), [], None, clip_url) if clip else None
    all_url = url_for("matching.openings", slug=face.slug, offer_id=timed.id, **along)
    return Bookable(wording.what_is_sold(timed), _times(session, face, timed, along, now), all_url, clip_url)


def _times(session: Session, face: Face, offer: Offer, along: dict[str, Any], now: datetime) -> list[Time]:
    """The first time of each of the next days that have any."""
    zone = viewer_zone()
    today = now.astimezone(zone).date()
    found = calendars.openings(session, offer, first=today, days=LOOKED_AT_DAYS, viewer_zone=zone, now=now)
    firsts = {each.starts_at.astimezone(zone).date(): each.starts_at for each in reversed(found)}
    return [Time(at, booking_url(face.slug, offer.id, along, at)) for at in sorted(firsts.values())[:MOST_TIMES]]
