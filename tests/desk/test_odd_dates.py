"""Dates of another time: one that were kept would break every page that counts on from it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from marketplace import clock
from tests.desk.conftest import Desk
from tests.desk.test_offers import CALL

TOMORROW = (clock.now() + timedelta(days=1)).date().isoformat()
LAST = "9999-12-31"
NIGHT = {"from": "22:00", "to": "02:00"}


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/coach/hours/dates", {"on": LAST, "kind": "hours"} | NIGHT),
        ("/coach/hours/dates", {"on": TOMORROW, "until": LAST, "kind": "closed"}),
        ("/coach/calendar/hours", {"on": LAST, "scope": "date"} | NIGHT),
        ("/coach/calendar/hours", {"on": TOMORROW, "was_on": "0001-01-01", "scope": "date"} | NIGHT),
        (f"/coach/calendar/{TOMORROW}/copies", {"dates": LAST}),
        ("/coach/hours/away", {"first": LAST}),
    ],
)
def test_a_date_of_another_time_is_refused_and_breaks_no_page(desk: Desk, path: str, form: dict[str, str]) -> None:
    was = {"was_from": "09:00", "was_to": "17:00"} if "was_on" in form else {}
    refused = desk.browser.post(path, data=form | was)
    assert refused.status_code == 422 and "Please give a valid date or time." in refused.text
    for page in ("/coach/calendar", "/coach/hours", f"/coaches/{desk.coach.slug}"):
        assert desk.browser.get(page).status_code == 200, page


def test_an_offer_is_not_sold_until_the_end_of_all_time(desk: Desk) -> None:
    form = CALL | {"id": str(uuid4()), "book_until": LAST}
    assert desk.browser.post(f"/coach/offers/{desk.call.id}", data=form).status_code == 422


@pytest.mark.parametrize("number", ["9" * 20, "99999"])
@pytest.mark.parametrize("verb", ["", "/week", "/removal"])
def test_a_schedule_of_an_impossible_number_is_not_found(desk: Desk, number: str, verb: str) -> None:
    answer = desk.browser.post(f"/coach/hours/schedules/{number}{verb}", data={"from-0": "09:00"})
    assert answer.status_code in (404, 405)
