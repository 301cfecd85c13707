"""Mails about a package: bought (to both sides), ending soon, ended."""

from uuid import UUID

from sqlmodel import Session

from marketplace.accounts.models import User
from marketplace.money import Money
from marketplace.packages import queries
from marketplace.packages.models import Package
from marketplace.web.languages import absolute_url
from marketplace.web.mails import mail_to

FOR_COACH = {"bought"}


def tell(session: Session, package_id: UUID, news: str, given: int = 0) -> None:
    """Mail `news` (bought, ending, ended) of a package; `given`, in minor units, went back with it."""
    held = queries.held(session, session.get_one(Package, package_id))
    money = Money(given, held.package.currency)
    _send(session, held, held.runner, f"{news}_runner", money)
    if news in FOR_COACH:
        _send(session, held, session.get_one(User, held.coach.user_id), f"{news}_coach", money)


def _send(session: Session, held: queries.Held, reader: User, template: str, given: Money) -> None:
    is_runner = reader.id == held.runner.id
    spoken = {"in_language": reader.language}
    url = (
        absolute_url("packages.show", package_id=held.package.id, **spoken)
        if is_runner
        else absolute_url("desk.credits", **spoken)
    )
    mail_to(
        session,
        reader,
        f"packages/mail/{template}.txt",
        key=f"packages:{held.package.id}:{template}",
        held=held,
        package=held.package,
        given=given,
        url=url,
        book_url=absolute_url("matching.profile", slug=held.coach.slug, **spoken),
    )
