"""Looking at a coach again: her row is written, or taken away when she can't be booked."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, exists, select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.coaches import queries as coaches
from marketplace.coaches.kinds import CoachStatus
from marketplace.coaches.models import Coach, Offer
from marketplace.db import insert, insert_many
from marketplace.matching.models import CoachSearch
from marketplace.matching.queries.kept import forget_all
from marketplace.matching.service import lists
from marketplace.matching.service.facts import Facts, gather
from marketplace.matching.service.record import record
from marketplace.payments import service as payments
from marketplace.payments.models import PayoutAccount

AT_ONCE = 25  # a write lock of a tenth of a second
KEPT = {"coach_id", "listed_at"}  # what another look leaves as it was


def refresh(session: Session, coach_id: UUID) -> None:
    """Make the coach's row say what is so now; a coach who can't be booked has none."""
    session.flush()
    forget_all()
    coach = session.get(Coach, coach_id)
    sold = coaches.offers(session, coach_id) if coach else []
    if coach is None or not sold or not coach.is_listed or not payments.can_be_paid(session, coach_id):
        lists.clear(session, coach_id)
        session.execute(delete(CoachSearch).where(col(CoachSearch.coach_id) == coach_id))
        return
    now = clock.now()
    values = record(gather(session, coach, sold, now), now) | {"listed_at": now, "refreshed_at": now}
    statement = insert(session, CoachSearch).values(values)
    changed = {name: statement.excluded[name] for name in values if name not in KEPT}
    session.execute(statement.on_conflict_do_update(index_elements=["coach_id"], set_=changed))
    lists.write(session, coach, values)


def bulk(session: Session, many: Sequence[Facts], now: datetime) -> None:
    """Rows for coaches who have none yet, of facts that are known to be true: thousands at a time."""
    values = [record(each, now) | {"listed_at": now, "refreshed_at": now} for each in many]
    insert_many(session, CoachSearch, values)
    lists.add(session, [(each.coach, row) for each, row in zip(many, values, strict=True)])


def refresh_stale(session: Session, now: datetime) -> bool:
    """Look again at rows that time has overtaken, and at coaches who should have one; whether more may wait."""
    overtaken = select(col(CoachSearch.coach_id)).where(col(CoachSearch.stale_at) <= now)
    found = session.scalars(overtaken.order_by(col(CoachSearch.stale_at)).limit(AT_ONCE)).all()
    found = [*found, *session.scalars(_missing().limit(AT_ONCE - len(found)))]
    for coach_id in found:
        refresh(session, coach_id)
    return len(found) == AT_ONCE


def _missing() -> Select[UUID]:
    """Coaches who could be booked and have no row."""
    payable = col(PayoutAccount.payouts_enabled).is_(True)
    listed = (col(Coach.status) == CoachStatus.APPROVED) & col(Coach.paused_at).is_(None)
    sells = exists().where(col(Offer.coach_id) == col(Coach.id), col(Offer.withdrawn_at).is_(None))
    joined = select(col(Coach.id)).outerjoin(CoachSearch, col(CoachSearch.coach_id) == col(Coach.id))
    joined = joined.outerjoin(PayoutAccount, col(PayoutAccount.coach_id) == col(Coach.id))
    return joined.where(col(CoachSearch.coach_id).is_(None), listed, payable, sells)
