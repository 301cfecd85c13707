"""What anybody gets at an address is made once in some seconds: whole answers, sent before the site is even asked, and
what pages are made of.

A view whose answer is made of its address alone, whoever asks, says so by `for_anybody()`. One whose answer differs by
language and zone, or holds something of each visitor's own, asks `lately` for what others got, where who asks brings
nothing of her own (`shared.is_for_anybody`). All of it is forgotten when something changes in the process (`forget`,
and `Memory` that is fleeting).
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple, TypeVar
from weakref import WeakSet

from flask import Flask, current_app, request
from prometheus_client import Counter

from marketplace.memory import Memory
from marketplace.web.health import ANSWERS

FRONT, MARK = "runsight.front", "runsight.anybodys"
MOST, SECONDS = 100, 3.0  # a page is about 130 kB
Made = TypeVar("Made")
Wsgi = Callable[..., Iterable[bytes]]


class Kept(NamedTuple):
    """An answer as it was sent, and its counter."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    counter: Counter


def register(app: Flask) -> None:
    """Stand before the site."""
    app.wsgi_app = app.extensions[FRONT] = Front(app.wsgi_app)  # type: ignore[method-assign]


def for_anybody() -> None:
    """This answer is the same for whoever asks for the address."""
    request.environ[MARK] = request.endpoint


def lately(make: Callable[[], Made]) -> Made:
    """What `make` makes of this address for anybody, or what it made some seconds ago."""
    asked = "made", request.script_root, request.full_path, request.cookies.get("timezone")
    made: Made = current_app.extensions[FRONT].kept.get(asked, make)
    return made


def forget() -> None:
    """What such answers are made of has changed."""
    for each in list(_fronts):
        each.kept.forget()


class Front:
    """WSGI: sends what is kept for an address and the encodings that are taken, else asks the site."""

    def __init__(self, app: Wsgi) -> None:
        self.app = app
        self.kept: Memory[Any] = Memory(MOST, SECONDS, fleeting=True)
        _fronts.add(self)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET":
            return self.app(environ, start_response)
        asked = "sent", environ.get("PATH_INFO"), environ.get("QUERY_STRING"), environ.get("HTTP_ACCEPT_ENCODING")
        kept: Kept | None = self.kept.find(asked)
        if kept is not None:
            kept.counter.inc()
            start_response(kept.status, list(kept.headers))
            return (kept.body,)
        return self._asked(asked, environ, start_response)

    def _asked(self, asked: tuple[object, ...], environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        told: list[Any] = []

        def tell(*status_and_headers: Any) -> Any:
            told[:] = status_and_headers
            return start_response(*status_and_headers)

        answer = self.app(environ, tell)
        endpoint = environ.get(MARK)
        if endpoint is None or not told[0].startswith("200") or any(name == "Set-Cookie" for name, _ in told[1]):
            return answer
        body = b"".join(answer)
        answer.close()  # type: ignore[attr-defined]
        self.kept.put(asked, Kept(told[0], list(told[1]), body, ANSWERS.labels(endpoint, 200)))
        return (body,)


_fronts: WeakSet[Front] = WeakSet()
