"""Makes a PDF file of a receipt by a program of its own: what it needs of memory is gone with it."""

import json
import subprocess  # nosec B404
import sys
from collections.abc import Mapping
from pathlib import Path

from marketplace import log

MOST_SECONDS = 20
PROGRAM = Path(__file__).with_name("printer.py")


class Unprintable(Exception):
    """No file came of it."""


def printed(words: Mapping[str, object]) -> bytes:
    """The file that says `words` (as `receipt_words.said` has them). Takes about half a second. Raises Unprintable."""
    command = [sys.executable, "-I", str(PROGRAM)]
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603
            command, input=json.dumps(words).encode(), capture_output=True, timeout=MOST_SECONDS, env={}, check=True
        )
    except subprocess.SubprocessError as error:
        log.error("receipt can't be printed", reason=str(getattr(error, "stderr", None) or error)[-500:])
        raise Unprintable from error
    return done.stdout
