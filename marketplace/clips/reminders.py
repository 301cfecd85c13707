"""When a runner is asked for the clip that she has not sent. Pure.

A coach should have it before it is due: by the promised answer of a clip review, a day ahead of a video call. She is
asked a day after she booked (half the promised time after, where that is less), and once more a day before it is due
if that is at least a day later. A coach who meets her in person sees her run, and nobody is asked.
"""

from datetime import datetime, timedelta

from marketplace.bookings.reminders import last_owed
from marketplace.coaches.kinds import OfferKind

DAY = timedelta(days=1)


def clip_due_at(kind: OfferKind, *, starts_at: datetime | None, due_at: datetime | None) -> datetime | None:
    """Until when the coach should have the clip; None where she needs none. `due_at`: of the promised answer."""
    if kind is OfferKind.VIDEO_CALL and starts_at is not None:
        return starts_at - DAY
    return due_at if kind is OfferKind.CLIP_REVIEW else None


def clip_owed(
    due_at: datetime | None, *, booked_at: datetime, asked_at: datetime | None, now: datetime
) -> datetime | None:
    """The mark by which she is to be asked now; None when there is none.

    `due_at`: of the clip; `asked_at`: when she was asked last.
    """
    if due_at is None or now >= due_at:
        return None
    first = booked_at + min(DAY, (due_at - booked_at) / 2)
    again = due_at - DAY
    marks = [first, again] if again >= first + DAY else [first]
    return last_owed(marks, asked_at or booked_at, now)
