"""What can be refused, as typed facts. Services raise these; web/errors.py words them.

DomainError
├── NotFound    404  there is no such thing for this person
├── Forbidden   403  it exists, but this person may not
├── Conflict    409  it was possible a moment ago, or for somebody else
└── Invalid     422  what was given can't be right, whoever asks
"""

from collections.abc import Mapping


class DomainError(Exception):
    """A refusal: `kind` is a stable lower-case id, `facts` what a sentence about it needs.

    `field` names the input at fault where there is one.
    """

    status = 400

    def __init__(self, kind: str, *, field: str | None = None, **facts: object) -> None:
        super().__init__(kind)
        self.kind = kind
        self.field = field
        self.facts: Mapping[str, object] = facts


class NotFound(DomainError):
    """There is no such thing for this person."""

    status = 404


class Forbidden(DomainError):
    """It exists, but this person may not."""

    status = 403


class Conflict(DomainError):
    """It was possible a moment ago, or for somebody else."""

    status = 409


class Invalid(DomainError):
    """What was given can't be right, whoever asks."""

    status = 422
