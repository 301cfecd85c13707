"""The search: the ring, the filters, the order, the pages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import cos, radians

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from marketplace import clock
from marketplace.coaches.kinds import OfferKind
from marketplace.errors import Invalid
from marketplace.matching import queries, service
from marketplace.matching.criteria import Criteria, Sort
from marketplace.matching.masks import GOALS, IN_PERSON, ISSUES, LANGUAGES, MODES, ONLINE, ids, mask
from marketplace.matching.models import CoachSearch, FirstListed
from marketplace.matching.service.overtaken import look_again
from marketplace.payments.models import PayoutAccount
from marketplace.places.geo import cell, cells_around, distance_km
from tests import make
from tests.matching.conftest import coach, towns

OTTAWA = (45.4112, -75.6981)
ONLINE_ONLY = (OfferKind.VIDEO_CALL,)


def names(session: Session, criteria: Criteria) -> list[str]:
    return [hit.card.name for hit in queries.search(session, criteria).hits]


def near(**given: object) -> Criteria:
    return replace(Criteria(now=clock.now(), centre=OTTAWA), **given)  # type: ignore[arg-type]


@given(st.sets(st.sampled_from(ISSUES)), st.sets(st.sampled_from(MODES)))
def test_masks_give_back_what_went_in(issues: set[str], modes: set[str]) -> None:
    assert set(ids(mask(issues, ISSUES), ISSUES)) == issues
    assert set(ids(mask(modes, MODES), MODES)) == modes


@pytest.mark.both_databases
def test_only_coaches_inside_the_ring_meet_in_person(session: Session) -> None:
    towns(session)
    points = [(45.4112 + north, -75.6981 + east) for north in (-0.6, -0.2, 0, 0.3) for east in (-0.7, -0.1, 0.2, 0.5)]
    for latitude, longitude in points:
        coach(session, latitude=latitude, longitude=longitude, kinds=(OfferKind.IN_PERSON,))
    for km in (5, 20, 40, 80):
        found = queries.search(session, near(within_km=km, limit=50))
        expected = sum(distance_km(OTTAWA, (round(a, 2), round(b, 2))) <= km for a, b in points)
        assert found.total == found.near == expected
        assert all(hit.distance_km is not None and hit.distance_km <= km for hit in found.hits)


@pytest.mark.both_databases
def test_online_coaches_come_after_the_ring_and_far_ones_have_no_distance(session: Session) -> None:
    towns(session)
    coach(session, name="Far", latitude=43.7, longitude=-79.4, kinds=ONLINE_ONLY)
    coach(session, name="Near but online", kinds=ONLINE_ONLY)
    coach(session, name="Far in person", latitude=43.7, longitude=-79.4, kinds=(OfferKind.IN_PERSON,))
    coach(session, name="Near", latitude=45.5, kinds=(OfferKind.IN_PERSON,))
    found = queries.search(session, near())
    assert [hit.card.name for hit in found.hits] == ["Near", "Near but online", "Far"]
    assert [hit.distance_km is None for hit in found.hits] == [False, False, True]
    assert (found.total, found.near) == (3, 1)
    assert names(session, near(modes=IN_PERSON)) == ["Near"]
    assert set(names(session, near(modes=ONLINE))) == {"Near but online", "Far"}


@pytest.mark.both_databases
def test_any_of_the_issues_or_goals_qualifies_and_more_of_them_fit_better(session: Session) -> None:
    towns(session)
    coach(session, name="Both", issues=("hip-drop", "weak-glutes"))
    coach(session, name="One", issues=("hip-drop",))
    coach(session, name="Goal", issues=("arm-swing",), goals=("10k",))
    coach(session, name="None", issues=("arm-swing",))
    wanted = mask(["hip-drop", "weak-glutes"], ISSUES)
    assert names(session, near(issues=wanted)) == ["Both", "One"]
    assert names(session, near(issues=wanted, goals=mask(["10k"], GOALS))) == ["Both", "One", "Goal"]
    assert names(session, near(goals=mask(["10k"], GOALS))) == ["Goal"]


@pytest.mark.both_databases
def test_languages_prices_and_ratings_narrow(session: Session) -> None:
    towns(session)
    coach(session, name="French", languages=["fr"], prices=(4000, 12000))
    coach(session, name="Both", languages=["en", "fr"], prices=(8000, 9000))
    coach(session, name="Dollars", languages=["en"], prices=(1000, 1000), currency="USD")
    assert set(names(session, near(languages=mask(["fr"], LANGUAGES)))) == {"French", "Both"}
    assert names(session, near(languages=mask(["en", "fr"], LANGUAGES))) == ["Both"]
    assert names(session, near(most_price=5000, currency="CAD")) == ["French"]
    assert names(session, near(most_price=10000, currency="CAD", modes=IN_PERSON)) == ["Both"]
    assert names(session, near(least_rating=4.0)) == []


def test_availability_counts_openings_and_promised_answers_to_clips(session: Session) -> None:
    towns(session)
    coach(session, name="Calls", kinds=ONLINE_ONLY)
    clips = coach(session, name="Clips", kinds=(OfferKind.CLIP_REVIEW,))
    assert set(names(session, near(available_within_days=2))) == {"Calls"}
    assert set(names(session, near(available_within_days=4))) == {"Calls", "Clips"}
    hit = queries.standing(session, clips.id, near())
    assert hit is not None and hit.next_at is not None
    assert timedelta(hours=71) < hit.next_at - clock.now() < timedelta(hours=73)


@pytest.mark.both_databases
def test_pages_by_cursor_hold_everybody_once_in_the_order_of_one_long_page(session: Session) -> None:
    towns(session)
    for number in range(23):
        kinds = (OfferKind.IN_PERSON,) if number % 3 else ONLINE_ONLY
        coach(session, latitude=45.3 + number % 7 / 50, kinds=kinds, prices=(5000 + 100 * (number % 4),))
    for sort in Sort:
        whole = queries.search(session, near(sort=sort, limit=50))
        seen: list[str] = []
        after = None
        for _ in range(6):
            page = queries.search(session, near(sort=sort, limit=5), after)
            assert page.first == len(seen) + 1
            seen += [hit.card.slug for hit in page.hits]
            after = page.after
            if after is None:
                break
        assert seen == [hit.card.slug for hit in whole.hits]
        assert len(set(seen)) == 23


def test_each_order_is_what_it_says(session: Session) -> None:
    towns(session)
    for number in range(12):
        coach(session, latitude=45.2 + number / 40, prices=(5000 + 700 * (number * 5 % 12), 20000))
    distances = [hit.distance_km for hit in queries.search(session, near(sort=Sort.DISTANCE)).hits]
    assert distances == sorted(distances, key=lambda km: km or 0)
    prices = [hit.price for hit in queries.search(session, near(sort=Sort.PRICE)).hits]
    assert prices == sorted(prices)
    fits = [hit.fit for hit in queries.search(session, near()).hits]
    assert fits == sorted(fits, reverse=True)


@given(latitude=st.floats(-89, 89), longitude=st.floats(-180, 180), km=st.floats(1, 300))
def test_the_cells_around_a_point_hold_its_circle(latitude: float, longitude: float, km: float) -> None:

    ranges = cells_around(latitude, longitude, km)
    step = km / 111.195 * 0.99
    for north, east in ((0, 0), (step, 0), (-step, 0), (0, step / max(cos(radians(latitude)), 0.02))):
        there = (max(min(latitude + north, 89.99), -89.99), (longitude + east + 180) % 360 - 180)
        if distance_km((latitude, longitude), there) <= km:
            assert any(first <= cell(*there) <= last for first, last in ranges)


NEVER_GIVEN = (
    [],
    [1],
    ["x"] * 6,
    [1e9, 1, 0, 0, 0, 7],
    [1e9, 1, None, 0, 0, "a"],
    [1e99, 1, 0, 0, 0, "a"],
    [True] * 6,
)


def test_a_cursor_that_was_never_given_is_refused(session: Session) -> None:
    for position in NEVER_GIVEN:
        with pytest.raises(Invalid):
            queries.search(session, near(), position)


def test_a_row_comes_and_goes_with_what_makes_a_coach_bookable(session: Session) -> None:
    towns(session)
    one = coach(session)
    assert queries.is_listed(session, one.id)
    one.paused_at = clock.now()
    service.refresh(session, one.id)
    assert not queries.is_listed(session, one.id)
    one.paused_at = None
    service.refresh(session, one.id)
    assert queries.is_listed(session, one.id)
    account = session.get_one(PayoutAccount, one.id)
    account.payouts_enabled = False
    service.refresh(session, one.id)
    assert not queries.is_listed(session, one.id)


@pytest.mark.both_databases
def test_the_sweep_finds_missing_and_stale_rows(session: Session) -> None:
    towns(session)
    one, other = coach(session), coach(session)
    make.coach(session)  # has nothing to sell
    session.delete(session.get_one(CoachSearch, one.id))
    session.get_one(CoachSearch, other.id).stale_at = datetime(2020, 1, 1, tzinfo=UTC)
    session.flush()
    assert not service.refresh_stale(session, clock.now())
    assert queries.is_listed(session, one.id)
    assert session.get_one(CoachSearch, other.id).stale_at > clock.now()


def test_the_sweep_says_whether_more_may_wait(session: Session) -> None:
    towns(session)
    for _ in range(3):
        session.get_one(CoachSearch, coach(session).id).stale_at = datetime(2020, 1, 1, tzinfo=UTC)
    session.flush()
    assert service.refresh_stale(session, clock.now(), at_once=2)
    assert not service.refresh_stale(session, clock.now(), at_once=2)


@pytest.mark.both_databases
def test_a_coach_who_can_not_be_looked_at_stops_nobody(session: Session) -> None:
    towns(session)
    broken, fine = coach(session, name="Broken"), coach(session, name="Fine")
    broken.timezone = "Nowhere/Atall"
    for one in (broken, fine):
        session.get_one(CoachSearch, one.id).stale_at = datetime(2020, 1, 1, tzinfo=UTC)
    session.flush()
    service.refresh_stale(session, clock.now())
    session.expire_all()
    assert all(session.get_one(CoachSearch, one.id).stale_at > clock.now() for one in (broken, fine))


@pytest.mark.both_databases
def test_a_look_at_many_finds_what_a_look_at_each_finds(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    towns(session)
    ids = [coach(session, name=f"Coach {number}").id for number in range(3)]
    late = clock.now() + timedelta(days=9, hours=5)
    rows = []
    monkeypatch.setattr(clock, "now", lambda: late)
    for look in (look_again, lambda session, ids, now: [service.refresh(session, each) for each in ids]):
        look(session, ids, late)
        session.expire_all()
        found = [session.get_one(CoachSearch, each) for each in ids]
        rows.append([each.model_dump() for each in found])
    assert rows[0] == rows[1]
    assert rows[0][0]["next_opening_at"] > late


def test_who_pauses_and_returns_is_not_new(session: Session) -> None:
    towns(session)
    one = coach(session)
    first = session.get_one(CoachSearch, one.id)
    session.get_one(FirstListed, one.id).at = clock.now() - timedelta(days=9)
    session.delete(first)
    session.flush()
    service.refresh(session, one.id)
    assert session.get_one(CoachSearch, one.id).listed_at < clock.now() - timedelta(days=8)
