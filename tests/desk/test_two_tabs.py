"""Hours changed in two tabs at once: the later tab does not cover the earlier one unseen."""

import re
from datetime import timedelta

import pytest

from marketplace import clock
from marketplace.scheduling import queries
from marketplace.scheduling.hours import Window
from tests.desk.conftest import Desk

TOMORROW = (clock.now() + timedelta(days=1)).date()
SUMMER = {"name": "Summer", "kind": "season", "first_month": "5", "first_day": "1"}
SUMMER |= {"last_month": "9", "last_day": "30"}


def seen(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]{16})"', page)
    assert found
    return found[1]


@pytest.mark.parametrize("number", [0, 1])
def test_a_week_is_saved_over_another_only_when_she_knows(desk: Desk, number: int) -> None:
    browser = desk.browser
    browser.post("/coach/hours/schedules", data=SUMMER)
    page = f"/coach/hours/schedules/{number}" if number else "/coach/hours"
    path = f"{page}/week" if number else page
    first = seen(browser.get(page).text)

    def save(start: str, mark: str, verb: str = path) -> tuple[int, str]:
        answer = browser.post(verb, data={"week": "yes", "from-0": start, "to-0": "12:00", "seen": mark})
        return answer.status_code, answer.text

    def kept() -> list[Window]:
        with desk.rows() as session:
            return queries.weekly(session, desk.coach.id, number)[0]

    assert save("09:00", first)[0] == 303
    assert save("09:00", first)[0] == 303, "pressed twice it is no other change"
    status, text = save("08:00", first)
    assert status == 409 and "perhaps in another tab" in text and 'value="08:00"' in text
    assert kept() == [Window(540, 720)]
    drafted = save("08:00", first, f"{page}/draft")[1]
    assert seen(drafted) == first, "a draft is still of what she saw"
    assert seen(save("08:01", first)[1]) == first, "and so is a form with a slip in it"
    assert save("08:00", seen(text))[0] == 303 and kept() == [Window(480, 720)]


def test_a_date_is_saved_over_another_tabs_only_when_she_knows(desk: Desk) -> None:
    browser, path = desk.browser, f"/coach/calendar/{TOMORROW}"
    first = seen(browser.get(path).text)
    hours = {"kind": "hours", "from": "09:00", "to": "10:00", "seen": first}
    assert browser.post(path, data=hours).status_code == 303
    assert browser.post(path, data=hours).status_code == 303
    told = browser.post(path, data={"kind": "closed", "seen": first})
    assert told.status_code == 409 and "perhaps in another tab" in told.text
    assert browser.post(path, data={"kind": "closed", "seen": seen(told.text)}).status_code == 303
    with desk.rows() as session:
        assert queries.exceptions(session, desk.coach.id) == {TOMORROW: []}
