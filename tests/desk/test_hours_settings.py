"""Seasons, time off, statutory holidays, limits, and the offers that keep to dates and to a schedule."""

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest

from marketplace import clock
from marketplace.coaches import queries as coaches
from marketplace.coaches.models import Offer
from marketplace.scheduling import queries
from marketplace.scheduling.hours import Window
from marketplace.scheduling.service import Limits
from tests.desk.conftest import Desk
from tests.desk.test_offers import CALL

TODAY = clock.now().date()
SUMMER = {"name": "Summer", "kind": "season", "first_month": "5", "first_day": "1"}
SUMMER |= {"last_month": "9", "last_day": "30"}


def limits(desk: Desk) -> Limits:
    with desk.rows() as session:
        return Limits.of(queries.calendar_of(session, desk.coach.id))


def test_a_season_is_made_given_hours_renamed_and_removed(desk: Desk) -> None:
    assert desk.browser.post("/coach/hours/schedules", data=SUMMER).location == "/coach/hours/schedules/1"
    path = "/coach/hours/schedules/1"
    assert "Each year, May 1 – September 30" in desk.browser.get("/coach/hours/schedules").text
    week = {"week": "yes", "from-2": "06:00", "to-2": "08:00"}
    drafted = desk.browser.post(f"{path}/draft", data=week | {"add": "4"}).text
    assert "Not saved yet" in drafted and 'value="06:00"' in drafted and 'value="Summer"' in drafted
    assert desk.browser.post(f"{path}/week", data=week).location == path
    refused = desk.browser.post(f"{path}/week", data=week | {"to-2": "06:00"})
    assert refused.status_code == 422 and "Wednesday: Give both times" in refused.text
    with desk.rows() as session:
        terms = queries.calendar_terms(session, desk.coach.id)
        assert terms and list(terms.hours.of(date(2027, 7, 7))) == [Window(360, 480)]
        assert len(queries.weekly(session, desk.coach.id)) == 7
    desk.browser.post(path, data=SUMMER | {"name": "Été", "kind": "offers"})
    assert "Été" in desk.browser.get("/coach/hours/schedules").text
    desk.browser.post(f"{path}/removal")
    assert desk.browser.get(path).status_code == 404


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"first_month": "2", "first_day": "30"}, "No year has such a day"), ({"name": ""}, "fill this in")],
)
def test_a_season_that_cannot_be_is_refused(desk: Desk, changes: dict[str, str], said: str) -> None:
    answer = desk.browser.post("/coach/hours/schedules", data=SUMMER | changes)
    assert answer.status_code == 422 and said in answer.text


def test_time_off_is_taken_listed_and_ended(desk: Desk) -> None:
    first, last = TODAY + timedelta(days=20), TODAY + timedelta(days=24)
    taken = {"first": first, "until": last, "note": "Boston"}
    assert desk.browser.post("/coach/hours/away", data=taken).location == "/coach/hours/away"
    page = desk.browser.get("/coach/hours/away").text
    assert "Boston" in page
    ended = re.search(r"/coach/hours/away/[^/]*/end", page)
    assert ended
    assert desk.browser.post(ended[0]).status_code == 303
    assert ended[0] not in desk.browser.get("/coach/hours/away").text
    for changes, said in (
        ({"until": first - timedelta(days=1)}, "before the first"),
        ({"first": "2020-01-01", "until": ""}, "past"),
        ({"until": first + timedelta(days=900)}, "at most"),
    ):
        answer = desk.browser.post("/coach/hours/away", data=taken | changes)
        assert answer.status_code == 422 and said in answer.text
        assert 'value="Boston"' in answer.text
    assert desk.browser.post(f"/coach/hours/away/{uuid4()}/end").status_code == 404


def test_holidays_are_listed_by_name_in_both_languages_and_close_when_chosen(desk: Desk) -> None:
    page, french = (desk.browser.get(f"{prefix}/coach/hours/away").text for prefix in ("", "/fr"))
    assert "Christmas Day" in page and "Family Day" in page and "Ontario" in page
    assert "Jour de Noël" in french and "Fête du Canada" in french
    desk.browser.post("/coach/hours/holidays", data={"closed": "yes"})
    assert limits(desk).holidays == "CA-ON"
    desk.browser.post("/coach/hours/holidays", data={})
    assert limits(desk).holidays is None


def test_limits_are_set_and_an_empty_field_is_none(desk: Desk) -> None:
    sent = {"per_day": "3", "per_week": "", "minutes_per_day": "240", "minutes_per_week": "600", "travel_minutes": "25"}
    assert desk.browser.post("/coach/hours/limits", data=sent).location == "/coach/hours/limits"
    assert limits(desk) == Limits(3, None, 240, 600, 25, None)
    answer = desk.browser.post("/coach/hours/limits", data=sent | {"per_day": "900", "travel_minutes": "7"})
    assert answer.status_code == 422 and 'value="900"' in answer.text and "steps of 5" in answer.text
    assert limits(desk).per_day == 3


def test_each_settings_page_offers_undo_after_a_change(desk: Desk) -> None:
    desk.browser.post("/coach/hours/limits", data={"per_day": "3"})
    for path in ("", "/dates", "/away", "/schedules", "/limits"):
        assert "Your hours were changed" in desk.browser.get(f"/coach/hours{path}").text


def test_an_offer_keeps_to_dates_and_to_a_schedule(desk: Desk) -> None:
    path = f"/coach/offers/{desk.call.id}"
    assert 'name="schedule"' not in desk.browser.get(path).text
    desk.browser.post("/coach/hours/schedules", data=SUMMER | {"kind": "offers"})
    assert 'name="schedule"' in desk.browser.get(path).text
    first, last = TODAY + timedelta(days=3), TODAY + timedelta(days=30)
    sent = CALL | {"schedule": "1", "book_from": str(first), "book_until": str(last)}
    assert desk.browser.post(path, data=sent).status_code == 303
    with desk.rows() as session:
        offer: Offer = coaches.offer(session, desk.call.id)
        assert (offer.schedule, offer.book_from, offer.book_until) == (1, first, last)
    refused = desk.browser.post(path, data=sent | {"schedule": "7"})
    assert refused.status_code == 422 and "That schedule is gone" in refused.text
    refused = desk.browser.post(path, data=sent | {"book_until": str(first - timedelta(days=1))})
    assert refused.status_code == 422 and "before the first" in refused.text
    assert "For Thirty minutes" in desk.browser.get("/coach/hours/schedules").text


def test_the_addresses_of_forms_lead_to_their_pages(desk: Desk) -> None:
    desk.browser.post("/coach/hours/schedules", data=SUMMER)
    leads = {
        "/coach/hours/schedules/1/week": "/coach/hours/schedules/1",
        "/coach/hours/schedules/1/draft": "/coach/hours/schedules/1",
        "/coach/hours/holidays": "/coach/hours/away",
        "/coach/hours/undo": "/coach/calendar",
        "/coach/calendar/2027-01-05/copies": "/coach/calendar/2027-01-05",
    }
    assert {path: desk.browser.get(path).location for path in leads} == leads
