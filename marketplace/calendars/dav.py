"""CalDAV (RFC 4791), as much of it as we need: find an account's calendars, read one, put and delete an entry.

Our own few verbs over `outgoing`, whose limits a library's own connections would not keep.
"""

import re
import xml.etree.ElementTree as ET  # nosec B405  # no DTD is let through
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from marketplace.calendars.addresses import mail_addresses
from marketplace.calendars.outgoing import Answer, Way, call
from marketplace.calendars.trouble import Trouble, of_status

D, C, CS = "{DAV:}", "{urn:ietf:params:xml:ns:caldav}", "{http://calendarserver.org/ns/}"
SPACES = 'xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:cs="http://calendarserver.org/ns/"'
WELL_KNOWN = "/.well-known/caldav"
MOST_CALENDARS = 50


class Found(NamedTuple):
    """A calendar of an account: where, its name, and the IANA zone it says it lies in."""

    url: str
    name: str
    zone: str


@dataclass(frozen=True, slots=True)
class Discovery:
    """What an account has: its calendars for events, and the mail addresses by which others invite its owner."""

    calendars: list[Found]
    addresses: list[str]


def discover(server: str, way: Way) -> Discovery:
    """All calendars of the account behind a server's address (RFC 6764). Raises Trouble."""
    principal = _principal(server, way)
    found = _properties(principal, way, "<c:calendar-home-set/><c:calendar-user-address-set/>")
    homes, addresses = [], []
    for _, properties in found:
        homes += [urljoin(principal, each) for each in _hrefs(properties, f"{C}calendar-home-set")]
        addresses += [
            each for text in _hrefs(properties, f"{C}calendar-user-address-set") for each in mail_addresses(text)
        ]
    if not homes:
        raise Trouble("not-caldav")
    calendars = [each for home in dict.fromkeys(homes[:3]) for each in _calendars(home, way)]
    if not calendars:
        raise Trouble("no-calendars")
    return Discovery(calendars[:MOST_CALENDARS], addresses)


def state(url: str, way: Way) -> str:
    """A text that is another one whenever the calendar has changed; empty where the server tells none."""
    found = list(_properties(url, way, "<cs:getctag/><d:sync-token/>"))
    texts = (found[0][1].findtext(name) for name in (f"{CS}getctag", f"{D}sync-token")) if found else ()
    return next((text.strip() for text in texts if text), "")[:200]


def events(url: str, since: datetime, until: datetime, way: Way) -> bytes:
    """The calendar's objects that touch [since, until), as one stream of iCalendar text."""
    times = " ".join(f'{name}="{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"' for name, at in (("start", since), ("end", until)))
    inner = f'<c:comp-filter name="VEVENT"><c:time-range {times}/></c:comp-filter>'
    body = (
        f"<c:calendar-query {SPACES}><d:prop><d:getetag/><c:calendar-data/></d:prop>"
        f'<c:filter><c:comp-filter name="VCALENDAR">{inner}</c:comp-filter></c:filter></c:calendar-query>'
    )
    texts = [each.findtext(f"{C}calendar-data") or "" for _, each in _multistatus("REPORT", url, way, body, "1")]
    return "\r\n".join(texts or ["BEGIN:VCALENDAR\r\nEND:VCALENDAR"]).encode()


def put(url: str, text: str, way: Way) -> None:
    """Keep an entry at this address, new or anew."""
    answer = call("PUT", url, way, headers={"Content-Type": "text/calendar; charset=utf-8"}, body=text.encode())
    _check_written(answer)


def delete(url: str, way: Way) -> None:
    """Take an entry away; one that is gone already is all right."""
    answer = call("DELETE", url, way)
    if answer.status not in (404, 410):
        _check_written(answer)


def _check_written(answer: Answer) -> None:
    if answer.status >= 500:
        raise Trouble("server-error")
    if answer.status == 401:
        raise Trouble("login-refused")
    if answer.status >= 300:
        raise Trouble("write-refused")


def _principal(server: str, way: Way) -> str:
    """The address of the account itself: asked at the given address, then at the well-known one."""
    places = dict.fromkeys([server, urljoin(server, WELL_KNOWN)])
    for last, place in enumerate(places, start=1):
        try:
            found = list(_properties(place, way, "<d:current-user-principal/>"))
        except Trouble as trouble:
            if last == len(places) or trouble.kind not in ("not-found", "not-caldav"):
                raise
            continue
        for url, properties in found:
            for href in _hrefs(properties, f"{D}current-user-principal"):
                return urljoin(url, href)
    raise Trouble("not-caldav")


def _calendars(home: str, way: Way) -> Iterator[Found]:
    wanted = "<d:resourcetype/><d:displayname/><c:supported-calendar-component-set/><c:calendar-timezone/>"
    for url, properties in _properties(home, way, wanted, depth="1"):
        kinds = [each.get("name") for each in properties.iterfind(f"{C}supported-calendar-component-set/{C}comp")]
        if properties.find(f"{D}resourcetype/{C}calendar") is None or (kinds and "VEVENT" not in kinds):
            continue
        name = (properties.findtext(f"{D}displayname") or "").strip()
        zone = re.search(r"TZID:(\S+)", properties.findtext(f"{C}calendar-timezone") or "")
        yield Found(url, name or urlsplit(url).path.rstrip("/").rpartition("/")[2], zone[1] if zone else "")


def _properties(url: str, way: Way, wanted: str, depth: str = "0") -> Iterator[tuple[str, ET.Element]]:
    body = f"<d:propfind {SPACES}><d:prop>{wanted}</d:prop></d:propfind>"
    return _multistatus("PROPFIND", url, way, body, depth)


def _multistatus(method: str, url: str, way: Way, body: str, depth: str) -> Iterator[tuple[str, ET.Element]]:
    """The resources of an answer, each with its address and its properties that were found."""
    headers = {"Content-Type": "application/xml; charset=utf-8", "Depth": depth}
    answer = call(method, url, way, headers=headers, body=b'<?xml version="1.0" encoding="utf-8"?>' + body.encode())
    if answer.status != 207:
        raise Trouble(of_status(answer.status, "not-caldav"))
    if b"<!DOCTYPE" in answer.body or b"<!ENTITY" in answer.body:
        raise Trouble("not-caldav")
    try:
        root = ET.fromstring(answer.body)  # noqa: S314  # nosec B314  # no DTD is let through
    except ET.ParseError:
        raise Trouble("not-caldav") from None
    for response in root.iterfind(f"{D}response"):
        href = (response.findtext(f"{D}href") or "").strip()
        for part in response.iterfind(f"{D}propstat"):
            if " 200 " in f"{part.findtext(f'{D}status')} " and (properties := part.find(f"{D}prop")) is not None:
                yield urljoin(answer.url, href), properties


def _hrefs(properties: ET.Element, name: str) -> list[str]:
    return [each.text.strip() for each in properties.iterfind(f"{name}/{D}href") if each.text]
