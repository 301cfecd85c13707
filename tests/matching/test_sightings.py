"""Who was seen is counted once, whoever counts at the same time, and nobody counts who should not."""

import threading
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock, jobs
from marketplace.accounts.models import User
from marketplace.bookings.models import Booking
from marketplace.coaches import queries as coaches
from marketplace.coaches.kinds import OfferKind
from marketplace.db import transaction
from marketplace.matching import counting, sightings
from marketplace.matching.masks import GOALS, ISSUES, mask
from marketplace.matching.models import AskedDay, PlacedDay, SeenDay
from tests import make
from tests.bookings.world import confirmed, sign_in
from tests.matching.conftest import PutCoach

OTTAWA, GATINEAU, TORONTO = (45.41, -75.70), (45.48, -75.70), (43.70, -79.42)
HIP = mask(["hip-drop"], ISSUES)
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}


def seen(session: Session, coach_id: UUID) -> dict[str, int]:
    """All days of a coach in one; what was never counted is left out."""
    sums = {"shown": 0, "viewed": 0, "begun": 0, "booked": 0}
    for row in session.scalars(select(SeenDay).where(col(SeenDay.coach_id) == coach_id)):
        sums = {name: sums[name] + getattr(row, name) for name in sums}
    return {name: number for name, number in sums.items() if number}


def placed(session: Session, coach_id: UUID) -> dict[str, tuple[int, int, int]]:
    sums: dict[str, tuple[int, int, int]] = {}
    for row in session.scalars(select(PlacedDay).where(col(PlacedDay.coach_id) == coach_id)):
        shown, places, among = sums.get(row.asked, (0, 0, 0))
        sums[row.asked] = (shown + row.shown, places + row.places, among + row.among)
    return sums


def asked(session: Session) -> dict[str, int]:
    sums: dict[str, int] = {}
    for row in session.scalars(select(AskedDay)):
        sums[row.asked] = sums.get(row.asked, 0) + row.searches
    return sums


@pytest.mark.both_databases
def test_what_was_seen_is_added_up_by_the_day(app: Flask, put: PutCoach) -> None:
    one, other = put(issues=("hip-drop",), goals=("10k",)), put(issues=("itb",))
    goal = mask(["10k"], GOALS)
    for first in (1, 1, 3):
        sightings.shown([other.id, one.id], HIP, goals=goal, centre=GATINEAU, first=first, among=9)
    sightings.shown([one.id], HIP, centre=TORONTO, among=5)
    sightings.shown([one.id], HIP, among=7)
    sightings.viewed(one.id)
    sightings.begun(one.id)
    with app.app_context():
        assert counting.flush() == 7
        sightings.viewed(one.id)
        assert counting.flush() == 1
        assert counting.flush() == 0
        with transaction(write=False) as session:
            assert seen(session, one.id) == {"shown": 5, "viewed": 2, "begun": 1}
            assert seen(session, other.id) == {"shown": 3}
            assert placed(session, one.id) == {"hip-drop": (3, 2 + 2 + 4, 27), "10k": (3, 8, 27)}
            assert placed(session, other.id) == {}
            assert asked(session) == {"hip-drop": 3, "10k": 2}


@pytest.mark.both_databases
def test_threads_that_tell_and_write_at_once_count_each_sighting_once(app: Flask, put: PutCoach) -> None:
    one = put()
    start, wrong = threading.Barrier(6), list[BaseException]()

    def tell() -> None:
        start.wait()
        for _turn in range(500):
            sightings.viewed(one.id)

    def write() -> None:
        start.wait()
        try:
            for _turn in range(20):
                with app.app_context():
                    counting.flush()
        except BaseException as error:
            wrong.append(error)

    threads = [threading.Thread(target=work) for work in (tell, tell, tell, write, write, write)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    with app.app_context():
        counting.flush()
        with transaction(write=False) as session:
            assert seen(session, one.id) == {"viewed": 1500}


def test_what_could_not_be_written_waits_for_the_next_time(app: Flask, put: PutCoach) -> None:
    one = put()
    sightings.viewed(one.id)
    with app.app_context():
        with transaction(), pytest.raises(RuntimeError, match="a transaction inside"):
            counting.flush()
        assert counting.flush() == 1


def test_a_queue_that_nobody_empties_keeps_the_newest_and_asks_to_be_written() -> None:
    ids = [uuid4() for _ in range(sightings.MOST_WAITING + 5)]
    assert not sightings.many_wait.is_set()
    for each in ids:
        sightings.viewed(each)
    assert sightings.many_wait.is_set()
    taken = sightings.take()
    assert [each.coach_id for each in taken if isinstance(each, sightings.Seen)] == ids[5:]
    sightings.viewed(ids[0])
    sightings.put_back(taken)
    again = sightings.take()
    assert len(again) == sightings.MOST_WAITING
    assert again[-1] == sightings.Seen(ids[0], "viewed", None) and again[-2] == taken[-1]


def test_a_coach_who_is_gone_or_looks_at_herself_is_not_counted(app: Flask, put: PutCoach) -> None:
    one = put()
    sightings.viewed(uuid4())
    sightings.viewed(one.id, by=one.user_id)
    sightings.shown([one.id, uuid4()], HIP, centre=OTTAWA, by=one.user_id)
    with app.app_context():
        assert counting.flush() == 3
        with transaction(write=False) as session:
            assert seen(session, one.id) == {} and placed(session, one.id) == {}


@pytest.mark.parametrize(
    "name,person",
    [
        (BROWSER["User-Agent"], True),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Safari/604.1", True),
        ("", False),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", False),
        ("Mozilla/5.0 (compatible; bingbot/2.0)", False),
        ("facebookexternalhit/1.1", False),
        ("curl/8.5.0", False),
        ("python-requests/2.32", False),
        ("Mozilla/5.0 HeadlessChrome/140.0.0.0", False),
    ],
)
def test_programs_are_told_from_people_by_their_names(name: str, person: bool) -> None:
    assert sightings.is_person(name) is person


def test_pages_tell_who_was_shown_looked_at_and_chosen(client: FlaskClient, put: PutCoach) -> None:
    one, other = put(issues=("hip-drop",)), put(issues=("hip-drop",), kinds=(OfferKind.CLIP_REVIEW,))
    with client.application.app_context(), transaction(write=False) as session:
        offer_id = coaches.offers(session, other.id)[0].id
        herself = sign_in(client.application.test_client(), session.get_one(User, one.user_id))
    booking = f"/coaches/{other.slug}/book?offer={offer_id}"
    pages = ("/coaches?near=Ottawa&issue=hip-drop", f"/coaches/{one.slug}", f"/coaches/{other.slug}", booking)
    for page in pages:
        for headers in (BROWSER, {"User-Agent": "Googlebot/2.1"}):
            assert client.get(page, headers=headers).status_code == 200
            assert herself.get(page, headers=headers).status_code == 200
    client.get(f"{booking}&starts_at=nonsense", headers=BROWSER)
    with client.application.app_context():
        counting.flush()
        with transaction(write=False) as session:
            assert seen(session, one.id) == {"shown": 1, "viewed": 1}
            assert seen(session, other.id) == {"shown": 2, "viewed": 2, "begun": 2}
            assert asked(session) == {"hip-drop": 2}


@pytest.mark.both_databases
def test_a_confirmed_booking_is_counted_with_it(session: Session) -> None:
    offer = make.offer(session, make.coach(session), OfferKind.CLIP_REVIEW)
    booking: Booking = confirmed(session, offer, make.user(session))
    assert seen(session, booking.coach_id) == {"booked": 1}


@pytest.mark.both_databases
def test_days_long_past_are_forgotten(app: Flask, put: PutCoach) -> None:
    one, today = put(), clock.now().date()
    with app.app_context():
        with transaction() as session:
            for days_ago in (0, 399, 401):
                sighting = sightings.Shown([one.id], HIP, 0, sightings.cell(*OTTAWA), 1, 1, None)
                counting.count(session, [sighting], today - timedelta(days=days_ago))
            jobs.enqueue(session, "matching.forget_counts")
        jobs.run_due()
        with transaction(write=False) as session:
            assert seen(session, one.id) == {"shown": 2}
            assert asked(session) == {"hip-drop": 2}
            assert placed(session, one.id) == {"hip-drop": (2, 2, 2)}


def test_no_issue_is_called_like_a_distance() -> None:
    assert not set(ISSUES) & set(GOALS)
