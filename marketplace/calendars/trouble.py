"""Why a calendar kept elsewhere could not be read or written. Pure; `wording.py` says it in words."""

KINDS = (
    "bad-address",
    "bad-certificate",
    "cut-off",
    "encoding",
    "key-changed",
    "login-refused",
    "no-answer",
    "no-calendars",
    "no-such-host",
    "not-a-calendar",
    "not-caldav",
    "not-found",
    "not-secure",
    "not-understood",
    "private-address",
    "redirects",
    "server-error",
    "too-large",
    "too-many-events",
    "too-often",
    "too-slow",
    "unknown-sign-in",
    "web-page",
    "write-refused",
)


class Trouble(Exception):
    """A calendar that can't be read or written now; `kind` is one of KINDS."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind if kind in KINDS else "not-understood"


def of_status(status: int, otherwise: str) -> str:
    """The kind of trouble that an HTTP status tells of where another was hoped for; `otherwise` where it tells none."""
    if status in (401, 403):
        return "login-refused"
    if status in (404, 410):
        return "not-found"
    return "server-error" if status >= 500 or status == 429 else otherwise
