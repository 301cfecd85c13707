"""Which place is meant: asked of a real sample of the gazetteer on both databases."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from sqlalchemy import create_engine, literal, select
from sqlmodel import Session

from marketplace.places import queries
from marketplace.places.geo import distance_km
from marketplace.places.models import Place

OTTAWA = (45.4215, -75.6972)


@pytest.mark.parametrize(
    ("text", "name", "region"),
    [
        ("Kanata", "Kanata", "ON"),
        ("nepean", "Nepean", "ON"),
        ("Orléans", "Orléans", "ON"),
        ("Orleans", "Orléans", "ON"),
        ("Barrhaven", "Barrhaven", "ON"),
        ("the Glebe", "The Glebe", "ON"),
        ("Glebe", "The Glebe", "ON"),
        ("Westboro", "Westboro", "ON"),
        ("Hull", "Hull", "QC"),
        ("Aylmer", "Aylmer", "QC"),
        ("Hintonburg", "Hintonburg", "ON"),
        ("Centre Town", "Centretown", "ON"),
        ("Old Ottawa South", "Ottawa South", "ON"),
        ("Blackburn Hamlet", "Blackburn Hamlet", "ON"),
        ("Manotick", "Manotick", "ON"),
        ("Bytown", "Ottawa", "ON"),
        ("Ottawa area", "Ottawa", "ON"),
        ("Ottawa, ON", "Ottawa", "ON"),
        ("Ottawa ontario canada", "Ottawa", "ON"),
        ("Ottawa, CA", "Ottawa", "ON"),
        ("London, Ontario", "London", "ON"),
        ("London Ont.", "London", "ON"),
        ("Saint-Jérôme QC", "Saint-Jérôme", "QC"),
        ("st jerome", "Saint-Jérôme", "QC"),
        ("St. John's", "St. John's", "NL"),
        ("Saint John, Nouveau-Brunswick", "Saint John", "NB"),
        ("Quebec City", "Québec", "QC"),
        ("Montreal", "Montréal", "QC"),
        ("Scarborough", "Scarborough", "ON"),
        ("North York", "North York", "ON"),
        ("Kitchener-Waterloo", "Kitchener", "ON"),
        ("Nelson, BC", "Nelson", "BC"),
        ("Portland OR", "Portland", "OR"),
        ("Hull, Gatineau", "Hull", "QC"),
        ("Barrhaven, Ottawa, ON", "Barrhaven", "ON"),
        ("NYC", "New York City", "NY"),
    ],
)
def test_a_name_is_found_however_it_is_written(towns: Session, text: str, name: str, region: str) -> None:
    place = queries.resolve(towns, text)
    assert place is not None
    assert (place.name, place.region) == (name, region)


@pytest.mark.parametrize(
    ("text", "code", "near"),
    [
        ("K1S", "K1S", (45.40, -75.69)),
        ("k1s 5b6", "K1S", (45.40, -75.69)),
        ("K1S5B6", "K1S", (45.40, -75.69)),
        ("J8X", "J8X", (45.44, -75.71)),
        ("Ottawa K2J 1A1", "K2J", (45.27, -75.75)),
        ("97201", "97201", (45.50, -122.69)),
        ("97201-3456", "97201", (45.50, -122.69)),
    ],
)
def test_a_postal_code_is_found_in_its_area(towns: Session, text: str, code: str, near: tuple[float, float]) -> None:
    place = queries.resolve(towns, text)
    assert place is not None
    assert place.postal_code == code
    assert queries.distance_km(place.point, near) < 5


def test_a_rural_postal_code_leads_to_the_village(towns: Session) -> None:
    place = queries.resolve(towns, "K0A 1L0")
    assert place is not None
    assert place.name == "Carp"


def test_the_largest_of_several_is_meant_unless_something_near_is_known(towns: Session) -> None:
    anywhere = queries.resolve(towns, "London")
    from_ottawa = queries.resolve(towns, "London", near=OTTAWA)
    assert anywhere and from_ottawa
    assert (anywhere.country, from_ottawa.country) == ("GB", "CA")
    assert anywhere.label("fr") == "London, Royaume-Uni"


def test_what_is_no_place_is_none(towns: Session) -> None:
    for text in ("", "  ", "qwertzuiop", "🏃", "Ottawa, Florida", "K1", "0", "9" * 30, "9" * 5000, "\x00"):
        assert queries.resolve(towns, text) is None, text


def test_an_id_leads_to_its_place(towns: Session) -> None:
    ottawa = queries.resolve(towns, "Ottawa")
    assert ottawa
    assert queries.resolve(towns, str(ottawa.id)) is ottawa
    assert queries.locate(towns, "45.42,-75.69") is not None


def test_many_phrases_are_asked_at_once(towns: Session) -> None:
    words = [f"nothing {n}" for n in range(600)]
    found = queries.find_phrases(towns, ["Regina", "Hintonburg", "my left knee", *words])
    assert {phrase: places[0].region for phrase, places in found.items()} == {"Regina": "SK", "Hintonburg": "ON"}


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("ott", "Ottawa"),
        ("barrh", "Barrhaven"),
        ("st. joh", "St. John's"),
        ("mont", "Montréal"),
        ("stit", "Stittsville"),
    ],
)
def test_suggestions_come_as_one_types(towns: Session, typed: str, expected: str) -> None:
    assert expected in [place.name for place in queries.suggest(towns, typed)[:2]]


def test_suggestions_are_distinct_and_few(towns: Session) -> None:
    labels = [place.label() for place in queries.suggest(towns, "van")]
    assert len(labels) == len(set(labels)) == 8
    assert queries.suggest(towns, "v") == []


def test_a_half_typed_code_suggests_its_areas(towns: Session) -> None:
    assert {place.postal_code[:2] for place in queries.suggest(towns, "k1")} == {"K1"}
    assert queries.suggest(towns, "K1S 5")[0].label() == "Ottawa (K1S), ON"


def test_near_things_are_found_by_distance(towns: Session) -> None:
    nearest = queries.nearest(towns, 45.403, -75.729)
    assert nearest and nearest.name == "Hintonburg"
    names = [place.name for place in queries.within(towns, *OTTAWA, 40, least_population=30_000)]
    assert names[0] == "Ottawa"
    assert {"Gatineau", "Kanata", "Nepean", "Aylmer"} <= set(names)
    assert "Montréal" not in names
    assert queries.nearest(towns, 0, -140) is None


def test_a_slug_leads_back_to_its_town(towns: Session) -> None:
    place = queries.by_slug(towns, "ca", "qc", "saint-jerome")
    assert place and place.name == "Saint-Jérôme"
    assert queries.by_slug(towns, "ca", "on", "atlantis") is None
    assert place.slug == "saint-jerome"


def test_every_place_has_a_zone_of_its_own_coast(towns: Session) -> None:
    for text, zone in (("V6B", "America/Vancouver"), ("A1A", "America/St_Johns"), ("Regina", "America/Regina")):
        place = queries.resolve(towns, text)
        assert place and place.timezone == zone


ANY_SQLITE = create_engine("sqlite://")


@given(
    latitude=st.floats(-70, 70),
    north=st.floats(-3.5, 3.5),
    east=st.floats(-3.5, 3.5),
    km=st.sampled_from([5, 40, 80, 300]),
)
def test_the_circle_of_the_database_is_that_of_the_distance(
    latitude: float, north: float, east: float, km: float
) -> None:
    here, there = (latitude, -75.7), (latitude + north, -75.7 + east)
    away = distance_km(here, there)
    assume(abs(away - km) > (0.25 if km > 80 else 0.005))
    inside = queries.in_circle(literal(there[0]), literal(there[1]), here, km)
    with ANY_SQLITE.connect() as connection:
        assert bool(connection.scalar(select(inside))) == (away <= km)


def test_many_addresses_at_once_mean_what_each_means_alone(towns: Session) -> None:
    places = list(towns.scalars(select(Place).where(Place.kind == "city").order_by(Place.id).limit(400)))  # type: ignore[arg-type]
    parts = [each.address for each in places if each.address]
    meant = queries.meant_by_address(towns, parts)
    for each in parts[::7]:
        alone = queries.by_slug(towns, each["country"], each["region"], each["city"].replace("-", " "))
        assert meant.get((each["country"], each["region"], each["city"])) == (alone.id if alone else None)
