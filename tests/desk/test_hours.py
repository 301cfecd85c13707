"""The coach's hours: typed, saved, refused with what was typed, and never touching what is booked."""

import re
from datetime import date, timedelta
from typing import Any

from marketplace import clock
from marketplace.bookings.models import Booking
from marketplace.scheduling import queries
from marketplace.scheduling.hours import Window
from tests.bookings.world import confirmed
from tests.desk.conftest import Desk


def week_of(desk: Desk) -> dict[int, list[Window]]:
    with desk.rows() as session:
        return queries.weekly(session, desk.coach.id)


def days_of(desk: Desk) -> dict[date, list[Window]]:
    with desk.rows() as session:
        return queries.exceptions(session, desk.coach.id)


def values(page: str, name: str) -> list[str]:
    shown = re.sub(r"<template>.*?</template>", "", page, flags=re.S)
    return re.findall(rf'name="{name}" value="([^"]*)"', shown)


def test_the_kept_hours_are_shown(desk: Desk) -> None:
    page = desk.browser.get("/coach/hours").text
    for day in range(7):
        assert values(page, f"from-{day}") == ["09:00"] and values(page, f"to-{day}") == ["17:00"]


def test_hours_are_saved(desk: Desk) -> None:
    sent: dict[str, Any] = {"from-0": ["07:00", "16:00", ""], "to-0": ["10:00", "20:35", ""]}
    sent |= {"from-4": "22:00", "to-4": "01:00", "from-6": "20:00", "to-6": "00:00"}
    assert desk.browser.post("/coach/hours", data=sent).location == "/coach/hours"
    assert week_of(desk) == {
        0: [Window(420, 600), Window(960, 1235)],
        4: [Window(1320, 1440)],
        5: [Window(0, 60)],
        6: [Window(1200, 1440)],
    }
    assert values(desk.browser.get("/coach/hours").text, "to-6") == ["00:00"]


def test_no_row_at_all_is_a_week_without_hours(desk: Desk) -> None:
    assert desk.browser.post("/coach/hours", data={"from-0": "", "to-0": ""}).status_code == 303
    assert week_of(desk) == {}


def test_what_is_wrong_is_said_at_its_row_and_what_was_typed_stays(desk: Desk) -> None:
    sent = {"from-0": ["09:00", "13:02"], "to-0": ["12:00", "17:00"], "from-2": "10:00", "to-2": ""}
    sent |= {"from-3": "10:00", "to-3": "10:00"}
    answer = desk.browser.post("/coach/hours", data=sent)
    assert answer.status_code == 422
    page = answer.text
    assert values(page, "from-0") == ["09:00", "13:02"] and values(page, "from-2") == ["10:00"]
    for name in ("hours-0-1", "hours-2-0", "hours-3-0"):
        assert f'href="#{name}"' in page and f'id="{name}-error"' in page
    assert 'id="hours-0-0-error"' not in page
    assert week_of(desk)[0] == [Window(540, 1020)]


def test_an_evening_typed_as_a_morning_is_not_saved_as_a_night_of_work(desk: Desk) -> None:
    answer = desk.browser.post("/coach/hours", data={"from-0": "07:00", "to-0": "06:00"})
    assert answer.status_code == 422 and "Monday: 07:00 to 06:00 runs over midnight for 23 hours" in answer.text
    assert desk.browser.post("/coach/hours", data={"from-0": "20:00", "to-0": "06:00"}).status_code == 303


def test_rows_come_and_go_without_script_and_nothing_is_saved(desk: Desk) -> None:
    sent: dict[str, Any] = {"from-0": ["09:00"], "to-0": ["12:00"]}
    added = desk.browser.post("/coach/hours/draft", data=sent | {"add": "1"})
    assert added.status_code == 200 and "Not saved yet" in added.text
    assert values(added.text, "from-1") == ["09:00"] and values(added.text, "to-1") == ["17:00"]
    removed = desk.browser.post("/coach/hours/draft", data=sent | {"remove": "0-0"}).text
    assert values(removed, "from-0") == []
    copied = desk.browser.post(
        "/coach/hours/draft", data=sent | {"copy": "yes", "source": "0", "target": ["5", "6"]}
    ).text
    assert values(copied, "to-5") == values(copied, "to-6") == ["12:00"] and values(copied, "to-4") == []
    for nonsense in ({"add": "9"}, {"remove": "x-y"}, {"copy": "yes", "source": "-1"}, {"remove": "0-²"}):
        assert desk.browser.post("/coach/hours/draft", data=sent | nonsense).status_code == 200
    assert week_of(desk)[0] == [Window(540, 1020)]
    assert desk.browser.get("/coach/hours/draft").location == "/coach/hours"


def test_what_is_booked_stays_and_is_listed_when_it_lies_outside(desk: Desk) -> None:
    with desk.rows() as session:
        booking = confirmed(session, *desk.of(session, desk.call.id))
        booking_id, starts_at = booking.id, booking.starts_at
    assert "outside these hours" not in desk.browser.get("/coach/hours").text
    desk.browser.post("/coach/hours", data={})
    page = desk.browser.get("/coach/hours").text
    assert "1 booked session lies outside these hours" in page and f"/bookings/{booking_id}" in page
    assert "1 booked session lies outside your hours" in desk.browser.get("/coach").text
    with desk.rows() as session:
        kept = session.get_one(Booking, booking_id)
        assert kept.is_confirmed and kept.starts_at == starts_at


def test_a_day_is_closed_given_other_hours_and_given_back(desk: Desk) -> None:
    day = clock.now().date() + timedelta(days=20)
    other = day + timedelta(days=10)
    closed = {"on": day.isoformat(), "until": (day + timedelta(days=2)).isoformat(), "kind": "closed"}
    assert desk.browser.post("/coach/hours/dates", data=closed).location == "/coach/hours/dates"
    sent = {"on": other.isoformat(), "kind": "hours", "from": ["18:00", ""], "to": ["00:00", ""]}
    desk.browser.post("/coach/hours/dates", data=sent)
    assert days_of(desk) == {day + timedelta(days=n): [] for n in range(3)} | {other: [Window(1080, 1440)]}
    assert "18:00 – 00:00" in desk.browser.get("/coach/hours/dates").text
    desk.browser.post(f"/coach/hours/dates/{other.isoformat()}/removal")
    assert other not in days_of(desk)


def test_a_day_that_cannot_be_is_refused_with_what_was_typed(desk: Desk) -> None:
    day = clock.now().date() + timedelta(days=20)
    past, good = (clock.now() - timedelta(days=2)).date().isoformat(), day.isoformat()
    before, far = (day - timedelta(days=1)).isoformat(), (day + timedelta(days=400)).isoformat()
    for sent, said in (
        ({"on": past, "kind": "closed"}, "past"),
        ({"on": good, "until": before, "kind": "closed"}, "before the first"),
        ({"on": good, "until": far, "kind": "closed"}, "62 days at most"),
        ({"on": good, "kind": "hours"}, "Give both times"),
        ({"on": good, "kind": "hours", "from": "10:03", "to": "12:00"}, "Give both times"),
        ({"on": good, "kind": "hours", "from": "10:00", "to": "10:00"}, "end when they begin"),
        ({"on": "31.12.2030", "kind": "closed"}, "valid date"),
    ):
        answer = desk.browser.post("/coach/hours/dates", data=sent)
        assert answer.status_code == 422 and said in answer.text, sent
        assert f'value="{sent["on"]}"' in answer.text
    assert days_of(desk) == {}
    for nonsense in (good, "yesterday"):
        assert desk.browser.post(f"/coach/hours/dates/{nonsense}/removal").status_code == 404
