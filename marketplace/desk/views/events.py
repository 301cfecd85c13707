"""A week as the drawn calendar takes it: events in local wall time, with the words that stand on them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _

from marketplace.coaches.models import Coach
from marketplace.desk.queries import Day, Entry
from marketplace.desk.week import written
from marketplace.web.filters import clock_time

Event = dict[str, Any]


def drawn(coach: Coach, days: Sequence[tuple[Day, Sequence[Entry]]], today: date) -> list[Event]:
    """All that is shown of those dates: hours, what is taken, the time kept free around it, why a date is closed."""
    zone, seen, events = ZoneInfo(coach.timezone), set(), []
    for day, entries in days:
        events += [*_hours(day, today), *_note(day)]
        for entry in entries:
            if id(entry) not in seen:  # one that runs over midnight is on two dates
                seen.add(id(entry))
                events += [_taken(entry, zone), *_kept_free(entry, zone)]
    return events


def named(entry: Entry) -> str:
    """What is taken, in a few words: who comes and for what."""
    if entry.busy_title is not None:
        return entry.busy_title or _("Busy")
    if not entry.bookings:
        return _("Taken")
    booking = entry.bookings[0][0]
    return f"{', '.join(runner.name.split()[0] for _booking, runner in entry.bookings)} · {booking.title}"


def why_closed(day: Day) -> str | None:
    """Why a date is closed, or is unlike its weekday."""
    if day.is_own:
        return _("Own hours") if day.windows else _("Closed")
    if day.away:
        return ": ".join(filter(None, (_("Time off"), day.away.note)))
    return day.holiday


def _hours(day: Day, today: date) -> Iterator[Event]:
    for start, end in day.windows:
        yield {
            "id": f"hours-{day.on}-{start}",
            "start": _wall(day.on, start),
            "end": _wall(day.on, end),
            "startEditable": day.on >= today,
            "durationEditable": day.on >= today,
            "classNames": ["cal-hours"],
            "extendedProps": {
                "kind": "hours",
                "on": day.on.isoformat(),
                "own": day.is_own,
                "from": written(start),
                "to": written(end),
            },
        }


def _note(day: Day) -> Iterator[Event]:
    said = why_closed(day)
    if said:
        after = day.on + timedelta(days=1)
        yield {
            "start": day.on.isoformat(),
            "end": after.isoformat(),
            "allDay": True,
            "title": said,
            "classNames": ["cal-note"],
            "extendedProps": {"url": url_for("desk.day", on=day.on.isoformat())},
        }


def _taken(entry: Entry, zone: ZoneInfo) -> Event:
    held, title = entry.held_until, named(entry)
    kind = "busy" if entry.busy_title is not None else "held" if held else "booked"
    said = _("held until %(time)s", time=clock_time(held, zone)) if held else ""
    url = url_for("bookings.show", booking_id=entry.bookings[0][0].id) if entry.bookings else None
    return _event(entry.starts_at, entry.ends_at, zone) | {
        "title": f"{said}: {title}" if said else title,
        "classNames": [f"cal-{kind}"],
        "extendedProps": {"kind": kind, "url": url},
    }


def _kept_free(entry: Entry, zone: ZoneInfo) -> Iterable[Event]:
    spans = [
        (entry.starts_at - timedelta(minutes=entry.before), entry.starts_at),
        (entry.ends_at, entry.ends_at + timedelta(minutes=entry.after)),
    ]
    for since, until in spans:
        if since < until:
            yield _event(since, until, zone) | {"display": "background", "classNames": ["cal-buffer"]}


def _event(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> Event:
    """From and to in wall time; what ends where an autumn night begins anew is drawn at its length."""
    start, end = (each.astimezone(zone).replace(tzinfo=None) for each in (starts_at, ends_at))
    end = end if end > start else start + (ends_at - starts_at)
    return {"start": start.isoformat(), "end": end.isoformat()}


def _wall(on: date, minute: int) -> str:
    return (datetime.combine(on, datetime.min.time()) + timedelta(minutes=minute)).isoformat()
