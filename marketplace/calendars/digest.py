"""Signing in by Digest (RFC 7616), which some CalDAV servers ask for in place of a password as it is."""

import re
from collections.abc import Sequence
from typing import Any

WEAK = ("", "MD5", "MD5-SESS")


def is_asked(challenges: Sequence[str], scheme: str) -> bool:
    """Whether one of the WWW-Authenticate headers of an answer names this scheme."""
    return any(re.search(rf"(?i)(?:^|,)\s*{scheme}(?:\s|,|$)", each) for each in challenges)


def answer(challenges: Sequence[str], login: tuple[str, str], method: str, url: str) -> str | None:
    """The Authorization header for the strongest of the challenges that can be met; None where none can."""
    from requests.utils import parse_dict_header  # with what it brings along, for those calendars only

    texts = [part for each in challenges for part in re.split(r"(?i)(?:^|,)\s*digest\s+", each)[1:]]
    asked: list[dict[str, Any]] = [parse_dict_header(text) for text in texts]
    fit = (_met(each, login, method, url) for each in sorted(asked, key=_is_weak) if {"realm", "nonce"} <= each.keys())
    return next((header for header in fit if header), None)


def _is_weak(challenge: dict[str, Any]) -> bool:
    return str(challenge.get("algorithm", "")).upper() in WEAK


def _met(challenge: dict[str, Any], login: tuple[str, str], method: str, url: str) -> str | None:
    from requests.auth import HTTPDigestAuth

    one = HTTPDigestAuth(*login)
    one.init_per_thread_state()
    one._thread_local.chal = challenge  # the library offers this only within a session of its own
    return one.build_digest_header(method, url)
