"""Mails about an account, and forgetting old tries."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from flask import current_app
from sqlalchemy import delete
from sqlmodel import Session, col

from marketplace import clock
from marketplace.accounts import links, policy
from marketplace.accounts.models import SignInAttempt, User
from marketplace.jobs import job
from marketplace.settings import Settings
from marketplace.web.languages import absolute_url
from marketplace.web.mails import mail_to


@dataclass
class Reader:
    """A person at an address that is not (or no longer) her account's."""

    name: str
    email: str
    language: str
    timezone: str

    @classmethod
    def at(cls, email: str, user: User) -> "Reader":
        """The person, reached there."""
        return cls(user.name, email, user.language, user.timezone)


@job("accounts.mail_verification")
def mail_verification(session: Session, user_id: str, next_path: str) -> None:
    """A link that proves the address."""
    user = session.get(User, UUID(user_id))
    if user and not user.is_verified and not user.closed_at:
        mark = links.fingerprint(user.password_hash)
        token = _token("verify", user=user_id, email=user.email, mark=mark, next=next_path)
        url = absolute_url("accounts.verification", in_language=user.language, token=token)
        mail_to(session, user, "accounts/mail/verification.txt", url=url)


@job("accounts.mail_taken")
def mail_taken(session: Session, user_id: str) -> None:
    """Somebody, most likely she, tried to register an address that has an account."""
    if user := _open(session, user_id):
        sign_in = absolute_url("accounts.sign_in", in_language=user.language)
        forgotten = absolute_url("accounts.forgotten", in_language=user.language)
        mail_to(session, user, "accounts/mail/taken.txt", sign_in=sign_in, forgotten=forgotten)


@job("accounts.mail_reset")
def mail_reset(session: Session, user_id: str) -> None:
    """A link for setting a new password, good for an hour and for once."""
    if user := _open(session, user_id):
        token = _token("reset", lives=policy.RESET_LINK_LIVES, user=user_id, mark=links.fingerprint(user.password_hash))
        url = absolute_url("accounts.reset", in_language=user.language, token=token)
        mail_to(session, user, "accounts/mail/reset.txt", url=url)


@job("accounts.mail_password_changed")
def mail_password_changed(session: Session, user_id: str) -> None:
    """So that she hears of it when it was not she."""
    if user := _open(session, user_id):
        forgotten = absolute_url("accounts.forgotten", in_language=user.language)
        mail_to(session, user, "accounts/mail/password_changed.txt", forgotten=forgotten)


@job("accounts.mail_address_change")
def mail_address_change(session: Session, user_id: str, email: str) -> None:
    """A link, to the new address, that makes it hers."""
    if user := _open(session, user_id):
        token = _token("address", user=user_id, old=user.email, new=email)
        url = absolute_url("accounts.new_address", in_language=user.language, token=token)
        mail_to(session, Reader.at(email, user), "accounts/mail/address_change.txt", url=url)


@job("accounts.mail_address_changed")
def mail_address_changed(session: Session, user_id: str, old: str) -> None:
    """Tell the old address."""
    if user := _open(session, user_id):
        url = absolute_url("pages.contact", in_language=user.language)
        mail_to(session, Reader.at(old, user), "accounts/mail/address_changed.txt", new=user.email, url=url)


@job("accounts.forget")
def forget_attempts(session: Session) -> None:
    """Delete tries to sign in that no longer count."""
    session.execute(
        delete(SignInAttempt).where(col(SignInAttempt.at) < clock.now() - max(4 * policy.WINDOW, policy.MAIL_WINDOW))
    )


def _open(session: Session, user_id: str) -> User | None:
    user = session.get(User, UUID(user_id))
    return user if user and not user.closed_at else None


def _token(purpose: str, *, lives: timedelta = policy.LINK_LIVES, **facts: str) -> str:
    settings: Settings = current_app.extensions["settings"]
    return links.make(settings.secret_key, purpose, expires_at=clock.now() + lives, **facts)
