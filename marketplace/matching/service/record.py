"""A coach's row of the search table, made of what is known of her."""

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import blake2b
from itertools import islice
from typing import Any

from marketplace.coaches.kinds import Mode, OfferKind
from marketplace.coaches.models import Offer
from marketplace.matching.masks import GOALS, ISSUES, LANGUAGES, MODES, TRAITS, mask
from marketplace.matching.score import Candidate, standing
from marketplace.matching.service.facts import Facts, Selling
from marketplace.matching.stored import LISTED, MAIN, PROVEN, PROVEN_AFTER, ROOM_HOURS, availability, newness, strength
from marketplace.places.geo import cell, on_sphere, standard_minutes
from marketplace.scheduling.openings import Start
from marketplace.scheduling.walltime import by_date, instant_of, minute_from, wall_minute

ROOM_DAYS = timedelta(days=14)
KEPT_DAYS, KEPT_OF_DAY, KEPT_FIRST = 6, 2, 4  # of the starts, for the times of a card
LATEST_LOOK = timedelta(hours=12)
EVENING = 17 * 60  # minutes after local midnight from which a weekday's start is an evening
GENDERS = {"woman": "female", "female": "female", "man": "male", "male": "male"}
NOT_SHOWN = {"standing", "stale_at"}
Values = dict[str, Any]


def record(facts: Facts, now: datetime) -> Values:
    """Her whole row, but for when it was written."""
    coach = facts.coach
    values: Values = {"coach_id": coach.id, "reply_hours": facts.reply_hours}
    values |= {"rating_sum": facts.rating_sum, "rating_count": facts.rating_count}
    values |= _place(facts) | _skills(facts) | _prices(facts) | times(facts, now)
    values["traits"] |= mask([GENDERS.get((coach.gender or "").lower(), "")], TRAITS)
    values["newcomer"] = round(newness(now - coach.created_at, values["strength"]), 2)
    values["standing"] = standing_of(values)
    values["card"] = json.dumps(_card(facts), separators=(",", ":"))
    values["version"] = version(values)
    return values


def _place(facts: Facts) -> Values:
    coach = facts.coach
    latitude, longitude = round(coach.latitude, 2), round(coach.longitude, 2)
    values = {
        "cell": cell(latitude, longitude),
        "latitude": latitude,
        "longitude": longitude,
        "country": facts.place.country,
        "zone": standard_minutes(coach.timezone),
    }
    return values | dict(zip("xyz", on_sphere(latitude, longitude), strict=True))


def _skills(facts: Facts) -> Values:
    fixes = {ISSUES.index(issue): is_main for issue, is_main in facts.fixes.items() if issue in ISSUES}
    proven = {number for number in fixes if facts.done.get(ISSUES[number], 0) >= PROVEN_AFTER}
    levels = {number: (MAIN if is_main else LISTED) + PROVEN * (number in proven) for number, is_main in fixes.items()}
    return {
        "issues": sum(1 << number for number in fixes),
        "main_issues": sum(1 << number for number, is_main in fixes.items() if is_main),
        "strength": strength(levels),
        "goals": mask(facts.goals, GOALS),
        "languages": mask(facts.coach.languages, LANGUAGES),
    }


def _prices(facts: Facts) -> Values:
    by_mode = {mode: [offer.price for offer in facts.sold if offer.mode == mode] for mode in Mode}
    return {
        "modes": mask((mode.value for mode, prices in by_mode.items() if prices), MODES),
        "price": min(offer.price for offer in facts.sold),
        "price_online": min(by_mode[Mode.ONLINE], default=None),
        "price_in_person": min(by_mode[Mode.IN_PERSON], default=None),
        "currency": facts.coach.currency,
    }


def times(facts: Selling, now: datetime) -> Values:
    """Her next opening, how much room she has, and when a look at the clock alone will find it otherwise."""
    some = [found for offer in facts.sold if (found := facts.starts.get(offer.id))]
    first = min((found[0][0] for found in some), default=None)
    opens = None if first is None else instant_of(first)
    hours = min((offer.turnaround_hours for offer in facts.sold if offer.turnaround_hours is not None), default=None)
    wait = opens - now if opens else timedelta(hours=hours) if hours is not None else None
    room = max((_room(facts, offer, now) for offer in facts.sold), default=0.0)
    return {
        "next_opening_at": opens,
        "turnaround_hours": hours,
        "availability": round(availability(wait, room), 2),
        "traits": mask(_free(some, facts.coach.timezone, now), TRAITS),
        "stale_at": min([now + LATEST_LOOK, *(instant_of(found[0][1]) for found in some)]),
    }


def _room(facts: Selling, offer: Offer, now: datetime) -> float:
    """Free hours of the next two weeks, or free places of the week, as a share of what is room enough."""
    if offer.kind is OfferKind.CLIP_REVIEW:
        return 1 - facts.places_taken.get(offer.id, 0) / (offer.weekly_places or 1)
    soon = bisect_left(facts.starts.get(offer.id, ()), (minute_from(now + ROOM_DAYS),))
    return soon * offer.interval_minutes / 60 / ROOM_HOURS


def _free(starts: Iterable[Sequence[Start]], zone: str, now: datetime) -> Iterator[str]:
    """Whether she has openings in the evening and at weekends, in her own zone, in the next two weeks."""
    until = minute_from(now + ROOM_DAYS)
    for found in starts:
        soon = [at for at, _ in found if at < until]
        for on, of_date in by_date(zone, soon):
            if on.weekday() >= 5:
                yield "weekends"
            elif wall_minute(zone, on, of_date[-1]) >= EVENING:
                yield "evenings"


def standing_of(values: Values) -> float:
    """The points that she has whoever asks."""
    names = ("availability", "rating_sum", "rating_count", "reply_hours")
    return round(standing(Candidate(**{name: values[name] for name in names})), 4)


def _card(facts: Facts) -> Values:
    """What a card shows besides the columns; instants as seconds since 1970."""
    coach = facts.coach
    return {
        "slug": coach.slug,
        "name": coach.name,
        "headline": coach.headline,
        "avatar": coach.avatar_seed,
        "place": facts.place.name,
        "region": facts.place.region,
        "offers": offers(facts),
        "done": {issue: count for issue, count in sorted(facts.done.items()) if issue in ISSUES},
    }


def offers(facts: Selling) -> list[Values]:
    """What she sells, with some of its starts."""
    zone = facts.coach.timezone
    return [_offer(offer, _some(facts.starts.get(offer.id, ()), zone)) for offer in facts.sold]


def _offer(offer: Offer, starts: Sequence[Start]) -> Values:
    return {
        "id": str(offer.id),
        "kind": offer.kind.value,
        "price": offer.price,
        "minutes": offer.minutes,
        "hours": offer.turnaround_hours,
        "starts": [[at * 60, until * 60] for at, until in starts],
    }


def _some(starts: Sequence[Start], zone: str) -> list[Start]:
    """The first few starts, and the first of each of the next days that have any."""
    some = list(starts[:KEPT_FIRST])
    until = dict(starts)
    for _, of_date in islice(by_date(zone, list(until)), KEPT_DAYS):
        some += [(at, until[at]) for at in of_date[:KEPT_OF_DAY] if at > some[-1][0]]
    return some


def version(values: Values) -> int:
    """A number that is another one whenever anything that a card shows is."""
    shown = repr([(name, value) for name, value in sorted(values.items()) if name not in NOT_SHOWN])
    return int.from_bytes(blake2b(shown.encode(), digest_size=7).digest())
