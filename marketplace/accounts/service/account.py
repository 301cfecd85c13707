"""Changing one's account, taking one's data along, leaving."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts import queries
from marketplace.accounts.models import User
from marketplace.accounts.policy import Reminders
from marketplace.accounts.service.tokens import revoke_all
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.jobs import enqueue, publish

Share = Callable[[Session, UUID], Any]
SHARES: dict[str, Share] = {}


def by_email(session: Session, email: str) -> User:
    """The person of that address; NotFound `person` when there is none."""
    user = queries.by_email(session, email)
    if user is None:
        raise NotFound("person", email=email)
    return user


def edit(
    session: Session, user_id: UUID, *, name: str, language: str, timezone: str, reminders: Reminders | None = None
) -> User:
    """Change what is said of her, and which reminders she gets (None: as before)."""
    user = _open(session, user_id)
    user.name, user.language, user.timezone = name, language, timezone
    user.reminders = reminders or user.reminders
    return user


def ask_for_address(session: Session, user_id: UUID, email: str) -> None:
    """Mail a link to the new address; the old one holds until it is followed.

    An address that has an account already gets no link, and the asker the same answer.
    """
    user = _open(session, user_id)
    email = email.lower()
    if email == user.email:
        raise Invalid("address-same", field="email")
    if queries.by_email(session, email) is None:
        enqueue(session, "accounts.mail_address_change", user_id=user.id, email=email)


def change_address(session: Session, user_id: UUID, *, old: str, new: str) -> User:
    """The new address is proven; tells the old one. Invalid `link-dead` when it was changed meanwhile."""
    user = queries.for_change(session, user_id)
    if user is None or user.email != old:
        raise Invalid("link-dead")
    if queries.by_email(session, new) is not None:
        raise Conflict("address-taken")
    user.email, user.verified_at = new, clock.now()
    try:
        session.flush()
    except IntegrityError:
        raise Conflict("address-taken") from None
    enqueue(session, "accounts.mail_address_changed", user_id=user.id, old=old)
    return user


def change_password(session: Session, user_id: UUID, *, password_hash: str) -> User:
    """Set a new password; ends all other sessions (the caller starts hers anew)."""
    user = _open(session, user_id)
    user.password_hash, user.session_epoch = password_hash, user.session_epoch + 1
    enqueue(session, "accounts.mail_password_changed", user_id=user.id)
    return user


def close(session: Session, user_id: UUID) -> None:
    """Leave: the person's name and address go, sessions and tokens end; bookings and books stay, nameless.

    Publishes `account.closing` first: a feature that still needs her (a session to come) refuses by Conflict.
    """
    user = _open(session, user_id)
    publish(session, "account.closing", user_id=user.id)
    revoke_all(session, user.id)
    user.email, user.name, user.password_hash = f"closed-{user.id}@invalid", "—", "!"
    user.session_epoch, user.closed_at, user.verified_at = user.session_epoch + 1, clock.now(), None


def export(session: Session, user_id: UUID) -> dict[str, Any]:
    """All we hold about her that features have shares for, as plain JSON values."""
    user = _open(session, user_id)
    account = user.model_dump(mode="json", exclude={"password_hash", "session_epoch"})
    tokens = [token.model_dump(mode="json", exclude={"digest"}) for token in queries.tokens(session, user_id)]
    return {"account": account, "tokens": tokens} | {name: share(session, user_id) for name, share in SHARES.items()}


def share(name: str) -> Callable[[Share], Share]:
    """Register what a feature above holds about a person: `@share("bookings")` over `(session, user_id) -> JSON`."""

    def register(function: Share) -> Share:
        SHARES[name] = function
        return function

    return register


def _open(session: Session, user_id: UUID) -> User:
    user = queries.for_change(session, user_id)
    if user is None:
        raise NotFound("person")
    return user
