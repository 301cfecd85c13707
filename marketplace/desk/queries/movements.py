"""A coach's books: every movement of the ledger that touches what she sold, one row for each thing it touches."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlmodel import Session, col

from marketplace.accounts.models import User
from marketplace.bookings.models import Booking
from marketplace.coaches.models import Coach
from marketplace.payments import ledger, taxes
from marketplace.payments.models import LedgerEntry, LedgerLine, Order, OrderLine, Payment, Refund, Transfer
from marketplace.payments.models_back import Reversal
from marketplace.payments.receipt_models import LineTax
from marketplace.payments.taxes import Rate

AT_ONCE = 400  # names in one question to the database
BACK = {"refund", "refund-failed"}


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement, in minor units of `currency`: what came in, went back, is our fee, her share, was sent to her.

    `kind` is the ledger's ("charge", "earned", "refund"…); `taxes` are within what came in, and less what went back.
    """

    at: datetime
    kind: str
    source: str
    currency: str
    line: OrderLine | None
    booking: Booking | None
    runner: str
    paid: int
    given_back: int
    fee: int
    share: int
    sent: int
    taxes: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Thing:
    line: OrderLine
    booking: Booking | None
    runner: str
    rates: Sequence[Rate]


_Lines = dict[str, int]


def movements(session: Session, coach: Coach) -> Iterator[Movement]:
    """All of them, the first one first. That visits of a package wait or are used moves no money, and is none."""
    things = _things(session, coach)
    accounts = [ledger.coach(coach.id), *map(ledger.held, things)]
    pointed = _pointed(session, coach.id)
    for entry, lines in _entries(session, accounts):
        if any(account.startswith(ledger.credits("")) for account in lines):
            continue
        kind, _, rest = entry.source.partition(":")
        held = {UUID(name.removeprefix("held:")): amount for name, amount in lines.items() if name.startswith("held:")}
        about: list[UUID | None] = [what for what in held if str(what) in things]
        about = about or [_named(rest.partition(":")[0], things, pointed)]
        for number, what in enumerate(about):  # what is not of one thing alone stands in the first row
            others = lines if number == 0 else {}
            here = {ledger.held(what): -held.get(what, 0)} if what else {}
            yield _movement(coach, entry, kind, here | _less_held(others), things.get(str(what)))


def _named(name: str, things: Mapping[str, _Thing], pointed: Mapping[str, UUID]) -> UUID | None:
    """What an entry is about that touches nothing held: the ledger names it, or what moved its money."""
    return UUID(name) if name in things else pointed.get(name)


def _movement(coach: Coach, entry: LedgerEntry, kind: str, lines: _Lines, thing: _Thing | None) -> Movement:
    held = sum(amount for name, amount in lines.items() if name.startswith("held:"))
    fee, hers = lines.get(ledger.FEE_INCOME, 0), lines.get(ledger.coach(coach.id), 0)
    is_sent = kind in ("transfer", "reversal")
    paid = held if kind == "charge" else 0
    given_back = -(held + fee + hers) if kind in BACK or kind.startswith("dispute") else 0
    return Movement(
        at=entry.at,
        kind=kind,
        source=entry.source,
        currency=entry.currency,
        line=thing.line if thing else None,
        booking=thing.booking if thing else None,
        runner=thing.runner if thing else "",
        paid=paid,
        given_back=given_back,
        fee=fee,
        share=0 if is_sent else hers,
        sent=-hers if is_sent else 0,
        taxes=_taxes(paid - given_back, thing.rates if thing else ()),
    )


def _taxes(amount: int, rates: Sequence[Rate]) -> dict[str, int]:
    sign = -1 if amount < 0 else 1
    return {each.tax: sign * each.amount for each in taxes.split(abs(amount), rates)[1]}


def _less_held(lines: _Lines) -> _Lines:
    return {name: -amount for name, amount in lines.items() if not name.startswith("held:")}


def _entries(session: Session, accounts: Sequence[str]) -> list[tuple[LedgerEntry, _Lines]]:
    """The entries that touch one of the accounts, each with all of its lines, in order of time."""
    found: dict[UUID, LedgerEntry] = {}
    lines: dict[UUID, _Lines] = defaultdict(dict)
    for first in range(0, len(accounts), AT_ONCE):
        touching = select(col(LedgerLine.entry_id)).where(
            col(LedgerLine.account).in_(accounts[first : first + AT_ONCE])
        )
        rows = select(LedgerEntry, LedgerLine).join(LedgerLine, col(LedgerLine.entry_id) == col(LedgerEntry.id))
        for entry, line in session.execute(rows.where(col(LedgerEntry.id).in_(touching))):
            found[entry.id] = entry
            lines[entry.id][line.account] = line.amount
    return [(entry, lines[entry.id]) for entry in sorted(found.values(), key=lambda each: (each.at, each.id))]


def _things(session: Session, coach: Coach) -> dict[str, _Thing]:
    """What she sold, by its reference; a session that a visit of a package paid is of the package's line."""
    hers = select(OrderLine, User, Booking).join(Payment, col(Payment.order_id) == col(OrderLine.order_id))
    hers = hers.join(Order, col(Order.id) == col(OrderLine.order_id)).join(User, col(User.id) == col(Order.payer_id))
    hers = hers.outerjoin(Booking, col(Booking.id) == col(OrderLine.reference_id))
    mine = (col(Payment.coach_id) == coach.id, col(Payment.charge_id).is_not(None) | (col(Payment.added) > 0))
    rates = _rates(session, *mine)
    things = {
        str(line.reference_id): _Thing(line, booking, (payer.name.split() or ["?"])[0], rates.get(line.id, ()))
        for line, payer, booking in session.execute(hers.where(*mine))
    }
    packages = {each.line.order_id: each for each in things.values() if each.line.kind == "package"}
    visits = select(Booking).where(col(Booking.coach_id) == coach.id, col(Booking.credit_id).is_not(None))
    used = [each for each in session.scalars(visits) if each.order_id in packages]
    return things | {str(each.id): replace(packages[each.order_id], booking=each) for each in used if each.order_id}


def _rates(session: Session, *mine: ColumnElement[bool]) -> dict[UUID, list[Rate]]:
    within = select(LineTax).join(OrderLine, col(OrderLine.id) == col(LineTax.line_id))
    within = within.join(Payment, col(Payment.order_id) == col(OrderLine.order_id)).where(*mine)
    rates: dict[UUID, list[Rate]] = defaultdict(list)
    for each in session.execute(within.order_by(col(LineTax.tax))).scalars():
        rates[each.line_id].append(each.rate)
    return rates


def _pointed(session: Session, coach_id: UUID) -> dict[str, UUID]:
    """For what the ledger names by the id of a refund, transfer or reversal: what that is for."""
    found: dict[str, UUID] = {}
    for table in (Refund, Transfer):
        rows = select(col(table.id), col(table.reference_id)).where(col(table.coach_id) == coach_id)
        found |= {str(row_id): what for row_id, what in session.execute(rows)}
    rows = select(col(Reversal.id), col(Transfer.reference_id)).where(col(Transfer.coach_id) == coach_id)
    rows = rows.join(Transfer, col(Transfer.id) == col(Reversal.transfer_id))
    return found | {str(row_id): what for row_id, what in session.execute(rows)}
