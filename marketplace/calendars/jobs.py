"""What happens to calendars kept elsewhere by themselves: read, written, told about, forgotten."""

from typing import Any
from uuid import UUID

from flask import current_app
from sqlmodel import Session

from marketplace.accounts.service.account import share
from marketplace.calendars import mails, queries, service
from marketplace.coaches import queries as coaches
from marketplace.jobs import job, on
from marketplace.settings import Settings


def settings() -> Settings:
    """The settings of the running site."""
    found: Settings = current_app.extensions["settings"]
    return found


@job("calendars.refresh", transactional=False)
def refresh() -> None:
    """Read the calendars that are due."""
    service.refresh_due(settings())


@job("calendars.read", transactional=False)
def read(source_id: str) -> None:
    """Read one that was just added or asked for."""
    service.refresh_one(UUID(source_id), settings())


@job("calendars.discover", transactional=False)
def discover(account_id: str) -> None:
    """Find the calendars of an account."""
    service.discover(UUID(account_id), settings())


@job("calendars.send", transactional=False)
def send(source_id: str, holder_id: str) -> None:
    """Write one session into a calendar, or take it out."""
    service.send(UUID(source_id), UUID(holder_id), settings())


@job("calendars.send_again")
def send_again(session: Session) -> None:
    """Try anew what jobs have given up, and forget what has arrived."""
    service.send_again(session)
    service.forget_sent(session)


@job("calendars.tell_failing")
def tell_failing(session: Session, source_id: str) -> None:
    """Mail the coach that a calendar can't be read."""
    mails.failing(session, UUID(source_id))


@on("coach.changed")
def read_whole(session: Session, coach_id: UUID) -> None:
    """Her zone may be another one, and with it the hours of whole days."""
    service.read_whole(session, coach_id)


@on("account.closing")
def forget(session: Session, user_id: UUID) -> None:
    """Nothing of it stays when she leaves."""
    service.forget_person(session, user_id)


@share("calendars")
def held_about(session: Session, user_id: UUID) -> list[dict[str, Any]]:
    """Her calendars elsewhere, without what is secret of them."""
    coach = coaches.of_user(session, user_id)
    hers = queries.sources(session, coach.id) if coach else ()
    return [each.model_dump(mode="json", include={"name", "host", "blocks", "writes", "read_at"}) for each in hers]
