"""What a runner keeps while she looks, in a browser: kept before signing in, found after, compared; with and without a
script."""

import re
from collections.abc import Callable
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.journeys.conftest import PASSWORD, Site

pytestmark = pytest.mark.browser

LIST = "/coaches?near=Ottawa&issue=hip-drop&goal=10k"
Visit = Callable[..., Page]


def register(site: Site, page: Page) -> None:
    """Through the form, on the page where one is asked to sign in; the mail's link leads on to where she was going."""
    email = f"keeper-{uuid4().hex[:8]}@example.com"
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Name", exact=True).fill("Willow Brook")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label(re.compile("I accept|agree", re.I)).check()
    page.get_by_role("button", name="Make my account").click()
    mail = site.mail(email, "")
    page.goto(re.search(rf"{site.url}\S+", mail["text"])[0])  # type: ignore[index]
    page.get_by_role("button", name="Confirm").click()


def no_barrier(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert not [one["id"] for one in found if one["impact"] in ("serious", "critical")]
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 1, f"{page.url} is {wide} px wider than the screen"


def test_kept_on_a_phone_found_after_signing_in_and_compared(site: Site, visit: Visit) -> None:
    page = visit(LIST, width=360, reduced_motion="reduce")
    hearts = page.locator(".heart")
    names = [page.locator("article.coach h2").nth(place).inner_text() for place in (0, 1)]
    for place in (0, 1):
        hearts.nth(place).click()
        expect(hearts.nth(place)).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".kept-said")).to_contain_text("Kept in this browser")
    page.get_by_role("link", name="See your favourites").click()
    no_barrier(page)
    page.locator("main").get_by_role("link", name="Sign in").click()
    register(site, page)

    page.wait_for_url(re.compile("/favourites$"))
    for name in names:
        expect(page.get_by_role("heading", name=name)).to_be_visible()
    page.get_by_role("checkbox", name=re.compile(names[0])).check()
    expect(page.locator(".compare-bar")).to_contain_text("Tick one more coach")
    page.get_by_role("checkbox", name=re.compile(names[1])).check()
    page.get_by_role("button", name="Compare 2").click()
    for name in names:
        expect(page.get_by_role("columnheader", name=name)).to_be_visible()
    no_barrier(page)


def test_taking_out_is_undone_where_it_was_done(visit: Visit) -> None:
    page = visit(LIST)
    page.locator(".heart").first.click()
    expect(page.locator(".heart").first).to_contain_text("Kept")
    page.goto("/favourites")
    heart = page.locator(".heart")
    heart.click()
    expect(heart).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="Undo").click()
    expect(heart).to_have_attribute("aria-pressed", "true")
    heart.focus()
    page.keyboard.press("Space")
    expect(heart).to_contain_text("Keep")
    page.reload()
    expect(page.get_by_role("heading", name="Nobody kept yet")).to_be_visible()


def test_a_fourth_tick_waits_until_another_is_taken_away(visit: Visit) -> None:
    page = visit(LIST)
    ticks = page.get_by_role("checkbox", name=re.compile("^Compare"))
    for place in range(3):
        ticks.nth(place).check()
    expect(page.get_by_role("button", name="Compare 3")).to_be_visible()
    expect(ticks.nth(3)).to_be_disabled()
    ticks.nth(0).uncheck()
    expect(ticks.nth(3)).to_be_enabled()


def test_all_of_it_works_without_a_script(visit: Visit) -> None:
    page = visit(LIST, java_script_enabled=False)
    names = [page.locator("article.coach h2").nth(place).inner_text() for place in (0, 1)]
    for place in (0, 1):
        page.locator(".heart").nth(place).click()
        expect(page.locator(".heart").nth(place)).to_contain_text("Kept")
    for name in names:
        page.get_by_role("checkbox", name=re.compile(name)).check()
    page.get_by_role("button", name="Compare the ticked ones").click()
    for name in names:
        expect(page.get_by_role("columnheader", name=name)).to_be_visible()
    page.get_by_role("link", name=f"Take out {names[0]}").click()
    expect(page.get_by_role("columnheader")).to_have_count(1)
    page.goto("/favourites")
    page.locator(".heart").first.click()
    expect(page.get_by_text("no longer among your favourites")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".keeper")).to_have_count(2)


def test_a_search_is_saved_on_the_way_through_registration(site: Site, visit: Visit) -> None:
    page = visit(LIST, width=360)
    page.get_by_role("button", name="Tell me when a new coach fits").click()
    page.wait_for_url(re.compile("/sign-in"))
    register(site, page)
    page.get_by_role("button", name="Save this search").click()
    expect(page.get_by_role("heading", name="Hip drop · 10K · Ottawa, ON")).to_be_visible()
    no_barrier(page)
    page.get_by_role("link", name="See coaches").click()
    expect(page.locator("article.coach").first).to_be_visible()
