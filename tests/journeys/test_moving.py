"""A booked session that has to be another time: from a phone, by a proposal, and as one of a series."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site, eventually
from tests.journeys.test_sessions import Visit, fill_intake, pay, runner

pytestmark = pytest.mark.browser
__all__ = ["runner"]
PHONE = 360
CARD = "4242 4242 4242 4242"


def choose_a_time(page: Page) -> None:
    """A call of some coach near Ottawa, days ahead, so that all may still change."""
    page.locator("article.coach").filter(has=page.locator(".times .time")).first.get_by_role(
        "link", name="All times"
    ).click()
    page.locator("main a.time").nth(40).click()


def booked(page: Page) -> str:
    """Pay, and the address of what is booked."""
    fill_intake(page)
    pay(page, CARD)
    expect(page.get_by_text("Booked and paid")).to_be_visible(timeout=30_000)
    return page.url.split("?")[0]


def fits(page: Page) -> None:
    """Nothing is wider than the phone."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE


def test_a_runner_moves_her_session_from_her_phone(site: Site, runner: Callable[..., Page]) -> None:
    page = runner("/coaches?near=Ottawa&mode=online", width=PHONE)
    choose_a_time(page)
    address = booked(page)
    page.goto(address)
    before = page.locator(".facts-lead time").first.get_attribute("datetime")
    fits(page)
    page.get_by_role("link", name="Move to another time").click()
    fits(page)
    new = page.locator("main button.time").nth(7)
    wished = new.get_attribute("value")
    assert wished and wished != before
    new.click()
    expect(page.get_by_role("heading", name="Move to another time")).to_be_visible()
    fits(page)
    page.get_by_role("button", name=re.compile("^Move to ")).click()
    expect(page.get_by_text("Moved. Both of you get a mail")).to_be_visible()
    assert page.locator(".facts-lead time").first.get_attribute("datetime") == wished
    expect(page.get_by_text("You moved it from")).to_be_visible()
    fits(page)
    mail = site.mail("runner-", "New time")
    assert address.rsplit("/", 1)[1] in mail["text"] and "SEQUENCE:1" in mail["attachments"][0]["text"]


def test_the_coach_proposes_and_the_runner_chooses(site: Site, runner: Callable[..., Page], visit: Visit) -> None:
    page = runner("/coaches?near=Ottawa&mode=online", width=PHONE)
    choose_a_time(page)
    address = booked(page)
    number = address.rsplit("/", 1)[1]
    to_coach = eventually(lambda: [mail["to"] for mail in site.mails(subject="Booked:") if number in mail["text"]][0])
    coach = visit(address, as_=to_coach)
    coach.get_by_role("link", name="Propose other times").click()
    for number in (1, 2):
        coach.get_by_label(f"Time {number}").select_option(index=number + 8)
    coach.get_by_label("A few words").fill("My train is late that day.")
    coach.get_by_role("button", name="Propose these").click()
    expect(coach.get_by_text("You proposed other times").first).to_be_visible()

    mail = site.mail("runner-", "asks for another time")
    page.goto(re.search(rf"{site.url}\S+/proposal", mail["text"])[0])  # type: ignore[index]
    expect(page.get_by_text("My train is late that day.")).to_be_visible()
    fits(page)
    page.get_by_role("button", name=re.compile("^Choose ")).last.click()
    expect(page.get_by_text("Moved. Both of you get a mail")).to_be_visible()
    coach.reload()
    expect(coach.get_by_text("Willow Brook agreed to another time.")).to_be_visible()


def test_a_series_is_paid_once_and_one_of_it_cancelled(site: Site, runner: Callable[..., Page]) -> None:
    page = runner("/coaches?near=Ottawa&mode=online", width=PHONE)
    choose_a_time(page)
    page.get_by_text("Book a series").click()
    page.get_by_role("radio", name="Every week").check()
    page.get_by_label("Sessions in all").fill("2")
    fits(page)
    address = booked(page)
    page.goto(address)
    others = page.locator("dd ol a[href*='/bookings/']")
    expect(others).to_have_count(1)
    fits(page)
    page.get_by_text("Cancel this session").first.click()
    page.get_by_role("button", name="Yes, cancel").click()
    expect(page.get_by_text("This session was cancelled. Refund:")).to_be_visible()
    others.first.click()
    expect(page.get_by_role("main").get_by_text("Confirmed", exact=True).first).to_be_visible()
