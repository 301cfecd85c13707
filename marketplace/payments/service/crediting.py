"""Credits: the visits of a package that are paid and not used, as the ledger keeps them. No money moves here.

A package's money comes in as `held:<package>` like all that is bought, and waits as `credits:<package>`. A visit that
is used becomes `held:<booking>`, and from there on it is an ordinary booking's money. What is to go back as money
passes through `held:<package>` again, so that the one way of refunding serves.
"""

from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.payments import ledger, queries
from marketplace.payments.service import books
from marketplace.payments.service.refunding import refund


def issue_credits(session: Session, order_id: UUID, package_id: UUID, amount: int) -> None:
    """A package is paid: `amount` (minor units) waits to be used."""
    origin, to = ledger.held(package_id), ledger.credits(package_id)
    _move(session, order_id, f"credits-issued:{package_id}", origin, to, amount)


def spend_credit(session: Session, order_id: UUID, package_id: UUID, reference_id: UUID, amount: int) -> None:
    """A visit of a package, worth `amount` (minor units), pays for a booking, once."""
    origin, to = ledger.credits(package_id), ledger.held(reference_id)
    _move(session, order_id, ledger.spent_source(reference_id), origin, to, amount)


def restore_credit(session: Session, order_id: UUID, package_id: UUID, reference_id: UUID, amount: int) -> None:
    """A booking that a visit of a package paid is cancelled with all of it back: the visit can be used again.

    `amount` is what the visit is worth, in minor units.
    """
    origin, to = ledger.held(reference_id), ledger.credits(package_id)
    _move(session, order_id, f"credit-back:{reference_id}", origin, to, amount)


def refund_credits(
    session: Session, order_id: UUID, package_id: UUID, amount: int, *, key: str, reason: str, by: str
) -> None:
    """Decide to give unused visits of a package back as money, `amount` in minor units.

    The same key is the same refund. Conflict `not-paid`, `refund-too-much`.
    """
    if amount:
        origin, to = ledger.credits(package_id), ledger.held(package_id)
        _move(session, order_id, f"credits-returned:{key}", origin, to, amount)
        refund(session, order_id, amount=amount, key=key, reason=reason, by=by, reference_id=package_id)


def give_up_credits(session: Session, order_id: UUID) -> None:
    """The money of an order has left without us: what it has as credits is held for the package again."""
    for line in queries.lines(session, order_id):
        account = ledger.credits(line.reference_id)
        if left := -queries.balance(session, account, queries.order(session, order_id).currency):
            name = f"credits-given-up:{line.reference_id}:{clock.now():%Y%m%d%H%M%S%f}"
            _move(session, order_id, name, account, ledger.held(line.reference_id), left)


def _move(session: Session, order_id: UUID, source: str, origin: str, to: str, amount: int) -> None:
    books.write(session, ledger.moved(source, origin, to, amount), queries.order(session, order_id).currency)
