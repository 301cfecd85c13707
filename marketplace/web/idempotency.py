"""`Idempotency-Key` on POST: the first answer is kept, in the transaction that made it, and given again for a week."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from flask import Response, make_response, request
from sqlalchemy import UniqueConstraint, delete, select
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, SQLModel, col

from marketplace import clock
from marketplace.db import Instant, current_session, new_id
from marketplace.errors import Conflict, Invalid
from marketplace.jobs import job
from marketplace.web.auth import person

View = TypeVar("View", bound=Callable[..., Any])
KEPT_FOR = timedelta(days=7)


class KeptAnswer(SQLModel, table=True):
    """The answer to one keyed request of one person."""

    __tablename__ = "kept_answer"
    __table_args__ = (UniqueConstraint("user_id", "key"),)

    id: UUID = Field(default_factory=new_id, primary_key=True)
    user_id: UUID
    key: str = Field(max_length=255)
    fingerprint: str = Field(max_length=64)
    status: int
    body: str
    created_at: datetime = Field(sa_type=Instant)


def idempotent(view: View) -> View:
    """Under `@writes` and `@signed_in`: honour the header. The same key with another request is refused (422).

    Of two requests under one key at once, the second is undone and refused (409); sent again, it gets the answer.
    """

    @wraps(view)
    def wrapper(*args: Any, **values: Any) -> Any:
        key, someone = request.headers.get("Idempotency-Key"), person()
        if not key or someone is None:
            return view(*args, **values)
        if len(key) > 255:
            raise Invalid("idempotency-key", field="Idempotency-Key")
        session, mark = current_session(), _fingerprint()
        mine = select(KeptAnswer).where(col(KeptAnswer.user_id) == someone.id, col(KeptAnswer.key) == key)
        kept = session.execute(mine).scalar_one_or_none()
        if kept is not None:
            if kept.fingerprint != mark:
                raise Invalid("idempotency-key", field="Idempotency-Key")
            return Response(kept.body, kept.status, mimetype="application/json")
        answer = make_response(view(*args, **values))
        body = answer.get_data(as_text=True)
        row = KeptAnswer(
            user_id=someone.id,
            key=key,
            fingerprint=mark,
            status=answer.status_code,
            body=body,
            created_at=clock.now(),
        )
        session.add(row)
        try:
            session.flush()
        except IntegrityError:
            raise Conflict("under-way") from None
        return answer

    return wrapper  # type: ignore[return-value]


@job("answers.forget")
def forget_old(session: Session) -> None:
    """Delete the answers that nobody asks for again."""
    session.execute(delete(KeptAnswer).where(col(KeptAnswer.created_at) < clock.now() - KEPT_FOR))


def _fingerprint() -> str:
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.get_data()).hexdigest()
