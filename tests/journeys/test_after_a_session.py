"""After a session: its coach is said not to have come, and objects; a runner gives a tip."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site, eventually
from tests.journeys.test_packages import CARD, Visit, newcomer, seller
from tests.journeys.test_sessions import fill_card, fill_intake, pay

pytestmark = pytest.mark.browser
COACH, STAFF = "coach@example.com", "admin@example.com"
MINUTE = timedelta(minutes=1)
Booked = Callable[[], Page]


@pytest.fixture
def booked(site: Site, visit: Visit) -> Booked:
    """The page of a call that a new runner has booked with the sample coach and paid, on a phone."""

    def book() -> Page:
        address, page = seller(visit), newcomer(site, visit)
        page.goto(address)
        page.locator("main a.time").last.click()
        fill_intake(page)
        pay(page, CARD)
        expect(page.get_by_text("Booked and paid")).to_be_visible(timeout=30_000)
        page.goto(page.url.split("?")[0])
        return page

    return book


def let_it_be(site: Site, page: Page, *, begun: timedelta, over: timedelta) -> str:
    """The session of a page began and ended so long ago; its id."""
    booking_id, now = page.url.rsplit("/", 1)[1], datetime.now(UTC)
    times = "UPDATE booking SET starts_at = ?, ends_at = ? WHERE id = ?"
    site.make_past(times, now - begun, now - over, booking_id.replace("-", ""))
    return booking_id


def test_a_coach_is_said_not_to_have_come_objects_and_staff_give_the_money_back(
    site: Site, booked: Booked, visit: Visit
) -> None:
    page = booked()
    let_it_be(site, page, begun=20 * MINUTE, over=-10 * MINUTE)
    before = len(site.refunds())
    page.reload()
    page.get_by_text(re.compile("did not come$")).click()
    page.get_by_role("textbox", name="What happened").fill("I waited in the call for a quarter of an hour.")
    page.get_by_role("button", name="Yes, say so").click()
    expect(page.get_by_text("did not come: that is noted")).to_be_visible()
    expect(page.get_by_text("Something went wrong?")).to_have_count(0)

    path = page.url.removeprefix(site.url)
    eventually(lambda: [mail for mail in site.mails(COACH, "you did not come") if path in mail["text"]])
    coach = visit(path, as_=COACH)
    expect(coach.get_by_text("says that you did not come")).to_be_visible()
    expect(coach.get_by_text("a quarter of an hour")).to_be_visible()
    coach.get_by_text("I was there", exact=True).click()
    coach.get_by_role("textbox", name="What happened").fill("I was in the call that the mail names.")
    coach.get_by_role("button", name="Object").click()
    expect(coach.get_by_text("The two of you see it differently")).to_be_visible()
    page.reload()
    expect(page.get_by_text("I was in the call that the mail names.")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert len(site.refunds()) == before, "no money moves meanwhile"

    site.mail(STAFF, "came")
    staff = visit("/admin", as_=STAFF)
    staff.locator(f"a[href$='{path}']", has_text="Decide").click()
    expect(staff.get_by_text("a quarter of an hour")).to_be_visible()
    expect(staff.get_by_text("I was in the call that the mail names.")).to_be_visible()
    staff.get_by_text(re.compile("was absent$")).click()
    staff.get_by_role("button", name="Decide so").first.click()
    expect(staff.get_by_text("Decided. Both of them get a mail.")).to_be_visible()

    for whose in (page, coach):
        whose.reload()
        expect(whose.get_by_text("goes back to the runner’s card")).to_be_visible()
    eventually(lambda: len(site.refunds()) == before + 1)
    assert "All is well" in site.command("doctor")


def test_a_tip_is_paid_by_card_and_stands_on_the_receipt_and_in_the_coachs_earnings(
    site: Site, booked: Booked, visit: Visit
) -> None:
    page = booked()
    let_it_be(site, page, begun=90 * MINUTE, over=60 * MINUTE)
    site.ask_for("bookings.complete")
    booking, tip = page.url, page.get_by_role("link", name="Give a tip")
    eventually(lambda: page.reload() and tip.is_visible())
    tip.click()
    page.get_by_role("radio", name="Another amount").check()
    page.get_by_label("Another amount").last.fill("twelve")
    page.get_by_role("button", name="Go to payment").click()
    expect(page.get_by_label("Another amount").last).to_have_value("twelve")
    page.get_by_label("Another amount").last.fill("12.50")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.get_by_role("button", name="Go to payment").click()
    expect(page.get_by_text(re.compile("^Tip: ")).first).to_be_visible()
    fill_card(page, CARD)
    page.wait_for_url(booking)
    expect(page.get_by_text("You gave a tip of $12.50.")).to_be_visible()

    assert "12.50" in site.mail(COACH, "tip")["text"]
    page.goto("/account/receipts")
    page.get_by_role("listitem").filter(has_text="12.50").get_by_role("link").first.click()
    expect(page.get_by_role("row", name=re.compile("^Tip: (?!Tip).*12.50"))).to_be_visible()
    coach = visit("/coach/earnings", as_=COACH)
    expect(coach.get_by_role("row", name=re.compile(r"^Tip: .*\$12.50")).first).to_be_visible()
