"""Who may still cancel or move a booking, or say that the other did not come, and what the runner gets back. Pure.

The terms are those of the moment of the hold: what an offer says later changes no booking. When the runner cancels, a
visit gives back by its policy; when coach or staff cancel, always all of it. A clip review gives all back until the
coach has opened the clip, and again once she is late.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from marketplace.bookings.states import Actor
from marketplace.coaches.cancelling import ALL, NOTHING, Policy
from marketplace.errors import Conflict
from marketplace.money import Money


class Step(NamedTuple):
    """Up to and with `until`, so many per cent of the price come back. None: until no instant that is known yet."""

    until: datetime | None
    percent: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What was agreed, and how far it has come. A clip review has no `starts_at`, and its policy says nothing."""

    policy: Policy
    starts_at: datetime | None = None
    opened_at: datetime | None = None
    due_at: datetime | None = None

    @property
    def free_until(self) -> datetime | None:
        """The last instant at which the runner cancels for nothing; None where no instant says it."""
        return None if self.starts_at is None else self.steps[0].until

    @property
    def steps(self) -> Sequence[Step]:
        """What comes back until when, in order of time, each less than the one before; after the last, nothing."""
        if self.starts_at is None:
            return [Step(None, ALL)]
        policy, start = self.policy, self.starts_at.astimezone(UTC)  # hours of a local time would be the clocks' hours
        steps = [Step(start - timedelta(hours=policy.full_hours), ALL)]
        if policy.part_percent:
            steps.append(Step(start - timedelta(hours=policy.part_hours), policy.part_percent))
        return steps

    def ahead(self, now: datetime) -> Sequence[Step]:
        """Those of the steps that are not over."""
        if self.starts_at is None:
            return self.steps if refund_percent(self, by=Actor.RUNNER, now=now) else []
        return [step for step in self.steps if step.until is not None and step.until >= now]

    def at(self, starts_at: datetime) -> "Terms":
        """The same terms for another start."""
        return replace(self, starts_at=starts_at)

    def is_late(self, now: datetime) -> bool:
        """Whether the promised delivery of a clip review has passed."""
        return self.starts_at is None and self.due_at is not None and now > self.due_at


def refund_percent(terms: Terms, *, by: Actor, now: datetime) -> int:
    """How much of the price goes back when `by` cancels now."""
    if by is not Actor.RUNNER:
        return ALL
    if terms.starts_at is None:
        return ALL if terms.opened_at is None or terms.is_late(now) else NOTHING
    return next((step.percent for step in terms.ahead(now)), NOTHING)


def refund(terms: Terms, price: Money, *, by: Actor, now: datetime) -> Money:
    """The same as money, to the cent."""
    return price.percent(refund_percent(terms, by=by, now=now))


def check_cancel(terms: Terms, *, by: Actor, now: datetime) -> None:
    """Conflict `visit-started` when it is too late for the runner to cancel at all."""
    if by is Actor.RUNNER and terms.starts_at is not None and now >= terms.starts_at:
        raise Conflict("visit-started")


def check_reschedule(terms: Terms, *, by: Actor, now: datetime) -> None:
    """Conflict when a booking can't be moved any more.

    `no-time-to-move` for a clip review, `visit-started`, and for the runner `too-late-to-move` once not everything
    would come back: the coach has kept that time for her.
    """
    if terms.starts_at is None:
        raise Conflict("no-time-to-move")
    if now >= terms.starts_at:
        raise Conflict("visit-started")
    if by is Actor.RUNNER and refund_percent(terms, by=by, now=now) < ALL:
        raise Conflict("too-late-to-move")


def check_propose(terms: Terms, *, is_confirmed: bool, now: datetime) -> None:
    """Conflict when neither side can ask for another time, nor agree to one, any more.

    `booking-over`, and as `check_reschedule` but for the runner's deadline: both sides agree to the move.
    """
    if not is_confirmed:
        raise Conflict("booking-over")
    check_reschedule(terms, by=Actor.COACH, now=now)


def check_report(terms: Terms, *, is_confirmed: bool, now: datetime) -> None:
    """Conflict when nobody can say that the other did not come.

    `booking-over`, `not-begun`, and for a clip review, to which nobody comes, `no-time-to-miss`.
    """
    if terms.starts_at is None:
        raise Conflict("no-time-to-miss")
    if not is_confirmed:
        raise Conflict("booking-over")
    if now <= terms.starts_at:
        raise Conflict("not-begun")


def may(check: Callable[..., None], terms: Terms, **facts: Any) -> bool:
    """Whether one of these checks refuses nothing."""
    try:
        check(terms, **facts)
    except Conflict:
        return False
    return True
