"""What coaches do when other things happen."""

from uuid import UUID

from sqlmodel import Session

from marketplace.coaches import queries, service
from marketplace.jobs import on


@on("account.closing")
def take_off_the_list(session: Session, user_id: UUID) -> None:
    """A coach who leaves is listed no longer."""
    coach = queries.of_user(session, user_id)
    if coach is not None:
        service.suspend(session, coach.slug)
