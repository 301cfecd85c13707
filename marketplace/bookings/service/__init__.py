"""What people can do with a booking, one function for each thing."""

from marketplace.bookings.service.changing import cancel, refund_if_cancelled_now, reschedule
from marketplace.bookings.service.cheaper import hold_with_code, hold_with_credit
from marketplace.bookings.service.ending import check_nothing_ahead, complete, complete_over, open_clip, promise_anew
from marketplace.bookings.service.holding import MOST_HOLDS, Intake, answer_pain_screen, hold, take_notes
from marketplace.bookings.service.paying import confirm_paid, expire_unpaid
from marketplace.bookings.service.proposing import accept, decline, lapse, lapse_past, propose, still_open, withdraw
from marketplace.bookings.service.reminding import enqueue_each, remind, remind_due
from marketplace.bookings.service.series import hold_series
from marketplace.bookings.service.unpaid import begin_payment, expire, extend_hold, give_up, sweep
from marketplace.bookings.service.waiting import MOST_WAITS, close_past, leave, leave_all, offer_freed, wait

__all__ = [
    "MOST_HOLDS",
    "MOST_WAITS",
    "Intake",
    "accept",
    "answer_pain_screen",
    "begin_payment",
    "cancel",
    "check_nothing_ahead",
    "close_past",
    "complete",
    "complete_over",
    "confirm_paid",
    "decline",
    "enqueue_each",
    "expire",
    "expire_unpaid",
    "extend_hold",
    "give_up",
    "hold",
    "hold_series",
    "hold_with_code",
    "hold_with_credit",
    "lapse",
    "lapse_past",
    "leave",
    "leave_all",
    "offer_freed",
    "open_clip",
    "promise_anew",
    "propose",
    "refund_if_cancelled_now",
    "remind",
    "remind_due",
    "reschedule",
    "still_open",
    "sweep",
    "take_notes",
    "wait",
    "withdraw",
]
