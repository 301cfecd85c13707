"""What happened, for whoever runs the site: one line of logfmt an event, to standard error."""

import json
import re
import sys
import traceback
from functools import partial

from marketplace import clock

PLAIN = re.compile(r"[^\s\"=\\]+")


def _write(level: str, event: str, *, exc_info: BaseException | None = None, **facts: object) -> None:
    if exc_info is not None:
        facts["exception"] = "".join(traceback.format_exception(exc_info))
    told = {"timestamp": clock.now().isoformat(), "level": level, "event": event} | facts
    sys.stderr.write(" ".join(f"{name}={_quoted(str(value))}" for name, value in told.items()) + "\n")


def _quoted(text: str) -> str:
    return text if PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)


info, warning, error = partial(_write, "info"), partial(_write, "warning"), partial(_write, "error")
