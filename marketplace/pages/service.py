"""Writing to the operator."""

from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.errors import DomainError
from marketplace.jobs import Job
from marketplace.mail import send_later

MOST_FROM_CLIENT, MOST_IN_ALL = 5, 200  # messages within the window
WINDOW = timedelta(hours=1)


class TooManyMessages(DomainError):
    """Too many messages came; nothing of this one is lost if it is sent later."""

    status = 429


def write_to_operator(
    session: Session, message_id: UUID, *, operator: str, name: str, email: str, message: str, client: str
) -> None:
    """Mail a message to `operator`; the same id is sent once. TooManyMessages `messages-many` within an hour."""
    sender = sha256(client.encode()).hexdigest()[:12]
    if _sent(session, f"mail:contact:{sender}:") >= MOST_FROM_CLIENT or _sent(session, "mail:contact:") >= MOST_IN_ALL:
        raise TooManyMessages("messages-many")
    send_later(
        session,
        to=operator,
        subject=f"Runsight: {name}",
        text=f"{message}\n\n{name} <{email}>\n",
        key=f"contact:{sender}:{message_id}",
    )


def _sent(session: Session, beginning: str) -> int:
    """How many messages were sent under keys that begin so."""
    keys = col(Job.key).startswith(beginning, autoescape=True)
    recent = col(Job.created_at) > clock.now() - WINDOW
    return session.scalar(select(func.count()).select_from(Job).where(keys, recent)) or 0
