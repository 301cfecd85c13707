"""The coaches of a sample crowd, made up by chance: who each is, what she sells, when she works."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random
from typing import Any
from uuid import UUID, uuid5

from marketplace.coaches.kinds import CoachStatus
from marketplace.coaches.models import Coach, Offer
from marketplace.demo import samples
from marketplace.demo.people import address
from marketplace.matching.masks import GOALS, ISSUES
from marketplace.matching.service import AHEAD_DAYS, Facts
from marketplace.pages.versions import TERMS_VERSION
from marketplace.places.models import Place
from marketplace.scheduling import openings as rules
from marketplace.scheduling.hours import Hours, Window
from marketplace.scheduling.walltime import minute_from

NAMESPACE = UUID("6f2b9a52-5d0e-4f39-9a58-0c2f6a1d7e10")
NO_HASH = "!"  # nobody can sign in as one of them
AHEAD = timedelta(days=AHEAD_DAYS)
COMMON = 2.0  # how much commoner each issue is than the next
Row = dict[str, Any]


@dataclass(frozen=True)
class Member:
    """One coach of the crowd with all that is hers."""

    user: Row
    account: Row
    windows: Sequence[Row]
    facts: Facts


def members(towns: Sequence[tuple[Place, int]], count: int, now: datetime) -> Iterator[Member]:
    """All of a crowd, in the order of its towns; the same crowd for the same count."""
    chance = Random(count)  # noqa: S311  # nosec B311
    number = 0
    for place, share in towns:
        for _ in range(max(0, share)):
            yield _member(number, place, chance, now)
            number += 1


def _member(number: int, place: Place, chance: Random, now: datetime) -> Member:
    data = _data()
    language = "fr" if chance.random() < (0.8 if place.region == "QC" else 0.06) else "en"
    languages = [language] if chance.random() < 0.8 else ["en", "fr"]
    name = f"{chance.choice(data['first'])} {chance.choice(data['last'])}"
    slug = f"{address(name, '').rstrip('@').replace('.', '-')}-{number}"
    user_id, coach_id = id_of("user", number), id_of("coach", number)
    since = now - timedelta(days=chance.randrange(5, 900))
    coach = Coach.model_construct(
        id=coach_id,
        user_id=user_id,
        slug=slug,
        name=name,
        headline=chance.choice(data["headlines"][language]),
        about=chance.choice(data["about"][language]),
        gender=chance.choice(("female", "male", None)),
        status=CoachStatus.APPROVED,
        place_id=place.id,
        latitude=place.latitude + chance.gauss(0, 0.08),
        longitude=place.longitude + chance.gauss(0, 0.11),
        timezone=place.timezone,
        currency="CAD" if place.country == "CA" else "USD",
        languages=languages,
        avatar_seed=slug,
        created_at=since,
    )
    week = chance.choice(tuple(samples.HOURS))
    offers = _offers(number, coach, chance)
    user = _user(user_id, f"{slug}@crowd.example", name, language, coach, since)
    windows = [{"coach_id": coach_id, **window} for window in _windows(week)]
    account = {"coach_id": coach_id, "stripe_account_id": f"acct_crowd{number}", "missing": [], "updated_at": since}
    facts = Facts(
        coach=coach,
        place=place,
        sold=offers,
        fixes=_issues(chance),
        goals=sorted(chance.sample(GOALS, chance.choice((1, 2, 2, 3)))),
        starts={offer.id: _starts(offer, coach.timezone, week, now) for offer in offers if offer.minutes},
    )
    return Member(user, account | {"payouts_enabled": True}, windows, facts)


def _user(user_id: UUID, email: str, name: str, language: str, coach: Coach, since: datetime) -> Row:
    """The account of one of them."""
    agreed = {"verified_at": since, "terms_version": TERMS_VERSION, "terms_accepted_at": since, "created_at": since}
    return agreed | {
        "id": user_id,
        "email": email,
        "name": name,
        "password_hash": NO_HASH,
        "is_coach": True,
        "is_staff": False,
        "timezone": coach.timezone,
        "language": language,
        "session_epoch": 0,
    }


def _issues(chance: Random) -> dict[str, bool]:
    """Two to five, the first of the vocabulary the commonest; the first chosen are main work."""
    weights = [1 / (COMMON + place) for place in range(len(ISSUES))]
    chosen = list(dict.fromkeys(chance.choices(ISSUES, weights, k=chance.choice((2, 3, 4, 5)))))
    return {issue: place < 2 for place, issue in enumerate(chosen)}


def _offers(number: int, coach: Coach, chance: Random) -> list[Offer]:
    raw: Row = {"name": coach.name, "languages": coach.languages}
    for kind in chance.choice(("clip", "call", "visit", "clip call", "call visit", "clip call visit")).split():
        raw[kind] = _priced(kind, chance)
    terms = enumerate(samples.offers(raw, chance))
    own: Row = {"coach_id": coach.id, "currency": coach.currency}
    return [Offer.model_construct(**_numbered(number, place) | own | asdict(each)) for place, each in terms]


def _numbered(number: int, place: int) -> Row:
    return {"id": id_of(f"offer {place}", number), "position": place}


def _priced(kind: str, chance: Random) -> list[Any]:
    """An offer as the data files of the sample town have it."""
    if kind == "clip":
        return [chance.randrange(35, 90, 5), chance.choice((24, 48, 72)), 5]
    minutes = chance.choice((30, 45, 60))
    if kind == "call":
        return [chance.randrange(50, 130, 5), minutes]
    return [chance.randrange(60, 180, 10), minutes, "track", "At the track", "At the gate of the track", ""]


def _windows(week: str) -> Iterator[Row]:
    for weekday, spans in samples.HOURS[week].items():
        for start, end in spans:
            yield {"weekday": weekday, "starts": start, "ends": end}


def _starts(offer: Offer, zone: str, week: str, now: datetime) -> list[rules.Start]:
    assert offer.minutes is not None  # noqa: S101  (only timed offers come here)
    return _free(zone, week, offer.minutes, offer.interval_minutes, offer.lead_hours, now)


@cache
def _free(zone: str, week: str, minutes: int, interval: int, lead_hours: int, now: datetime) -> list[rules.Start]:
    """The starts of everybody with these hours and terms, since nobody has booked yet."""
    weekly = {day: [Window(start, end) for start, end in spans] for day, spans in samples.HOURS[week].items()}
    terms = rules.Rules(minutes=minutes, interval=interval, lead_hours=lead_hours)
    calendar = rules.Calendar(Hours(zone, weekly), terms, rules.Taken(), now)
    return calendar.starts(minute_from(now), minute_from(now + AHEAD))


def id_of(kind: str, number: int) -> UUID:
    """Ids of a kind follow one another, so that rows are put at the end of their indexes."""
    return UUID(int=_first_id(kind) + number)


@cache
def _first_id(kind: str) -> int:
    return uuid5(NAMESPACE, kind).int >> 32 << 32


@cache
def _data() -> Row:
    return samples.read("crowd")
