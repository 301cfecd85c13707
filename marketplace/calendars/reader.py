"""A program of its own, run by `expanding` in a process with limits: reads iCalendar text, prints when it says "busy".

A line of JSON on standard input says what to read by, the calendar's bytes follow. The answer is JSON: `busy` with
[start, end, title] in UTC seconds since 1970, or `trouble` with a kind of `trouble.KINDS`. It imports nothing of the
product, so that it starts quickly and has no secret in its memory.

What does not matter is sifted out line by line before any library looks at it: a calendar of ten years is mostly past.
"""

import contextlib
import json
import re
import resource
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

MOST_MEMORY_BYTES = 600 * 1024**2
MOST_CPU_SECONDS = 4
MOST_EVENTS = 5000
MOST_BUSY = 5000
MOST_ZONES = 200
MOST_TITLE = 200
KEPT = {
    *("UID", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "SEQUENCE", "STATUS"),
    *("TRANSP", "SUMMARY", "ATTENDEE", "X-MICROSOFT-CDO-BUSYSTATUS", "FREEBUSY"),
}
REPEATED = {"RRULE", "RDATE", "RECURRENCE-ID"}
FREE = {"STATUS": "CANCELLED", "TRANSP": "TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS": "FREE"}
LINE = re.compile(r'([A-Za-z0-9-]+)((?:;(?:[^":]|"[^"]*")*)?):(.*)', re.S)
DAY2 = timedelta(days=2)
HOURS = {"W": 168, "D": 24, "H": 1}
Busy = tuple[int, int, str]
Component = list[tuple[str, str]]  # name in upper case, and the line


class Unreadable(Exception):
    """What the calendar lacks; the argument is a kind of trouble."""


def limit() -> None:
    """Hold this process to its share of memory and time; it may write no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


class Reader:
    """One calendar, read for one coach: from `since` to `until` (UTC seconds), in her `zone`."""

    def __init__(
        self, *, since: int, until: int, zone: str, addresses: list[str], own_host: str, calendar_zone: str = ""
    ) -> None:
        self.since, self.until = (datetime.fromtimestamp(each, UTC) for each in (since, until))
        self.zone, self.own_host = ZoneInfo(zone), f"@{own_host}".lower()
        self.day_zone = _zone(calendar_zone) or self.zone
        self.addresses = {each.lower() for each in addresses}

    def busy(self, raw: bytes, charset: str = "") -> list[Busy]:
        """All busy times in order; Unreadable."""
        lines = re.split(r"\r\n|\n|\r", decoded(re.sub(rb"(?:\r\n|\n|\r)[ \t]", b"", raw), charset))
        events: list[Component] = []
        zones: dict[str, None] = {}
        found: list[Busy] = []
        for name, component in self._components(lines):
            if name == "VTIMEZONE":
                zones["\r\n".join(line for _, line in component)] = None
            elif name == "VFREEBUSY":
                found += self._free_busy(component)
            elif name == "VEVENT" and self._matters(component):
                events.append(component)
            if len(events) > MOST_EVENTS or len(zones) > MOST_ZONES:
                raise Unreadable("too-many-events")
        found += self._expanded(events, zones)
        if len(found) > MOST_BUSY:
            raise Unreadable("too-often")
        return sorted(set(found))

    def _components(self, lines: list[str]) -> Iterator[tuple[str, Component]]:
        """Events, zones and free-busy parts with the lines that matter; parts inside an event are passed over."""
        inside: list[str] = []
        component: Component = []
        was_calendar = False
        for line in lines:
            match = LINE.match(line)
            if match is None:
                if not was_calendar and line.strip("\ufeff \t\x0c"):
                    raise Unreadable("web-page" if line.lstrip().startswith("<") else "not-a-calendar")
                continue
            name, value = match[1].upper(), match[3].strip().upper()
            if name == "BEGIN":
                inside.append(value)
                component = component if len(inside) > 2 else []
            if not inside or inside[0] != "VCALENDAR":
                raise Unreadable("not-a-calendar")
            was_calendar = True
            if len(inside) == 1:
                self._about(name, match[3].strip())
            elif inside[1] == "VTIMEZONE" or (len(inside) == 2 and name in KEPT | {"BEGIN", "END"}):
                component.append((name, line))
            if name == "END":
                if inside.pop() != value:
                    raise Unreadable("cut-off")
                if len(inside) == 1:
                    yield value, component
        if inside or not was_calendar:
            raise Unreadable("cut-off" if inside else "not-a-calendar")

    def _about(self, name: str, value: str) -> None:
        """What a calendar says of itself: its zone, and by its name (Google's) perhaps whose it is."""
        if name == "X-WR-TIMEZONE" and (zone := _zone(value)):
            self.day_zone = zone
        if name == "X-WR-CALNAME" and "@" in value:
            self.addresses.add(value.lower())

    def _matters(self, component: Component) -> bool:
        """Whether an event may say that she is busy. One that recurs is looked at later, with all its exceptions."""
        lines = dict(component)
        if _value(lines.get("UID", "")).lower().endswith(self.own_host):
            return False
        if re.search(r"FREQ=(SECOND|MINUTE)LY", lines.get("RRULE", "").upper()):
            raise Unreadable("too-often")
        if REPEATED & lines.keys():
            return True
        if _is_free(lambda name: _value(lines.get(name, ""))):
            return False
        first, last = (f"{each + step:%Y%m%d}" for each, step in ((self.since, -DAY2), (self.until, DAY2)))
        starts, ends = _digits(lines.get("DTSTART", "")), _digits(lines.get("DTEND", ""))
        if not starts:
            raise Unreadable("not-understood")
        return starts <= last and (ends or _after(starts, _value(lines.get("DURATION", "")))) >= first

    def _expanded(self, events: list[Component], zones: dict[str, None]) -> list[Busy]:
        import icalendar
        import recurring_ical_events

        if not events:
            return []
        parts = ["BEGIN:VCALENDAR", "VERSION:2.0", *zones]
        parts += [line for event in events for name, line in event if name != "ATTENDEE" or "DECLINED" in line.upper()]
        calendar = icalendar.Calendar.from_ical("\r\n".join([*parts, "END:VCALENDAR", ""]))
        between = recurring_ical_events.of(calendar).between(self.since - DAY2, self.until + DAY2)
        return [busy for event in between if (busy := self._occurrence(event))]

    def _occurrence(self, event: Any) -> Busy | None:
        if _is_free(lambda name: str(event.get(name, ""))) or self._has_declined(event):
            return None
        start, end = event.start, event.end
        if not isinstance(start, datetime) and end <= start:
            end = start + timedelta(days=1)
        return self._clipped(self._instant(start), self._instant(end), str(event.get("SUMMARY", "")))

    def _has_declined(self, event: Any) -> bool:
        found = event.get("ATTENDEE", [])
        attendees = found if isinstance(found, list) else [found]
        refusals = (each for each in attendees if str(each.params.get("PARTSTAT", "")).upper() == "DECLINED")
        return any(str(each).lower().removeprefix("mailto:") in self.addresses for each in refusals)

    def _free_busy(self, component: Component) -> Iterator[Busy]:
        from icalendar.prop import vPeriod

        for name, line in component:
            if name != "FREEBUSY" or "FBTYPE=FREE" in line.upper().replace('"', ""):
                continue
            for period in filter(None, _value(line).split(",")):
                start, end = vPeriod.from_ical(period.strip())  # type: ignore[no-untyped-call]
                if busy := self._clipped(
                    self._instant(start), self._instant(start + end if isinstance(end, timedelta) else end), ""
                ):
                    yield busy

    def _clipped(self, start: datetime, end: datetime, title: str) -> Busy | None:
        start, end = max(start, self.since), min(end, self.until)
        seconds = int(start.timestamp()), -int(-end.timestamp() // 1)
        return (*seconds, " ".join(title.split())[:MOST_TITLE]) if start < end else None

    def _instant(self, value: date) -> datetime:
        """A date begins at midnight in the calendar's zone; a time without a zone is one of hers."""
        if not isinstance(value, datetime):
            return datetime(value.year, value.month, value.day, tzinfo=self.day_zone).astimezone(UTC)
        return (value if value.tzinfo else value.replace(tzinfo=self.zone)).astimezone(UTC)


def decoded(raw: bytes, charset: str) -> str:
    """UTF-8, as calendars are, or what the server says it is."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode(charset if charset.lower() not in ("", "utf-8", "utf8") else "ascii")
        except (UnicodeDecodeError, LookupError):
            raise Unreadable("encoding") from None
    if "\x00" in text[:1000]:
        raise Unreadable("encoding")
    return text


def _zone(name: str) -> ZoneInfo | None:
    with contextlib.suppress(KeyError, ValueError, OSError):
        return ZoneInfo(name) if name else None
    return None


def _value(line: str) -> str:
    match = LINE.match(line)
    return match[3].strip() if match else ""


def _digits(line: str) -> str:
    found = re.match(r"\d{8}", _value(line))
    return found[0] if found else ""


def _is_free(said: Callable[[str], str]) -> bool:
    """Whether an event, by any of the three names for it, takes no time."""
    return any(said(name).upper() == takes_none for name, takes_none in FREE.items())


def _after(starts: str, duration: str) -> str:
    """The date (YYYYMMDD) on which something of that duration is over at the latest."""
    hours = sum(int(number[:6]) * HOURS[unit] for number, unit in re.findall(r"(\d+)([WDH])", duration.upper()))
    try:
        return f"{datetime.strptime(starts, '%Y%m%d') + timedelta(hours=hours + 48):%Y%m%d}"  # noqa: DTZ007  (a date)
    except (ValueError, OverflowError):
        return "99999999"


def main() -> dict[str, Any]:
    """What is printed."""
    asked = json.loads(sys.stdin.buffer.readline())
    charset = asked.pop("charset")
    try:
        return {"busy": Reader(**asked).busy(sys.stdin.buffer.read(), charset)}
    except Unreadable as error:
        return {"trouble": error.args[0]}
    except MemoryError:
        return {"trouble": "too-slow"}
    except Exception as error:  # whatever the libraries make of a broken calendar
        return {"trouble": "not-understood", "error": repr(error)[:200]}


if __name__ == "__main__":
    limit()
    print(json.dumps(main()))  # noqa: T201  (its answer)
