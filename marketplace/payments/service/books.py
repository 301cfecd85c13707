"""Writing into the ledger."""

from datetime import datetime

from sqlmodel import Session

from marketplace import clock
from marketplace.payments.ledger import Entry
from marketplace.payments.models import LedgerEntry, LedgerLine


def write(
    session: Session, entry: Entry, currency: str, *, at_stripe: str | None = None, at: datetime | None = None
) -> None:
    """Add an entry; one without lines says nothing and is left out. Its source can be written only once.

    `at_stripe`: the id of what moved the same money there. `at`: when it moved, if not now.
    """
    if not entry.lines:
        return
    row = LedgerEntry(source=entry.source, currency=currency, at=at or clock.now(), at_stripe=at_stripe)
    session.add(row)
    session.flush()
    session.add_all(LedgerLine(entry_id=row.id, account=name, amount=amount) for name, amount in entry.lines.items())
    session.flush()
