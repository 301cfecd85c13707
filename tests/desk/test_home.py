"""What waits at the desk, and who may come near it."""

import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete
from sqlmodel import col

from marketplace import clock
from marketplace.bookings.models import Booking
from marketplace.clips.models import Clip
from marketplace.coaches import queries as coaches
from marketplace.coaches.kinds import CoachStatus
from marketplace.coaches.models import Coach, Offer
from marketplace.payments.models import PayoutAccount
from marketplace.scheduling.models import WeeklyWindow
from tests import make
from tests.bookings.world import confirmed, sign_in, times
from tests.desk.conftest import Desk

PAGES = ("/coach/bookings", "/coach/hours", "/coach/hours/dates", "/coach/offers", "/coach/offers/new")
PAGES += ("/coach/profile", "/coach/papers", "/coach/earnings", "/coach/drills")


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_every_page_of_the_desk_opens_in_both_languages(desk: Desk) -> None:
    for path in ("/coach", *PAGES):
        for prefix in ("", "/fr"):
            page = desk.browser.get(prefix + path)
            assert page.status_code == 200, path


def test_a_visitor_is_told_what_coaching_here_means(client: FlaskClient) -> None:
    page = client.get("/coach")
    assert page.status_code == 200 and "Register as a coach" in page.text
    assert "role=coach" in page.text
    for path in PAGES:
        assert "/sign-in" in client.get(path).location


def test_a_runner_may_apply_but_sees_no_desk(desk: Desk) -> None:
    browser = sign_in(desk.app.test_client(), desk.runner)
    assert "Open my desk" in browser.get("/coach").text
    for path in PAGES:
        assert browser.get(path).status_code == 403


def test_who_registered_as_a_coach_and_has_not_applied_is_shown_the_way(desk: Desk) -> None:
    with desk.rows() as session:
        new = make.user(session, is_coach=True)
    browser = sign_in(desk.app.test_client(), new)
    assert "Open my desk" in browser.get("/coach").text
    assert browser.get("/coach/hours").status_code == 403


def test_who_has_not_confirmed_her_address_is_asked_to_first(desk: Desk) -> None:
    with desk.rows() as session:
        new = make.user(session, verified_at=None)
    page = sign_in(desk.app.test_client(), new).get("/coach").text
    assert "Confirm your e-mail address first" in page and "Open my desk" not in page


@pytest.mark.both_databases
def test_clips_are_listed_by_when_they_are_due_and_late_ones_say_so(desk: Desk) -> None:
    with desk.rows() as session:
        offer, runner = desk.of(session, desk.review.id)
        quick = make.user(session, name="Quincy Quick")
        first = confirmed(session, offer, runner)
        late = confirmed(session, offer, quick)
        late.due_at = clock.now() - timedelta(hours=1)
        of = {"runner_id": late.runner_id, "coach_id": late.coach_id, "created_at": clock.now()}
        session.add(Clip(booking_id=late.id, link="https://video.example/run", **of))
        first_id = first.id
    page = desk.browser.get("/coach").text
    assert page.index("Quincy") < page.index("Robin")
    assert "Late: promised for" in page and "Answer by" in page
    assert f"/bookings/{late.id}/analysis" in page
    assert f"/bookings/{first_id}/analysis" not in page and "waits for the runner’s clip" in page
    assert "2 clips to answer" in text_of(page)


def test_the_next_sessions_show_first_name_time_issues_and_warning_signs(desk: Desk) -> None:
    with desk.rows() as session:
        offer, runner = desk.of(session, desk.call.id)
        session.get_one(Coach, desk.coach.id).timezone = "America/Vancouver"
        booking = confirmed(session, offer, runner)
        booking.pain_screen = {"pain": True, "flags": ["numbness"], "note": ""}
        starts_at = booking.starts_at
    page = desk.browser.get("/coach").text
    assert "Robin" in page and "Roadley" not in page
    assert "Warning signs" in page and "Hip drop" in page and "<svg" in page
    assert starts_at is not None
    assert starts_at.astimezone(ZoneInfo("America/Vancouver")).strftime("%H:%M") in page
    assert f"/bookings/{booking.id}" in page


def test_another_coachs_sessions_are_not_shown(desk: Desk) -> None:
    with desk.rows() as session:
        other = make.offer(session, make.coach(session))
        confirmed(session, other, desk.of(session, desk.call.id)[1])
    assert "Robin" not in desk.browser.get("/coach").text
    assert "Robin" not in desk.browser.get("/coach/bookings").text


def test_what_keeps_runners_away_stands_at_the_top_with_the_way_out(desk: Desk) -> None:
    assert "Before runners can book you" not in desk.browser.get("/coach").text
    with desk.rows() as session:
        coach = session.get_one(Coach, desk.coach.id)
        coach.status, coach.paused_at = CoachStatus.APPLIED, clock.now()
        session.execute(delete(WeeklyWindow).where(col(WeeklyWindow.coach_id) == coach.id))
        session.get_one(PayoutAccount, coach.id).payouts_enabled = False
    page = desk.browser.get("/coach").text
    for said in ("Wait for our check", "Your listing is paused", "Give your weekly hours", "Stripe can’t pay you"):
        assert said in page
    assert "Say what you sell" not in page
    with desk.rows() as session:
        for offer in coaches.offers(session, desk.coach.id):
            session.get_one(Offer, offer.id).withdrawn_at = clock.now()
    page = desk.browser.get("/coach").text
    assert "Say what you sell" in page and "Give your weekly hours" not in page


@pytest.mark.both_databases
def test_sessions_are_split_into_coming_past_and_cancelled(desk: Desk) -> None:
    with desk.rows() as session:
        offer, runner = desk.of(session, desk.call.id)
        open_times = times(session, offer)
        coming = confirmed(session, offer, runner, open_times[0])
        cancelled = confirmed(session, offer, runner, open_times[1])
        past = confirmed(session, offer, runner, open_times[2])
        cancelled.status = type(cancelled.status).CANCELLED
        past.starts_at = clock.now() - timedelta(days=2)
        past.ends_at = past.starts_at + timedelta(minutes=30)
        past.status, past.coach_notes = type(past.status).COMPLETED, "Cue: level hips"
        ids = {"": coming.id, "?show=past": past.id, "?show=cancelled": cancelled.id}
    for query, booking_id in ids.items():
        page = desk.browser.get(f"/coach/bookings{query}").text
        assert [other for other in ids.values() if f"/bookings/{other}" in page] == [booking_id]
    assert "level hips" in desk.browser.get("/coach/bookings?show=past").text
    assert desk.browser.get("/coach/bookings?show=nonsense&page=-3").status_code == 200


def test_long_lists_go_on_on_the_next_page(desk: Desk) -> None:
    with desk.rows() as session:
        offer, runner = desk.of(session, desk.call.id)
        one = confirmed(session, offer, runner)
        for day in range(1, 23):
            values = one.model_dump(
                exclude={"id", "visit_id", "seat", "order_id", "starts_at", "ends_at", "created_at"}
            )
            start = clock.now() + timedelta(days=day)
            times_of = {"starts_at": start, "ends_at": start + timedelta(minutes=30), "created_at": start}
            session.add(Booking(**values | times_of))
    first, second = desk.browser.get("/coach/bookings").text, desk.browser.get("/coach/bookings?page=1").text
    assert first.count("row-item") == 20 and "page=1" in first
    assert second.count("row-item") == 3 and "page=2" not in second
