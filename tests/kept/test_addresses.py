"""One search is one text, whatever order its address had."""

from urllib.parse import parse_qs

import pytest

from marketplace.errors import Invalid
from marketplace.kept.addresses import address_of, query_of
from marketplace.matching.forms import lenient


def written(address: str) -> str:
    return address_of(lenient(parse_qs(address)))


def test_the_same_search_is_the_same_text() -> None:
    one = written("near=Ottawa,+ON&issue=itb&issue=hip-drop&utm_source=x&within_km=40&sort=price&limit=5")
    assert one == written("issue=hip-drop&near=Ottawa%2C+ON&issue=itb")
    assert query_of(one).issue == ["hip-drop", "itb"] and query_of(one).near == "Ottawa, ON"


def test_a_budget_in_whole_units_is_the_same_as_its_price() -> None:
    assert written("budget=95&near=Ottawa") == written("max_price=9500&near=Ottawa")


def test_what_narrows_is_kept() -> None:
    text = "goal=10k&language=fr&min_rating=4.5&mode=online&near=45.4%2C-75.7&prefer=female&within_km=12.5"
    assert written(text) == text


@pytest.mark.parametrize("address", ["", "sort=fit", "limit=3&cursor=abc", "issue=nothing-we-know"])
def test_a_search_for_nothing_is_refused(address: str) -> None:
    with pytest.raises(Invalid) as refusal:
        written(address)
    assert refusal.value.kind == "search-empty"


def test_a_search_that_no_row_holds_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        written("near=" + "🏔" * 200)
    assert refusal.value.kind == "search-long"
