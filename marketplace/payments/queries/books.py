"""The ledger: balances, what is held, what a coach is due."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from marketplace.payments import ledger
from marketplace.payments.models import (
    LedgerEntry,
    LedgerLine,
    Refund,
)
from marketplace.payments.queries.back import counts
from marketplace.payments.states import RefundStatus

AT_ONCE = 400  # names in one question to the database


def balance(session: Session, account: str, currency: str) -> int:
    """The sum of an account's lines in one currency, in minor units; see ledger.py for the signs."""
    total = select(func.coalesce(func.sum(col(LedgerLine.amount)), 0)).where(col(LedgerLine.account) == account)
    total = total.join(LedgerEntry, col(LedgerEntry.id) == col(LedgerLine.entry_id))
    total = total.where(col(LedgerEntry.currency) == currency)
    return int(session.execute(total).scalar_one())


def held_now(session: Session, reference_id: UUID) -> int:
    """What is held for a thing bought and not promised to go back, in minor units of its order's currency."""
    return held_of(session, [reference_id])[reference_id]


def held_of(session: Session, references: Sequence[UUID]) -> dict[UUID, int]:
    """`held_now` of many things at once, each in the currency of its order; two queries for some hundreds of them.

    What came in another currency than agreed is promised to go back whole, and so counts for nothing here.
    """
    found = dict.fromkeys(references, 0)
    for first in range(0, len(references), AT_ONCE):
        some = references[first : first + AT_ONCE]
        accounts = {ledger.held(each): each for each in some}
        kept = select(col(LedgerLine.account), func.sum(col(LedgerLine.amount)))
        kept = kept.where(col(LedgerLine.account).in_(accounts)).group_by(col(LedgerLine.account))
        for account, amount in session.execute(kept):
            found[accounts[account]] -= amount
        promised = select(col(Refund.reference_id), func.sum(col(Refund.from_held)))
        promised = promised.where(col(Refund.reference_id).in_(some), counts())
        promised = promised.where(col(Refund.status) != RefundStatus.SENT)
        for reference_id, amount in session.execute(promised.group_by(col(Refund.reference_id))):
            found[reference_id] -= amount
    return found


def references_held(session: Session) -> list[UUID]:
    """The things bought for which anything is held, or promised to go back out of what is."""
    what = col(LedgerLine.account)
    held = select(what).join(LedgerEntry, col(LedgerEntry.id) == col(LedgerLine.entry_id))
    held = held.where(what.startswith(ledger.held(""))).group_by(what, col(LedgerEntry.currency))
    found = session.scalars(held.having(func.sum(col(LedgerLine.amount)) != 0))
    promised = select(col(Refund.reference_id)).where(col(Refund.status) != RefundStatus.SENT, counts())
    return sorted({UUID(each.removeprefix(ledger.held(""))) for each in found} | set(session.scalars(promised)))


def due_to_coach(session: Session, coach_id: UUID, reference_id: UUID) -> int:
    """What a coach earned with a thing sold, as the ledger has it, less what of it went back; in minor units."""
    line = select(func.coalesce(func.sum(col(LedgerLine.amount)), 0)).join_from(LedgerLine, LedgerEntry)
    mine = col(LedgerLine.account) == ledger.coach(coach_id)
    done = col(LedgerEntry.source) == ledger.earned_source(reference_id)
    earned = -session.execute(line.where(done, mine)).scalar_one()
    back = select(func.coalesce(func.sum(col(Refund.from_coach)), 0)).where(counts())
    back = back.where(col(Refund.reference_id) == reference_id)
    return int(earned - session.execute(back).scalar_one() - added_back(session, coach_id, reference_id))


def count_added_back(session: Session, reference_id: UUID) -> int:
    """How often what we had added was taken back, or given again."""
    entries = select(func.count(col(LedgerEntry.id)))
    entries = entries.where(col(LedgerEntry.source).startswith(f"added-back:{reference_id}"))
    return int(session.execute(entries).scalar_one())


def added_back(session: Session, coach_id: UUID, reference_id: UUID) -> int:
    """What of what we had added to a coach's share is ours again, in minor units."""
    line = select(func.coalesce(func.sum(col(LedgerLine.amount)), 0)).join_from(LedgerLine, LedgerEntry)
    line = line.where(col(LedgerLine.account) == ledger.coach(coach_id))
    return int(
        session.execute(line.where(col(LedgerEntry.source).startswith(f"added-back:{reference_id}"))).scalar_one()
    )


def has_entry(session: Session, source: str) -> bool:
    """Whether this was written into the ledger."""
    return session.execute(select(col(LedgerEntry.id)).where(col(LedgerEntry.source) == source)).first() is not None


def charge_currency(session: Session, charge_id: str) -> str:
    """In which currency a charge came: not the payment's, where that was rejected for it."""
    entry = select(col(LedgerEntry.currency)).where(col(LedgerEntry.source) == ledger.charge_source(charge_id))
    return str(session.execute(entry).scalar_one())
