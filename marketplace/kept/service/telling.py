"""Looking at saved searches for new coaches, and asking for a mail when one fits.

Each search is looked at without a lock and told of in a short transaction of its own. Two workers may look at the
same one; the second finds it no longer due, and a coach is told once by the key of `told_coach`.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from marketplace import clock, log
from marketplace.db import transaction
from marketplace.errors import NotFound
from marketplace.jobs import enqueue
from marketplace.kept import queries
from marketplace.kept.addresses import query_of
from marketplace.kept.models import SavedSearch, ToldCoach
from marketplace.kept.policy import is_due, news_since
from marketplace.matching import queries as matching
from marketplace.matching.criteria import MOST_LIMIT, Sort

AT_ONCE, MOST_BATCHES = 50, 40


def tell_due() -> int:
    """Look at the searches that are due, in bounded batches; how many led to a mail. Its own transactions."""
    told = 0
    for _batch in range(MOST_BATCHES):
        now = clock.now()
        with transaction(write=False) as session:
            due = queries.due(session, now, AT_ONCE)
        for search_id in due:
            coach_ids = _looked(search_id, now)
            with transaction() as session:
                told += tell(session, search_id, coach_ids, now)
        if len(due) < AT_ONCE:
            break
    return told


def _looked(search_id: UUID, now: datetime) -> Sequence[UUID]:
    """What a look finds. One that fails finds nobody, and comes round again: it must not silence the others."""
    try:
        with transaction(write=False) as session:
            return look(session, search_id, now)
    except Exception as error:
        log.error("search-failed", search_id=str(search_id), exc_info=error)
        return []


def look(session: Session, search_id: UUID, now: datetime) -> Sequence[UUID]:
    """The coaches first listed since the last look who fit, the best first. A place that we lost finds nobody."""
    search = session.get_one(SavedSearch, search_id)
    asked = queries.asked(session, query_of(search.address), now)
    if asked.is_lost:
        return []
    since = news_since(since_at=search.since_at, looked_at=search.looked_at)
    news = replace(asked.criteria, listed_since=since, sort=Sort.FIT, limit=MOST_LIMIT)
    return [hit.card.coach_id for hit in matching.search(session, news).hits]


def tell(session: Session, search_id: UUID, coach_ids: Sequence[UUID], now: datetime) -> bool:
    """Note the look, and ask for one mail about those of whom the search has not told; whether there are any."""
    try:
        search = queries.locked(session, search_id)
    except NotFound:  # deleted a moment ago
        return False
    if not search.tells or not is_due(looked_at=search.looked_at, told_at=search.told_at, now=now):
        return False
    search.looked_at = now
    told = queries.told_of(session, search_id, coach_ids)
    fresh = [coach_id for coach_id in coach_ids if coach_id not in told]
    if not fresh:
        return False
    search.told_at = now
    session.add_all(ToldCoach(search_id=search_id, coach_id=coach_id, told_at=now) for coach_id in fresh)
    enqueue(session, "kept.mail_new", search_id=search_id, coach_ids=[str(coach_id) for coach_id in fresh])
    return True
