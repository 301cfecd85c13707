"""API tokens: shown once, kept as a digest."""

import secrets
from uuid import UUID

from sqlalchemy import select, update
from sqlmodel import Session, col

from marketplace import clock
from marketplace.accounts import queries
from marketplace.accounts.models import ApiToken, User
from marketplace.accounts.sessions import digest
from marketplace.db import locked, new_id
from marketplace.errors import Conflict, NotFound

PREFIX = "runsight_"  # so that a leaked one is recognised
RANDOM_BYTES = 32
MOST_TOKENS = 20


def create_token(session: Session, user: User, *, label: str, token_id: UUID | None = None) -> str:
    """Make a token and return it; nobody can read it again. Conflict when `token_id` was made before."""
    if token_id and session.get(ApiToken, token_id):
        raise Conflict("token-made")
    if len(queries.tokens(session, user.id)) >= MOST_TOKENS:
        raise Conflict("tokens-many", most=MOST_TOKENS)
    token = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    row = ApiToken(id=token_id or new_id(), user_id=user.id, label=label, digest=digest(token), created_at=clock.now())
    session.add(row)
    session.flush()
    return token


def revoke_token(session: Session, token_id: UUID, *, of: UUID) -> None:
    """End one of her tokens; NotFound when it is not hers."""
    mine = select(ApiToken).where(col(ApiToken.id) == token_id, col(ApiToken.user_id) == of)
    token: ApiToken | None = locked(session, mine)
    if token is None:
        raise NotFound("token")
    token.revoked_at = token.revoked_at or clock.now()


def revoke_all(session: Session, user_id: UUID) -> None:
    """End all of her tokens."""
    working = update(ApiToken).where(col(ApiToken.user_id) == user_id, col(ApiToken.revoked_at).is_(None))
    session.execute(working.values(revoked_at=clock.now()))
