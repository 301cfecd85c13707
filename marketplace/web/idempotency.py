"""`Idempotency-Key` on POST: the first answer is kept, in the transaction that made it, and given again."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from flask import Response, make_response, request
from sqlalchemy import UniqueConstraint, select
from sqlmodel import Field, SQLModel, col

from marketplace import clock
from marketplace.db import Instant, current_session, new_id
from marketplace.errors import Invalid
from marketplace.web.auth import person

View = TypeVar("View", bound=Callable[..., Any])


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
    """Under `@writes` and `@signed_in`: honour the header. The same key with another request is refused (422)."""

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
        return answer

    return wrapper  # type: ignore[return-value]


def _fingerprint() -> str:
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.get_data()).hexdigest()
