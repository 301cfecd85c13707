"""The books by the day: what each kind of account had at its end, in one currency. Days are of UTC, as Stripe's are."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, func, select
from sqlmodel import Session, col

from marketplace.admin.models import BooksCheck
from marketplace.payments.models import LedgerEntry, LedgerLine, StripeEvent

ORDER = ("stripe", "bank", "stripe_fees", "disputes", "losses", "promotions", "held", "credits", "coach", "fee_income")
"""The kinds of account, what we have or spent before what we owe or earned."""


@dataclass(frozen=True, slots=True)
class Day:
    """The balances at the end of a day, by kind of account, in minor units; `entries` were written on it."""

    on: date
    balances: Mapping[str, int]
    entries: int


def days(session: Session, currency: str, month: date) -> list[Day]:
    """The days of a month on which something was written, the latest first."""
    since, until = _start(month), _start(next_month(month))
    total = func.sum(col(LedgerLine.amount))
    mine = (col(LedgerEntry.currency) == currency) & (col(LedgerEntry.at) < until)
    kind = _kind()
    before = select(kind, total).join_from(LedgerLine, LedgerEntry).where(mine, col(LedgerEntry.at) < since)
    balances: dict[str, int] = defaultdict(int)
    balances |= {name: int(amount) for name, amount in session.execute(before.group_by(kind))}
    on = _day(session)
    during = select(on, kind, total).join_from(LedgerLine, LedgerEntry)
    rows = session.execute(during.where(mine, col(LedgerEntry.at) >= since).group_by(on, kind).order_by(on))
    counted = select(on, func.count()).where(mine, col(LedgerEntry.at) >= since).group_by(on)
    written = {str(day): int(count) for day, count in session.execute(counted)}
    found: dict[str, Mapping[str, int]] = {}
    for day, name, amount in rows:
        balances[name] += int(amount)
        found[str(day)] = dict(balances)
    return [Day(date.fromisoformat(day), found[day], written[day]) for day in sorted(found, reverse=True)]


def kinds(found: Sequence[Day]) -> list[str]:
    """The kinds of account that days have, what we have before what we owe."""
    there = {name for each in found for name in each.balances}
    return [name for name in ORDER if name in there] + sorted(there - set(ORDER))


def months(session: Session, currency: str) -> list[date]:
    """The months of the books, the latest first, as their first days."""
    mine = select(func.min(col(LedgerEntry.at)), func.max(col(LedgerEntry.at)))
    first, last = session.execute(mine.where(col(LedgerEntry.currency) == currency)).one()
    if first is None:
        return []
    month, found = first.astimezone(UTC).date().replace(day=1), []
    while month <= last.astimezone(UTC).date():
        found.append(month)
        month = next_month(month)
    return found[::-1]


def last_check(session: Session) -> BooksCheck | None:
    """The latest look through the books."""
    return session.scalars(select(BooksCheck).order_by(col(BooksCheck.at).desc()).limit(1)).first()


def heard_from_stripe_at(session: Session) -> datetime | None:
    """When Stripe last sent us an event."""
    return session.scalars(select(func.max(col(StripeEvent.received_at)))).one()


def used_currencies(session: Session) -> list[str]:
    """The currencies in which money has moved."""
    return list(session.scalars(select(col(LedgerEntry.currency)).distinct().order_by(col(LedgerEntry.currency))))


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def _kind() -> ColumnElement[str]:
    """An account without whose it is."""
    account: Any = col(LedgerLine.account)
    whose = {f"{name}:": name for name in ("held", "coach", "credits")}
    return case(*[(account.startswith(prefix), name) for prefix, name in whose.items()], else_=account)


def _day(session: Session) -> Any:
    if session.get_bind().dialect.name == "postgresql":
        return func.date(func.timezone("UTC", col(LedgerEntry.at)))
    return func.date(col(LedgerEntry.at))


def _start(month: date) -> datetime:
    return datetime(month.year, month.month, 1, tzinfo=UTC)
