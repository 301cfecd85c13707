"""Calendars made to hurt: each is refused with a clear line, in bounded time and memory, and the worker goes on."""

import gzip
import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from marketplace import clock
from marketplace.calendars.outgoing import MOST_BYTES, Way, call
from marketplace.calendars.trouble import KINDS, Trouble
from marketplace.calendars.wording import said
from marketplace.settings import local_network
from tests.calendars.conftest import Coached
from tests.calendars.servers import Handler, OddServer, bomb, calendar, event, odd_server, stamp

MOST_GROWTH_KB = 60 * 1024
HEAD = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"


def events(count: int, *, days: int = 5) -> Iterator[bytes]:
    """A calendar of so many events, made on the fly."""
    yield HEAD
    times = (
        f"DTSTART:{stamp(clock.now() + timedelta(days=days))}\r\nDTEND:{stamp(clock.now() + timedelta(days=days + 1))}"
    )
    for number in range(0, count, 500):
        numbers = range(number, number + 500)
        yield "".join(f"BEGIN:VEVENT\r\nUID:{each}\r\n{times}\r\nEND:VEVENT\r\n" for each in numbers).encode()
    yield b"END:VCALENDAR\r\n"


def repeating(rule: str, starts: str = "20200101T000000Z") -> bytes:
    return calendar(f"BEGIN:VEVENT\r\nUID:mad\r\nDTSTART:{starts}\r\nDURATION:PT1S\r\nRRULE:{rule}\r\nEND:VEVENT")


def all_of(most: int) -> str:
    return ",".join(map(str, range(most)))


EVERY_SECOND = f"FREQ=DAILY;BYHOUR={all_of(24)};BYMINUTE={all_of(60)};BYSECOND={all_of(60)}"
HOSTILE: dict[str, tuple[Callable[[Handler], None], str]] = {
    "100 MB": (lambda h: h.stream(b"X" * 65536 for _ in range(1600)), "too-large"),
    "100 MB that are said so": (lambda h: h.send(HEAD, Content_Length=str(100 * 1024 * 1024)), "too-large"),
    "a million events": (lambda h: h.stream(events(1_000_000)), "too-large"),
    "a million events, packed": (lambda h: h.stream(iter([MILLION]), Content_Encoding="gzip"), "too-large"),
    "30,000 events to come": (lambda h: h.stream(events(30_000)), "too-many-events"),
    "a bomb": (lambda h: h.send(bomb(1000), Content_Encoding="gzip"), "too-large"),
    "a bomb in a bomb": (lambda h: h.send(b"", Content_Encoding="gzip, gzip"), "not-understood"),
    "no gzip at all": (lambda h: h.send(b"BEGIN:VCALENDAR", Content_Encoding="gzip"), "not-understood"),
    "each second": (lambda h: h.send(repeating("FREQ=SECONDLY")), "too-often"),
    "each minute": (lambda h: h.send(repeating("FREQ=MINUTELY;INTERVAL=1")), "too-often"),
    "each second of each day": (lambda h: h.send(repeating(EVERY_SECOND)), "too-slow"),
    "never, looked for at each hour": (
        lambda h: h.send(repeating("FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30", "00010101T000000Z")),
        "too-slow",
    ),
    "each hour, many of them": (
        lambda h: h.send(
            calendar(*(event(f"{n}", clock.now() + timedelta(minutes=n), 0.01, "RRULE:FREQ=HOURLY") for n in range(3)))
        ),
        "too-often",
    ),
    "a web page": (lambda h: h.send(b"\n<!doctype html><html><title>Sign in</title>"), "web-page"),
    "words": (lambda h: h.send(b"Sorry, not today: no calendar"), "not-a-calendar"),
    "nothing": (lambda h: h.send(b""), "not-a-calendar"),
    "cut off in the middle": (lambda h: h.send(calendar(event("a", clock.now()))[:-30]), "cut-off"),
    "less than promised": (lambda h: h.send(HEAD, Content_Length="5000"), "cut-off"),
    "UTF-16": (lambda h: h.send(calendar(event("a", clock.now())).decode().encode("utf-16")), "encoding"),
    "Latin-1 that says nothing": (
        lambda h: h.send(calendar(event("Zoë", clock.now())).decode().encode("latin-1")),
        "encoding",
    ),
    "Latin-1 that says another": (
        lambda h: h.send(b"BEGIN:VCALENDAR\r\nX:\xff\r\nEND:VCALENDAR", Content_Type="text/calendar; charset=klingon"),
        "encoding",
    ),
    "an event without a time": (lambda h: h.send(calendar("BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT")), "not-understood"),
    "an event of nonsense": (
        lambda h: h.send(calendar("BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20269999T99\r\nEND:VEVENT")),
        "not-understood",
    ),
    "gone": (lambda h: h.send(status=404), "not-found"),
    "refused": (lambda h: h.send(status=403), "login-refused"),
    "broken": (lambda h: h.send(status=500), "server-error"),
    "round and round": (lambda h: h.send(status=302, Location="/again"), "redirects"),
    "to the machine's own secrets": (
        lambda h: h.send(status=302, Location="http://169.254.169.254/latest/"),
        "private-address",
    ),
    "to the house": (lambda h: h.send(status=301, Location="http://10.0.0.1/admin"), "private-address"),
    "to the neighbour by IPv6": (lambda h: h.send(status=307, Location="http://[::1]/"), "private-address"),
    "to another port here": (lambda h: h.send(status=302, Location="http://127.0.0.1:5432/"), "private-address"),
    "to a file": (lambda h: h.send(status=302, Location="file:///etc/passwd"), "bad-address"),
    "to nowhere": (lambda h: h.send(status=302, Location="http://[oops"), "bad-address"),
}
MILLION = gzip.compress(b"".join(events(100_000)), 1)


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_refused_with_a_clear_line_and_what_was_blocked_stays(
    name: str, coached: Coached, odd: OddServer
) -> None:
    answering, trouble = HOSTILE[name]
    noon = coached.noon()
    odd.answering = lambda handler: handler.send(calendar(event("dentist", noon)))
    source_id = coached.add(f"{odd.url}/secret.ics")
    assert coached.read(source_id).trouble is None
    odd.answering, odd.sent = answering, 0
    grown, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
    source = coached.read(source_id)
    assert source.trouble == trouble and source.failing_since
    assert time.monotonic() - began < 20
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - grown < MOST_GROWTH_KB
    assert odd.sent < 3 * MOST_BYTES, "reading stops early"
    assert [title for _, _, title in coached.busy()] == ["dentist"]
    odd.answering = lambda handler: handler.send(calendar())
    assert coached.read(source_id).trouble is None and coached.busy() == []


def test_every_trouble_has_a_sentence_of_its_own(coached: Coached) -> None:
    with coached.app.test_request_context():
        assert len({said(kind) for kind in KINDS}) == len(KINDS)


def drip(piece: bytes) -> Callable[[Handler], None]:
    """Bytes for ever, slowly."""

    def answer(handler: Handler) -> None:
        handler.close_connection = True
        for _ in range(600):
            handler.wfile.write(piece)
            handler.wfile.flush()
            time.sleep(0.05)

    return answer


@pytest.mark.parametrize(
    "answering",
    [
        lambda handler: time.sleep(30),
        drip(b"H"),
        lambda handler: (handler.stream(iter([HEAD])), drip(b"X")(handler)),
        lambda handler: (handler.wfile.write(b"HTTP/1.1 200 OK\r\n"), drip(b"X-A: b\r\n")(handler)),
    ],
    ids=["hangs", "drips a status", "drips a body", "drips headers"],
)
def test_whoever_is_slow_is_left_in_time(answering: Any, odd: OddServer) -> None:
    odd.answering = answering
    began = time.monotonic()
    with pytest.raises(Trouble) as trouble:
        call("GET", odd.url, Way([local_network("127.0.0.1")], seconds=1.0))
    assert trouble.value.kind in ("too-slow", "no-answer") and time.monotonic() - began < 2.5


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "0.0.0.0", "10.1.2.3", "192.168.0.1", "172.16.0.1", "169.254.169.254", "100.64.0.1"]
    + ["[::1]", "[::ffff:127.0.0.1]", "[::ffff:a00:1]", "[64:ff9b::a00:1]", "[2002:a00:1::]", "[fe80::1]", "[fd00::1]"]
    + ["2130706433", "0x7f.1", "224.0.0.1", "192.0.0.8", "[ff02::1]"],
)
def test_private_addresses_are_refused_however_they_are_written(host: str) -> None:
    with pytest.raises(Trouble) as trouble:
        call("GET", f"http://{host}/calendar.ics", Way(seconds=3))
    assert trouble.value.kind == "private-address"


def test_a_name_is_looked_up_once_and_the_call_goes_to_that_very_address(
    odd: OddServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever answers the second question with another address is never asked a second time."""
    asked: list[str] = []
    real = socket.getaddrinfo

    def rebinding(host: str, port: int, *more: Any, **options: Any) -> Any:
        if host[:1].isdigit():
            return real(host, port, *more, **options)
        asked.append(host)
        return real("127.0.0.1" if len(asked) == 1 else "127.0.0.2", port, *more, **options)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    answer = call("GET", odd.url.replace("127.0.0.1", "rebinding.example"), Way([local_network("127.0.0.1")]))
    assert answer.status == 200 and asked == ["rebinding.example"]
    assert odd.asked[0][2]["Host"] == f"rebinding.example:{odd.server_port}"


def test_a_password_goes_to_no_other_server_and_never_in_the_clear(odd: OddServer) -> None:
    with odd_server() as other:
        odd.answering = lambda handler: handler.send(status=302, Location=other.url)
        way = Way([local_network("127.0.0.1")], login=("iris", "up-hill-9"))
        assert call("GET", odd.url, way).status == 200
        assert "Authorization" in odd.asked[0][2] and "Authorization" not in other.asked[0][2]
    with pytest.raises(Trouble, match="not-secure"):
        call("GET", "http://8.8.8.8/", Way(login=("iris", "up-hill-9"), seconds=1))


def test_many_bad_calendars_keep_the_job_no_longer_than_one(coached: Coached, odd: OddServer) -> None:
    release = threading.Event()
    odd.answering = lambda handler: (release.wait(3), handler.send(status=500))[1]
    for number in range(8):
        coached.add(f"{odd.url}/{number}.ics")
    began = time.monotonic()
    with coached.app.app_context():
        from marketplace.calendars import service

        assert service.refresh_due(coached.settings) == 8
    release.set()
    assert time.monotonic() - began < 9
