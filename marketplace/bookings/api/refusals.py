"""What the document says of a refused hold or move beyond the problem details of every refusal."""

from typing import Any

_INSTANT = {"type": "string", "format": "date-time"}
_OTHERS = {
    "type": "array",
    "items": _INSTANT,
    "description": "Of `time-gone`: the open starts nearest to the one asked for, in order, at most 8.",
}
_CLASH = {
    "type": "object",
    "required": ["on", "starts_at", "reason", "others"],
    "properties": {
        "on": {"type": "string", "format": "date", "description": "The date of the series, local to the coach."},
        "starts_at": {
            "anyOf": [_INSTANT, {"type": "null"}],
            "description": "Null where the clocks skip that hour.",
        },
        "reason": {"type": "string", "description": "As `reason` of `/coach/openings/closed`, `skipped` or `yours`."},
        "others": _OTHERS | {"description": "The open starts nearest to it, in order, at most 8."},
    },
}


def gone(*, series: bool = False) -> dict[str, Any]:
    """The 409 of whoever takes a time; with `series` of several at once too."""
    fields: dict[str, Any] = {
        "type": {"type": "string", "description": "The kind of refusal, as `time-gone` or `time-yours`."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "others": _OTHERS,
        "booking": {"type": "string", "description": "Of `time-yours`: the booking that you have of that time."},
    }
    if series:
        clashes = "Of `series-clash`: every date that can't be had, to be chosen anew by `repeat.instead`."
        fields["clashes"] = {"type": "array", "items": _CLASH, "description": clashes}
    schema = {"type": "object", "required": ["type", "title", "status"], "properties": fields}
    return {
        "description": "The time is gone, or you have it already; nothing was changed.",
        "content": {"application/problem+json": {"schema": schema}},
    }
