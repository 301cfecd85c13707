"""`python -m marketplace.stripe_sandbox PORT FOLDER`: the sandbox until it is told to stop."""

import contextlib
import signal
import sys
from pathlib import Path
from types import FrameType

from marketplace.stripe_sandbox.app import create_sandbox
from marketplace.stripe_sandbox.server import serve


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _stop)
    with contextlib.suppress(KeyboardInterrupt):
        serve(create_sandbox(Path(sys.argv[2])), int(sys.argv[1]))
