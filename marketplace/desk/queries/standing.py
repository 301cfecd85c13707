"""What keeps runners from finding or booking a coach."""

from sqlmodel import Session

from marketplace.coaches import queries as coaches
from marketplace.coaches.kinds import CoachStatus
from marketplace.coaches.models import Coach
from marketplace.payments import service as payments
from marketplace.scheduling import queries as calendars


def lacking(session: Session, coach: Coach) -> list[str]:
    """The kinds of what is missing, in the order in which she should see to it.

    "suspended", "paused", "offers", "hours" (only when something with a fixed hour is sold), "payouts", "approval".
    """
    offers = coaches.offers(session, coach.id)
    timed = any(offer.minutes for offer in offers)
    lacks = {
        "suspended": coach.status == CoachStatus.SUSPENDED,
        "paused": coach.paused_at is not None,
        "offers": not offers,
        "hours": timed and not calendars.weekly(session, coach.id),
        "payouts": not payments.can_be_paid(session, coach.id),
        "approval": coach.status == CoachStatus.APPLIED,
    }
    return [kind for kind, is_lacking in lacks.items() if is_lacking]
