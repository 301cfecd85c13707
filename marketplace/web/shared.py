"""Pages that are alike for everybody who brings nothing of her own: rendered once, sent many times.

What belongs to one answer only, the nonce and the CSRF token, is put in when it is sent. Whoever is signed in, has told
a story or keeps a coach has cookies that say so, and gets a page of her own.
"""

import re
import secrets
from collections.abc import Callable

from flask import Response, current_app, g, request, session
from flask_wtf.csrf import generate_csrf

from marketplace.memory import Memory
from marketplace.web.security import csp_nonce

NONCE, TOKEN = secrets.token_hex(16), secrets.token_hex(16)  # marks that nobody can write into a page
MARKS = re.compile(f"({NONCE}|{TOKEN})".encode())
ANYBODYS = frozenset({"timezone"})  # cookies that make nobody somebody
ANYBODYS_SESSION = frozenset({"csrf_token", "_fresh"})
_kept: Memory[list[bytes]] = Memory(40)  # pages of about 150 kB


def is_for_anybody() -> bool:
    """Whether who asks brings nothing but a time zone and the token of the pages before."""
    cookies = {*ANYBODYS, current_app.config["SESSION_COOKIE_NAME"]}
    return cookies.issuperset(request.cookies) and ANYBODYS_SESSION.issuperset(session)


def page(key: tuple[object, ...], render: Callable[[], str]) -> Response:
    """The page that `render` makes, kept under the key: all that it is made of, but for this answer's own."""
    parts = _kept.get(key, lambda: MARKS.split(_marked(render).encode()))
    own = {NONCE.encode(): csp_nonce().encode(), TOKEN.encode(): generate_csrf().encode()}
    return Response(b"".join([own.get(part, part) for part in parts]), mimetype="text/html")


def _marked(render: Callable[[], str]) -> str:
    """The page with marks where the nonce and the token belong."""
    g.csp_nonce, g.csrf_token = NONCE, TOKEN
    try:
        return render()
    finally:
        del g.csp_nonce, g.csrf_token
