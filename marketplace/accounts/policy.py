"""Rules of signing in: how often one may try, what a password must be, where one may be sent after,
which reminders one wants. Pure."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from marketplace.errors import DomainError, Invalid

WINDOW = timedelta(minutes=15)
MOST_FAILURES_FOR_ADDRESS = 10
MOST_FAILURES_FROM_CLIENT = 50
MAIL_WINDOW = timedelta(hours=1)
MOST_MAILS_FOR_CLIENT = 120  # registrations and mails asked for in MAIL_WINDOW; a club may share one connection
LINK_LIVES = timedelta(days=3)
RESET_LINK_LIVES = timedelta(hours=1)
MAILS_APART = timedelta(minutes=2)  # the same mail is not sent to one person twice within this time
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 200
LONGEST_ADDRESS = 254  # RFC 5321


class Reminders(StrEnum):
    """Which reminders a person wants by mail."""

    ALL = "all"
    DAY_BEFORE = "day-before"  # none in the last hours
    NONE = "none"

    def wants(self, hours: int) -> bool:
        """Whether she wants one that comes so many hours ahead."""
        return self is Reminders.ALL or (self is Reminders.DAY_BEFORE and hours >= 24)


# What passwords are mostly made of; compared after digits and signs at the ends are taken off.
_COMMON_WORDS = """
    password passwort passw motdepasse secret letmein welcome bienvenue admin administrator login access master
    qwerty qwertyuiop qwertz azerty azertyuiop asdfgh asdfghjkl zxcvbn zxcvbnm qazwsx qazwsxedc abcdef abcdefgh
    iloveyou jetaime loveme lovely princess princesse sunshine soleil monkey dragon shadow superman batman starwars
    pokemon football soccer baseball basketball hockey chocolate chocolat computer internet samsung google facebook
    michael jennifer jessica charlie jordan daniel thomas nicolas hunter trustno freedom whatever hello bonjour
    canada quebec ottawa toronto montreal runner running marathon runsight coach doudou loulou
"""
_COMMON = frozenset(_COMMON_WORDS.split())
_RUNS = "01234567890123456789 abcdefghijklmnopqrstuvwxyz qwertyuiopasdfghjklzxcvbnm azertyuiopqsdfghjklmwxcvbn"
_LOOKALIKES = str.maketrans("0134578@$!", "oieastbasi")
_ENDS = re.compile(r"^[\d\W_]+|[\d\W_]+$")


class TooOften(DomainError):
    """Too many tries; `minutes` to wait."""

    status = 429


def wait(failures: Sequence[datetime], most: int, now: datetime, window: timedelta = WINDOW) -> timedelta:
    """How long until another try is allowed, given the instants of past failures; nothing when it is now."""
    recent = sorted(at for at in failures if at > now - window)
    return recent[-most] + window - now if len(recent) >= most else timedelta(0)


def check_password(password: str, *, email: str, field: str = "password") -> None:
    """Refuse what is too short, too long, or among the first that somebody would guess."""
    if len(password) < SHORTEST_PASSWORD:
        raise Invalid("password-short", field=field, least=SHORTEST_PASSWORD)
    if len(password) > LONGEST_PASSWORD:
        raise Invalid("password-long", field=field, most=LONGEST_PASSWORD)
    if _is_common(password) or password.casefold() in (email, email.partition("@")[0]):
        raise Invalid("password-common", field=field)


def _is_common(password: str) -> bool:
    lower = password.casefold()
    bare = _ENDS.sub("", lower)
    stems = {bare, _ENDS.sub("", lower.translate(_LOOKALIKES)), bare.translate(_LOOKALIKES)}
    if stems & _COMMON or len(set(lower)) <= 2:
        return True
    return any(run in _RUNS or run in _RUNS[::-1] for run in (lower, bare) if len(run) >= SHORTEST_PASSWORD - 2)


def safe_path(target: str, host: str) -> str | None:
    """The path (and query) of `target` when it leads into this site, else None; never another host."""
    if not target or re.search(r"[\x00-\x20\x7f\\]", target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    foreign = parts.scheme not in ("http", "https") or parts.netloc != host
    if (parts.scheme or parts.netloc) and foreign:
        return None
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    return path if path.startswith("/") and not path.startswith("//") else None
