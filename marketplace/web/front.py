"""Answers that are anybody's, sent again for some seconds before the site is even asked.

A view whose answer is made of its address alone, whoever asks, says so by `for_anybody()`. Its answers are kept whole
in the process, and forgotten when something changes there (`forget`, and `Memory` that is fleeting).
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple
from weakref import WeakSet

from flask import Flask, request
from prometheus_client import Counter

from marketplace.memory import Memory
from marketplace.web.health import ANSWERS
from marketplace.web.shared import SECONDS

MARK = "runsight.anybodys"
MOST = 200
Wsgi = Callable[..., Iterable[bytes]]


class Kept(NamedTuple):
    """An answer as it was sent, and its counter."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes
    counter: Counter


def register(app: Flask) -> None:
    """Stand before the site."""
    app.wsgi_app = Front(app.wsgi_app)  # type: ignore[method-assign]


def for_anybody() -> None:
    """This answer is the same for whoever asks for the address."""
    request.environ[MARK] = request.endpoint


def forget() -> None:
    """What such answers are made of has changed."""
    for each in list(_fronts):
        each.kept.forget()


class Front:
    """WSGI: sends what is kept for an address and the encodings that are taken, else asks the site."""

    def __init__(self, app: Wsgi) -> None:
        self.app = app
        self.kept: Memory[Kept] = Memory(MOST, SECONDS, fleeting=True)
        _fronts.add(self)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET":
            return self.app(environ, start_response)
        asked = environ.get("PATH_INFO"), environ.get("QUERY_STRING"), environ.get("HTTP_ACCEPT_ENCODING")
        kept = self.kept.find(asked)
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
