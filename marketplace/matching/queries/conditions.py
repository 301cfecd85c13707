"""Who qualifies for a search, as conditions on the search table."""

from collections.abc import Iterator, Sequence
from math import cos

from marketplace.matching.criteria import Criteria
from marketplace.matching.masks import IN_PERSON, LANGUAGES, ONLINE
from marketplace.matching.queries.sql import Values
from marketplace.places.geo import EARTH_KM, cells_around, on_sphere

NEVER = 2**40
"""In seconds since 1970: later than any opening."""
HOUR = 3600
MOST_NAMED = 120  # cells of a ring; a wider one is named by rows
EVERY_LANGUAGES = range(1, 2 ** len(LANGUAGES))
AFTER_ALL_LETTERS = "\x7f"


def conditions(criteria: Criteria, value: Values) -> Iterator[str]:
    """What a row must have, wherever it is."""
    yield from _wanted(criteria, value)
    if criteria.languages or criteria.most_price is not None:
        yield spoken(criteria, value)
    if criteria.modes:
        yield f"modes & {value(criteria.modes)} = {value(criteria.modes)}"
    if criteria.most_price is not None:
        yield f"currency = {value(criteria.currency)}"
        yield f"price <= {value(criteria.most_price)}"  # which the index has beside cell and languages
        if criteria.modes in (ONLINE, IN_PERSON):
            yield f"{price(criteria)} <= {value(criteria.most_price)}"
    if criteria.available_until is not None:
        yield f"{next_seconds(criteria, value)} <= {value(int(criteria.available_until.timestamp()))}"
    if criteria.free:
        yield f"traits & {value(criteria.free)} <> 0"
    if criteria.least_rating is not None:
        yield f"rating_count > 0 AND rating_sum * 100 >= rating_count * {value(round(criteria.least_rating * 100))}"
    if criteria.listed_since is not None:
        yield f"listed_at > {value(int(criteria.listed_since.timestamp()))}"
    for word in criteria.words:
        yield f"coach_id IN ({with_word(word, value)})"


def _wanted(criteria: Criteria, value: Values) -> Iterator[str]:
    asked = (("issues", criteria.issues | criteria.past), ("goals", criteria.goals))
    if wanted := [f"{column} & {value(bits)} <> 0" for column, bits in asked if bits]:
        yield f"({' OR '.join(wanted)})"


def spoken(criteria: Criteria, value: Values) -> str:
    """That a coach speaks what is asked: as a list of masks, which an index and its statistics can use."""
    masks = (value(each) for each in EVERY_LANGUAGES if each & criteria.languages == criteria.languages)
    return f"languages IN ({', '.join(masks)})"


def with_word(begun: str, value: Values) -> str:
    """The ids of coaches with a word that begins so; words are ASCII."""
    return f"SELECT coach_id FROM coach_word WHERE word >= {value(begun)} AND word < {value(begun + AFTER_ALL_LETTERS)}"  # nosec B608


def cells(criteria: Criteria, value: Values) -> tuple[str, str]:
    """The cells that cover the search's ring."""
    assert criteria.centre is not None  # noqa: S101  (the caller has looked)
    return ring_of(cells_around(*criteria.centre, criteria.within_km), value)


def ring_of(found: Sequence[tuple[int, int]], value: Values) -> tuple[str, str]:
    """A table `ring` of cells, from inclusive ranges of them, and the condition that joins it.

    A few cells are named one by one, so that the index is entered by language and price too.
    """
    if sum(high - low + 1 for low, high in found) > MOST_NAMED:
        return f"ring(lo, hi) AS (VALUES {_tuples(found, value)})", "cell BETWEEN lo AND hi"
    single = [(cell,) for low, high in found for cell in range(low, high + 1)]
    return f"ring(at) AS (VALUES {_tuples(single, value)})", "cell = at"


def _tuples(found: Sequence[tuple[int, ...]], value: Values) -> str:
    return ", ".join(f"({', '.join(value(each) for each in one)})" for one in found)


def nearness(criteria: Criteria, value: Values) -> str:
    """The cosine of the angle between a coach and the centre: the greater, the nearer."""
    assert criteria.centre is not None  # noqa: S101  (the caller has looked)
    x, y, z = (value(each) for each in on_sphere(*criteria.centre))
    return f"(x * {x} + y * {y} + z * {z})"


def horizon(criteria: Criteria) -> float:
    """The nearness of who stands on the ring."""
    return cos(criteria.within_km / EARTH_KM)


def price(criteria: Criteria) -> str:
    """The column of the least price in the mode that is asked for."""
    return {ONLINE: "price_online", IN_PERSON: "price_in_person"}.get(criteria.modes, "price")


def next_seconds(criteria: Criteria, value: Values) -> str:
    """When she can help next, in seconds since 1970: her next opening, or else her earliest answer to a clip."""
    now = value(int(criteria.now.timestamp()))
    opens = f"WHEN next_opening_at > {now} THEN next_opening_at"
    return f"CASE {opens} ELSE coalesce(CAST(turnaround_hours AS BIGINT) * {HOUR} + {now}, {NEVER}) END"
