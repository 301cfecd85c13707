"""Who is signed in: a cookie for pages (Flask-Login), a bearer token for the API. Nothing else reads either."""

import hashlib
from contextlib import nullcontext
from uuid import UUID

from flask import Flask, g, has_request_context, request
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from sqlalchemy import delete, select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.accounts.models import ApiToken, SignedIn, User
from marketplace.db import current_session, transaction
from marketplace.jobs import publish


class Ticket(UserMixin):  # type: ignore[misc]
    """What the cookie holds: whose it is, her epoch (a raised one ends all), and the row that signing out deletes."""

    def __init__(self, text: str) -> None:
        self.id = text


def register(app: Flask) -> None:
    """Give the app its sign-in cookie."""
    manager = LoginManager()
    manager.session_protection = "basic"
    manager.user_loader(Ticket)
    manager.init_app(app)
    app.config.update(
        REMEMBER_COOKIE_HTTPONLY=True,
        REMEMBER_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=app.config["SESSION_COOKIE_SECURE"],
        REMEMBER_COOKIE_PATH="/",
    )


def start(user: User, *, remember: bool = False) -> None:
    """Sign her in on this browser, in the view's transaction or, where it has none, in one of its own.

    Publishes `person.signed_in`, for what this browser has kept of her.
    """
    browser = SignedIn(user_id=user.id, started_at=clock.now())
    with nullcontext(current_session()) if current_session().in_transaction() else transaction() as session:
        session.add(browser)
        publish(session, "person.signed_in", user_id=user.id)
    login_user(Ticket(f"{user.id} {user.session_epoch} {browser.id}"), remember=remember)
    g.pop("me", None)


def end() -> None:
    """Sign out on this browser; a copy of its cookie is worth nothing from then on. Publishes `person.signed_out`."""
    if current_user.is_authenticated and (parts := _parts(current_user.id)):
        with transaction() as session:
            session.execute(delete(SignedIn).where(col(SignedIn.id) == parts[2]))
            publish(session, "person.signed_out", user_id=parts[0])
    logout_user()
    g.pop("me", None)


def maybe_me() -> User | None:
    """The signed-in person or None. Inside a transaction she belongs to its session; outside she is a detached copy."""
    if not has_request_context():
        return None
    session = current_session()
    if "me" in g and (g.me is None or not session.in_transaction() or g.me in session):
        found: User | None = g.me
        return found
    if session.in_transaction():
        g.me = _load(session)
    else:
        with transaction(write=False) as session:
            g.me = _load(session)
    found = g.me
    return found


def me() -> User:
    """The signed-in person; only for views marked `@signed_in` or with a role."""
    user = maybe_me()
    assert user is not None  # noqa: S101  (the access mark has seen to it)
    return user


def digest(token: str) -> str:
    """How a token is kept: its SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def _load(session: Session) -> User | None:
    return _bearer(session) if request.path.startswith("/api/") else _cookie(session)


def _cookie(session: Session) -> User | None:
    if not current_user.is_authenticated:
        return None
    if (parts := _parts(current_user.id)) is None:
        return None
    user_id, epoch, browser_id = parts
    known = select(User).join(SignedIn, col(SignedIn.user_id) == col(User.id))
    known = known.where(col(SignedIn.id) == browser_id, col(User.id) == user_id, col(User.session_epoch) == epoch)
    return session.execute(known.where(col(User.closed_at).is_(None))).scalar_one_or_none()


def _parts(ticket: str) -> tuple[UUID, int, UUID] | None:
    try:
        user_id, epoch, browser_id = ticket.split(" ")
        return UUID(user_id), int(epoch), UUID(browser_id)
    except ValueError:
        return None


def _bearer(session: Session) -> User | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        return None
    known = select(User).join(ApiToken, col(ApiToken.user_id) == col(User.id))
    known = known.where(col(ApiToken.digest) == digest(token.strip()), col(ApiToken.revoked_at).is_(None))
    return session.execute(known.where(col(User.closed_at).is_(None))).scalar_one_or_none()
