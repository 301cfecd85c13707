"""The page of a coach's calendars elsewhere: added, chosen, shown as they stand, removed."""

from datetime import timedelta
from uuid import UUID

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.calendars import queries
from marketplace.calendars.models import Account, Source
from marketplace.calendars.service.accounts import _source
from marketplace.db import new_id
from tests import make
from tests.bookings.world import sign_in
from tests.desk.conftest import Desk

SECRET = "https://calendars.example/private-7f3a/basic.ics"


def added(desk: Desk, address: str = SECRET, name: str = "Family") -> UUID:
    source_id = new_id()
    answer = desk.browser.post(
        "/coach/calendars/addresses", data={"id": str(source_id), "address": address, "name": name}
    )
    assert answer.location == "/coach/calendars"
    return source_id


def account(desk: Desk) -> tuple[UUID, list[UUID]]:
    """An account whose two calendars were found."""
    with desk.rows() as session:
        now = clock.now()
        row = Account(coach_id=desk.coach.id, host="dav.example", login="iris", sealed="", created_at=now, found_at=now)
        session.add(row)
        session.flush()
        settings = desk.app.extensions["settings"]
        found = [
            _source(desk.coach.id, f"https://dav.example/{name}/", name, settings, account_id=row.id, blocks=False)
            for name in ("Private", "Work")
        ]
        session.add_all(found)
        return row.id, [each.id for each in found]


def test_an_address_is_added_once_and_never_shown_again(desk: Desk) -> None:
    source_id = added(desk)
    desk.browser.post("/coach/calendars/addresses", data={"id": str(source_id), "address": SECRET})
    page = desk.browser.get("/coach/calendars").text
    assert page.count("<b>Family</b>") == 1 and "Being read" in page and "data-waits" in page
    assert "7f3a" not in page


def test_what_is_no_address_is_refused_with_what_was_typed(desk: Desk) -> None:
    for address in ("not an address", "ftp://example.com/a.ics", ""):
        answer = desk.browser.post(
            "/coach/calendars/addresses", data={"id": str(new_id()), "address": address, "name": "Mine"}
        )
        assert answer.status_code == 422 and 'value="Mine"' in answer.text and 'id="address-error"' in answer.text
    answer = desk.browser.post(
        "/coach/calendars/accounts",
        data={"account_id": str(new_id()), "server": "a b", "user": "iris", "password": "up-hill-9"},
    )
    assert answer.status_code == 422 and 'value="iris"' in answer.text and "up-hill-9" not in answer.text


def test_how_a_calendar_stands_is_said(desk: Desk) -> None:
    source_id, now = added(desk), clock.now()
    with desk.rows() as session:
        source = session.get_one(Source, source_id)
        source.tried_at = source.failing_since = now
        source.trouble = "web-page"
    page = desk.browser.get("/coach/calendars").text
    assert "is a web page, not a calendar" in page and "It has never been read" in page
    with desk.rows() as session:
        session.get_one(Source, source_id).read_at = now - timedelta(days=1)
    assert "stays closed until it can be read again" in desk.browser.get("/coach/calendars").text
    with desk.rows() as session:
        source = session.get_one(Source, source_id)
        source.failing_since, source.trouble, source.mended_at = None, None, now
    assert "Works again" in desk.browser.get("/coach/calendars").text


def test_calendars_of_an_account_are_chosen(desk: Desk) -> None:
    account_id, (private, work) = account(desk)
    desk.browser.post("/coach/calendars", data={"blocks": [str(private), str(work)], "writes": str(work)})
    with desk.rows() as session:
        assert [(each.name, each.blocks, each.writes) for each in queries.sources(session, desk.coach.id)] == [
            ("Private", True, False),
            ("Work", True, True),
        ]
    page = desk.browser.get("/coach/calendars").text
    assert page.count('name="blocks"') == 2 == page.count(" checked>") and f'value="{work}" selected' in page
    desk.browser.post("/coach/calendars", data={"writes": ""})
    with desk.rows() as session:
        assert not any(each.blocks or each.writes for each in queries.sources(session, desk.coach.id))
    desk.browser.post(f"/coach/calendars/accounts/{account_id}/removal")
    with desk.rows() as session:
        assert not queries.sources(session, desk.coach.id) and not queries.accounts(session, desk.coach.id)


def test_a_calendar_is_read_and_removed_by_its_coach_alone(desk: Desk) -> None:
    source_id = added(desk)
    account_id, (private, _) = account(desk)
    with desk.rows() as session:
        other = make.coach(session)
        person = session.get_one(User, other.user_id)
    stranger = sign_in(desk.app.test_client(), person)
    for path in (f"{source_id}/reading", f"{source_id}/removal", f"accounts/{account_id}/removal"):
        assert stranger.post(f"/coach/calendars/{path}").status_code == 404
    stranger.post("/coach/calendars", data={"blocks": str(private), "writes": str(private)})
    with desk.rows() as session:
        assert not session.get_one(Source, private).blocks and not session.get_one(Source, private).writes
    assert desk.browser.post(f"/coach/calendars/{source_id}/reading").location == "/coach/calendars"
    assert desk.browser.post(f"/coach/calendars/{source_id}/removal").location == "/coach/calendars"
    with desk.rows() as session:
        assert session.get(Source, source_id) is None
