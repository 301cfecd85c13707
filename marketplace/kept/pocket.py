"""What a browser keeps of itself, in a signed cookie of its own that outlasts its being closed: coaches kept before
signing in, and those seen lately. At their most and longest they are half of what a cookie holds."""

from datetime import timedelta
from typing import Any

from flask import Response, current_app, g, request
from itsdangerous import BadData, URLSafeSerializer

from marketplace.errors import Conflict
from marketplace.kept.policy import MOST_SEEN, MOST_WITHOUT_ACCOUNT, newest_first
from marketplace.settings import Settings

KEPT, SEEN = "kept", "seen"
LASTS = timedelta(days=180)


def kept() -> list[str]:
    """The addresses of the coaches kept here, the latest first."""
    return _list(KEPT)


def keep(slug: str) -> None:
    """Keep her; Conflict `favourites-full` when there is no room."""
    if slug not in kept() and len(kept()) >= MOST_WITHOUT_ACCOUNT:
        raise Conflict("favourites-full", most=MOST_WITHOUT_ACCOUNT, is_signed_in=False)
    _put(KEPT, newest_first(kept(), slug, MOST_WITHOUT_ACCOUNT))


def drop(slug: str) -> None:
    """Keep her no longer."""
    _put(KEPT, [each for each in kept() if each != slug])


def take_all() -> list[str]:
    """The coaches kept here, who are kept elsewhere from now on."""
    taken = kept()
    _put(KEPT, [])
    return taken


def seen() -> list[str]:
    """The addresses of the profiles looked at lately, the last one first."""
    return _list(SEEN)


def see(slug: str) -> None:
    """Remember that her profile was looked at."""
    _put(SEEN, newest_first(seen(), slug, MOST_SEEN))


def forget_seen() -> None:
    """No profile was looked at."""
    _put(SEEN, [])


def send(response: Response) -> None:
    """Give the browser what has changed."""
    if not g.get("pocket_changed"):
        return
    held = {name: slugs for name, slugs in _pocket().items() if slugs}
    if not held:
        response.delete_cookie(_name(), path="/")
        return
    response.set_cookie(
        _name(),
        str(_serializer().dumps(held)),
        max_age=LASTS,
        path="/",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def _put(name: str, slugs: list[str]) -> None:
    if slugs != _list(name):
        _pocket()[name] = slugs
        g.pocket_changed = True


def _list(name: str) -> list[str]:
    found = _pocket().get(name)
    return list(found) if isinstance(found, list) else []


def _pocket() -> dict[str, Any]:
    """What the cookie holds, read once a request; nothing when it is not one of ours."""
    if "pocket" not in g:
        try:
            held = _serializer().loads(request.cookies.get(_name(), ""))
        except BadData:
            held = {}
        g.pocket = held if isinstance(held, dict) else {}
    found: dict[str, Any] = g.pocket
    return found


def _name() -> str:
    return "__Host-kept" if current_app.config["SESSION_COOKIE_SECURE"] else "kept"


def _serializer() -> URLSafeSerializer:
    settings: Settings = current_app.extensions["settings"]
    return URLSafeSerializer(settings.secret_key, salt="kept.pocket")
