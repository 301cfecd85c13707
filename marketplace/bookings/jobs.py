"""What bookings do by themselves: answer to payments, end holds, complete visits, ask the waitlist, mail and remind."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from marketplace.accounts.service.account import share
from marketplace.bookings import absence_mails, complaint_mails, mails, outside, queries, reminder_mails, service
from marketplace.calendars import service as calendars
from marketplace.db import transaction
from marketplace.jobs import enqueue, job, on
from marketplace.payments import receipt_queries as receipts

receipts.days("booking")(queries.days_of)
receipts.days("package")(queries.days_of_packages)


@on("payment.succeeded")
def paid(session: Session, order_id: UUID) -> None:
    """Confirm what was paid, in the transaction that knows of the payment."""
    service.confirm_paid(session, order_id)


@on("payment.expired")
@on("payment.rejected")
def unpaid(session: Session, order_id: UUID) -> None:
    """Free the time of what will not be paid, or was paid otherwise than agreed."""
    service.expire_unpaid(session, order_id)


@on("dispute.lost")
def taken_back(session: Session, order_id: UUID, **_facts: Any) -> None:
    """What is still to come ends with its money; in a transaction of its own, since this one has locked the payment."""
    enqueue(session, "bookings.cancel_taken_back", order_id=order_id, reason="dispute")


@on("refund.adopted")
def given_back_at_stripe(session: Session, order_id: UUID, **_facts: Any) -> None:
    """The same where somebody of ours has given it back on Stripe's own pages."""
    enqueue(session, "bookings.cancel_taken_back", order_id=order_id, reason="at-stripe")


@job("bookings.cancel_taken_back")
def cancel_taken_back(session: Session, order_id: str, reason: str) -> None:
    """Cancel what nobody pays for any more."""
    service.cancel_taken_back(session, UUID(order_id), reason)


@on("booking.cancelled")
@on("booking.rescheduled")
@on("booking.completed")
@on("booking.missed")
def lapse(session: Session, booking_id: UUID) -> None:
    """What was proposed for a booking ends with it, or with its move."""
    service.lapse(session, booking_id)


@on("hours.changed")
def ask_soon(session: Session, coach_id: UUID) -> None:
    """A time may be free for somebody who waits; whoever frees it should not wait for that."""
    if queries.is_awaited(session, coach_id):
        enqueue(session, "bookings.offer_freed", coach_id=coach_id)


@on("account.closing")
def keep_promises(session: Session, user_id: UUID) -> None:
    """Nobody leaves while a paid session, or money waiting for one, lies ahead; who leaves waits for nothing more.

    That in a transaction of its own, since this one has locked the person; nothing is held for her meanwhile.
    """
    service.check_nothing_ahead(session, user_id)
    enqueue(session, "bookings.leave_waitlists", user_id=user_id)


@job("bookings.leave_waitlists")
def leave_waitlists(session: Session, user_id: str) -> None:
    """Take who has left the site off every list."""
    service.leave_all(session, UUID(user_id))


@share("bookings")
def held_about(session: Session, user_id: UUID) -> list[dict[str, Any]]:
    """What bookings hold about a person, for her copy of her data. A coach's own notes are the coach's."""
    mine = queries.of_runner(session, user_id)
    return [each.booking.model_dump(mode="json", exclude={"coach_notes"}) for each in mine]


@share("proposals")
def proposed_by(session: Session, user_id: UUID) -> list[dict[str, Any]]:
    """The other times that a person has proposed, with her words."""
    return [each.model_dump(mode="json") for each in queries.proposals_of(session, user_id)]


@share("complaints")
def complained(session: Session, user_id: UUID) -> list[dict[str, Any]]:
    """What a person has complained of, and what was answered and decided."""
    return [each.model_dump(mode="json") for each in queries.complaints_of(session, user_id)]


@share("waitlist")
def waited_for(session: Session, user_id: UUID) -> list[dict[str, Any]]:
    """The weeks that a person waits for."""
    return [each.wait.model_dump(mode="json") for each in queries.waits_of(session, user_id)]


@share("absences")
def reported_by(session: Session, user_id: UUID) -> list[dict[str, Any]]:
    """The absences that a person has reported, with her words."""
    return [each.model_dump(mode="json") for each in queries.absences_by(session, user_id)]


@job("bookings.tell_complaint")
def tell_complaint(session: Session, booking_id: str, news: str, stamp: str) -> None:
    """Mail news of a complaint to both sides."""
    complaint_mails.tell_complaint(session, UUID(booking_id), news, stamp)


@job("bookings.sweep", transactional=False)
def sweep() -> None:
    """End the holds that are over."""
    service.sweep()


@job("bookings.complete", transactional=False)
def complete() -> None:
    """Complete the visits that are over."""
    service.complete_over()


@job("bookings.count_absences", transactional=False)
def count_absences() -> None:
    """Let the reports count to which nobody objected."""
    service.count_unopposed()


@job("bookings.tell_absence")
def tell_absence(session: Session, absence_id: str, news: str) -> None:
    """Mail news of a report that one side did not come to both."""
    absence_mails.tell(session, UUID(absence_id), news)


@job("bookings.tell_late_due", transactional=False)
def tell_late_due() -> None:
    """Look for clip reviews that are late."""
    service.tell_late_due()


@job("bookings.tell_late")
def tell_late(session: Session, booking_id: str) -> None:
    """Offer the runner of a late review her money, and tell the coach, if that is still owed."""
    if service.tell_late(session, UUID(booking_id)):
        reminder_mails.tell_late(session, UUID(booking_id))


@on("booking.confirmed")
@on("booking.rescheduled")
def write_in_calendar(session: Session, booking_id: UUID) -> None:
    """Keep the visit in the calendar that its coach has chosen."""
    outside.write(session, booking_id)


@on("booking.cancelled")
def take_out_of_calendar(session: Session, booking_id: UUID) -> None:
    """Take the visit out of it."""
    calendars.take_out(session, booking_id)


@on("calendar.chosen")
def write_all_in_calendar(session: Session, coach_id: UUID) -> None:
    """Write what is booked already into the calendar that a coach has just chosen."""
    outside.write_all(session, coach_id)


@job("bookings.tell")
def tell(session: Session, booking_id: str, news: str, **facts: Any) -> None:
    """Mail news of a booking to both sides."""
    mails.tell(session, UUID(booking_id), news, **facts)


@job("bookings.tell_proposal")
def tell_proposal(session: Session, proposal_id: str, news: str) -> None:
    """Mail news of a proposal to both sides."""
    mails.tell_proposal(session, UUID(proposal_id), news)


@job("bookings.lapse")
def lapse_past(session: Session) -> None:
    """End the proposals and the waits whose time is past."""
    service.lapse_past(session)
    service.close_past(session)


@job("bookings.offer_freed", transactional=False)
def offer_freed(coach_id: str) -> None:
    """Hold the times that have freed for those who wait for them."""
    service.serve(UUID(coach_id), mails.settings())


@job("bookings.ask_waitlists", transactional=False)
def ask_waitlists() -> None:
    """Look after every waitlist: time passes too, and opens what lay too far ahead."""
    with transaction(write=False) as session:
        awaited = queries.awaited_coaches(session)
    for coach_id in awaited:
        service.serve(coach_id, mails.settings())


@job("bookings.remind_due", transactional=False)
def remind_due() -> None:
    """Look for visits of which somebody has to be reminded."""
    service.remind_due()


@job("bookings.remind")
def remind(session: Session, booking_id: str) -> None:
    """Remind both sides of one visit, if that is still owed."""
    if hours := service.remind(session, UUID(booking_id)):
        reminder_mails.remind(session, UUID(booking_id), hours)
