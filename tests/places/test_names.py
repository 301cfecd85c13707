"""Folding and readings of typed places."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.places.names import beginnings, fold, readings


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Orléans", "ORLEANS"),
        ("St. John's", "Saint Johns"),
        ("Saint-Jérôme", "st jerome"),
        ("Ste-Foy", "Sainte Foy"),
        ("Val-d'Or", "val d or"),
        ("Val-d’Or", "valdor".replace("valdor", "Val dOr")),
        ("L'Ange-Gardien", "l ange gardien"),
        ("Mt. Pearl", "Mount Pearl"),
        ("Washington D.C.", "washington dc"),
        ("Sacré-Cœur", "sacre coeur"),
        ("  Trois   Rivières ", "trois-rivieres"),
    ],
)
def test_spellings_of_one_name_fold_to_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@given(st.text(max_size=60))
def test_folding_is_plain_ascii_and_settled(text: str) -> None:
    once = fold(text)
    assert once.isascii()
    assert fold(once) == once


def test_a_half_typed_saint_may_be_another_word() -> None:
    assert beginnings("St") == ["saint", "st"]
    assert beginnings("st joh") == ["saint joh"]


def test_a_half_typed_postal_code_is_looked_up_by_its_area() -> None:
    assert beginnings("K1S 5") == ["k1s"]
    assert beginnings("K1S5B6") == ["k1s"]
    assert beginnings("K1") == ["k1"]
    assert beginnings("97201-1234") == ["97201"]


def test_a_name_before_a_region_reads_as_a_name_first() -> None:
    ways = [(way.name, len(way.regions)) for way in readings("Portland OR")]
    assert ways[:2] == [("portland or", 0), ("portland", 1)]


def test_a_full_postal_code_reads_as_itself_and_then_as_its_area() -> None:
    assert [way.name for way in readings("k0a1l0")][:2] == ["k0a 1l0", "k0a"]


def test_a_place_beside_is_kept_apart_from_regions() -> None:
    way = readings("Hull, Gatineau, QC")[0]
    assert (way.name, way.beside, len(way.regions)) == ("hull", "gatineau", 1)
