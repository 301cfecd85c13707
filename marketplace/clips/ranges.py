"""Parts of a file that a player asks for (RFC 9110, section 14). Pure.

One part at a time: a request for several is answered with the whole file, as the standard allows.
"""

import re
from typing import NamedTuple

_ONE = re.compile(r"bytes\s*=\s*(\d*)\s*-\s*(\d*)\s*", re.IGNORECASE)
MOST_DIGITS = 18


class Part(NamedTuple):
    """Bytes `start` to `end`, the last one included."""

    start: int
    end: int


class Unsatisfiable(Exception):
    """The part lies outside the file: 416."""


def asked(header: str | None, size: int) -> Part | None:
    """The part of a file of `size` bytes that a Range header asks for; None means the whole file.

    A header that can't be read counts as none. Raises Unsatisfiable when nothing of the part exists.
    """
    found = _ONE.fullmatch(header.strip()) if header else None
    if found is None or max(len(found[1]), len(found[2])) > MOST_DIGITS:
        return None
    first, last = found[1], found[2]
    if not first:
        return _last_bytes(int(last), size) if last else None
    start, end = int(first), int(last) if last else size - 1
    if last and end < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return Part(start, min(end, size - 1))


def _last_bytes(count: int, size: int) -> Part:
    if count == 0 or size == 0:
        raise Unsatisfiable
    return Part(max(0, size - count), size - 1)
