"""Makes a PDF file by a program of its own: what drawing takes of memory is gone with it."""

import json
import subprocess  # nosec B404
import sys
from collections.abc import Sequence
from pathlib import Path

from marketplace import log
from marketplace.errors import Conflict

MOST_SECONDS = 20
PROGRAM = Path(__file__).with_name("printer.py")
Block = tuple[object, ...]
"""A kind of `printer.Paper`'s methods, and what it takes: ("heading", "Receipt"), ("facts", pairs)…"""


def printed(title: str, blocks: Sequence[Block]) -> bytes:
    """The file of these blocks; takes about half a second. Conflict `not-printed` for too much or too long."""
    command = [sys.executable, "-I", str(PROGRAM)]
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603
            command, input=json.dumps((title, blocks)).encode(), capture_output=True, timeout=MOST_SECONDS, env={},
            check=True,
        )  # fmt: skip
    except (subprocess.SubprocessError, OSError) as error:
        log.error("not printed", title=title, reason=str(getattr(error, "stderr", None) or error)[-500:])
        raise Conflict("not-printed") from error
    return done.stdout
