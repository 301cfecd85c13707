"""What bookings do by themselves: answer to payments, end holds, complete visits, mail news and reminders."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from marketplace.accounts.service.account import share
from marketplace.bookings import mails, queries, reminder_mails, service
from marketplace.jobs import job, on


@on("payment.succeeded")
def paid(session: Session, order_id: UUID) -> None:
    """Confirm what was paid, in the transaction that knows of the payment."""
    service.confirm_paid(session, order_id)


@on("payment.expired")
def unpaid(session: Session, order_id: UUID) -> None:
    """Free the time of what will not be paid."""
    service.expire_unpaid(session, order_id)


@on("account.closing")
def keep_promises(session: Session, user_id: UUID) -> None:
    """Nobody leaves while a paid session, or money waiting for one, lies ahead."""
    service.check_nothing_ahead(session, user_id)


@share("bookings")
def held_about(session: Session, user_id: UUID) -> list[dict[str, Any]]:
    """What bookings hold about a person, for her copy of her data. A coach's own notes are the coach's."""
    mine = queries.of_runner(session, user_id)
    return [each.booking.model_dump(mode="json", exclude={"coach_notes"}) for each in mine]


@job("bookings.sweep", transactional=False)
def sweep() -> None:
    """End the holds that are over."""
    service.sweep()


@job("bookings.complete")
def complete(session: Session) -> None:
    """Complete the visits that are over."""
    service.complete_over(session)


@job("bookings.tell")
def tell(session: Session, booking_id: str, news: str, **facts: Any) -> None:
    """Mail news of a booking to both sides."""
    mails.tell(session, UUID(booking_id), news, **facts)


@job("bookings.remind_due", transactional=False)
def remind_due() -> None:
    """Look for visits of which somebody has to be reminded."""
    service.remind_due()


@job("bookings.remind")
def remind(session: Session, booking_id: str) -> None:
    """Remind both sides of one visit, if that is still owed."""
    if hours := service.remind(session, UUID(booking_id)):
        reminder_mails.remind(session, UUID(booking_id), hours)
