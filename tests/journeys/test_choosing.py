"""From a story in French to a coach kept and found again: with a script, and without."""

import json
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PASSWORD, sign_in

pytestmark = pytest.mark.browser

STORY = (
    "Mon bassin s’affaisse à gauche quand je cours, ma physio l’a vu sur la vidéo, et mes fessiers ne travaillent pas. "
    "J’habite à Gatineau et je veux courir le 10 km en moins de 55 minutes au printemps. J’ai déjà un plan."
)
Visit = Callable[..., Page]


def pins(page: Page) -> list[str]:
    """The coaches that the map has pins for."""
    return [pin["slug"] for pin in json.loads(page.locator("[data-swap=map]").inner_text())["pins"]]


def slugs(page: Page) -> list[str]:
    return [str(each.get_attribute("data-coach")) for each in page.locator("article.coach").all()]


def test_a_story_in_french_leads_to_a_coach_who_is_kept_and_found_after_signing_in(visit: Visit) -> None:
    page = visit("/fr/")
    page.locator("#story").fill(STORY)
    page.get_by_role("button", name="Trouver").click()
    chips = page.locator(".understood")
    for said in ("Bassin qui s’affaisse", "10 km", "Gatineau"):
        expect(chips).to_contain_text(said)
    expect(chips).to_contain_text("moins de 55:00")

    before = slugs(page)
    assert before and pins(page) == before
    chips.locator("li").filter(has_text="10 km").get_by_role("link").click()
    expect(chips).not_to_contain_text("10 km")
    after = slugs(page)
    assert after != before and pins(page) == after
    assert "goal=" not in page.url and "/fr/" in page.url

    names = [page.locator("article.coach h2").nth(place).inner_text() for place in (0, 1)]
    for name in names:
        page.get_by_role("checkbox", name=re.compile(name)).check()
    page.get_by_role("button", name=re.compile("Comparer")).click()
    for name in names:
        expect(page.get_by_role("columnheader", name=name)).to_be_visible()
    page.go_back()
    page.locator(".heart").first.click()
    expect(page.locator(".heart").first).to_have_attribute("aria-pressed", "true")

    sign_in(page, "runner@example.com", PASSWORD)
    page.goto("/fr/favourites")
    expect(page.get_by_role("heading", name=names[0])).to_be_visible()


def test_all_of_it_works_without_a_script(visit: Visit) -> None:
    page = visit("/fr/", java_script_enabled=False)
    page.locator("#story").fill(STORY)
    page.get_by_role("button", name="Trouver").click()
    before = slugs(page)
    page.locator(".understood li").filter(has_text="10 km").get_by_role("link").click()
    assert before and slugs(page) != before
    page.locator("#narrow summary").click()
    page.get_by_label("Nom ou mot").fill("piste")
    page.get_by_role("button", name="Afficher les coachs").click()
    expect(page.locator(".understood")).to_contain_text("piste")
    page.go_back()
    names = [page.locator("article.coach h2").nth(place).inner_text() for place in (0, 1)]
    for place in (0, 1):
        page.locator(".compare-tick input").nth(place).check()
    page.get_by_role("button", name=re.compile("Comparer")).first.click()
    for name in names:
        expect(page.get_by_role("columnheader", name=name)).to_be_visible()
    page.go_back()
    page.locator(".heart").first.click()
    page.goto("/fr/favourites")
    expect(page.get_by_role("heading", name=names[0])).to_be_visible()
    page.goto("/fr/coaches?near=Gatineau")
    expect(page.locator(".map-none")).to_be_visible()
    assert slugs(page)
