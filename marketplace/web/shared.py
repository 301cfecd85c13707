"""Pages that are alike for everybody who brings nothing of her own: rendered once, sent many times.

For some seconds nobody asks whether such a page is still right (`front.lately`); then a search finds out, and only
what has changed is rendered again. What belongs to one answer only, the nonce and the CSRF token, is put in when it is
sent. Whoever is signed in, has told a story or keeps a coach has cookies that say so, and gets a page of her own.
"""

import re
import secrets
from collections.abc import Callable

from flask import Response, current_app, g, request, session
from flask_wtf.csrf import generate_csrf

from marketplace.memory import Memory
from marketplace.web.compression import Piece, joined
from marketplace.web.security import csp_nonce

NONCE, TOKEN = secrets.token_hex(16), secrets.token_hex(16)  # marks that nobody can write into a page
MARKS = re.compile(f"({NONCE}|{TOKEN})".encode())
ANYBODYS = frozenset({"timezone"})  # cookies that make nobody somebody
ANYBODYS_SESSION = frozenset({"csrf_token", "_fresh"})
Page = list[Piece]
_kept: Memory[Page] = Memory(30)  # of about 130 kB


def is_for_anybody() -> bool:
    """Whether who asks brings nothing but a time zone and the token of the pages before."""
    cookies = {*ANYBODYS, current_app.config["SESSION_COOKIE_NAME"]}
    return cookies.issuperset(request.cookies) and ANYBODYS_SESSION.issuperset(session)


def page(key: tuple[object, ...], render: Callable[[], str]) -> Page:
    """The page that `render` makes, kept under the key: all that it is made of, but for each answer's own."""
    return _kept.get(key, lambda: [Piece.of(part) for part in MARKS.split(_marked(render).encode())])


def answer(page: Page) -> Response:
    """The page with this answer's own put in."""
    own = {NONCE.encode(): Piece.once(csp_nonce().encode()), TOKEN.encode(): Piece.once(generate_csrf().encode())}
    return joined([own.get(each.plain, each) for each in page])


def _marked(render: Callable[[], str]) -> str:
    """The page with marks where the nonce and the token belong."""
    g.csp_nonce, g.csrf_token = NONCE, TOKEN
    try:
        return render()
    finally:
        del g.csp_nonce, g.csrf_token
