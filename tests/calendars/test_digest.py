"""Servers that ask for Digest: what is answered is worked out again, by the words of RFC 7616."""

import base64
import hashlib
import secrets
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from marketplace.calendars import digest, queries, service
from marketplace.calendars.outgoing import Way, call
from marketplace.calendars.trouble import Trouble
from marketplace.db import new_id
from marketplace.settings import local_network
from tests.calendars.conftest import Coached
from tests.calendars.servers import PASSWORD, USER, Handler, OddServer, Radicale, calendar, event

LOGIN = (USER, PASSWORD)
HASHES: dict[str, Any] = {"MD5": hashlib.md5, "SHA-256": hashlib.sha256}
WAY = Way([local_network("127.0.0.1")], login=LOGIN)


def challenge(algorithm: str, nonce: str) -> str:
    return f'Digest realm="up the hill", qop="auth", algorithm={algorithm}, nonce="{nonce}", opaque="o,p"'


def is_right(header: str, method: str, password: str = PASSWORD) -> bool:
    """Whether the response in an Authorization header is that of the password."""
    scheme, _, rest = header.partition(" ")
    if scheme != "Digest":
        return False
    said = urllib.request.parse_keqv_list(urllib.request.parse_http_list(rest))
    hashed = HASHES[said["algorithm"]]

    def h(*parts: str) -> str:
        return str(hashed(":".join(parts).encode()).hexdigest())

    first, second = h(USER, "up the hill", password), h(method, said["uri"])
    right = h(first, said["nonce"], said["nc"], said["cnonce"], said["qop"], second)
    return said["username"] == USER and said["opaque"] == "o,p" and said["response"] == right


class Guard:
    """Lets those who sign in by Digest through to a Radicale; each challenge is good for one request."""

    def __init__(self, behind: Radicale, *algorithms: str) -> None:
        self.behind, self.algorithms, self.nonces = behind, algorithms, set[str]()

    def __call__(self, handler: Handler) -> None:
        header = handler.headers.get("Authorization", "")
        nonce = next((each for each in self.nonces if f'nonce="{each}"' in header), None)
        if nonce is None or not is_right(header, handler.command):
            self.refuse(handler)
            return
        self.nonces.remove(nonce)
        assert f'uri="{handler.path}"' in header
        basic = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        headers = {name: handler.headers[name] for name in ("Content-Type", "Depth") if name in handler.headers}
        request = urllib.request.Request(f"{self.behind.url}{handler.path}", handler.body or None, headers)
        request.add_header("Authorization", f"Basic {basic}")
        request.method = handler.command
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                handler.send(answer.read(), answer.status, Content_Type=answer.headers.get("Content-Type", ""))
        except urllib.error.HTTPError as error:
            handler.send(error.read(), error.code)

    def refuse(self, handler: Handler) -> None:
        handler.send_response(401)
        for algorithm in self.algorithms:
            self.nonces.add(nonce := secrets.token_hex(8))
            handler.send_header("WWW-Authenticate", challenge(algorithm, nonce))
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        handler.close_connection = True


@pytest.fixture
def guarded(coached: Coached, odd: OddServer, radicale_server: Radicale) -> Iterator[OddServer]:
    odd.answering = Guard(radicale_server, "MD5", "SHA-256")
    yield odd
    for each in radicale_server.principal().calendars():
        each.delete()


@pytest.mark.filterwarnings("ignore")
def test_a_calendar_behind_digest_is_found_read_and_written(
    coached: Coached, guarded: OddServer, radicale_server: Radicale
) -> None:
    there = radicale_server.principal().make_calendar(name="Private")
    there.save_event(calendar(event("dentist", coached.noon())).decode())
    with coached.rows() as session:
        given = {"server": guarded.url, "user": USER, "password": PASSWORD}
        account = service.add_account(
            session, coached.coach.id, account_id=new_id(), settings=coached.settings, **given
        )
    coached.work()
    with coached.rows() as session:
        (source,) = queries.sources(session, coached.coach.id)
        assert queries.account(session, account.id, coached.coach.id).trouble is None
        service.choose(session, coached.coach.id, blocks={source.id}, writes=source.id)
        service.write(session, coached.coach.id, holder := new_id(), calendar(event("visit", coached.noon(5))).decode())
    coached.work()
    assert coached.why_closed(coached.noon()) == "busy"
    assert {each.icalendar_component["UID"] for each in there.events()} == {"dentist", "visit"}
    with coached.rows() as session:
        service.take_out(session, holder)
    coached.work()
    assert len(there.events()) == 1
    asked = [headers["Authorization"] for _, _, headers in guarded.asked]
    assert all("SHA-256" in each for each in asked if each.startswith("Digest")), "the stronger one is taken"


def test_a_wrong_password_is_refused_after_one_more_try(odd: OddServer, radicale_server: Radicale) -> None:
    odd.answering = Guard(radicale_server, "SHA-256")
    assert call("GET", odd.url, Way(WAY.local, login=(USER, "guessed"))).status == 401
    assert len(odd.asked) == 2


@pytest.mark.parametrize("asked", ["Negotiate", 'Bearer realm="x"', 'Digest realm="x", nonce="1", algorithm=ROT13'])
def test_a_sign_in_that_nobody_here_speaks_is_said(odd: OddServer, asked: str) -> None:
    odd.answering = lambda handler: handler.send(status=401, WWW_Authenticate=asked)
    with pytest.raises(Trouble, match="unknown-sign-in"):
        call("GET", odd.url, WAY)
    assert call("GET", odd.url, Way(WAY.local)).status == 401, "nothing is said to who has no password"


@pytest.mark.parametrize(
    "asked", [(), ('Basic realm="x"',), ("Negotiate", "Basic"), ('Digest realm="x", Basic realm="y"',)]
)
def test_who_takes_the_password_as_it_is_has_refused_it(odd: OddServer, asked: tuple[str, ...]) -> None:
    def refuse(handler: Handler) -> None:
        handler.send_response(401)
        for each in asked:
            handler.send_header("WWW-Authenticate", each)
        handler.send_header("Content-Length", "0")
        handler.end_headers()
        handler.close_connection = True

    odd.answering = refuse
    assert call("GET", odd.url, WAY).status == 401 and len(odd.asked) == 1


def test_challenges_in_one_line_are_told_apart() -> None:
    line = f"Negotiate, {challenge('MD5', '1')}, {challenge('SHA-256', '2')}"
    header = digest.answer([line], LOGIN, "REPORT", "https://example.com/a/b?c=d")
    assert header and 'nonce="2"' in header and 'uri="/a/b?c=d"' in header and is_right(header, "REPORT")
    assert digest.answer(["Digest nonsense", "Basic"], LOGIN, "GET", "https://example.com/") is None
