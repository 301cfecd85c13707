"""The whole way, in a browser: story, coach, time, payment, confirmation and back; and the clip that gets an answer."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import icalendar
import pytest
from playwright.sync_api import Page, expect

from marketplace.demo.clips import from_behind
from tests.journeys.conftest import Site, eventually, sign_up

pytestmark = pytest.mark.browser

STORY = (
    "Two friends and my physio say the same: my left hip drops at every step and my glutes hardly work. "
    "IT band trouble is behind me. I would love a 10 km under an hour in May, then a 5K in 27 minutes. "
    "I live in Ottawa, I have a training plan and only want somebody to look at my form."
)
Visit = Callable[..., Page]


@pytest.fixture
def runner(site: Site, visit: Visit) -> Callable[..., Page]:
    """A new runner's window: registered through the form, her address confirmed by the mail's link."""

    def register(path: str = "/", **options: object) -> Page:
        page = sign_up(site, visit("/register", **options), "Willow Brook", "runner")
        page.goto(path)
        return page

    return register


def test_from_a_story_to_a_paid_session_and_back(site: Site, runner: Callable[..., Page], visit: Visit) -> None:
    page = runner("/")
    page.get_by_role("textbox", name=re.compile("story|your words|tell", re.I)).first.fill(STORY)
    page.get_by_role("button", name="Find my coach").click()
    understood = page.locator(".understood")
    for word in ("Hip drop", "Ottawa", "10K", "5K"):
        expect(understood).to_contain_text(re.compile(word, re.I))
    rows = page.locator("article.coach")
    expect(rows.first.locator(".dashes li").first).to_be_visible()
    rows.filter(has=page.locator(".times .time")).first.get_by_role("link", name="All times").click()
    page.locator("main a.time").last.click()  # days ahead, so that all the money comes back

    fill_intake(page)
    pay(page, "4242 4242 4242 4242")
    expect(page.get_by_text("Booked and paid")).to_be_visible(timeout=30_000)
    address = page.url.split("?")[0]
    booking = address.rsplit("/", 1)[1]

    def told() -> list[dict[str, Any]]:
        mails = [mail for mail in site.mails() if mail["attachments"] and booking in mail["text"]]
        return mails if len(mails) == 2 else []

    mails = eventually(told)
    (to_coach,) = [mail["to"] for mail in mails if not mail["to"].startswith("runner-")]
    (event,) = icalendar.Calendar.from_ical(mails[0]["attachments"][0]["text"]).walk("VEVENT")
    assert event["DTSTART"].dt.tzinfo is not None and event["UID"]

    desk = visit("/coach", as_=to_coach)
    expect(desk.get_by_role("link", name="Willow").first).to_be_visible()
    desk.goto(address)
    expect(desk.get_by_text("physio say the same")).to_have_count(1)

    before = len(site.refunds())
    page.get_by_text("Cancel this session").first.click()
    page.get_by_role("button", name="Yes, cancel").click()
    expect(page.get_by_text("This session was cancelled. Refund:")).to_be_visible()
    site.mail(to_coach, "(?i)cancel")
    eventually(lambda: len(site.refunds()) == before + 1)
    assert site.refunds()[0]["status"] == "succeeded"


def test_a_declined_card_and_then_another(runner: Callable[..., Page]) -> None:
    page = runner("/coaches?near=Ottawa&issue=hip-drop&mode=online", width=360)
    page.locator("article.coach .times .time").first.click()
    fill_intake(page)
    pay(page, "4000 0000 0000 0002")
    expect(page.get_by_role("alert")).to_contain_text("declined")
    page.get_by_label("Card number").fill("4242 4242 4242 4242")
    page.get_by_role("button", name=re.compile("^Pay")).click()
    expect(page.get_by_text("Booked and paid")).to_be_visible(timeout=30_000)


def test_a_bank_that_asks_is_refused_and_then_satisfied(runner: Callable[..., Page]) -> None:
    page = runner("/coaches?near=Ottawa&issue=hip-drop&mode=online", width=360)
    page.locator("article.coach .times .time").first.click()
    fill_intake(page)
    pay(page, "4000 0025 0000 3155")
    page.get_by_role("button", name=re.compile("Fail", re.I)).click()
    expect(page.get_by_role("alert")).to_be_visible()
    fill_card(page, "4000 0025 0000 3155")
    page.get_by_role("button", name=re.compile("Complete", re.I)).click()
    expect(page.get_by_text("Booked and paid")).to_be_visible(timeout=30_000)


def test_a_clip_is_answered_with_findings_and_drills(
    site: Site, runner: Callable[..., Page], visit: Visit, tmp_path: Path
) -> None:
    coach = visit("/coach", as_="coach@example.com")
    offers = coach.request.get("/api/v1/coaches?near=Ottawa&limit=50").json()["coaches"]
    slug = slug_of(coach)
    assert slug in {one["slug"] for one in offers}
    offers = coach.request.get(f"/api/v1/coaches/{slug}/offers").json()["offers"]
    offer = next(one for one in offers if one["kind"] == "clip-review")

    page = runner(f"/coaches/{slug}/book?offer={offer['id']}", width=360)
    fill_intake(page)
    pay(page, "4242 4242 4242 4242")
    expect(page.get_by_text("Booked and paid")).to_be_visible(timeout=30_000)
    address = page.url.split("?")[0]

    page.get_by_role("link", name=re.compile("clip", re.I)).first.click()
    clip = tmp_path / "from-behind.mp4"
    from_behind(clip)
    page.locator("input[type=file]").set_input_files(clip)
    page.get_by_role("button", name=re.compile("Send|Upload|Attach", re.I)).first.click()
    page.wait_for_url(re.compile("/clips/[0-9a-f-]+$"))
    expect(page.locator("video")).to_be_visible()

    coach.goto(address)
    coach.get_by_role("button", name=re.compile("Open the clip", re.I)).first.click()
    add_findings(coach)
    coach.get_by_role("button", name="Preview and send").click()
    coach.get_by_role("button", name="Send to Willow Brook").click()
    expect(coach.get_by_text("Sent.")).to_be_visible()

    email = email_of(page)
    mail = site.mail(email, "what to change")
    page.goto(re.search(rf"{site.url}/analyses/\S+", mail["text"])[0])  # type: ignore[index]
    expect(page.get_by_text("Left side sinks at midstance")).to_be_visible()
    expect(page.get_by_text("Steps are long and slow")).to_be_visible()
    page.goto(address)
    expect(page.get_by_text(re.compile("completed|answered", re.I)).first).to_be_visible()


def fill_intake(page: Page) -> None:
    """What the coach should know, no pain; leads to the payment page."""
    page.get_by_label("What are you training for?").fill("10K under 60 minutes")
    page.get_by_role("radio", name=re.compile("^No")).first.check()
    page.locator("form[data-intake] .actions button").last.click()
    page.wait_for_url(re.compile("/payment"))


def pay(page: Page, card: str) -> None:
    """On the hosted page of the sandbox."""
    page.get_by_role("button", name=re.compile("Pay")).click()
    fill_card(page, card)


def fill_card(page: Page, card: str) -> None:
    """And press "Pay" there."""
    page.get_by_label("Card number").fill(card)
    page.get_by_label("Expiry").fill("12/34")
    page.get_by_label("CVC").fill("123")
    page.get_by_label("Name on card").fill("Willow Brook")
    page.get_by_role("button", name=re.compile("^Pay")).click()


def add_findings(page: Page) -> None:
    """Two findings with drills, through the form."""
    for issue, seen, cue in (
        ("hip-drop", "Left side sinks at midstance", "Tall through the hip"),
        ("low-cadence", "Steps are long and slow", "Quick, light feet"),
    ):
        page.get_by_label("Finding").select_option(issue)
        page.get_by_role("button", name="Add it").click()
        finding = page.locator(".finding-edit").last
        expect(finding.get_by_role("heading")).to_contain_text(re.compile(issue.replace("-", " "), re.I))
        finding.get_by_label("What you see").fill(seen)
        finding.get_by_label("One cue to run by").fill(cue)
        finding.get_by_role("checkbox").first.check()


def slug_of(page: Page) -> str:
    """The coach whose window it is, as her address names her."""
    page.goto("/coach/profile")
    return re.search(r"/coaches/([a-z0-9-]+)\"", page.content())[1]  # type: ignore[index]


def email_of(page: Page) -> str:
    """The new runner whose window it is."""
    page.goto("/account")
    return re.search(r"runner-[0-9a-f]+@example\.com", page.content())[0]  # type: ignore[index]
