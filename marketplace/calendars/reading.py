"""Reading one calendar kept elsewhere: what is asked, what came of it. Knows no database."""

import hashlib
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from email.message import Message

from marketplace import log
from marketplace.calendars import dav
from marketplace.calendars.addresses import mail_addresses, split
from marketplace.calendars.expanding import MOST_SECONDS, Busy, Frame, busy
from marketplace.calendars.outgoing import Answer, Way, call
from marketplace.calendars.trouble import Trouble, of_status

BEHIND, AHEAD = timedelta(days=1), timedelta(days=100)
"""How far from now busy times are kept: a little more than anybody may book ahead."""


@dataclass(frozen=True, slots=True)
class Known:
    """What was last seen of a calendar, by which one that has not changed is known; `on`: the UTC day it was read."""

    etag: str = ""
    modified: str = ""
    digest: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """A calendar to be read at `at`. `zone` is the coach's, `own_host` the site's."""

    url: str = field(repr=False)
    way: Way
    is_dav: bool
    at: datetime
    zone: str
    own_host: str
    calendar_zone: str = ""
    addresses: Sequence[str] = ()
    known: Known = Known()

    @property
    def frame(self) -> Frame:
        """What its text is read by."""
        since, until = (int((self.at + step).timestamp()) for step in (-BEHIND, AHEAD))
        whose = [*self.addresses, *mail_addresses(self.url)]
        return Frame(since, until, self.zone, whose, self.own_host, self.calendar_zone)


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of it: busy times (None: as before), or what was wrong."""

    busy: list[Busy] | None = None
    known: Known = Known()
    trouble: str | None = None


def read(asked: Asked, seconds: float) -> Reading:
    """Ask the calendar, within so many seconds in all. Never raises: what is wrong is said in the answer."""
    until = time.monotonic() + seconds
    same_day = asked.known.on == asked.at.date()
    known = asked.known if same_day else Known()
    try:
        return (_read_dav if asked.is_dav else _read_ics)(asked, known, until)
    except Trouble as trouble:
        return Reading(trouble=trouble.kind)
    except Exception as error:  # a calendar that nobody thought of is a calendar that can't be read
        log.error("calendar not read", error=repr(error), exc_info=error)
        return Reading(trouble="not-understood")


def _read_ics(asked: Asked, known: Known, until: float) -> Reading:
    headers = {"Accept": "text/calendar, text/plain;q=0.5, */*;q=0.1"}
    headers |= {"If-None-Match": known.etag} if known.etag else {}
    headers |= {"If-Modified-Since": known.modified} if known.modified else {}
    answer = call("GET", asked.url, _within(asked.way, until), headers=headers)
    if answer.status == 304 and known.on:
        return Reading(known=known)
    if answer.status != 200:
        raise Trouble(of_status(answer.status, "not-understood"))
    seen = Known(answer.headers.get("etag", "")[:200], answer.headers.get("last-modified", "")[:60])
    return _expanded(asked, known, replace(seen, on=asked.at.date()), answer.body, _charset(answer), until)


def _read_dav(asked: Asked, known: Known, until: float) -> Reading:
    state = dav.state(asked.url, _within(asked.way, until))
    if state and state == known.etag:
        return Reading(known=known)
    text = dav.events(asked.url, asked.at - BEHIND, asked.at + AHEAD, _within(asked.way, until))
    return _expanded(asked, known, Known(etag=state, on=asked.at.date()), text, "utf-8", until)


def _expanded(asked: Asked, known: Known, seen: Known, text: bytes, charset: str, until: float) -> Reading:
    """The busy times of its text, unless that is the same as before. Stamps of the writing program don't count."""
    written = re.sub(rb"(?m)^DTSTAMP[^\n]*\n", b"", text)
    seen = replace(seen, digest=hashlib.sha256(written + asked.zone.encode()).hexdigest())
    if seen.digest == known.digest:
        return Reading(known=seen)
    found = busy(text, asked.frame, charset=charset, seconds=min(MOST_SECONDS, max(0.1, until - time.monotonic())))
    return Reading(busy=found, known=seen)


def _charset(answer: Answer) -> str:
    """What the server says its text is written in."""
    message = Message()
    message["Content-Type"] = answer.headers.get("content-type", "")
    return message.get_content_charset() or ""


def _within(way: Way, until: float) -> Way:
    return replace(way, seconds=min(way.seconds, max(0.1, until - time.monotonic())))


def host_of(url: str) -> str:
    """The server of an address, as a person reads it."""
    parts = split(url)
    return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname or ""
