"""Coming in: registering, proving the address, signing in, setting a forgotten password anew.

Nothing here tells whether an address is known: the answer is a mail to its owner.
"""

from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from math import ceil
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from marketplace import clock
from marketplace.accounts import policy, queries
from marketplace.accounts.links import fingerprint
from marketplace.accounts.models import SignInAttempt, User
from marketplace.accounts.service.tokens import revoke_all
from marketplace.db import new_id
from marketplace.errors import Invalid
from marketplace.jobs import enqueue


@dataclass(frozen=True)
class Registration:
    """What somebody says who registers. `terms_version` is what she accepted, now."""

    email: str
    name: str
    password_hash: str
    is_coach: bool
    language: str
    timezone: str
    terms_version: str


def register(session: Session, person: Registration, *, next_path: str = "") -> None:
    """Open an account and mail a link that proves the address and leads to `next_path`.

    An address whose account is proven gets a mail that says so instead. One whose account is not yet proven gets the
    link again, and nothing changes: proving the address takes the password with which the account was opened.
    """
    now = clock.now()
    person = replace(person, email=person.email.lower())
    user = queries.by_email(session, person.email)
    if user and user.is_verified:
        _mail(session, "accounts.mail_taken", user)
        return
    if user is None:
        user = User(**asdict(person), terms_accepted_at=now, created_at=now)
        try:
            with session.begin_nested():
                session.add(user)
                session.flush()
        except IntegrityError:  # somebody registered the address a moment ago
            return
    _mail(session, "accounts.mail_verification", user, next_path=next_path)


def ask_for_verification(session: Session, email: str, *, next_path: str = "") -> None:
    """Mail the link once more, if there is an account that needs it."""
    user = queries.by_email(session, email)
    if user and not user.is_verified:
        _mail(session, "accounts.mail_verification", user, next_path=next_path)


def verify(session: Session, user_id: UUID, *, email: str, mark: str) -> User:
    """The address is hers; the caller has seen her password. Raises as `check_verifiable`."""
    user = queries.for_change(session, user_id)
    check_verifiable(session, user_id, email=email, mark=mark)
    assert user is not None  # noqa: S101  (it was just checked)
    user.verified_at = clock.now()
    return user


def check_verifiable(session: Session, user_id: UUID, *, email: str, mark: str) -> None:
    """Invalid `link-dead` when address or password have changed since the mail, or `already-verified`."""
    user = queries.by_id(session, user_id)
    if user is None or user.email != email or fingerprint(user.password_hash) != mark:
        raise Invalid("link-dead")
    if user.is_verified:
        raise Invalid("already-verified")


def begin_attempt(session: Session, *, email: str, client: str) -> UUID:
    """Count a try to sign in before the password is looked at; TooOften `too-often` with `minutes` to wait.

    `client` is where the request came from.
    """
    now = clock.now()
    since = now - policy.WINDOW
    email = email.lower()[: policy.LONGEST_ADDRESS]
    waiting = max(
        policy.wait(queries.failures(session, since, email=email), policy.MOST_FAILURES_FOR_ADDRESS, now),
        policy.wait(queries.failures(session, since, client=client), policy.MOST_FAILURES_FROM_CLIENT, now),
    )
    if waiting > timedelta(0):
        raise policy.TooOften("too-often", minutes=ceil(waiting.total_seconds() / 60))
    attempt = SignInAttempt(id=new_id(), email=email, client=client, succeeded=False, at=now)
    session.add(attempt)
    return attempt.id


def finish_attempt(session: Session, attempt_id: UUID, *, new_hash: str | None = None) -> User:
    """The password was right: the try is no failure. `new_hash` replaces a hash made at an outdated cost."""
    attempt = session.get_one(SignInAttempt, attempt_id)
    attempt.succeeded = True
    user = queries.by_email(session, attempt.email)
    if user is None:
        raise Invalid("sign-in-wrong")
    if new_hash:
        user.password_hash = new_hash
    return user


def count_mail(session: Session, *, client: str) -> None:
    """Count a mail that somebody asks for from `client`; TooOften `mails-too-often` with `minutes` to wait."""
    now = clock.now()
    asked = queries.mails_asked_for(session, now - policy.MAIL_WINDOW, client=client)
    waiting = policy.wait(asked, policy.MOST_MAILS_FOR_CLIENT, now, policy.MAIL_WINDOW)
    if waiting > timedelta(0):
        raise policy.TooOften("mails-too-often", minutes=ceil(waiting.total_seconds() / 60))
    session.add(SignInAttempt(email="", client=client, succeeded=True, is_mail=True, at=now))


def ask_for_reset(session: Session, email: str) -> None:
    """Mail a link for setting a new password, if there is such an account."""
    if user := queries.by_email(session, email):
        _mail(session, "accounts.mail_reset", user)


def reset_password(session: Session, user_id: UUID, *, mark: str, password_hash: str) -> User:
    """Set the password from a mailed link, which works once; ends all sessions and tokens, proves the address."""
    user = queries.for_change(session, user_id)
    if user is None or fingerprint(user.password_hash) != mark:
        raise Invalid("link-dead")
    user.password_hash, user.session_epoch = password_hash, user.session_epoch + 1
    user.verified_at = user.verified_at or clock.now()
    revoke_all(session, user.id)
    session.execute(delete(SignInAttempt).where(col(SignInAttempt.email) == user.email))
    enqueue(session, "accounts.mail_password_changed", user_id=user.id)
    return user


def _mail(session: Session, job: str, user: User, **facts: Any) -> None:
    """Ask for a mail, but not twice within MAILS_APART."""
    slot = int(clock.now().timestamp() // policy.MAILS_APART.total_seconds())
    enqueue(session, job, key=f"{job}:{user.id}:{slot}", user_id=user.id, **facts)
