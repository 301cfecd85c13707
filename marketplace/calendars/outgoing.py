"""The one way out to calendars of other people: by http(s), to public addresses, in bounded time and size.

A name is resolved once and the connection goes to that very address, so that nobody can answer the check with one
address and the call with another. Every redirect is a new call under the same rules. Nothing of a body that is too
large, also after unpacking, is read any further.
"""

import base64
import http.client
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urljoin

from marketplace.calendars import digest
from marketplace.calendars.addresses import is_allowed, is_public, login_of, normal, port_of, split
from marketplace.calendars.trouble import Trouble
from marketplace.settings import LocalNetwork

MOST_SECONDS = 10.0
MOST_BYTES = 5 * 1024 * 1024
MOST_REDIRECTS = 5
CHUNK = 64 * 1024
REDIRECTS = (301, 302, 303, 307, 308)
AGENT = "Runsight-Calendars/1"


@dataclass(frozen=True, slots=True)
class Way:
    """By what rules to call: who calls, what local places are allowed, and in how many seconds all must be over."""

    local: Sequence[LocalNetwork] = ()
    login: tuple[str, str] | None = field(default=None, repr=False)
    seconds: float = MOST_SECONDS


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of one server."""

    method: str
    parts: SplitResult
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; names of headers in lower case, `url` where it came from after all redirects, `challenges` how
    it wants to be signed in to."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    challenges: Sequence[str] = ()


def call(method: str, url: str, way: Way, *, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Answer:
    """Ask `url`, following redirects. Raises Trouble for whatever keeps an answer from coming in whole."""
    until = time.monotonic() + way.seconds
    login = way.login
    for _ in range(MOST_REDIRECTS + 1):
        parts = split(url)
        answer = _signed_in(Request(method, parts, headers or {}, body), until, way.local, login or login_of(parts))
        if answer.status not in REDIRECTS or "location" not in answer.headers:
            return answer
        if answer.status == 303 and method != "GET":
            raise Trouble("redirects")
        try:
            url = normal(urljoin(url, answer.headers["location"]))
        except ValueError:
            raise Trouble("bad-address") from None
        if _server(split(url)) != _server(parts):
            login = None  # what she trusted one server with is not for another
    raise Trouble("redirects")


def _signed_in(request: Request, until: float, local: Sequence[LocalNetwork], login: tuple[str, str] | None) -> Answer:
    """What comes of asking as a person, by her password or, where the server wants that, by Digest. Trouble
    `unknown-sign-in` where it wants something else."""
    if login is None:
        return _ask(request, until, local)
    answer = _ask(request, until, local, _basic(login))
    if answer.status != 401 or not answer.challenges or digest.is_asked(answer.challenges, "basic"):
        return answer
    word = digest.answer(answer.challenges, login, request.method, request.parts.geturl())
    if word is None:
        raise Trouble("unknown-sign-in")
    return _ask(request, until, local, word)


def _basic(login: tuple[str, str]) -> str:
    return f"Basic {base64.b64encode(f'{login[0]}:{login[1]}'.encode()).decode()}"


def _server(parts: SplitResult) -> tuple[str, str | None, int]:
    return parts.scheme, parts.hostname, port_of(parts)


def _ask(request: Request, until: float, local: Sequence[LocalNetwork], authorization: str = "") -> Answer:
    parts, target = request.parts, request.parts.path or "/"
    target += f"?{parts.query}" if parts.query else ""
    headers = {**request.headers, "User-Agent": AGENT, "Accept-Encoding": "gzip", "Connection": "close"}
    try:
        ip, is_local = _resolved(parts, local)
        if authorization:
            if parts.scheme != "https" and not is_local:
                raise Trouble("not-secure")
            headers["Authorization"] = authorization
        with _connected(parts, ip, until) as connection:
            connection.request(request.method, target, body=request.body or None, headers=headers)
            response = connection.getresponse()
            named = {name.lower(): value for name, value in response.getheaders()}
            asked = response.headers.get_all("WWW-Authenticate", ())
            answer = Answer(response.status, named, _body(response, named), parts.geturl(), asked)
        if time.monotonic() >= until:  # shut by the watch, which looks like an end
            raise Trouble("too-slow")
        return answer
    except ssl.SSLCertVerificationError:
        raise Trouble("bad-certificate") from None
    except http.client.InvalidURL:
        raise Trouble("bad-address") from None
    except (OSError, http.client.HTTPException, ValueError, AttributeError) as error:  # AttributeError: shut mid-read
        if time.monotonic() >= until or isinstance(error, TimeoutError):
            raise Trouble("too-slow") from None
        raise Trouble("cut-off" if isinstance(error, http.client.IncompleteRead) else "no-answer") from None


def _resolved(parts: SplitResult, local: Sequence[LocalNetwork]) -> tuple[str, bool]:
    """The one address that will be called and whether it is an allowed local one; all of a name's must be fit."""
    port = port_of(parts)
    try:
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (socket.gaierror, UnicodeError):
        raise Trouble("no-such-host") from None
    addresses = [str(each[4][0]) for each in found]
    is_local = [is_allowed(ip, port, local) for ip in addresses]
    if not all(near or is_public(ip) for ip, near in zip(addresses, is_local, strict=True)):
        raise Trouble("private-address")
    families = [each[0] for each in found]
    first = families.index(socket.AF_INET) if socket.AF_INET in families else 0
    return addresses[first], is_local[first]


@contextmanager
def _connected(parts: SplitResult, ip: str, until: float) -> Iterator[http.client.HTTPConnection]:
    """A connection to that address that is shut when the time is over, however slowly the other side drips."""
    remaining = until - time.monotonic()
    if remaining <= 0:
        raise Trouble("too-slow")
    host, port = parts.hostname or "", port_of(parts)
    with socket.create_connection((ip, port), timeout=remaining) as plain, plain.dup() as guard:
        watch = threading.Timer(max(0.0, until - time.monotonic()), _shut, [guard])
        watch.daemon = True
        watch.start()
        connection = http.client.HTTPConnection(host, port)
        try:
            connection.sock = plain
            if parts.scheme == "https":
                context = ssl.create_default_context()
                connection = http.client.HTTPSConnection(host, port, context=context)
                connection.sock = context.wrap_socket(plain, server_hostname=host)
            yield connection
        finally:
            watch.cancel()
            connection.close()
            _shut(guard)


def _shut(connected: socket.socket) -> None:
    try:
        connected.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # it was over already


def _body(response: http.client.HTTPResponse, headers: Mapping[str, str]) -> bytes:
    encoding = headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "", "gzip", "x-gzip", "deflate"):
        raise Trouble("not-understood")
    unpack = zlib.decompressobj(47) if encoding not in ("identity", "") else None
    if int(headers.get("content-length") or 0) > MOST_BYTES:
        raise Trouble("too-large")
    whole, packed = bytearray(), 0
    while chunk := response.read(CHUNK):
        packed += len(chunk)
        try:
            whole += unpack.decompress(chunk, MOST_BYTES + 1 - len(whole)) if unpack else chunk
        except zlib.error:
            raise Trouble("not-understood") from None
        if max(len(whole), packed) > MOST_BYTES:
            raise Trouble("too-large")
    if response.length or (unpack and packed and not unpack.eof):
        raise Trouble("cut-off")
    return bytes(whole)
