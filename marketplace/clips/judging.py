"""Runs `probe` on a stored file, in a process with limits, and judges what it says."""

import json
import subprocess  # nosec B404
import sys
from pathlib import Path

from marketplace import log
from marketplace.clips.video import Video, judged
from marketplace.errors import Invalid

MOST_SECONDS = 40
PROBE = Path(__file__).with_name("probe.py")


def judge(path: Path) -> Video:
    """What video the file is, by its content. Invalid `no-video`, `too-long`, `odd-picture`. Takes about a second."""
    command = [sys.executable, "-I", str(PROBE), str(path)]
    try:
        answer = subprocess.run(command, capture_output=True, timeout=MOST_SECONDS, env={}, check=True)  # noqa: S603  # nosec B603
        facts = json.loads(answer.stdout)
    except (subprocess.SubprocessError, ValueError) as error:
        log.info("no video", reason=_reason(error))
        raise Invalid("no-video", field="file") from None
    return judged(facts)


def _reason(error: Exception) -> str:
    return str(getattr(error, "stderr", None) or error)[:300]
