"""Who was shown, looked at and chosen, collected in this process until it is written (counting.py).

Telling costs an append to a queue, so that a page of results pays next to nothing for it. Nothing of the person who
looks is kept; `by` is only there to pass over a coach who looks at herself. A killed process loses some seconds.
"""

import re
import threading
from collections import deque
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from marketplace.places.geo import cell

MOST_WAITING = 4000  # of a page of 20 coaches each, some 10 MB; what is older than that is dropped
MANY = 1000  # when it is time to write before the usual time
PROGRAMS = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|preview|headless|monitor|facebookexternalhit|lighthouse|scrapy|feed|pingdom|uptime"
    r"|chatgpt|claude|perplexity|whatsapp|telegram|google-|googleother|inspectiontool|^curl|^wget|^python|^go-http|^java"
    r"|^okhttp|^node|^axios|^libwww|^ruby|^php|^perl|^postman|^apache-http|^dart",
    re.IGNORECASE,
)

Point = tuple[float, float]


class Shown(NamedTuple):
    """A page of results: the coaches in their order, the first of them at `first` of `among`; masks of what was asked.

    `cell` is where the search looked from; None for anywhere.
    """

    coach_ids: Sequence[UUID]
    issues: int
    goals: int
    cell: int | None
    first: int
    among: int
    by: UUID | None


class Seen(NamedTuple):
    """A coach's page opened ("viewed"), or the booking of a time or a review with her ("begun")."""

    coach_id: UUID
    what: str
    by: UUID | None


Sighting = Shown | Seen
many_wait = threading.Event()
_waiting: deque[Sighting] = deque(maxlen=MOST_WAITING)


def shown(
    coach_ids: Sequence[UUID],
    issues: int,
    *,
    goals: int = 0,
    centre: Point | None = None,
    first: int = 1,
    among: int = 0,
    by: UUID | None = None,
) -> None:
    """These coaches were shown to somebody who asked for that. `by`: the person, where she is a coach herself."""
    _tell(Shown(coach_ids, issues, goals, cell(*centre) if centre else None, first, among, by))


def viewed(coach_id: UUID, by: UUID | None = None) -> None:
    """Somebody opened her page."""
    _tell(Seen(coach_id, "viewed", by))


def begun(coach_id: UUID, by: UUID | None = None) -> None:
    """Somebody began to book her."""
    _tell(Seen(coach_id, "begun", by))


def take() -> list[Sighting]:
    """All that waits, which waits no more: whoever takes it writes it. Each is taken once, by one thread."""
    many_wait.clear()
    taken = []
    try:
        while True:
            taken.append(_waiting.popleft())
    except IndexError:
        return taken


def put_back(taken: Sequence[Sighting]) -> None:
    """What could not be written waits again; what is newer goes before it where there is no room for all."""
    room = MOST_WAITING - len(_waiting)
    _waiting.extendleft(reversed(taken[len(taken) - min(room, len(taken)) :]))


@lru_cache(maxsize=512)
def is_person(user_agent: str) -> bool:
    """Whether a browser's name is not that of a program that reads pages for somebody else, or none at all."""
    return bool(user_agent) and not PROGRAMS.search(user_agent)


def _tell(sighting: Sighting) -> None:
    _waiting.append(sighting)
    if len(_waiting) >= MANY:
        many_wait.set()
