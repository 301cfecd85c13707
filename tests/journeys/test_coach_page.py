"""A coach writes her page on a phone and sees it as runners do; then she tries a runner's story."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from marketplace.demo import samples

pytestmark = pytest.mark.browser

COACH = samples.coaches()[7].email
LINE = "Level hips, quiet feet, <b>no</b> heroics"
Visit = Callable[..., Page]


def test_a_headline_is_typed_seen_and_saved_on_a_phone(visit: Visit) -> None:
    page = visit("/coach/profile", as_=COACH, width=360)
    preview = page.locator("#preview")
    expect(preview).to_be_hidden()
    page.get_by_label("One line about you").fill("Hips")
    expect(page.locator("#headline-error")).to_contain_text("at least 10")
    expect(page.get_by_label("One line about you")).to_have_attribute("aria-invalid", "true")
    page.get_by_label("One line about you").fill(LINE)
    expect(page.locator("#headline-error")).to_have_count(0)

    page.get_by_role("button", name="Preview").click()
    expect(preview.get_by_text(LINE)).to_have_count(2)
    expect(page.get_by_label("One line about you")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Go on writing").click()
    expect(page.get_by_label("One line about you")).to_be_focused()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved. Your page says so from now on.")).to_be_visible()
    page.get_by_role("link", name="See it as runners do").click()
    expect(page.get_by_text(LINE)).to_be_visible()


def test_without_script_the_same_button_shows_the_same(visit: Visit) -> None:
    page = visit("/sign-in", width=1280, java_script_enabled=False)
    page.get_by_label("Email").fill(COACH)
    page.get_by_label("Password", exact=True).fill("runsight-demo")
    page.get_by_role("button", name="Sign in").click()
    page.goto("/coach/profile")
    page.get_by_label("One line about you").fill("Seen before it is saved, with no script")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#preview").get_by_text("Seen before it is saved")).to_have_count(2)
    expect(page.get_by_label("One line about you")).to_have_value("Seen before it is saved, with no script")
    page.goto("/coach/profile")
    expect(page.get_by_label("One line about you")).not_to_have_value(re.compile("Seen before"))


def test_beside_a_wide_form_the_preview_follows_and_keeps_its_last_good_state(visit: Visit) -> None:
    page = visit("/coach/profile", as_=COACH)
    preview = page.locator("#preview")
    expect(page.get_by_role("button", name="Preview")).to_be_hidden()
    page.get_by_label("Name", exact=True).fill("Wren of the Weir")
    expect(preview.get_by_text("Wren of the Weir")).to_have_count(2)
    page.get_by_label("About you", exact=True).fill("Too short.")
    expect(page.locator("#about-error")).to_contain_text("at least 80")
    expect(preview.get_by_text("waits until")).to_be_visible()
    expect(preview.get_by_text("Wren of the Weir")).to_have_count(2)


def test_a_typical_story_shows_her_place_and_what_would_help(visit: Visit) -> None:
    page = visit("/coach/found", as_=COACH, width=360)
    page.locator(".story-try").first.click()
    expect(page.locator(".trial .bib-red")).to_be_visible()
    expect(page.get_by_role("heading", name="How your fit is made up")).to_be_visible()
    page.get_by_role("link", name="How we rank").first.click()
    expect(page.get_by_role("heading", name="How we rank coaches")).to_be_visible()
