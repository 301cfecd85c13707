"""The lists beside the search table: a coach's topics and her words. What is as it was is left alone."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Session, col

from marketplace.coaches import queries as coaches
from marketplace.coaches.models import Coach
from marketplace.db import insert_many
from marketplace.matching.masks import ISSUES, ONLINE
from marketplace.matching.models import CoachTopic, CoachWord
from marketplace.places.names import plain

EVERYTHING = 0
TOPIC = ("topic", "online", "standing", "languages")
Topic = tuple[int, bool, float, int]
MOST_WORDS = 120
LEAST_LETTERS, LONGEST = 2, 40


def write(session: Session, coach: Coach, values: dict[str, Any]) -> None:
    """Make both lists say what is so; `values` are those of her row."""
    topics = set(_topics(values))
    before = select(*(col(getattr(CoachTopic, name)) for name in TOPIC)).where(col(CoachTopic.coach_id) == coach.id)
    if {tuple(row) for row in session.execute(before)} != topics:
        _replace(session, CoachTopic, coach.id, [_named(coach.id, topic) for topic in topics])
    words = set(_words(coach, [f"{each.title} {each.issuer}" for each in coaches.credentials(session, coach.id)]))
    said = select(col(CoachWord.word)).where(col(CoachWord.coach_id) == coach.id)
    if set(session.scalars(said)) != words:
        _replace(session, CoachWord, coach.id, [{"word": word} for word in words])


def add(session: Session, many: Sequence[tuple[Coach, dict[str, Any]]]) -> None:
    """Both lists of coaches who are in neither and have no papers, by their rows."""
    topics = [_named(coach.id, topic) for coach, values in many for topic in _topics(values)]
    insert_many(session, CoachTopic, topics)
    words = [{"word": word, "coach_id": coach.id} for coach, _ in many for word in _words(coach, ())]
    insert_many(session, CoachWord, words)


def _topics(values: dict[str, Any]) -> Iterator[Topic]:
    """The rows of a coach: of all topics, and of each that she fixes."""
    own = (bool(values["modes"] & ONLINE), values["standing"], values["languages"])
    yield EVERYTHING, *own
    for number in range(len(ISSUES)):
        if values["issues"] >> number & 1:
            yield number + 1, *own


def _named(coach_id: UUID, topic: Topic) -> dict[str, Any]:
    return dict(zip(TOPIC, topic, strict=True)) | {"coach_id": coach_id}


def _words(coach: Coach, papers: Sequence[str]) -> list[str]:
    """The folded words that she is found by: of her name first, then headline, papers and page."""
    texts = (coach.name, coach.headline, *papers, coach.about)
    return list(dict.fromkeys(word for text in texts for word in _folded(text)))[:MOST_WORDS]


@lru_cache(maxsize=2048)
def _folded(text: str) -> tuple[str, ...]:
    return tuple(word[:LONGEST] for word in plain(text).split() if len(word) >= LEAST_LETTERS)


def _replace(
    session: Session, table: type[CoachTopic] | type[CoachWord], coach_id: UUID, rows: list[dict[str, Any]]
) -> None:
    session.execute(delete(table).where(col(table.coach_id) == coach_id))
    insert_many(session, table, [row | {"coach_id": coach_id} for row in rows])
