"""A visit as an iCalendar file (RFC 5545; as an invitation RFC 5546). Pure.

The UID never changes and SEQUENCE grows, so that a moved or cancelled visit replaces the old one in a calendar.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event, vCalAddress, vText

PRODUCT = "-//Runsight//Bookings//EN"
FEED_PERIOD = timedelta(minutes=15)
"""How often whoever subscribes is asked to look again."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in an invitation."""

    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a calendar shows of a visit. Instants are aware; texts are in the reader's language."""

    booking_id: UUID
    host: str
    starts_at: datetime
    ends_at: datetime
    summary: str
    location: str
    description: str
    url: str
    sequence: int
    stamped_at: datetime
    cancelled: bool = False


def published(entry: Entry) -> str:
    """The file that a link downloads."""
    return _file(entry, "PUBLISH", [])


def invitation(entry: Entry, organizer: Person, attendee: Person) -> tuple[str, str]:
    """The method and the file that a mail carries: REQUEST, or CANCEL for a cancelled visit.

    The attendee has accepted already, by booking or by offering: no calendar should ask.
    """
    method = "CANCEL" if entry.cancelled else "REQUEST"
    host, guest = _address(organizer), _address(attendee)
    guest.params["partstat"], guest.params["role"] = vText("ACCEPTED"), vText("REQ-PARTICIPANT")
    return method, _file(entry, method, [("organizer", host), ("attendee", guest)])


def kept(entry: Entry) -> str:
    """The object that a CalDAV server keeps (RFC 4791 allows it no METHOD)."""
    return _written(_calendar(), [_event(entry, [])])


def feed(entries: Iterable[Entry], name: str) -> str:
    """A calendar to subscribe to, under a name."""
    calendar = _calendar()
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", FEED_PERIOD, parameters={"value": "DURATION"})
    calendar.add("x-published-ttl", "PT15M")
    return _written(calendar, [_event(entry, []) for entry in entries])


def _file(entry: Entry, method: str, people: list[tuple[str, vCalAddress]]) -> str:
    calendar = _calendar()
    calendar.add("method", method)
    return _written(calendar, [_event(entry, people)])


def _event(entry: Entry, people: list[tuple[str, vCalAddress]]) -> Event:
    event = Event()
    event.add("uid", f"{entry.booking_id}@{entry.host}")
    event.add("dtstamp", entry.stamped_at.astimezone(UTC))
    event.add("dtstart", entry.starts_at.astimezone(UTC))
    event.add("dtend", entry.ends_at.astimezone(UTC))
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    for name in ("summary", "location", "description", "url"):
        if text := getattr(entry, name):
            event.add(name, text)
    for name, address in people:
        event.add(name, address, encode=False)
    return event


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    return calendar


def _written(calendar: Calendar, events: Iterable[Event]) -> str:
    for event in events:
        calendar.add_component(event)
    written: bytes = calendar.to_ical()
    return written.decode()


def _address(person: Person) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.email}")
    address.params["cn"] = vText(person.name)
    return address
