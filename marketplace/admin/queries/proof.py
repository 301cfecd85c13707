"""What speaks for a charge that a bank questions: what was bought, agreed, done, sent and delivered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import Session, col

from marketplace.admin.queries.orders import Told, told
from marketplace.analysis import queries as analyses
from marketplace.analysis.models import Analysis
from marketplace.analysis.queries import Found
from marketplace.bookings.models import Booking
from marketplace.clips import queries as clips
from marketplace.clips.models import Clip
from marketplace.errors import NotFound
from marketplace.jobs import Job, JobStatus
from marketplace.payments.models import Payment
from marketplace.payments.models_back import Dispute
from marketplace.payments.states import RefundStatus


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a booking brought: clips, and the coach's answer once it was sent."""

    booking: Booking
    clips: Sequence[Clip]
    analysis: Analysis | None
    findings: Sequence[Found]


@dataclass(frozen=True, slots=True)
class Proof:
    """All that we know of a disputed charge."""

    dispute: Dispute
    order: Told
    delivered: Sequence[Delivered]
    mails: Sequence[Job]

    @property
    def is_sold(self) -> bool:
        """Whether what was bought was sold for the disputed charge."""
        return self.order.payment.sold_for(self.dispute.charge_id)

    @property
    def paid_back(self) -> list[tuple[datetime, int]]:
        """What of the charge has gone back before, and when; not what is only decided, or what this dispute took."""
        return [
            (each.sent_at, each.amount)
            for each in self.order.refunds
            if each.charge_id == self.dispute.charge_id and each.status == RefundStatus.SENT
            if each.sent_at and each.reason != "dispute"
        ]


def dispute(session: Session, dispute_id: str) -> Dispute:
    """A dispute by its id at Stripe. NotFound `dispute`."""
    found = session.get(Dispute, dispute_id)
    if found is None:
        raise NotFound("dispute")
    return found


def proof(session: Session, dispute_id: str) -> Proof:
    """What we know of a disputed charge. NotFound `dispute`."""
    found = dispute(session, dispute_id)
    order = told(session, session.get_one(Payment, found.payment_id).order_id)
    booked = [booking for booking, *_ in order.booked]
    things = [*(line.reference_id for line in order.lines), *(each.id for each in booked)]
    return Proof(found, order, [_delivered(session, each) for each in booked], _mails(session, things))


def _delivered(session: Session, booking: Booking) -> Delivered:
    analysis = analyses.of_booking(session, booking.id)
    sent = analysis if analysis is not None and analysis.is_delivered else None
    findings = analyses.findings(session, sent.id) if sent else []
    return Delivered(booking, clips.of_booking(session, booking.id), sent, findings)


def _mails(session: Session, things: Sequence[UUID]) -> Sequence[Job]:
    """The mails that were handed over for these things bought; what they said is kept for a week only."""
    about = or_(*(col(Job.key).contains(str(each)) for each in things))
    sent = select(Job).where(col(Job.name) == "mail.send", col(Job.status) == JobStatus.DONE, about)
    return session.scalars(sent.order_by(col(Job.created_at))).all()
