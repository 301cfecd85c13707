"""Our books beside Stripe's: which of its balance transactions we have not written down, and the other way round."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session, col

from marketplace import clock, log
from marketplace.db import transaction
from marketplace.errors import DomainError
from marketplace.payments import ledger
from marketplace.payments.answers import Movement, StripeError
from marketplace.payments.gateway import stripe
from marketplace.payments.models import LedgerEntry, LedgerLine
from marketplace.payments.service.adopting import look_at_refund
from marketplace.payments.service.banking import take_own
from marketplace.payments.service.disputing import look_at_dispute
from marketplace.payments.service.recalling import look_at_reversal, look_at_transfer

BACK = timedelta(days=30)
SLACK = timedelta(days=7)
"""So far our entry and Stripe's transaction may lie apart: a site can be down for days."""
SETTLING = timedelta(minutes=10)
"""What moved a moment ago may not be written down yet."""

LOOKS: dict[str, Callable[[str], None]] = {
    "re": look_at_refund,
    "du": look_at_dispute,
    "dp": look_at_dispute,
    "tr": look_at_transfer,
    "trr": look_at_reversal,
}


@dataclass(frozen=True, slots=True)
class Difference:
    """What moved money at Stripe (`source`, its id there) otherwise than in our books; minor units.

    `ours` None: no entry of ours; `theirs` None: no balance transaction.
    """

    source: str
    currency: str
    at: datetime
    ours: int | None
    theirs: int | None
    kind: str


def differences(since: datetime | None = None, until: datetime | None = None) -> list[Difference]:
    """All of them between then (30 days ago) and then (a moment ago), the latest first.

    Asks Stripe, outside any transaction: StripeError when it is away.
    """
    since = since or clock.now() - BACK
    return _differences(stripe().movements(since - SLACK), since, until)


def compared(ours: Iterable[Movement], theirs: Iterable[Movement]) -> list[Difference]:
    """What the two don't agree on, source by source: one source may move money there and back again."""
    sums: dict[tuple[str, str], list[list[Movement]]] = defaultdict(lambda: [[], []])
    for side, movements in enumerate((ours, theirs)):
        for movement in movements:
            sums[movement.source, movement.currency][side].append(movement)
    found = []
    for (source, currency), sides in sums.items():
        mine, other = (sum(each.net for each in side) if side else None for side in sides)
        if mine != other:
            latest = max((each for side in sides for each in side), key=lambda each: each.at)
            found.append(Difference(source, currency, latest.at, mine, other, latest.kind))
    return sorted(found, key=lambda each: each.at, reverse=True)


def compare(until: datetime | None = None) -> int:
    """Look at what only Stripe knows of, since its news never came: refunds, transfers, reversals, disputes; how many.

    What Stripe has moved by itself is written down.
    """
    since = clock.now() - BACK
    theirs = stripe().movements(since - SLACK)
    take_own(theirs)
    found = _differences(theirs, since, until)
    unknown = [each.source for each in found if each.source.partition("_")[0] in LOOKS]
    for source in unknown:
        try:
            LOOKS[source.partition("_")[0]](source)
        except (StripeError, DomainError) as problem:
            log.warning("left for the next comparison", source=source, problem=str(problem))
    return len(unknown)


def compare_in_turn() -> None:
    """The same, as the worker does it every few hours: while Stripe is away, the next turn will do."""
    try:
        compare()
    except StripeError as problem:
        log.warning("left for the next comparison", problem=str(problem))


def _differences(theirs: Iterable[Movement], since: datetime, until: datetime | None) -> list[Difference]:
    with transaction(write=False) as session:
        ours = _ours(session, since - SLACK)
    until = until or clock.now() - SETTLING
    return [each for each in compared(ours, theirs) if since <= each.at <= until]


def _ours(session: Session, since: datetime) -> list[Movement]:
    rows = select(LedgerEntry, func.sum(col(LedgerLine.amount))).join_from(LedgerEntry, LedgerLine)
    rows = rows.where(col(LedgerLine.account) == ledger.STRIPE, col(LedgerEntry.at) >= since)
    found = session.execute(rows.group_by(col(LedgerEntry.id)))
    return [
        Movement(str(entry.id), entry.source.partition(":")[0], entry.at_stripe or entry.source, int(net),
                 entry.currency, entry.at)
        for entry, net in found
    ]  # fmt: skip
