"""Money taken back: a dispute that is lost, and a complaint decided after the coach was paid."""

import json
import re
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from marketplace.demo.clips import from_behind
from tests.journeys.conftest import Site, eventually
from tests.journeys.test_sessions import add_findings, fill_intake, pay, runner

__all__ = ["runner"]
pytestmark = pytest.mark.browser
Visit = Callable[..., Page]
STAFF, COACH = "admin@example.com", "coach@example.com"


def stripe(site: Site, path: str, **knobs: Any) -> Any:
    """What the sandbox answers to a call, or to knobs being turned."""
    settings = dict(line.split("=", 1) for line in (site.data_dir / "settings.env").read_text().splitlines())
    asked = urllib.request.Request(settings["STRIPE_API_BASE"] + path)
    asked.add_header("Authorization", f"Bearer {settings['STRIPE_SECRET_KEY']}")
    if knobs:
        asked.data = json.dumps(knobs).encode()
        asked.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(asked) as answer:
        return json.load(answer)


def a_day_later(site: Site, booking_id: str) -> None:
    """The coach's share of a booking is due now, and the worker is asked to send what is due."""
    due = "UPDATE transfer SET due_at = ? WHERE reference_id = ?"
    site.make_past(due, datetime.now(UTC) - timedelta(minutes=1), booking_id.replace("-", ""))
    site.ask_for("payments.release")


def sent(page: Page) -> str:
    """What a coach has been sent so far, as her earnings say it."""
    page.goto("/coach/earnings")
    return page.locator(".bib", has_text="sent to you so far").locator("b").inner_text()


def test_a_dispute_that_is_lost_ends_the_session_and_the_books_agree(
    site: Site, runner: Callable[..., Page], visit: Visit
) -> None:
    page = runner("/coaches?near=Ottawa&issue=hip-drop&mode=online")
    page.locator("article.coach .times .time").last.click()
    fill_intake(page)
    pay(page, "4000 0000 0000 0259")  # Stripe's card whose payer disputes at once
    expect(page.get_by_text("Booked and paid")).to_be_visible(timeout=30_000)
    address = page.url.split("?")[0]

    site.mail(STAFF, "questions a payment")
    staff = visit("/admin", as_=STAFF, width=360)
    staff.get_by_role("link", name="Look at it").first.click()
    expect(staff.get_by_text("chose the time and agreed to its terms")).to_be_visible()
    with staff.expect_download() as download:
        staff.get_by_role("link", name="The evidence as a file").click()
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    dispute = staff.url.rsplit("/", 1)[1]
    staff.get_by_text("Send the evidence", exact=True).click()
    staff.get_by_role("button", name="Yes, send it").click()
    expect(staff.get_by_text("The bank decides.", exact=False).first).to_be_visible()
    assert stripe(site, f"/v1/disputes/{dispute}")["status"] == "under_review"

    stripe(site, "/knobs", lose_dispute=dispute)
    email = re.search(r"runner-[0-9a-f]+@example\.com", staff.content())[0]  # type: ignore[index]
    site.mail(email, "Cancelled")
    staff.reload()
    expect(staff.get_by_text("Lost: the bank keeps the money")).to_be_visible()
    page.goto(address)
    expect(page.get_by_text("This session was cancelled").first).to_be_visible()
    staff.get_by_role("link", name="The order").click()
    expect(staff.get_by_text("taken by the bank")).to_be_visible()
    staff.goto("/admin/books")
    expect(staff.get_by_text("Every entry sums to zero")).to_be_visible()
    assert "All is well" in site.command("doctor")


def test_a_complaint_decided_after_the_coach_was_paid_takes_her_part_back(
    site: Site, runner: Callable[..., Page], visit: Visit, tmp_path: Path
) -> None:
    coach = visit("/coach/profile", as_=COACH)
    slug = re.search(r"/coaches/([a-z0-9-]+)\"", coach.content())[1]  # type: ignore[index]
    offers = coach.request.get(f"/api/v1/coaches/{slug}/offers").json()["offers"]
    offer = next(one for one in offers if one["kind"] == "clip-review")
    page = runner(f"/coaches/{slug}/book?offer={offer['id']}", width=360)
    fill_intake(page)
    pay(page, "4242 4242 4242 4242")
    expect(page.get_by_text("Booked and paid")).to_be_visible(timeout=30_000)
    address = page.url.split("?")[0]
    booking_id = address.rsplit("/", 1)[1]
    page.get_by_role("link", name=re.compile("clip", re.I)).first.click()
    clip = tmp_path / "from-behind.mp4"
    from_behind(clip)
    page.locator("input[type=file]").set_input_files(clip)
    page.get_by_role("button", name=re.compile("Send|Upload|Attach", re.I)).first.click()
    page.wait_for_url(re.compile("/clips/[0-9a-f-]+$"))
    coach.goto(address)
    coach.get_by_role("button", name=re.compile("Open the clip", re.I)).first.click()
    add_findings(coach)
    coach.get_by_role("button", name="Preview and send").click()
    coach.get_by_role("button", name=re.compile("^Send to")).click()
    expect(coach.get_by_text("Sent.")).to_be_visible()
    before = sent(coach)
    a_day_later(site, booking_id)
    eventually(lambda: sent(coach) != before)
    after = sent(coach)

    page.goto(address)
    page.get_by_role("link", name="Something went wrong?").click()
    page.get_by_label("What went wrong?").fill("It says nothing of my left side, which I had asked about.")
    page.get_by_role("button", name="Send the complaint").click()
    expect(page.get_by_text("Not decided yet")).to_be_visible()
    mail = site.mail(COACH, "A complaint about a session")
    coach.goto(re.search(rf"{site.url}/bookings/\S+", mail["text"])[0])  # type: ignore[index]
    coach.get_by_label("How was it?").fill("The left side can't be seen on the clip. I could give half back.")
    coach.get_by_role("button", name="Send the answer").click()

    staff = visit("/admin", as_=STAFF)
    staff.get_by_role("listitem").filter(has_text="left side").get_by_role("link", name="Decide").click()
    expect(staff.get_by_text("can't be seen on the clip")).to_be_visible()
    staff.get_by_role("radio", name=re.compile("^A part")).check()
    staff.get_by_label("How much, if a part").fill("20.00")
    staff.get_by_label("Why, for both of them").fill("Half of it was answered.")
    staff.get_by_role("button", name="Decide").click()
    expect(staff.get_by_text("Decided. Both sides get a mail")).to_be_visible()

    def taken() -> list[Any]:
        transfers = stripe(site, "/v1/transfers?limit=100")["data"]
        return [one for transfer in transfers for one in transfer["reversals"]["data"]]

    assert eventually(taken)[0]["amount"] == 1700
    page.reload()
    expect(page.get_by_text("$20 of", exact=False)).to_be_visible()
    eventually(lambda: sent(coach) != after)
    assert "Half of it was answered." in site.mail(COACH, "We have decided")["text"]
    eventually(lambda: site.refunds()[0]["amount"] == 2000)
    assert "All is well" in site.command("doctor")
