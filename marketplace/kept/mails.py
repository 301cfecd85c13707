"""The mail about new coaches who fit a saved search, and the link in it that stops such mails."""

from collections.abc import Sequence
from uuid import UUID

from flask import current_app
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts import links
from marketplace.accounts.models import User
from marketplace.kept import queries
from marketplace.kept.addresses import query_of
from marketplace.kept.models import SavedSearch
from marketplace.kept.policy import STOP_LINK_LIVES
from marketplace.matching import queries as matching
from marketplace.matching import reason_words
from marketplace.settings import Settings
from marketplace.web.languages import absolute_url
from marketplace.web.mails import mail_to

MOST_NAMED, MOST_REASONS = 5, 3
SAID_ELSEWHERE = {"opening"}  # a time is said in its reader's zone, on a line of its own
STOP = "search-mails"


def new_coaches(session: Session, search_id: UUID, coach_ids: Sequence[UUID]) -> None:
    """Mail its owner who is new, why each fits and when she is free; nothing when none of them is listed any more."""
    search = session.get(SavedSearch, search_id)
    if search is None or not search.tells:
        return
    owner = session.get_one(User, search.user_id)
    if not owner.is_verified or owner.closed_at:
        return
    now, spoken = clock.now(), owner.language
    criteria = queries.asked(session, query_of(search.address), now).criteria
    standing = (matching.standing(session, coach_id, criteria) for coach_id in coach_ids)
    hits = [hit for hit in standing if hit is not None]
    if not hits:
        return
    mail_to(
        session,
        owner,
        "kept/mail/new_coaches.txt",
        unsubscribe=stop_url(search, in_language=spoken),
        search=search,
        hits=hits[:MOST_NAMED],
        others=len(hits[MOST_NAMED:]),
        reasons_of=_reasons,
        profile_url=lambda hit: absolute_url("matching.profile", in_language=spoken, slug=hit.card.slug),
        all_url=f"{absolute_url('matching.results', in_language=spoken)}?{search.address}",
        searches_url=absolute_url("kept.searches", in_language=spoken),
    )


def stop_url(search: SavedSearch, *, in_language: str) -> str:
    """Where the mails of this search are stopped, by a button: for whoever holds the link."""
    token = links.make(_secret(), STOP, expires_at=clock.now() + STOP_LINK_LIVES, search=str(search.id))
    return absolute_url("kept.stop", in_language=in_language, token=token)


def search_of(token: str) -> UUID:
    """The search whose mails the link stops; Invalid `link-dead`."""
    return UUID(links.read(_secret(), STOP, token, now=clock.now())["search"])


def _reasons(hit: matching.Hit) -> list[str]:
    """Why she fits, in the language that is being spoken."""
    said = [reason for reason in reason_words.worth_telling(hit.reasons) if reason.kind not in SAID_ELSEWHERE]
    return [reason_words.reason_text(reason) for reason in said[:MOST_REASONS]]


def _secret() -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.secret_key
