"""How much may be kept, and when a saved search is looked at and told of. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta

MOST_FAVOURITES, MOST_WITHOUT_ACCOUNT = 40, 12
MOST_SEEN = 8
MOST_SEARCHES = 20
MOST_SIDE_BY_SIDE = 3
LOOKED_APART = timedelta(hours=1)
TOLD_APART = timedelta(hours=24)
OVERLAP = timedelta(minutes=10)
"""Each look goes back a little before the last: who was being listed just then was not to be seen yet."""
UNDO_LASTS = timedelta(days=1)
STOP_LINK_LIVES = timedelta(days=400)


def is_due(*, looked_at: datetime, told_at: datetime | None, now: datetime) -> bool:
    """Whether a saved search is to be looked at: not within an hour of the last look, nor within a day of a mail."""
    return looked_at <= now - LOOKED_APART and (told_at is None or told_at <= now - TOLD_APART)


def news_since(*, since_at: datetime, looked_at: datetime) -> datetime:
    """From when on a coach counts as new: since a little before the last look, but not before the search was saved."""
    return max(since_at, looked_at - OVERLAP)


def newest_first(slugs: Sequence[str], slug: str, most: int) -> list[str]:
    """The list with `slug` in front, once, and no longer than `most`."""
    return [slug, *(each for each in slugs if each != slug)][:most]
