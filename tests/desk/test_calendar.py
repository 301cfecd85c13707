"""The coach's calendar: the week as a list and as JSON, one stretch, one date, and Undo, all without script."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event

from marketplace import clock
from marketplace.coaches.models import Offer
from marketplace.db import db
from marketplace.scheduling import queries, service
from marketplace.scheduling.hours import Window
from marketplace.scheduling.models import Busy, Replaced
from tests.bookings.world import confirmed, hold
from tests.desk.conftest import Desk

TODAY = clock.now().date()
MONDAY = TODAY + timedelta(days=14 - TODAY.weekday())


def at(hour: int, on: date = MONDAY) -> datetime:
    return datetime(on.year, on.month, on.day, hour + 5, tzinfo=UTC)  # Toronto's winter


@pytest.fixture
def full(desk: Desk) -> Desk:
    """A week with something of every kind."""
    with desk.rows() as session:
        offer, runner = desk.of(session, desk.call.id)
        offer.buffer_after, offer.buffer_before = 10, 5
        session.flush()
        zone, now = desk.coach.timezone, clock.now()
        open_ = service.openings(session, offer, first=MONDAY, days=1, viewer_zone=zone, now=now)
        confirmed(session, offer, runner, open_[0].starts_at)
        hold(session, offer, runner, open_[6].starts_at)
        tuesday = MONDAY + timedelta(days=1)
        row = Busy(coach_id=desk.coach.id, source_id=uuid4(), starts_at=at(12, tuesday), ends_at=at(13, tuesday))
        row.title = "Dentist"
        session.add(row)
        service.take_time_off(session, desk.coach.id, MONDAY + timedelta(days=2), MONDAY + timedelta(days=3), "Boston")
        service.set_exception(session, desk.coach.id, MONDAY + timedelta(days=4), [(600, 700)])
        service.set_exception(session, desk.coach.id, MONDAY + timedelta(days=5), [])
    return desk


def week(desk: Desk, **query: Any) -> list[dict[str, Any]]:
    asked = {"from": MONDAY, "to": MONDAY + timedelta(days=7)} | query
    events: list[dict[str, Any]] = desk.browser.get("/coach/calendar/week", query_string=asked).json["events"]
    return events


def of(events: list[dict[str, Any]], name: str) -> list[dict[str, Any]]:
    return [each for each in events if each["classNames"] == [f"cal-{name}"]]


def test_the_list_shows_without_script_what_the_drawn_week_shows(full: Desk) -> None:
    page = full.browser.get(f"/coach/calendar?week={MONDAY}").text
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page[page.index("data-list") :]))
    for said in ("Robin", "Live look", "held until", "Dentist", "Boston", "10:00 – 11:40", "kept free: 5 min before"):
        assert said in shown, said
    assert shown.count("Closed") == 4  # two days away, one closed, one of them in words
    for day in range(7):
        assert f"/coach/calendar/{MONDAY + timedelta(days=day)}" in page


def test_the_drawn_week_has_everything_in_the_coachs_wall_time(full: Desk) -> None:
    events = week(full)
    assert [each["start"][11:16] for each in of(events, "hours")] == ["09:00", "09:00", "10:00", "09:00"]
    booked, held, busy = of(events, "booked")[0], of(events, "held")[0], of(events, "busy")[0]
    assert booked["start"] == f"{MONDAY}T09:00:00" and booked["title"] == "Robin · Live look"
    assert booked["extendedProps"]["url"].startswith("/bookings/")
    assert held["title"].startswith("held until ") and busy["title"] == "Dentist"
    assert len(of(events, "buffer")) == 4
    assert [each["title"] for each in of(events, "note")] == [
        "Time off: Boston",
        "Time off: Boston",
        "Own hours",
        "Closed",
    ]
    for odd in ({"to": MONDAY}, {"to": MONDAY + timedelta(days=60)}):
        query = {"from": MONDAY} | odd
        assert full.browser.get("/coach/calendar/week", query_string=query).status_code == 422
    assert full.browser.get("/coach/calendar/week?from=x&to=y").status_code == 404


def test_what_the_coach_never_wrote_of_is_nobody_elses_to_see(full: Desk) -> None:
    from tests.bookings.world import sign_in

    browser = sign_in(full.app.test_client(), full.runner)
    for path in ("/coach/calendar", "/coach/calendar/week", "/coach/calendar/closed", "/coach/hours/limits"):
        assert browser.get(path).status_code == 403


def test_an_offer_with_a_schedule_of_its_own_shows_its_hours(full: Desk) -> None:
    with full.rows() as session:
        made = service.set_schedule(session, full.coach.id, None, name="Track", season=None)
        service.set_week(session, full.coach.id, {0: [(420, 480)]}, made.number)
        session.get_one(Offer, full.call.id).schedule = made.number
    assert [each["start"][11:16] for each in of(week(full, offer=full.call.id), "hours")] == ["07:00", "10:00"]
    assert "Track" in full.browser.get(f"/coach/calendar?week={MONDAY}&offer={full.call.id}").text


def sent(**changes: str) -> dict[str, str]:
    return {"on": str(MONDAY), "from": "18:00", "to": "21:00", "scope": "week"} | changes


def weekly(desk: Desk) -> dict[int, list[Window]]:
    with desk.rows() as session:
        return queries.weekly(session, desk.coach.id)


def own(desk: Desk) -> dict[date, list[Window]]:
    with desk.rows() as session:
        return queries.exceptions(session, desk.coach.id)


def test_hours_are_added_moved_and_removed_every_week(desk: Desk) -> None:
    answer = desk.browser.post("/coach/calendar/hours", data=sent())
    assert answer.location == f"/coach/calendar?week={MONDAY}"
    assert weekly(desk)[0] == [Window(540, 1020), Window(1080, 1260)]
    was = {"was_on": str(MONDAY), "was_from": "18:00", "was_to": "21:00"}
    desk.browser.post("/coach/calendar/hours", data=sent(on=str(MONDAY + timedelta(days=1)), **was))
    assert weekly(desk)[0] == [Window(540, 1020)] and weekly(desk)[1][-1] == Window(1080, 1260)
    gone = sent(verb="remove", **{"from": "09:00", "to": "17:00"})
    desk.browser.post("/coach/calendar/hours", data=gone)
    assert 0 not in weekly(desk) and own(desk) == {}


def test_hours_of_one_date_are_that_dates_alone_and_undone_by_one_button(desk: Desk) -> None:
    was = {"was_on": str(MONDAY), "was_from": "09:00", "was_to": "17:00"}
    desk.browser.post("/coach/calendar/hours", data=sent(scope="date", **{"from": "10:00", "to": "00:00"}, **was))
    assert own(desk) == {MONDAY: [Window(600, 1440)]}
    page = desk.browser.get(f"/coach/calendar?week={MONDAY}").text
    assert "Saved for this date only." in page or "Your hours were changed" in page
    change, back = (re.search(rf'name="{name}" value="([^"]*)"', page) for name in ("change_id", "back"))
    assert change and back
    answer = desk.browser.post("/coach/hours/undo", data={"change_id": change[1], "back": back[1]})
    assert answer.location == f"/coach/calendar?week={MONDAY}"
    assert own(desk) == {}
    again = desk.browser.post("/coach/hours/undo", data={"change_id": change[1], "back": "https://elsewhere.example"})
    assert again.status_code == 409 and "can&#39;t be undone" in again.text


def test_undo_leads_to_pages_of_the_desk_only_and_to_her_language(desk: Desk) -> None:
    desk.browser.post("/coach/hours", data={})
    with desk.rows() as session:
        change = session.get_one(Replaced, desk.coach.id).change_id
    data = {"change_id": change, "back": "//elsewhere.example/coach/"}
    assert desk.browser.post("/fr/coach/hours/undo", data=data).location == "/fr/coach/calendar"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"from": "18:02"}, "in steps of five minutes"),
        ({"to": "18:00"}, "another end"),
        ({"from": "07:00", "to": "06:00"}, "runs over midnight for 23 hours"),
        ({"on": "2020-01-06", "scope": "date"}, "past"),
        ({"scope": "always"}, "offered values"),
        ({"on": ""}, "fill this in"),
    ],
)
def test_a_stretch_that_cannot_be_is_refused_with_what_was_typed(
    desk: Desk, changes: dict[str, str], said: str
) -> None:
    answer = desk.browser.post("/coach/calendar/hours", data=sent(**changes))
    assert answer.status_code == 422 and said in answer.text
    assert f'value="{sent(**changes)["from"]}"' in answer.text
    assert len(weekly(desk)[0]) == 1 and own(desk) == {}


def test_the_forms_page_is_filled_in_from_its_address(desk: Desk) -> None:
    page = desk.browser.get(f"/coach/calendar/hours?on={MONDAY}&from=18:00&to=21:00&was_on={MONDAY}").text
    assert f'value="{MONDAY}"' in page and 'value="18:00"' in page and "Remove these hours" in page


def test_a_date_is_closed_given_hours_and_made_usual_again_on_its_page(full: Desk) -> None:
    path = f"/coach/calendar/{MONDAY}"
    assert "Robin" in full.browser.get(path).text
    full.browser.post(path, data={"kind": "closed"})
    assert own(full)[MONDAY] == []
    assert "booked sessions lie outside these hours" in full.browser.get(path).text or "lies outside" in (
        full.browser.get(path).text
    )
    full.browser.post(path, data={"kind": "hours", "from": ["08:00", "20:00", ""], "to": ["12:00", "01:00", ""]})
    assert own(full)[MONDAY] == [Window(480, 720), Window(1200, 1500)]
    full.browser.post(path, data={"kind": "usual"})
    assert MONDAY not in own(full)
    for data, said in (
        ({"kind": "hours"}, "Give both times"),
        ({"kind": "hours", "from": "10:00", "to": "10:00"}, "end when they begin"),
        ({}, "fill this in"),
    ):
        answer = full.browser.post(path, data=data)
        assert answer.status_code == 422 and said in answer.text
    assert full.browser.post("/coach/calendar/2020-01-06", data={"kind": "closed"}).status_code == 422
    assert full.browser.get("/coach/calendar/yesterday").status_code == 404


def test_a_dates_hours_are_copied_to_others_and_taken_from_others(full: Desk) -> None:
    friday, sunday = MONDAY + timedelta(days=4), MONDAY + timedelta(days=6)
    page = full.browser.get(f"/coach/calendar/{sunday}?like={friday}").text
    assert 'value="10:00"' in page and 'value="11:40"' in page
    path = f"/coach/calendar/{friday}/copies"
    assert full.browser.post(path, data={}).status_code == 422
    assert full.browser.post(path, data={"dates": "2020-01-01"}).status_code == 422
    assert full.browser.post(path, data={"dates": [str(MONDAY), str(sunday)]}).status_code == 303
    assert own(full)[MONDAY] == own(full)[sunday] == [Window(600, 700)]


def test_an_empty_calendar_offers_a_quick_start_that_is_edited_before_it_is_saved(desk: Desk) -> None:
    desk.browser.post("/coach/hours", data={})
    assert "/coach/hours?start=evenings" in desk.browser.get("/coach/calendar").text
    page = desk.browser.get("/coach/hours?start=evenings&start=saturday&start=nonsense").text
    assert "Not saved yet" in page and page.count('value="18:00"') == 5 and page.count('value="12:00"') == 1
    assert weekly(desk) == {}


def test_a_long_stretch_of_dates_is_read_in_as_many_questions_as_a_day(full: Desk) -> None:
    asked: list[str] = []
    browser = full.browser
    with full.app.app_context():
        event.listen(db.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))

    def questions(days: int) -> int:
        asked.clear()
        query = {"from": MONDAY, "to": MONDAY + timedelta(days=days)}
        assert browser.get("/coach/calendar/week", query_string=query).status_code == 200
        return len(asked)

    with full.rows() as session:
        service.set_schedule(session, full.coach.id, None, name="Winter", season=("11-01", "03-31"))
    questions(7)
    assert questions(42) == questions(7)


def test_the_form_of_a_date_keeps_what_it_has_after_midnight(desk: Desk) -> None:
    night = [(1320, 1560)]
    with desk.rows() as session:
        service.set_exception(session, desk.coach.id, MONDAY, night)
    page = desk.browser.get(f"/coach/calendar/{MONDAY}").text
    assert 'value="22:00"' in page and 'value="02:00"' in page
    other = desk.browser.get(f"/coach/calendar/{MONDAY + timedelta(days=1)}?like={MONDAY}").text
    assert 'value="22:00"' in other and 'value="02:00"' in other
