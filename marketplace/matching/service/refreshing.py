"""Looking at a coach again: her row is written, or taken away when she can't be booked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, delete, event, exists, select, update
from sqlmodel import Session, col

from marketplace import clock, log
from marketplace.coaches import queries as coaches
from marketplace.coaches.kinds import CoachStatus
from marketplace.coaches.models import Coach, Offer
from marketplace.db import insert, insert_many
from marketplace.matching.models import CoachSearch, FirstListed
from marketplace.matching.service import lists
from marketplace.matching.service.facts import Facts, gather
from marketplace.matching.service.overtaken import look_again
from marketplace.matching.service.record import record
from marketplace.memory import forget_fleeting
from marketplace.payments import service as payments
from marketplace.payments.models import PayoutAccount

AT_ONCE = 50  # the write lock is short
AGAIN = timedelta(hours=1)
KEPT = {"coach_id", "listed_at"}  # what another look leaves as it was


def refresh(session: Session, coach_id: UUID) -> None:
    """Make the coach's row say what is so now; a coach who can't be booked has none."""
    session.flush()
    hers = select(Coach).where(col(Coach.id) == coach_id).with_for_update(key_share=True)
    coach = session.execute(hers, execution_options={"populate_existing": True}).scalar_one_or_none()
    _forget(session)
    sold = coaches.offers(session, coach_id) if coach else []
    if coach is None or not sold or not coach.is_listed or not payments.can_be_paid(session, coach_id):
        session.execute(delete(CoachSearch).where(col(CoachSearch.coach_id) == coach_id))
        return
    now = clock.now()
    values = record(gather(session, coach, sold, now), now) | {"listed_at": _listed_at(session, coach_id, now)}
    statement = insert(session, CoachSearch).values(values)
    changed = {name: statement.excluded[name] for name in values if name not in KEPT}
    session.execute(statement.on_conflict_do_update(index_elements=["coach_id"], set_=changed))
    lists.write(session, coach, values)


def bulk(session: Session, many: Sequence[Facts], now: datetime) -> None:
    """Rows for coaches who have none yet, of facts that are known to be true: thousands at a time."""
    values = [record(each, now) | {"listed_at": now} for each in many]
    insert_many(session, FirstListed, [{"coach_id": each.coach.id, "at": now} for each in many])
    insert_many(session, CoachSearch, values)
    lists.add(session, [(each.coach, row) for each, row in zip(many, values, strict=True)])


def refresh_stale(session: Session, now: datetime, at_once: int = AT_ONCE) -> bool:
    """Look again at rows that time has overtaken, and at coaches who should have one; whether more may wait.

    One who can't be looked at is left for later, so that she stops nobody.
    """
    overtaken = select(col(CoachSearch.coach_id)).where(col(CoachSearch.stale_at) <= now)
    overtaken = overtaken.order_by(col(CoachSearch.stale_at)).limit(at_once).with_for_update(skip_locked=True)
    found = session.scalars(overtaken).all()
    missing = session.scalars(_missing().limit(at_once - len(found))).all()
    for coach_id in [*_not_looked_at(session, found, now), *missing]:
        try:
            with session.begin_nested():
                refresh(session, coach_id)
        except Exception as error:  # whatever is wrong with her
            log.error("coach can not be refreshed", coach=str(coach_id), error=repr(error))
            later = update(CoachSearch).where(col(CoachSearch.coach_id) == coach_id)
            session.execute(later.values(stale_at=now + AGAIN))
    return len(found) + len(missing) == at_once


def _not_looked_at(session: Session, coach_ids: Sequence[UUID], now: datetime) -> Sequence[UUID]:
    """Those left after a look at all of them together: none, or all of them where one of them is in the way."""
    try:
        with session.begin_nested():
            look_again(session, coach_ids, now)
    except Exception as error:  # whatever is wrong with one of them
        log.warning("coaches can not be looked at together", error=repr(error))
        return coach_ids
    _forget(session)
    return ()


def _listed_at(session: Session, coach_id: UUID, now: datetime) -> datetime:
    """When she was first listed; pausing does not make her new."""
    first = insert(session, FirstListed).values(coach_id=coach_id, at=now)
    session.execute(first.on_conflict_do_nothing(index_elements=["coach_id"]))
    return session.get_one(FirstListed, coach_id).at


def _forget(session: Session) -> None:
    """What this process remembers of searches is old, now and once others see the change."""
    forget_fleeting()
    event.listen(session, "after_commit", lambda _session: forget_fleeting(), once=True)


def _missing() -> Select[UUID]:
    """Coaches who could be booked and have no row."""
    payable = col(PayoutAccount.payouts_enabled).is_(True)
    listed = (col(Coach.status) == CoachStatus.APPROVED) & col(Coach.paused_at).is_(None)
    sells = exists().where(col(Offer.coach_id) == col(Coach.id), col(Offer.withdrawn_at).is_(None))
    joined = select(col(Coach.id)).outerjoin(CoachSearch, col(CoachSearch.coach_id) == col(Coach.id))
    joined = joined.outerjoin(PayoutAccount, col(PayoutAccount.coach_id) == col(Coach.id))
    return joined.where(col(CoachSearch.coach_id).is_(None), listed, payable, sells)
