"""Where a coach is paid: her connected account, set up on Stripe's own pages."""

from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.db import new_id, transaction
from marketplace.errors import Conflict
from marketplace.jobs import publish
from marketplace.payments import queries
from marketplace.payments.answers import Account, Refused, Unclear
from marketplace.payments.gateway import stripe
from marketplace.payments.models import PayoutAccount


def can_be_paid(session: Session, coach_id: UUID) -> bool:
    """Whether transfers reach this coach; nobody can book her for money before."""
    account = queries.payout_account(session, coach_id)
    return account is not None and account.payouts_enabled


def open_account(coach_id: UUID, *, email: str, country: str, return_url: str, refresh_url: str) -> str:
    """The address of Stripe's page where a coach sets her account up, or goes on. Its own transactions.

    Conflict `stripe-away`.
    """
    with transaction(write=False) as session:
        known = queries.payout_account(session, coach_id)
        account_id = known.stripe_account_id if known else None
    try:
        if account_id is None:
            key = f"account:{coach_id}"
            made = stripe().create_account(email=email, country=country, coach_id=str(coach_id), key=key)
            account_id = made.id
            with transaction() as session:
                _note(session, coach_id, made)
        return stripe().link_account(
            account_id, return_url=return_url, refresh_url=refresh_url, key=f"account-link:{new_id()}"
        )
    except (Refused, Unclear) as problem:
        raise Conflict("stripe-away", code=problem.code) from problem


def look_at_account(stripe_account_id: str) -> None:
    """Take in how a connected account stands at Stripe. Its own transactions; other people's accounts are ignored."""
    seen = stripe().retrieve_account(stripe_account_id)
    with transaction() as session:
        by = col(PayoutAccount.stripe_account_id) == seen.id
        known = session.execute(select(PayoutAccount).where(by)).scalar_one_or_none()
        if known is not None:
            _note(session, known.coach_id, seen)


def _note(session: Session, coach_id: UUID, seen: Account) -> None:
    """Keep how an account stands; publishes `payouts.changed` when the coach can be paid from now on, or no more."""
    row = queries.payout_account(session, coach_id)
    if row is None:
        row = PayoutAccount(coach_id=coach_id, updated_at=clock.now())
        session.add(row)
    could_be_paid = row.payouts_enabled
    row.stripe_account_id, row.charges_enabled, row.payouts_enabled = seen.id, seen.can_charge, seen.can_be_paid
    row.missing, row.updated_at = list(seen.missing), clock.now()
    session.flush()
    if row.payouts_enabled != could_be_paid:
        publish(session, "payouts.changed", coach_id=coach_id)
