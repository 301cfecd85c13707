"""Where a search looks: in the ring, among online coaches elsewhere, or anywhere; and how many it finds there.

Where no ring bounds it, it looks through lists that are bounded by standing: one for each issue that is asked for.
"""

from enum import Enum

from sqlmodel import Session

from marketplace.matching.criteria import Criteria
from marketplace.matching.masks import IN_PERSON, ONLINE
from marketplace.matching.queries.conditions import cells, conditions, horizon, nearness, spoken
from marketplace.matching.queries.sql import Values, rows
from marketplace.memory import Memory

MOST_ELSEWHERE = 100  # for each topic
MOST_ANYWHERE = 1000
MOST_NEW = 1000
MOST_COUNTED = 60  # afresh; where there are more, they are counted once a minute
EVERYTHING = 0
_counts: Memory[tuple[int, int]] = Memory(1000, seconds=60, fleeting=True)


class Where(Enum):
    """One of the places to look."""

    RING = "ring"
    ELSEWHERE = "elsewhere"
    ANYWHERE = "anywhere"


def chosen(criteria: Criteria, value: Values, where: Where) -> tuple[str, str]:
    """What goes before a SELECT, and what goes after its FROM: the rows of the search table that qualify there."""
    wanted = list(conditions(criteria, value))
    if where is Where.RING:
        ring, joined = cells(criteria, value)
        near = f"{nearness(criteria, value)} >= {value(horizon(criteria))}"
        return f"WITH {ring}", f"ring CROSS JOIN coach_search WHERE {' AND '.join([joined, *wanted, near])}"
    if where is Where.ELSEWHERE:
        wanted.append(f"modes & {ONLINE} <> 0")
    if not criteria.words:
        wanted.append(f"coach_id IN ({_listed(criteria, value, where)})")
    return "", f"coach_search WHERE {' AND '.join(wanted)}"


def counted(session: Session, criteria: Criteria, where: Where) -> tuple[int, int]:
    """How many qualify there, and how many of them meet in person; many of them a minute ago."""
    key = (str(session.get_bind().engine.url), criteria.asked, where)
    return _counts.get(key, lambda: _count(session, criteria, where))


def _count(session: Session, criteria: Criteria, where: Where) -> tuple[int, int]:
    value = Values(session)
    tables, rest = chosen(criteria, value, where)
    meeting = f"count(CASE WHEN modes & {IN_PERSON} <> 0 THEN 1 END)"
    total, meets = rows(session, f"{tables} SELECT count(*), {meeting} FROM {rest}", value)[0]  # nosec B608
    return total, meets


def _listed(criteria: Criteria, value: Values, where: Where) -> str:
    """The ids of a bounded list: by when they were listed, or by topic."""
    if criteria.listed_since is not None:
        since = value(int(criteria.listed_since.timestamp()))
        return f"SELECT coach_id FROM coach_search WHERE listed_at > {since} ORDER BY listed_at LIMIT {value(MOST_NEW)}"  # nosec B608
    asked = criteria.issues | criteria.past
    topics = [number + 1 for number in range(asked.bit_length()) if asked >> number & 1]
    if criteria.goals or not topics:
        topics.append(EVERYTHING)
    lists = ((topic, _topic(criteria, value, topic, where)) for topic in topics)
    return " UNION ".join(f"SELECT coach_id FROM ({best}) AS t{topic}" for topic, best in lists)  # nosec B608


def _topic(criteria: Criteria, value: Values, topic: int, where: Where) -> str:
    """The coaches of a topic who speak what is asked, those of the best standing first."""
    wanted = [f"topic = {value(topic)}"]
    most = MOST_ANYWHERE if where is Where.ANYWHERE else MOST_ELSEWHERE
    if where is Where.ELSEWHERE or criteria.modes == ONLINE:
        wanted.append(f"online = {value(True)}")
    if criteria.languages:
        wanted.append(spoken(criteria, value))
    order = f"ORDER BY standing DESC LIMIT {value(most)}"
    return f"SELECT coach_id FROM coach_topic WHERE {' AND '.join(wanted)} {order}"  # nosec B608
