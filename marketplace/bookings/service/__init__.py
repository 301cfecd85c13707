"""What people can do with a booking, one function for each thing."""

from marketplace.bookings.service.changing import cancel, refund_if_cancelled_now, reschedule
from marketplace.bookings.service.ending import check_nothing_ahead, complete, complete_over, open_clip, promise_anew
from marketplace.bookings.service.holding import (
    MOST_HOLDS,
    Intake,
    answer_pain_screen,
    expire,
    extend_hold,
    give_up,
    hold,
    sweep,
    take_notes,
)
from marketplace.bookings.service.paying import confirm_paid, expire_unpaid
from marketplace.bookings.service.reminding import enqueue_each, remind, remind_due

__all__ = [
    "MOST_HOLDS",
    "Intake",
    "answer_pain_screen",
    "cancel",
    "check_nothing_ahead",
    "complete",
    "complete_over",
    "confirm_paid",
    "enqueue_each",
    "expire",
    "expire_unpaid",
    "extend_hold",
    "give_up",
    "hold",
    "open_clip",
    "promise_anew",
    "refund_if_cancelled_now",
    "remind",
    "remind_due",
    "reschedule",
    "sweep",
    "take_notes",
]
