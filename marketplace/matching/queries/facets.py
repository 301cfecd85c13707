"""How many coaches each choice of the filters would leave, counted in one read and kept for a minute."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlmodel import Session

from marketplace.matching.criteria import Criteria
from marketplace.matching.masks import GOALS, ISSUES, LANGUAGES, MODES, TRAITS
from marketplace.matching.queries.chosen import MOST_ANYWHERE, Where, chosen
from marketplace.matching.queries.sql import Values, rows
from marketplace.memory import Memory

Counts = Mapping[str, int]
FREE = TRAITS[:2]


@dataclass(frozen=True, slots=True)
class Facets:
    """Coaches by what can be chosen besides: any of the issues and goals qualifies, the others narrow further."""

    issues: Counts
    goals: Counts
    modes: Counts
    languages: Counts
    free: Counts


_facets: Memory[Facets | None] = Memory(500, seconds=60, fleeting=True)


def facets(session: Session, criteria: Criteria) -> Facets | None:
    """Of the coaches in the ring; without a place, of all, or None where they are too many to be counted."""
    key = (str(session.get_bind().engine.url), criteria.asked)
    return _facets.get(key, lambda: _counted(session, criteria))


def _counted(session: Session, criteria: Criteria) -> Facets | None:
    anybody = replace(criteria, issues=0, past=0, goals=0)
    total, wanted = _counts(session, anybody, (("issues", ISSUES), ("goals", GOALS)))
    if criteria.centre is None and total >= MOST_ANYWHERE:
        return None
    narrow = (("modes", MODES), ("languages", LANGUAGES), ("traits", FREE))
    _total, narrowed = _counts(session, criteria, narrow)
    return Facets(**wanted, modes=narrowed["modes"], languages=narrowed["languages"], free=narrowed["traits"])


def _counts(
    session: Session, criteria: Criteria, columns: Sequence[tuple[str, Sequence[str]]]
) -> tuple[int, dict[str, Counts]]:
    """How many qualify, and how many of them have each value of each column."""
    value = Values(session)
    where = Where.RING if criteria.centre else Where.ANYWHERE
    sums = ", ".join(["count(*)", *_sums(columns)])
    tables, rest = chosen(criteria, value, where)
    total, *counts = rows(session, f"{tables} SELECT {sums} FROM {rest}", value)[0]  # nosec B608
    left = iter(counts)
    return total, {column: {each: next(left) for each in ids} for column, ids in columns}


def _sums(columns: Sequence[tuple[str, Sequence[str]]]) -> Iterator[str]:
    for column, ids in columns:
        for place in range(len(ids)):
            yield f"count(CASE WHEN {column} & {1 << place} <> 0 THEN 1 END)"
