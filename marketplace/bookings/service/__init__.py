"""What people can do with a booking, one function for each thing."""

from marketplace.bookings.service.absences import (
    admit_absence,
    count_absence,
    count_unopposed,
    decide_absence,
    object_to_absence,
    report_absence,
    retract_absence,
)
from marketplace.bookings.service.changing import cancel, refund_if_cancelled_now, reschedule, reschedule_visit
from marketplace.bookings.service.cheaper import hold_with_code, hold_with_credit
from marketplace.bookings.service.complaining import (
    answer_complaint,
    complain,
    decide_complaint,
    left_to_give,
    over_at,
    withdraw_complaint,
)
from marketplace.bookings.service.ending import (
    check_both_came,
    check_nothing_ahead,
    complete,
    complete_over,
    open_clip,
    promise_anew,
)
from marketplace.bookings.service.holding import MOST_HOLDS, Intake, Shown, answer_pain_screen, hold, take_notes
from marketplace.bookings.service.late import tell_late, tell_late_due
from marketplace.bookings.service.paying import cancel_taken_back, confirm_paid, expire_unpaid
from marketplace.bookings.service.proposing import accept, decline, lapse, lapse_past, propose, still_open, withdraw
from marketplace.bookings.service.reminding import enqueue_each, remind, remind_due
from marketplace.bookings.service.series import hold_series
from marketplace.bookings.service.unpaid import begin_payment, expire, extend_hold, give_up, sweep
from marketplace.bookings.service.waiting import MOST_WAITS, close_past, leave, leave_all, offer_freed, serve, wait

__all__ = [
    "MOST_HOLDS",
    "MOST_WAITS",
    "Intake",
    "Shown",
    "accept",
    "admit_absence",
    "answer_complaint",
    "answer_pain_screen",
    "begin_payment",
    "cancel",
    "cancel_taken_back",
    "check_both_came",
    "check_nothing_ahead",
    "close_past",
    "complain",
    "complete",
    "complete_over",
    "confirm_paid",
    "count_absence",
    "count_unopposed",
    "decide_absence",
    "decide_complaint",
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
    "object_to_absence",
    "left_to_give",
    "offer_freed",
    "over_at",
    "open_clip",
    "promise_anew",
    "propose",
    "refund_if_cancelled_now",
    "remind",
    "remind_due",
    "report_absence",
    "reschedule",
    "reschedule_visit",
    "retract_absence",
    "serve",
    "still_open",
    "sweep",
    "take_notes",
    "tell_late",
    "tell_late_due",
    "wait",
    "withdraw",
    "withdraw_complaint",
]
