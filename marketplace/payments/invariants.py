"""What must be true of the books at any time; `marketplace doctor` asks, and so do the tests."""

from collections.abc import Iterator

from sqlalchemy import Select, exists, func, select
from sqlmodel import Session, col

from marketplace.payments import ledger
from marketplace.payments.models import LedgerEntry, LedgerLine, Payment, Refund, Transfer
from marketplace.payments.models_back import Dispute, Reversal
from marketplace.payments.states import DisputeStatus, PaymentStatus, RefundStatus, ReversalStatus, TransferStatus
from marketplace.payments.stripe import Stripe


def broken(session: Session) -> list[str]:
    """What is wrong with the books, in sentences; empty when nothing is."""
    checks = (
        _unbalanced,
        _overdrawn,
        _not_emptied,
        _over_refunded,
        _over_sent,
        _over_reversed,
        _charged_otherwise,
        _waits_wrongly,
        _stuck,
    )
    return [sentence for check in checks for sentence in check(session)]


def unlike_stripe(session: Session, stripe: Stripe) -> list[str]:
    """Where our account `stripe` differs from the sum of Stripe's balance transactions, by currency. Calls Stripe."""
    sums = select(col(LedgerEntry.currency), func.sum(col(LedgerLine.amount))).join_from(LedgerEntry, LedgerLine)
    sums = sums.where(col(LedgerLine.account) == ledger.STRIPE).group_by(col(LedgerEntry.currency))
    ours = {currency: int(amount) for currency, amount in session.execute(sums)}
    theirs = stripe.balance_totals()
    return [
        f"our books have {ours.get(currency, 0)} {currency} at Stripe, Stripe has {theirs.get(currency, 0)}"
        for currency in sorted(ours.keys() | theirs.keys())
        if ours.get(currency, 0) != theirs.get(currency, 0)
    ]


def _unbalanced(session: Session) -> Iterator[str]:
    entries = (
        select(col(LedgerEntry.source))
        .join(LedgerLine, col(LedgerLine.entry_id) == col(LedgerEntry.id))
        .group_by(col(LedgerEntry.source))
        .having(func.sum(col(LedgerLine.amount)) != 0)
    )
    yield from (f"ledger entry {source} does not sum to zero" for (source,) in session.execute(entries))


def _kept(kind: str) -> Select[str, int]:
    """What each account of a kind ("held", "credits") has, in each currency by itself."""
    total = func.sum(col(LedgerLine.amount))
    kept = select(col(LedgerLine.account), total).join(LedgerEntry, col(LedgerEntry.id) == col(LedgerLine.entry_id))
    kept = kept.where(col(LedgerLine.account).startswith(f"{kind}:"))
    return kept.group_by(col(LedgerLine.account), col(LedgerEntry.currency))


def _overdrawn(session: Session) -> Iterator[str]:
    """No more is given out of what is held, or of a package's visits, than came in."""
    for kind in ("held", "credits"):
        overdrawn = _kept(kind).having(func.sum(col(LedgerLine.amount)) > 0)
        yield from (f"{account} paid out {over} more than came in" for account, over in session.execute(overdrawn))


def _not_emptied(session: Session) -> Iterator[str]:
    """What is done holds nothing but refunds on their way."""
    done = select(col(LedgerEntry.source)).where(col(LedgerEntry.source).startswith("earned:"))
    references = {source.removeprefix("earned:") for (source,) in session.execute(done)}
    waiting = select(col(Refund.reference_id), func.sum(col(Refund.from_held))).where(
        col(Refund.status).in_((RefundStatus.PENDING, RefundStatus.FAILED))
    )
    leaving = {str(what): amount for what, amount in session.execute(waiting.group_by(col(Refund.reference_id)))}
    for account, amount in session.execute(_kept("held")):
        what = account.removeprefix("held:")
        if what in references and -amount != leaving.get(what, 0):
            yield f"{account} still holds {-amount} though it is done"


def _over_refunded(session: Session) -> Iterator[str]:
    came = (
        select(col(LedgerEntry.source), -func.sum(col(LedgerLine.amount)))
        .join(LedgerLine, col(LedgerLine.entry_id) == col(LedgerEntry.id))
        .where(col(LedgerEntry.source).startswith("charge:"), col(LedgerLine.account).startswith("held:"))
    )
    charges = {
        source.removeprefix("charge:"): amount
        for source, amount in session.execute(came.group_by(col(LedgerEntry.source)))
    }
    back = select(col(Refund.charge_id), func.sum(col(Refund.amount))).group_by(col(Refund.charge_id))
    back = back.where(col(Refund.status) != RefundStatus.CANCELLED)
    for charge_id, amount in session.execute(back):
        if amount > charges.get(charge_id, 0):
            yield f"{amount} goes back of charge {charge_id}, which brought {charges.get(charge_id, 0)}"


def _over_sent(session: Session) -> Iterator[str]:
    """All transfers of a charge, of a package's visits too, are within it and what we add."""
    alive = (TransferStatus.PENDING, TransferStatus.SENT, TransferStatus.FAILED)
    total, whole = func.sum(col(Transfer.amount)), col(Payment.charged) + col(Payment.added)
    sent = select(col(Payment.id), total, whole).join(Payment, col(Payment.id) == col(Transfer.payment_id))
    sent = sent.where(col(Transfer.status).in_(alive)).group_by(col(Payment.id))
    for payment_id, amount, most in session.execute(sent.having(total > whole)):
        yield f"{amount} is sent of payment {payment_id}, which has {most} for it"


def _over_reversed(session: Session) -> Iterator[str]:
    back = select(Transfer, func.sum(col(Reversal.amount))).join(
        Reversal, col(Reversal.transfer_id) == col(Transfer.id)
    )
    back = back.where(col(Reversal.status) != ReversalStatus.CANCELLED).group_by(col(Transfer.id))
    for transfer, amount in session.execute(back):
        if amount > transfer.amount:
            yield f"{amount} is taken back of transfer {transfer.id}, which was {transfer.amount}"


def _charged_otherwise(session: Session) -> Iterator[str]:
    """Paid means one charge of the agreed amount."""
    paid = select(Payment).where(col(Payment.status) == PaymentStatus.PAID, col(Payment.amount) > 0)
    for payment in session.execute(paid).scalars():
        if payment.charged != payment.amount or payment.charge_id is None:
            yield f"payment {payment.id} is paid, but {payment.charged} came in for {payment.amount}"


def _waits_wrongly(session: Session) -> Iterator[str]:
    """Money waits while its charge is disputed, and no longer."""
    disputed = exists().where(
        col(Dispute.charge_id) == col(Payment.charge_id), col(Dispute.status) == DisputeStatus.OPEN
    )
    rows = select(col(Payment.id)).where(disputed != col(Payment.disputed_at).is_not(None))
    for (payment_id,) in session.execute(rows):
        yield f"payment {payment_id} waits for no dispute, or does not wait for one that is open"


def _stuck(session: Session) -> Iterator[str]:
    for what, failed in (
        ("refunds", col(Refund.status) == RefundStatus.FAILED),
        ("transfers", col(Transfer.status) == TransferStatus.FAILED),
        ("reversals", col(Reversal.status) == ReversalStatus.FAILED),
    ):
        if count := session.execute(select(func.count()).where(failed)).scalar_one():
            yield f"{count} {what} failed; they are tried again once a day"
