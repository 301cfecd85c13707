"""Runs `printer` on words, in a process with limits: the web process never holds what drawing a file takes."""

import json
import subprocess  # nosec B404
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from marketplace import log
from marketplace.admin.evidence import Section
from marketplace.errors import Conflict

PRINTER = Path(__file__).with_name("printer.py")
MOST_SECONDS = 15


def printed(title: str, sections: Sequence[Section]) -> bytes:
    """A PDF file of these sections. Conflict `not-printed` when it takes too long or too much."""
    words = json.dumps({"title": title, "sections": [asdict(each) for each in sections]}).encode()
    command = [sys.executable, "-I", str(PRINTER)]
    try:
        done = subprocess.run(  # noqa: S603  # nosec B603
            command, input=words, capture_output=True, timeout=MOST_SECONDS, env={}, check=True
        )
    except (subprocess.SubprocessError, OSError) as error:
        log.error("not printed", error=repr(error), why=getattr(error, "stderr", b"")[-500:])
        raise Conflict("not-printed") from None
    return done.stdout
