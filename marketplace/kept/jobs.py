"""What happens to what is kept by itself: it moves in when its person signs in, tells of new coaches, goes with her."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.service.account import share
from marketplace.jobs import job, on
from marketplace.kept import mails, pocket, queries, service


@on("person.signed_in")
def move_in(session: Session, user_id: UUID) -> None:
    """What this browser kept is hers from now on."""
    if slugs := pocket.take_all():
        service.keep_all(session, user_id, slugs)


@on("person.signed_out")
def leave_no_trace(session: Session, user_id: UUID) -> None:
    """Whoever uses this browser next does not see what she has looked at."""
    pocket.forget_seen()


@on("account.closing")
def forget(session: Session, user_id: UUID) -> None:
    """Nothing of it stays when she leaves."""
    service.forget_person(session, user_id)


@share("favourites")
def favourites_of(session: Session, user_id: UUID) -> list[str]:
    """The coaches whom she keeps, by their addresses."""
    return queries.favourites(session, user_id)


@share("searches")
def searches_of(session: Session, user_id: UUID) -> list[dict[str, Any]]:
    """Her saved searches."""
    return [each.model_dump(mode="json", exclude={"user_id"}) for each in queries.of_person(session, user_id)]


@job("kept.tell", transactional=False)
def tell() -> None:
    """Look for new coaches who fit somebody's search."""
    service.tell_due()


@job("kept.mail_new")
def mail_new(session: Session, search_id: str, coach_ids: list[str]) -> None:
    """Mail the news of one search."""
    mails.new_coaches(session, UUID(search_id), [UUID(each) for each in coach_ids])


@job("kept.forget")
def forget_removed(session: Session) -> None:
    """Delete for good what was taken out a day ago."""
    service.forget_removed(session, clock.now())
