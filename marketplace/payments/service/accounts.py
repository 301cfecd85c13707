"""Where a coach is paid: her connected account, set up on Stripe's own pages."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock, log
from marketplace.db import insert, locked, new_id, transaction
from marketplace.errors import Conflict
from marketplace.jobs import enqueue, publish
from marketplace.payments import queries
from marketplace.payments.answers import Account, Refused, Unclear
from marketplace.payments.gateway import stripe
from marketplace.payments.models import PayoutAccount

GONE, NO_COUNTRY = "account_invalid", "country_unsupported"
"""Stripe's codes: the account was closed, or taken away from us; it pays nobody in that country."""
LOOK_SOON, LOOK_DAILY = timedelta(hours=1), timedelta(days=1)
AT_ONCE = 50


def can_be_paid(session: Session, coach_id: UUID) -> bool:
    """Whether transfers reach this coach; nobody can book her for money before."""
    account = queries.payout_account(session, coach_id)
    return account is not None and account.payouts_enabled


def open_account(coach_id: UUID, *, email: str, country: str, return_url: str, refresh_url: str) -> str:
    """The address of Stripe's page where a coach sets her account up, or goes on. Its own transactions.

    Stripe leads whoever opens an address that is used or too old to `refresh_url`. Conflict `stripe-away`,
    `payouts-country`, `payouts-refused`, or `payouts-lost` when Stripe has taken the account away: then the next call
    opens another.
    """
    with transaction(write=False) as session:
        known = queries.payout_account(session, coach_id)
        account_id = known.stripe_account_id if known else None
    try:
        account_id = account_id or _create(coach_id, email, country)
        return stripe().link_account(
            account_id, return_url=return_url, refresh_url=refresh_url, key=f"account-link:{new_id()}"
        )
    except Unclear as problem:
        raise Conflict("stripe-away", code=problem.code) from problem
    except Refused as problem:
        raise _refusal(problem, account_id) from problem


def look_at_account(stripe_account_id: str) -> None:
    """Take in how a connected account stands at Stripe. Its own transactions; other people's accounts are ignored."""
    try:
        seen = stripe().retrieve_account(stripe_account_id)
    except Refused as problem:
        if problem.code != GONE:
            raise
        _lose(stripe_account_id)
        return
    with transaction() as session:
        if (row := _by_stripe(session, seen.id)) is not None:
            _note(session, row, seen)


def accounts_to_look_at(session: Session) -> Sequence[str]:
    """Accounts that nobody has looked at for long: news of them may have been lost. They count as looked at now."""
    now = clock.now()
    found = queries.stale_accounts(session, stopped=now - LOOK_SOON, working=now - LOOK_DAILY, limit=AT_ONCE)
    for row in found:
        row.updated_at = now
    session.flush()
    return [str(row.stripe_account_id) for row in found]


def _create(coach_id: UUID, email: str, country: str) -> str:
    """Make an account at Stripe; its id. What was refused, or is asked for otherwise now, is another attempt."""
    for is_last in (False, True):
        with transaction(write=False) as session:
            known = queries.payout_account(session, coach_id)
            attempt = known.attempt if known else 1
        key = f"account:{coach_id}:{attempt}"
        try:
            made = stripe().create_account(email=email, country=country, coach_id=str(coach_id), key=key)
        except (Refused, Unclear) as problem:
            used_otherwise = problem.code == "idempotency"
            if isinstance(problem, Refused) or used_otherwise:
                _take_a_new_attempt(coach_id, attempt)
            if is_last or not used_otherwise:
                raise
            continue
        with transaction() as session:
            _note(session, _account(session, coach_id), made)
        break
    return made.id


def _take_a_new_attempt(coach_id: UUID, attempt: int) -> None:
    """Begin another, unless this one has made its account, or another has begun, in the meantime."""
    with transaction() as session:
        row = _account(session, coach_id)
        if row.attempt == attempt and row.stripe_account_id is None:
            row.attempt += 1


def _refusal(problem: Refused, account_id: str | None) -> Conflict:
    log.error("account refused", account=account_id, code=problem.code, request_id=problem.request_id)
    if problem.code == GONE and account_id:
        _lose(account_id)
        return Conflict("payouts-lost")
    return Conflict("payouts-country" if problem.code == NO_COUNTRY else "payouts-refused")


def _lose(stripe_account_id: str) -> None:
    """Forget an account that Stripe has closed or taken from us; what the coach is still owed waits for another."""
    with transaction() as session:
        row = _by_stripe(session, stripe_account_id)
        if row is not None:
            row.attempt += 1
            _note(session, row, Account("", False, (), "deauthorized"))


def _note(session: Session, row: PayoutAccount, seen: Account) -> None:
    """Keep how an account stands; publishes `payouts.changed` when the coach can be paid from now on, or no more.

    She is told of each stop, and of each time that it works again.
    """
    could_be_paid, now = row.payouts_enabled, clock.now()
    row.stripe_account_id, row.payouts_enabled = seen.id or None, seen.can_be_paid
    row.missing, row.disabled_reason, row.due_by, row.updated_at = list(seen.missing), seen.reason, seen.due_by, now
    if could_be_paid and not seen.can_be_paid:
        row.stopped_at = now
    session.flush()
    if row.payouts_enabled != could_be_paid:
        publish(session, "payouts.changed", coach_id=row.coach_id)
        if row.stopped_at:
            news = "work" if row.payouts_enabled else "stopped"
            key = f"payments.tell_payouts:{row.coach_id}:{row.stopped_at.isoformat()}:{news}"
            enqueue(session, "payments.tell_payouts", key=key, coach_id=row.coach_id, news=news)


def _account(session: Session, coach_id: UUID) -> PayoutAccount:
    """A coach's row, made where there is none, and locked."""
    values = {"coach_id": coach_id, "payouts_enabled": False, "missing": [], "attempt": 1}
    made = insert(session, PayoutAccount).values(values | {"updated_at": clock.now()})
    session.execute(made.on_conflict_do_nothing(index_elements=["coach_id"]))
    row: PayoutAccount = locked(session, select(PayoutAccount).where(col(PayoutAccount.coach_id) == coach_id))
    return row


def _by_stripe(session: Session, stripe_account_id: str) -> PayoutAccount | None:
    by = col(PayoutAccount.stripe_account_id) == stripe_account_id
    found: PayoutAccount | None = locked(session, select(PayoutAccount).where(by))
    return found
