"""What Stripe does with our balance by itself: it pays out to our bank, and takes fees that belong to no charge."""

from collections.abc import Iterable
from datetime import timedelta

from marketplace import clock
from marketplace.db import transaction
from marketplace.payments import ledger, queries
from marketplace.payments.answers import Movement
from marketplace.payments.gateway import stripe
from marketplace.payments.service import books

ACCOUNTS = {
    "payout": ledger.BANK,
    "payout_failure": ledger.BANK,
    "payout_cancel": ledger.BANK,
    "topup": ledger.BANK,
    "topup_reversal": ledger.BANK,
    "stripe_fee": ledger.STRIPE_FEES,
    "stripe_fx_fee": ledger.STRIPE_FEES,
    "tax_fee": ledger.STRIPE_FEES,
}
"""By Stripe's kind of balance transaction: the other side of the entry."""

LATELY = timedelta(days=7)


def look_at_payout(_stripe_payout_id: str) -> None:
    """Something was paid out, or did not arrive: take in what Stripe has moved lately. Its own transactions."""
    take_own(stripe().movements(clock.now() - LATELY))


def take_own(movements: Iterable[Movement]) -> None:
    """Write down those of Stripe's balance transactions that it made by itself, each once. Its own transaction."""
    own = [each for each in movements if each.kind in ACCOUNTS]
    with transaction() as session:
        for each in own:
            entry = ledger.moved_by_stripe(each.id, ACCOUNTS[each.kind], each.net, each.fee)
            if not queries.has_entry(session, entry.source):
                books.write(session, entry, each.currency, at_stripe=each.source, at=each.at)
