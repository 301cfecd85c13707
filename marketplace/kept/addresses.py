"""A search as the text of an address: one text for one search."""

from typing import Any
from urllib.parse import parse_qs, urlencode

from marketplace.errors import Invalid
from marketplace.kept.models import MOST_ADDRESS
from marketplace.matching.forms import PageQuery, lenient

BESIDE_THE_POINT = {"cursor", "limit", "sort", "budget"}
"""Of the page and not of who qualifies. A budget is read as `max_price`."""


def fields_of(query: PageQuery) -> list[tuple[str, str]]:
    """What the search asks for, as names and texts in a fixed order; what is usual is left out."""
    said = query.model_dump(exclude_defaults=True, exclude=BESIDE_THE_POINT)
    return [(name, _text(each)) for name in sorted(said) for each in _values(said[name])]


def address_of(query: PageQuery) -> str:
    """The search as an address has it; Invalid `search-empty` when it asks for nothing, `search-long` for too much."""
    text = urlencode(fields_of(query))
    if not text:
        raise Invalid("search-empty")
    if len(text) > MOST_ADDRESS:
        raise Invalid("search-long")
    return text


def query_of(address: str) -> PageQuery:
    """The search of such a text; what the vocabulary no longer has is passed over."""
    return lenient(parse_qs(address))


def _values(value: Any) -> list[Any]:
    return sorted(value) if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
