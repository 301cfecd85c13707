"""Mails to staff: something waits for them."""

from typing import Any

from sqlmodel import Session

from marketplace.admin import queries
from marketplace.web.languages import absolute_url
from marketplace.web.mails import mail_to


def tell_staff(session: Session, news: str, name: str, endpoint: str, **where: Any) -> None:
    """Mail `news` (complaint, absence, dispute, money, books) to every member of staff, once for each `name`d thing."""
    for member in queries.staff(session):
        mail_to(
            session,
            member,
            f"admin/mail/{news}.txt",
            key=f"admin:{news}:{name}:{member.id}",
            url=absolute_url(endpoint, in_language=member.language, **where),
        )
