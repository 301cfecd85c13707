"""A real CalDAV server, read and written: what stands there closes her time, what is booked stands there."""

import warnings
from collections.abc import Iterator
from typing import Any

import pytest
from icalendar import Calendar as Ics

from marketplace.accounts.models import User
from marketplace.bookings import service as bookings
from marketplace.bookings.models import Booking
from marketplace.calendars import queries, service
from marketplace.coaches.models import Offer
from marketplace.db import new_id
from tests.bookings.world import confirmed, times
from tests.calendars.conftest import Coached
from tests.calendars.servers import PASSWORD, USER, Radicale, calendar, event

pytestmark = pytest.mark.filterwarnings("ignore")


@pytest.fixture
def server(radicale_server: Radicale, coached: Coached) -> Iterator[Radicale]:
    coached.allow(f"127.0.0.1:{radicale_server.port}")
    yield radicale_server
    for each in radicale_server.principal().calendars():
        each.delete()


def find(coached: Coached, server: Radicale, password: str = PASSWORD) -> dict[str, Any]:
    """Add the account and let its calendars be found; their ids by name."""
    with coached.rows() as session:
        service.add_account(
            session,
            coached.coach.id,
            account_id=new_id(),
            server=server.url,
            user=USER,
            password=password,
            settings=coached.settings,
        )
    coached.work()
    with coached.rows() as session:
        return {each.name: each.id for each in queries.sources(session, coached.coach.id)}


def entries(there: Any) -> dict[str, Any]:
    """The entries of a calendar by uid, as the other client reads them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = [component for each in there.events() for component in Ics.from_ical(each.data).walk("VEVENT")]
    return {str(each["UID"]): each for each in found}


@pytest.mark.both_databases
def test_there_and_back_again(coached: Coached, server: Radicale) -> None:
    """An event there closes the time; a booking appears there, is moved by a reschedule, removed by a cancellation."""
    private, work = (server.principal().make_calendar(name=name) for name in ("Private", "Work"))
    ids = find(coached, server)
    assert set(ids) == {"Private", "Work"}
    with coached.rows() as session:
        service.choose(session, coached.coach.id, blocks=set(ids.values()), writes=ids["Work"])
        open_times = times(session, session.get_one(Offer, coached.offer.id))
    first, second, third = open_times[0], open_times[4], open_times[8]
    assert coached.why_closed(first) is None

    private.save_event(calendar(event("dentist", first)).decode())
    coached.work()
    assert coached.why_closed(first) == "busy" and coached.why_closed(second) is None
    assert [title for _, _, title in coached.busy()] == ["dentist"]

    with coached.rows() as session:
        offer, runner = (
            session.get_one(Offer, coached.offer.id),
            session.get_one(User, coached.runner.id),
        )
        booking_id = confirmed(session, offer, runner, second).id
    coached.work()
    (uid, entry), *others = entries(work).items()
    assert not others and uid == f"{booking_id}@localhost"
    assert entry.decoded("DTSTART") == second and entry["SEQUENCE"] == 0

    with coached.rows() as session:
        runner = session.get_one(User, coached.runner.id)
        bookings.reschedule(session, booking_id, by=runner, starts_at=third)
    coached.work()
    (uid, entry), *others = entries(work).items()
    assert not others and uid == f"{booking_id}@localhost"
    assert entry.decoded("DTSTART") == third and entry["SEQUENCE"] == 1

    for source_id in ids.values():
        assert coached.read(source_id).trouble is None
    assert [title for _, _, title in coached.busy()] == ["dentist"], "our own entries are never read back as busy"

    with coached.rows() as session:
        bookings.cancel(session, booking_id, by=session.get_one(User, coached.runner.id))
    coached.work()
    assert entries(work) == {}
    private.events()[0].delete()
    coached.read(ids["Private"])
    assert coached.busy() == [] and coached.why_closed(first) is None


def test_what_is_booked_already_is_written_once_a_calendar_is_chosen(coached: Coached, server: Radicale) -> None:
    old, new = (server.principal().make_calendar(name=name) for name in ("Old", "New"))
    with coached.rows() as session:
        offer, runner = (
            session.get_one(Offer, coached.offer.id),
            session.get_one(User, coached.runner.id),
        )
        booking: Booking = confirmed(session, offer, runner)
    ids = find(coached, server)
    for chosen, with_it, without in (("Old", old, new), ("New", new, old)):
        with coached.rows() as session:
            service.choose(session, coached.coach.id, blocks=set(), writes=ids[chosen])
        coached.work()
        assert list(entries(with_it)) == [f"{booking.id}@localhost"] and entries(without) == {}


def test_a_wrong_password_is_said_and_the_right_one_mends_it(coached: Coached, server: Radicale) -> None:
    server.principal().make_calendar(name="Private")
    assert find(coached, server, "guessed") == {}
    with coached.rows() as session:
        (account,) = queries.accounts(session, coached.coach.id)
        assert account.trouble == "login-refused" and PASSWORD not in account.sealed
    assert list(find(coached, server)) == ["Private"]
    with coached.rows() as session:
        (account,) = queries.accounts(session, coached.coach.id)
        assert account.trouble is None


def test_a_calendar_that_has_not_changed_is_not_sent_again(coached: Coached, server: Radicale) -> None:
    there = server.principal().make_calendar(name="Private")
    there.save_event(calendar(event("dentist", coached.noon())).decode())
    (source_id,) = find(coached, server).values()
    with coached.rows() as session:
        service.choose(session, coached.coach.id, blocks={source_id}, writes=None)
    coached.work()
    known = coached.source(source_id)
    assert known.etag and known.read_at
    again = coached.read(source_id)
    assert again.digest == known.digest and again.read_at and again.read_at > known.read_at
    assert len(coached.busy()) == 1
