"""Buying several visits at once and using one, on a phone; a code that lowers a price."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site, eventually, sign_up
from tests.journeys.test_sessions import fill_intake, pay

pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
CARD = "4242 4242 4242 4242"
INTAKE = "form[data-intake]"


def seller(visit: Visit) -> str:
    """The page of the sample coach, who sells packages and has a code WELCOME."""
    desk = visit("/coach/profile", as_="coach@example.com")
    slug = re.search(r"/coaches/([a-z0-9-]+)\"", desk.content())[1]  # type: ignore[index]
    return f"/coaches/{slug}"


def newcomer(site: Site, visit: Visit) -> Page:
    return sign_up(site, visit("/register", width=360), "Hazel Fern", "packs")


def test_a_package_is_bought_and_a_visit_of_it_used_on_a_phone(site: Site, visit: Visit) -> None:
    address, page = seller(visit), newcomer(site, visit)
    page.goto(address)
    page.get_by_role("link", name=re.compile("^3 visits for")).first.click()
    expect(page.get_by_text("goes back to your card, at what you paid for each visit")).to_be_visible()
    pay(page, CARD)
    expect(page.locator(".bib")).to_contain_text("3", timeout=30_000)
    page.wait_for_url(re.compile(r"/packages/[0-9a-f-]+$"))
    package = page.url
    assert page.evaluate("document.documentElement.scrollWidth") <= 360

    page.get_by_role("link", name="Choose a time").click()
    page.locator("main a.time").last.click()
    page.locator(INTAKE).get_by_role("radio", name=re.compile("^No")).first.check()
    page.get_by_role("button", name="Book it with a visit of your package").click()
    expect(page.get_by_text("paid with a visit of a package")).to_be_visible()
    booking = page.url
    number = booking.rsplit("/", 1)[1]
    mail = eventually(lambda: [each for each in site.mails("packs-", "Confirmed") if number in each["text"]][0])
    assert "2 visits are left" in mail["text"]

    before = len(site.refunds())
    page.get_by_text("Cancel this session").first.click()
    page.get_by_role("button", name="Yes, cancel").click()
    expect(page.get_by_text("Its visit is back in your package.")).to_be_visible()
    assert page.url == booking

    page.goto(package)
    expect(page.locator(".bib")).to_contain_text("3")
    page.get_by_text("Give unused visits back").click()
    page.get_by_role("button", name="Yes, give them back").click()
    expect(page.locator(".bib")).to_contain_text("0")
    eventually(lambda: len(site.refunds()) == before + 1)


def test_a_code_is_tried_mended_and_used_and_nothing_typed_is_lost(site: Site, visit: Visit) -> None:
    address, page = seller(visit), newcomer(site, visit)
    page.goto(address)
    page.locator("main a.time").last.click()
    page.get_by_label("Anything for this session").fill("My left shoe is new")
    page.get_by_text("Do you have a code?").click()
    page.get_by_label("Code").fill("WELCOM")
    page.get_by_role("button", name="See the new price").click()
    expect(page.locator("#code-error")).to_contain_text("not known")
    page.get_by_label("Code").fill("welcome")
    page.get_by_role("button", name="See the new price").click()
    expect(page.get_by_text("With this code the price is")).to_be_visible()
    expect(page.get_by_label("Anything for this session")).to_have_value("My left shoe is new")
    fill_intake(page)
    expect(page.get_by_text("with your code")).to_be_visible()
    pay(page, CARD)
    expect(page.get_by_text("Booked and paid")).to_be_visible(timeout=30_000)
