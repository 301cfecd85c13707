"""Reads about people."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session, col

from marketplace.accounts.models import ApiToken, SignInAttempt, User
from marketplace.db import locked


def by_email(session: Session, email: str) -> User | None:
    """The person of that address, in any case; closed accounts are nobody's."""
    return session.scalar(select(User).where(col(User.email) == email.lower(), col(User.closed_at).is_(None)))


def by_id(session: Session, user_id: UUID) -> User | None:
    """The person, unless her account is closed."""
    user = session.get(User, user_id)
    return user if user and not user.closed_at else None


def for_change(session: Session, user_id: UUID) -> User | None:
    """The open account, locked to the end of the transaction."""
    found: User | None = locked(session, select(User).where(col(User.id) == user_id, col(User.closed_at).is_(None)))
    return found


def tokens(session: Session, user_id: UUID) -> Sequence[ApiToken]:
    """Her API tokens that work, the newest first."""
    mine = select(ApiToken).where(col(ApiToken.user_id) == user_id, col(ApiToken.revoked_at).is_(None))
    return session.scalars(mine.order_by(col(ApiToken.created_at).desc())).all()


def failures(session: Session, since: datetime, *, email: str = "", client: str = "") -> list[datetime]:
    """When signing in failed since then, for an address or from a client."""
    which = col(SignInAttempt.email) == email if email else col(SignInAttempt.client) == client
    failed = select(col(SignInAttempt.at)).where(which, col(SignInAttempt.at) > since)
    failed = failed.where(col(SignInAttempt.is_mail).is_(False))
    return list(session.scalars(failed.where(col(SignInAttempt.succeeded).is_(False))))


def mails_asked_for(session: Session, since: datetime, *, client: str) -> list[datetime]:
    """When mails were asked for from a client since then."""
    asked = select(col(SignInAttempt.at)).where(col(SignInAttempt.client) == client, col(SignInAttempt.at) > since)
    return list(session.scalars(asked.where(col(SignInAttempt.is_mail))))
