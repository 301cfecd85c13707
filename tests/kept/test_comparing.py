"""Coaches side by side: what differs is seen, what is the same is said once, odd addresses are helped."""

import re

import pytest
from flask.testing import FlaskClient

from marketplace.coaches.kinds import OfferKind
from tests.kept.conftest import PutCoach

NEED = "near=Ottawa&issue=hip-drop&issue=itb&goal=10k"


def side_by_side(client: FlaskClient, *slugs: str, need: str = NEED, language: str = "") -> str:
    return client.get(f"{language}/compare?" + "&".join(f"coach={slug}" for slug in slugs) + f"&{need}").text


def row(page: str, title: str) -> str:
    """The part of the table under that title, as one line of text."""
    found = re.search(rf"<tbody[^>]*>\s*<tr class=\"compare-title\"><th[^>]*><span>{title}(.*?)</tbody>", page, re.S)
    assert found, title
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", found[1])).strip()


def test_what_differs_stands_beside_and_what_is_the_same_is_said_once(client: FlaskClient, put: PutCoach) -> None:
    one = put(name="Robin Example", issues=("hip-drop", "itb"), goals=("10k",), prices=(8000, 9900))
    other = put(name="Wren Sample", issues=("hip-drop",), languages=["en", "fr"])
    page = side_by_side(client, one.slug, other.slug)
    assert page.index("Robin Example") < page.index("Wren Sample")
    assert row(page, "Fixes").count("As you asked:") == 3
    assert "Does not list IT band" in row(page, "Fixes")
    assert "$80" in row(page, "Offers") and "$95" in row(page, "Offers")
    assert row(page, "Speaks").startswith("English") and "the same" not in row(page, "Speaks")
    assert row(page, "How") == "· the same for all In person and online"
    assert "no distance named" in row(page, "Prepares for")
    assert "km" in row(page, "Where")


def test_the_fit_and_the_booking_know_the_need_of_the_address(client: FlaskClient, put: PutCoach) -> None:
    one, other = put(), put(kinds=(OfferKind.CLIP_REVIEW,))
    page = side_by_side(client, one.slug, other.slug)
    assert re.match(r"\d+ Main work: Hip drop", row(page, "Fit"))
    times = re.findall(rf'href="(/coaches/{one.slug}/book\?[^"]+)"', page)
    assert len(times) >= 3 and all("issue=hip-drop" in each and "goal=10K" in each for each in times)
    assert client.get(times[0].replace("&amp;", "&")).status_code == 200
    assert "Send a clip" in row(page, "Next free times")
    without_need = side_by_side(client, one.slug, other.slug, need="")
    assert "<span>Fit" not in without_need and "As you asked:" not in without_need


def test_each_can_be_taken_out_with_the_need_carried_along(client: FlaskClient, put: PutCoach) -> None:
    slugs = [put().slug for _ in range(3)]
    page = side_by_side(client, *slugs)
    ways = [each.replace("&amp;", "&") for each in re.findall(r'class="compare-out" href="([^"]+)"', page)]
    assert len(ways) == 3
    rest = client.get(ways[1]).text
    assert f'href="/coaches/{slugs[1]}?' not in rest and f'href="/coaches/{slugs[2]}?' in rest
    assert all(name in ways[1] for name in ("near=Ottawa", "issue=hip-drop", "issue=itb", "goal=10k"))


def test_more_than_three_are_refused_kindly(client: FlaskClient, put: PutCoach) -> None:
    coaches = [put(name=f"Robin Number{number}") for number in range(4)]
    page = side_by_side(client, *(coach.slug for coach in coaches))
    assert "Three coaches fit side by side. Robin Number3 is left out" in page
    assert page.count('<th scope="col">') == 3


def test_one_alone_asks_for_another_from_what_was_kept_or_seen(client: FlaskClient, put: PutCoach) -> None:
    one, kept, seen = put(), put(name="Robin Kept"), put(name="Robin Seen")
    assert "One coach alone" in side_by_side(client, one.slug)
    client.post(f"/favourites/{kept.slug}")
    client.get(f"/coaches/{seen.slug}")
    page = side_by_side(client, one.slug)
    assert "Set another beside her" in page and "Robin Kept" in page and "Robin Seen" in page
    way = re.search(rf'href="(/compare[^"]+coach={kept.slug}[^"]*)"', page)
    assert way
    assert client.get(way[1].replace("&amp;", "&")).text.count('<th scope="col">') == 2


def test_who_is_unknown_or_listed_no_more_is_passed_over_and_said(client: FlaskClient, put: PutCoach) -> None:
    one, unlisted = put(), put(payable=False)
    page = side_by_side(client, one.slug, "no-body", one.slug, unlisted.slug)
    assert f"“no-body”, “{unlisted.slug}”" in page and page.count('<th scope="col">') == 1


ODD = ("", "coach=", "coach=%00", "coach=" + "x" * 3000, "coach=<script>alert(1)</script>", "near=Nowhereville&coach=a")


@pytest.mark.parametrize("query", ODD)
def test_an_odd_address_is_a_helpful_page(client: FlaskClient, query: str) -> None:
    answer = client.get(f"/compare?{query}&utm_source=letter")
    assert answer.status_code == 200
    assert "Nobody to compare yet" in answer.text and "<script>alert(1)" not in answer.text


def test_a_place_that_we_do_not_know_leaves_the_rest_of_the_need(client: FlaskClient, put: PutCoach) -> None:
    page = side_by_side(client, put().slug, put().slug, need="near=Nowhereville&issue=hip-drop")
    assert "km" not in row(page, "Where") and "Main work: Hip drop" in row(page, "Fit")


def test_it_reads_in_french(client: FlaskClient, put: PutCoach) -> None:
    page = side_by_side(client, put().slug, put().slug, language="/fr")
    for said in ("Côte à côte", "pareil pour tous", "Prochaines heures libres", "Spécialité"):
        assert said in page


def test_ticks_of_a_list_make_such_an_address_without_a_script(client: FlaskClient, put: PutCoach) -> None:
    one = put()
    page = client.get(f"/match?{NEED}").text
    form = re.search(r'<form class="compare-bar"[^>]*action="/compare".*?</form>', page, re.S)
    assert form and f'name="coach" value="{one.slug}" form="compare-form"' in page
    hidden = re.findall(r'name="(\w+)" value="([^"]+)"', form[0])
    assert hidden == [("goal", "10k"), ("issue", "hip-drop"), ("issue", "itb"), ("near", "Ottawa")]
