"""A coach's page: what she fixes, what she sells, and when she is free."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.sessions import maybe_me
from marketplace.bookings import queries as bookings
from marketplace.coaches import queries as coaches
from marketplace.coaches.kinds import CoachStatus, Mode, OfferKind
from marketplace.coaches.models import Coach, Offer
from marketplace.db import current_session
from marketplace.errors import Invalid, NotFound
from marketplace.knowledge import catalogue
from marketplace.matching import queries, wording
from marketplace.matching.masks import LANGUAGES, mask
from marketplace.matching.views import chips, linked, sighted
from marketplace.matching.views.blueprint import bp
from marketplace.matching.views.rows import Time, booking_url
from marketplace.matching.views.told import told
from marketplace.places.geo import distance_km
from marketplace.places.models import Place
from marketplace.scheduling import service as calendars
from marketplace.scheduling.walltime import instant_of, start_of
from marketplace.web.app import reads
from marketplace.web.auth import public
from marketplace.web.filters import day
from marketplace.web.indexing import indexed, keep_out
from marketplace.web.languages import viewer_zone

MOST_DAYS, MOST_TIMES = 5, 4
LOOKED_AT_DAYS, PAGE_DAYS = 21, 14
Carried = dict[str, Any]


@bp.get("/coaches/<slug>")
@reads
@public
@indexed
def profile(slug: str) -> ResponseReturnValue:
    """The coach's page; for an unknown address a page with those whose names are like it."""
    session = current_session()
    coach = _shown(session, slug)
    if coach is None:
        return _unknown(session, slug)
    sighted.viewed(coach.id)
    carried, now = _carried(), clock.now()
    card = queries.cards(session, [coach.id]).get(coach.id)
    if card is None:
        keep_out()
    fixes = coaches.specialisms(session, coach.id)
    known = set(catalogue.issue_ids())
    goals = [goal.id for goal in catalogue.all_distances() if goal.id in coaches.goals(session, coach.id)]
    return render_template(
        "matching/profile.html",
        coach=_coach(session, coach, card),
        specialisms=[_fix(each.issue, each.is_main) for each in fixes if each.issue in known],
        goals=[{"id": each, "name": wording.goal_name(each)} for each in goals],
        credentials=[
            {"title": each.title, "issuer": each.issuer, "year": each.year, "checked": each.checked_at is not None}
            for each in coaches.credentials(session, coach.id)
        ],
        offers=[_offer(session, coach, each, carried, now) for each in coaches.offers(session, coach.id)],
        zone=viewer_zone().key,
        reviews=[_review(each) for each in queries.comments(session, coach.id)],
        red_flags=chips.red_flags(told()),
        linked_data=linked.of_coach(coach, card, coaches.offers(session, coach.id)) if card else [],
    )


@bp.get("/coaches/<slug>/openings/<uuid:offer_id>")
@reads
@public
def openings(slug: str, offer_id: UUID) -> ResponseReturnValue:
    """All times of an offer, two weeks on a page."""
    session, now = current_session(), clock.now()
    coach, offer = coaches.by_slug(session, slug), coaches.offer(session, offer_id)
    if offer.coach_id != coach.id or not offer.is_sold or not queries.is_listed(session, coach.id):
        raise NotFound("offer")
    if offer.kind is OfferKind.CLIP_REVIEW:
        return redirect(url_for("matching.profile", slug=slug))
    today = now.astimezone(viewer_zone()).date()
    since = min(max(_date_asked(today), today), today + timedelta(days=offer.window_days))
    later = since + timedelta(days=PAGE_DAYS)
    shown = _offer(session, coach, offer, _carried(), now, since, PAGE_DAYS)
    since_at = instant_of(start_of(viewer_zone().key, since))
    return render_template(
        "matching/openings.html",
        coach=_coach(session, coach, queries.cards(session, [coach.id]).get(coach.id)),
        offer=shown,
        earlier_url=_span(slug, offer, max(today, since - timedelta(days=PAGE_DAYS))) if since > today else None,
        since=since_at,
        until=since_at + timedelta(days=PAGE_DAYS),
        later_url=_span(slug, offer, later) if later <= today + timedelta(days=offer.window_days) else None,
        zone=viewer_zone().key,
    )


def _shown(session: Session, slug: str) -> Coach | None:
    """The coach whom anybody may see: approved, also while she can't be booked; she herself may always look."""
    try:
        coach = coaches.by_slug(session, slug)
    except NotFound:
        return None
    someone = maybe_me()
    mine = someone is not None and someone.id == coach.user_id
    return coach if mine or coach.status == CoachStatus.APPROVED else None


def _unknown(session: Session, slug: str) -> tuple[str, int]:
    similar = queries.with_similar_name(session, slug)
    return render_template("matching/unknown.html", similar=similar), 404


def _coach(session: Session, coach: Coach, card: queries.Card | None) -> dict[str, Any]:
    place = session.get_one(Place, coach.place_id)
    sold = coaches.offers(session, coach.id)
    modes = [mode.value for mode in Mode if any(offer.mode == mode for offer in sold)]
    return {
        "slug": coach.slug,
        "name": coach.name,
        "headline": coach.headline,
        "about": coach.about,
        "avatar": coach.avatar_seed or coach.slug,
        "place": queries.name_of(place),
        "languages": wording.language_names(mask(coach.languages, LANGUAGES)),
        "modes": modes,
        "travel_km": coach.travel_km if Mode.IN_PERSON.value in modes else None,
        "distance_km": _distance(session, coach),
        "pronoun": None,
        "years": None,
        "paused": card is None,
        "rating_average": card.rating if card else None,
        "rating_count": card.rating_count if card else 0,
    }


def _distance(session: Session, coach: Coach) -> float | None:
    """From the place that the address names; None without one, and for the other end of the country."""
    try:
        point, _ = queries.located(session, request.args["near"][:200])
    except (KeyError, Invalid):
        return None
    km = distance_km(point, (round(coach.latitude, 2), round(coach.longitude, 2)))
    return km if km <= 300 else None


def _fix(issue: str, is_main: bool) -> dict[str, Any]:
    href = url_for("matching.coaches", issue=issue)
    return {"id": issue, "name": wording.issue_name(issue), "main": is_main, "note": None, "href": href}


def _offer(
    session: Session,
    coach: Coach,
    offer: Offer,
    carried: Carried,
    now: datetime,
    since: date | None = None,
    days: int = LOOKED_AT_DAYS,
) -> dict[str, Any]:
    """An offer with its next openings: of the first days that have any, or of all days of the span asked for."""
    return {
        "id": offer.id,
        "kind": offer.kind.value,
        "title": offer.title,
        "minutes": offer.minutes,
        "price": offer.cost,
        "turnaround_hours": offer.turnaround_hours,
        "seats": offer.seats,
        "place_line": wording.place_line(offer),
        "weather_line": offer.bad_weather or None,
        "includes": offer.details or None,
        "cancel_line": wording.cancel_line(offer),
        "book_url": booking_url(coach.slug, offer.id, carried),
        "days": _days(session, coach, offer, carried, now, since, days),
        "more_url": url_for("matching.openings", slug=coach.slug, offer_id=offer.id, **carried)
        if offer.minutes
        else None,
    }


def _days(
    session: Session, coach: Coach, offer: Offer, carried: Carried, now: datetime, since: date | None, days: int
) -> list[dict[str, Any]]:
    if offer.minutes is None:
        return []
    zone = viewer_zone()
    first = since or now.astimezone(zone).date()
    found = calendars.openings(session, offer, first=first, days=days, viewer_zone=zone, now=now)
    left = bookings.seats_left(session, offer, now, now + timedelta(days=100))
    by_day: dict[date, list[Time]] = {}
    for each in found:
        times = by_day.setdefault(each.starts_at.astimezone(zone).date(), [])
        url = booking_url(coach.slug, offer.id, carried, each.starts_at)
        times.append(Time(each.starts_at, url, left.get(each.starts_at)))
    shown = [{"on": on, "times": times if since else _spread(times)} for on, times in by_day.items()]
    return shown if since else shown[:MOST_DAYS]


def _spread(times: Sequence[Time]) -> Sequence[Time]:
    """At most so many of a day's times, from morning to night."""
    if len(times) <= MOST_TIMES:
        return times
    return [times[place * (len(times) - 1) // (MOST_TIMES - 1)] for place in range(MOST_TIMES)]


def _review(comment: queries.Comment) -> dict[str, Any]:
    return {
        "stars": comment.stars,
        "words": comment.words,
        "who": comment.who,
        "month": day(comment.at),
        "reply": None,
    }


def _carried() -> Carried:
    """What the booking's form will ask for, taken along from the results."""
    known = catalogue.issue_ids()
    issues = [each for each in request.args.getlist("issue") if each in known][:12]
    goal = request.args.get("goal", "")[:200]
    return {name: value for name, value in (("issue", issues), ("goal", goal)) if value}


def _date_asked(today: date) -> date:
    try:
        return date.fromisoformat(request.args.get("from", ""))
    except ValueError:
        return today


def _span(slug: str, offer: Offer, since: date) -> str:
    query: dict[str, Any] = {"from": since.isoformat()} | _carried()
    return url_for("matching.openings", slug=slug, offer_id=offer.id, **query)
