"""Faults on request: the next calls of a path fail, answer late, or lose their answer; a list of all calls."""

import threading
from dataclasses import dataclass
from typing import Any

from marketplace.stripe_sandbox.sandbox import Sandbox
from marketplace.stripe_sandbox.shapes import Thing

ERRORS = {
    409: (
        "invalid_request_error",
        "lock_timeout",
        "This object cannot be accessed right now: another request uses it.",
    ),
    429: ("invalid_request_error", "rate_limit", "Request rate limit exceeded."),
    402: ("card_error", "card_declined", "Your card was declined."),
    400: ("invalid_request_error", None, "The sandbox was told to refuse this."),
    403: ("invalid_request_error", None, "The sandbox was told to forbid this."),
}


@dataclass(frozen=True)
class Fault:
    """What happens to one call: `before`, nothing is done; else it is done, and a status hides its answer."""

    status: int
    before: bool
    delay_seconds: float

    def wait(self) -> None:
        """Let the caller wait; no transaction is open meanwhile."""
        if self.delay_seconds:
            threading.Event().wait(self.delay_seconds)  # time.sleep fails under libfaketime

    @property
    def body(self) -> Thing:
        """What the caller hears."""
        kind, code, message = ERRORS.get(self.status, ("api_error", None, "An unknown error occurred."))
        error: dict[str, Any] = {"type": kind, "message": message}
        return {"error": error | ({"code": code} if code else {})}


def plan(sandbox: Sandbox, wish: dict[str, Any]) -> None:
    """Add a fault: path (its beginning), method, times, status, when ("before" | "after"), delay_seconds."""
    fault = {
        "path": str(wish.get("path", "/v1/")),
        "method": str(wish.get("method", "POST")).upper(),
        "times": int(wish.get("times", 1)),
        "status": int(wish.get("status", 0)),
        "before": wish.get("when", "before") == "before" and bool(wish.get("status")),
        "delay_seconds": float(wish.get("delay_seconds", 0)),
    }
    with sandbox.desk() as desk:
        desk.turn("faults", [*desk.knob("faults", []), fault])


def next_for(sandbox: Sandbox, method: str, path: str) -> Fault | None:
    """Use up one planned fault of this call."""
    with sandbox.desk() as desk:
        planned = desk.knob("faults", [])
        chosen = next((f for f in planned if f["method"] == method and path.startswith(f["path"])), None)
        if chosen is None:
            return None
        chosen["times"] -= 1
        desk.turn("faults", [f for f in planned if f["times"] > 0])
    return Fault(chosen["status"], chosen["before"], chosen["delay_seconds"])


def note(sandbox: Sandbox, method: str, path: str, key: str | None, status: int) -> None:
    """Add a call to the list that tests read."""
    with sandbox.store.transaction() as connection:
        connection.execute(
            "INSERT INTO calls (method, path, key, status) VALUES (?, ?, ?, ?)", (method, path, key, status)
        )
