"""What coaches do when other things happen."""

from uuid import UUID

from sqlmodel import Session

from marketplace.accounts.models import User
from marketplace.coaches import queries, service
from marketplace.coaches.kinds import CoachStatus
from marketplace.coaches.models import Coach
from marketplace.jobs import job, on
from marketplace.web.languages import absolute_url
from marketplace.web.mails import mail_to


@job("coaches.mail_approved")
def mail_approved(session: Session, coach_id: str) -> None:
    """Her listing is open; no mail to who was taken off it again or has left since."""
    coach = session.get_one(Coach, UUID(coach_id))
    user = session.get_one(User, coach.user_id)
    if coach.status is CoachStatus.APPROVED and not user.closed_at:
        page = absolute_url("matching.profile", in_language=user.language, slug=coach.slug)
        desk = absolute_url("desk.home", in_language=user.language)
        mail_to(session, user, "coaches/mail/approved.txt", page=page, desk=desk)


@on("account.closing")
def take_off_the_list(session: Session, user_id: UUID) -> None:
    """A coach who leaves is listed no longer."""
    coach = queries.of_user(session, user_id)
    if coach is not None:
        service.suspend(session, coach.slug)
