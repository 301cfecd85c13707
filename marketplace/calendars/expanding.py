"""Runs `reader` on what was fetched, in a process with limits: however a calendar is made, this one stays well."""

import json
import subprocess  # nosec B404
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from marketplace import log
from marketplace.calendars.trouble import Trouble

READER = Path(__file__).with_name("reader.py")
MOST_SECONDS = 8.0
Busy = tuple[int, int, str]
"""From and until in UTC seconds since 1970, and what it is called."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What a calendar is read by: for which time (UTC seconds), whose zone, and who she is in it.

    `own_host`: entries with ids of it are our own. `calendar_zone`: where its whole days lie, if it says so.
    """

    since: int
    until: int
    zone: str
    addresses: Sequence[str]
    own_host: str
    calendar_zone: str = ""


def busy(raw: bytes, frame: Frame, *, charset: str = "", seconds: float = MOST_SECONDS) -> list[Busy]:
    """All that the calendar says is taken, in order. Trouble for what can't be read in this time and memory."""
    asked = json.dumps(asdict(frame) | {"charset": charset}).encode()
    command = [sys.executable, "-I", str(READER)]
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603
            command, input=asked + b"\n" + raw, capture_output=True, timeout=seconds, env={}, check=True
        )
        answer = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError, OSError) as error:
        log.info("calendar not read", reason=_reason(error))
        raise Trouble("too-slow") from None
    if "trouble" in answer:
        log.info("calendar not read", reason=answer["trouble"], error=answer.get("error"))
        raise Trouble(answer["trouble"])
    return [(start, end, title) for start, end, title in answer["busy"]]


def _reason(error: Exception) -> str:
    return (str(getattr(error, "stderr", None) or "") or type(error).__name__)[-200:]
