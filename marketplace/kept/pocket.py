"""What a browser keeps of itself, in its signed cookie: coaches kept before signing in, and those seen lately."""

from flask import session as cookie

from marketplace.errors import Conflict
from marketplace.kept.policy import MOST_SEEN, MOST_WITHOUT_ACCOUNT, newest_first

KEPT, SEEN = "kept", "seen"
MOST_LETTERS = {KEPT: 600, SEEN: 300}  # a cookie holds 4 kB, most of it for the story's quotes


def kept() -> list[str]:
    """The addresses of the coaches kept here, the latest first."""
    return _list(KEPT)


def keep(slug: str) -> None:
    """Keep her; Conflict `favourites-full` when there is no room."""
    if len(kept()) >= MOST_WITHOUT_ACCOUNT and slug not in kept() or not _put(KEPT, slug, MOST_WITHOUT_ACCOUNT):
        raise Conflict("favourites-full", most=len(kept()), is_signed_in=False)


def drop(slug: str) -> None:
    """Keep her no longer."""
    cookie[KEPT] = [each for each in kept() if each != slug]


def take_all() -> list[str]:
    """The coaches kept here, who are kept elsewhere from now on."""
    taken = kept()
    cookie.pop(KEPT, None)
    return taken


def seen() -> list[str]:
    """The addresses of the profiles looked at lately, the last one first."""
    return _list(SEEN)


def see(slug: str) -> None:
    """Remember that her profile was looked at; the oldest goes when there is no room."""
    if seen()[:1] == [slug]:
        return
    while not _put(SEEN, slug, MOST_SEEN) and seen():
        cookie[SEEN] = seen()[:-1]


def forget_seen() -> None:
    """No profile was looked at."""
    cookie.pop(SEEN, None)


def _put(name: str, slug: str, most: int) -> bool:
    """Put her in front; False, and nothing is done, when the cookie would grow too large."""
    slugs = newest_first(_list(name), slug, most)
    if sum(map(len, slugs)) > MOST_LETTERS[name]:
        return False
    cookie[name] = slugs
    return True


def _list(name: str) -> list[str]:
    found = cookie.get(name)
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []
