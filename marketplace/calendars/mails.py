"""The mail about a calendar that can't be read."""

from uuid import UUID

from sqlmodel import Session

from marketplace.accounts.models import User
from marketplace.calendars.models import Source
from marketplace.calendars.wording import said
from marketplace.coaches.models import Coach
from marketplace.web.languages import absolute_url, speaking
from marketplace.web.mails import mail_to


def failing(session: Session, source_id: UUID) -> None:
    """Tell its coach what is wrong and that it still blocks what it last blocked; nothing if it works by now."""
    source = session.get(Source, source_id)
    if source is None or source.failing_since is None or source.trouble is None:
        return
    person = session.get_one(User, session.get_one(Coach, source.coach_id).user_id)
    with speaking(person.language):
        why = said(source.trouble)
    mail_to(
        session,
        person,
        "calendars/mail/failing.txt",
        key=f"calendars.failing:{source.id}:{source.failing_since.isoformat()}",
        source=source,
        why=why,
        url=absolute_url("desk.calendars", in_language=person.language),
    )
