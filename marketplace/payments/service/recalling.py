"""What moved between us and a coach unheard: transfers whose answer was lost, reversals too, or made at Stripe."""

from collections.abc import Sequence

from sqlmodel import Session

from marketplace import log
from marketplace.db import transaction
from marketplace.payments import queries
from marketplace.payments.answers import Sent
from marketplace.payments.gateway import stripe
from marketplace.payments.models import Transfer
from marketplace.payments.models_back import Reversal
from marketplace.payments.service import earning, reversing
from marketplace.payments.states import ReversalStatus


def look_at_transfer(stripe_transfer_id: str) -> None:
    """Take in a transfer of ours at Stripe that we know nothing of, and what was taken back. Its own transactions."""
    with transaction(write=False) as session:
        is_known = queries.transfer_at_stripe(session, stripe_transfer_id) is not None
    if not is_known:
        earning.take_over_transfer(stripe().retrieve_transfer(stripe_transfer_id))
    seen = stripe().list_reversals(stripe_transfer_id)
    with transaction() as session:
        transfer = _locked(session, stripe_transfer_id)
        if transfer is None:
            return
        rows = queries.locked_reversals(session, transfer.id)
        known = {row.stripe_reversal_id for row in rows}
        for each in seen:
            if each.id not in known:
                _adopt(session, transfer, rows, each)
        session.flush()
        earning.match(session, transfer.reference_id)


def look_at_reversal(stripe_reversal_id: str) -> None:
    """The same for the transfer of which this is a part."""
    look_at_transfer(stripe().transfer_of(stripe_reversal_id))


def _adopt(session: Session, transfer: Transfer, rows: Sequence[Reversal], seen: Sent) -> None:
    """Ours, if it has our name, or if we want the same and have not asked for it; else a row of its own."""
    waiting = [row for row in rows if row.status in (ReversalStatus.PENDING, ReversalStatus.FAILED)]
    own = [row for row in waiting if str(row.id) == seen.row_id]
    unasked = [row for row in waiting if row.status == ReversalStatus.FAILED or not row.called_at]
    found = next(iter(own or [row for row in unasked if row.amount == seen.amount]), None)
    if found is None:
        log.warning("reversal made at Stripe", reversal=seen.id, amount=seen.amount)
        found = reversing.decide(session, transfer, seen.amount, by="stripe", reason="at-stripe")
    elif found.status == ReversalStatus.FAILED:
        found.begin_anew(session, by="stripe")
    reversing.note_sent(session, found, seen)


def _locked(session: Session, stripe_transfer_id: str) -> Transfer | None:
    """The payment is locked before its transfer, here as everywhere."""
    found = queries.transfer_at_stripe(session, stripe_transfer_id)
    if found is None:
        return None
    queries.locked_payment(session, payment_id=found.payment_id)
    return queries.transfer_for(session, found.reference_id)
