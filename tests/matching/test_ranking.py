"""The database ranks by the very score that the reasons are made of, and finds whom a slow look at everybody finds."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from random import Random

import pytest
from sqlalchemy import delete
from sqlmodel import Session, col, select

from marketplace import clock
from marketplace.coaches.kinds import OfferKind
from marketplace.matching import queries, service
from marketplace.matching.criteria import Criteria, Sort
from marketplace.matching.masks import IN_PERSON, ISSUES, ONLINE
from marketplace.matching.models import CoachSearch, CoachTopic
from marketplace.matching.queries import Hit
from marketplace.matching.score import Candidate, score, standing
from marketplace.matching.stored import LISTED, MAIN, PROVEN, strength
from marketplace.places.geo import cell, on_sphere
from tests.matching.conftest import coach, towns

pytestmark = pytest.mark.both_databases
OTTAWA = (45.4112, -75.6981)
COUNT = 30
CLOSE = 1e-6


def crowd(session: Session, chance: Random) -> None:
    """Coaches in and around the ring, each of her own kind, whatever made her so."""
    towns(session)
    for _ in range(COUNT):
        coach(session, kinds=chance.choice(((OfferKind.VIDEO_CALL,), (OfferKind.IN_PERSON,), tuple(OfferKind))))
    session.execute(delete(CoachTopic))
    for row in session.exec(select(CoachSearch).order_by(col(CoachSearch.coach_id))):
        fixes = chance.sample(range(len(ISSUES)), 4)
        row.latitude = round(OTTAWA[0] + chance.gauss(0, 0.4), 2)
        row.longitude = round(OTTAWA[1] + chance.gauss(0, 0.5), 2)
        row.cell = cell(row.latitude, row.longitude)
        row.x, row.y, row.z = on_sphere(row.latitude, row.longitude)
        row.issues = sum(1 << each for each in fixes)
        row.strength = strength({each: chance.choice((LISTED, MAIN)) + chance.choice((0, PROVEN)) for each in fixes})
        row.goals, row.traits, row.languages = chance.getrandbits(7), chance.getrandbits(4), chance.choice((1, 2, 3))
        row.newcomer, row.availability = chance.random(), chance.random()
        row.rating_count = chance.choice((0, 3, 20))
        row.rating_sum = row.rating_count * chance.choice((3, 4, 5))
        row.reply_hours = chance.choice((None, 10.0, 90.0))
        row.zone = chance.choice((-300, -480))
        numbers = {name: getattr(row, name) for name in ("availability", "rating_sum", "rating_count", "reply_hours")}
        row.standing = standing(Candidate(**numbers))
        row.version = chance.getrandbits(50)
        session.add_all(listed(row, topic) for topic in (0, *(each + 1 for each in fixes)))
    session.flush()


def listed(row: CoachSearch, topic: int) -> CoachTopic:
    online = bool(row.modes & ONLINE)
    return CoachTopic(topic=topic, online=online, standing=row.standing, coach_id=row.coach_id, languages=row.languages)


def asked(chance: Random) -> Criteria:
    """Some search."""
    return Criteria(
        now=clock.now(),
        centre=OTTAWA,
        within_km=chance.choice((15, 40, 80, 300)),
        issues=chance.getrandbits(len(ISSUES)) & chance.getrandbits(len(ISSUES)),
        past=chance.getrandbits(len(ISSUES)) & chance.getrandbits(len(ISSUES)),
        goals=chance.choice((0, chance.getrandbits(7))),
        languages=chance.choice((0, 0, 1, 2)),
        modes=chance.choice((0, 0, ONLINE, IN_PERSON)),
        most_price=chance.choice((None, None, 10_000)),
        likes=chance.choice((0, chance.getrandbits(4))),
        free=chance.choice((0, 0, 3)),
        least_rating=chance.choice((None, None, 4.0)),
        zone=-300,
        limit=50,
    )


def order(hit: Hit, criteria: Criteria) -> tuple[float, ...]:
    """Where a coach stands, by the rules as written down."""
    behind = float(hit.elsewhere and criteria.modes != ONLINE)
    fit, km = score(criteria.wish, hit.candidate), hit.distance_km if hit.distance_km is not None else 1e6
    assert hit.next_at is not None
    return {
        Sort.FIT: (behind, -fit),
        Sort.DISTANCE: (behind, km, -fit),
        Sort.PRICE: (behind, hit.price, -fit),
        Sort.SOONEST: (behind, int(hit.next_at.timestamp()), -fit),
        Sort.RATING: (behind, -(hit.card.rating_sum / (hit.card.rating_count or 1)), -hit.card.rating_count),
    }[criteria.sort]


def not_after(before: tuple[float, ...], after: tuple[float, ...]) -> bool:
    """Whether the first stands before the second, or both stand alike but for the last digits of a sum."""
    different = [(a, b) for a, b in zip(before, after, strict=True) if abs(a - b) > CLOSE]
    return not different or different[0][0] < different[0][1]


def qualifies(hit: Hit, criteria: Criteria) -> bool:
    card = hit.card
    wanted = criteria.issues | criteria.past
    in_ring = hit.distance_km is not None
    return all(
        (
            not (wanted or criteria.goals) or bool(card.issues & wanted or card.goals & criteria.goals),
            card.languages & criteria.languages == criteria.languages,
            card.modes & criteria.modes == criteria.modes,
            criteria.most_price is None or card.price_of(criteria.modes) <= criteria.most_price,
            not criteria.free or bool(card.traits & criteria.free),
            criteria.least_rating is None or (card.rating_count > 0 and card.rating_sum / card.rating_count >= 4),
            in_ring or (bool(card.modes & ONLINE) and not criteria.modes & IN_PERSON),
        )
    )


@pytest.mark.parametrize("seed", range(3))
def test_every_order_is_total_and_is_that_of_the_score(session: Session, seed: int) -> None:
    chance = Random(seed)
    crowd(session, chance)
    everybody = session.exec(select(CoachSearch.coach_id)).all()
    for _ in range(12):
        for sort in Sort:
            criteria = replace(asked(chance), sort=sort)
            found = queries.search(session, criteria)
            keys = [order(hit, criteria) for hit in found.hits]
            assert all(not_after(before, after) for before, after in pairwise(keys)), keys
            standings = [queries.standing(session, coach_id, criteria) for coach_id in everybody]
            expected = {hit.card.coach_id for hit in standings if hit and qualifies(hit, criteria)}
            assert {hit.card.coach_id for hit in found.hits} == expected
            assert found.total == len(expected)


def test_pages_of_any_order_hold_everybody_once(session: Session) -> None:
    chance = Random(9)
    crowd(session, chance)
    for sort in Sort:
        criteria = Criteria(now=clock.now(), centre=OTTAWA, within_km=80, issues=0b1111, sort=sort, zone=-300, limit=50)
        whole = [hit.card.slug for hit in queries.search(session, criteria).hits]
        short = replace(criteria, limit=4)
        seen: list[str] = []
        after = None
        while True:
            page = queries.search(session, short, after)
            seen += [hit.card.slug for hit in page.hits]
            after = page.after
            if after is None:
                break
        assert seen == whole and len(set(seen)) == len(seen)


def test_words_of_a_name_or_page_are_found_begun_and_without_accents(session: Session) -> None:
    towns(session)
    coach(session, name="Zoé Beauchêne", headline="Les hanches d’abord", about="Piste et sentiers.")
    coach(session, name="Zed Beach", headline="Track", about="I film you from behind.")

    def names(*words: str) -> set[str]:
        return {hit.card.name for hit in queries.search(session, Criteria(now=clock.now(), words=words)).hits}

    assert names("zoe") == names("beauch") == names("hanch") == names("sentiers", "zoe") == {"Zoé Beauchêne"}
    assert names("ze", "film") == {"Zed Beach"}
    assert names("zoe", "film") == set()
    near = Criteria(now=clock.now(), centre=OTTAWA, words=("bea",))
    assert {hit.card.name for hit in queries.search(session, near).hits} == {"Zoé Beauchêne", "Zed Beach"}


def test_those_listed_since_are_found_whatever_their_standing(session: Session) -> None:
    towns(session)
    old, new = coach(session, name="Old"), coach(session, name="New", kinds=(OfferKind.VIDEO_CALL,))
    since = clock.now() - timedelta(days=1)
    session.get_one(CoachSearch, old.id).listed_at = since - timedelta(days=1)
    session.flush()
    for centre in (None, OTTAWA, (43.7, -79.4)):
        found = queries.search(session, Criteria(now=clock.now(), centre=centre, listed_since=since)).hits
        assert [hit.card.name for hit in found] == ["New"]
    assert session.get_one(CoachSearch, new.id).listed_at > since


def test_a_card_kept_in_memory_is_never_an_old_one(session: Session) -> None:
    towns(session)
    one = coach(session, name="Before")
    criteria = Criteria(now=clock.now(), centre=OTTAWA)
    assert [hit.card.name for hit in queries.search(session, criteria).hits] == ["Before"]
    one.name = "After"
    service.refresh(session, one.id)
    assert [hit.card.name for hit in queries.search(session, criteria).hits] == ["After"]
