"""A week without a free time: two wait for it on their phones, and what frees goes to who asked first."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from marketplace import clock
from tests.journeys.conftest import Site
from tests.journeys.test_moving import CARD, PHONE, fits
from tests.journeys.test_sessions import Visit, email_of, fill_intake, pay, runner, slug_of

pytestmark = pytest.mark.browser
__all__ = ["runner"]
COACH = "coach@example.com"


class Week:
    """A week of the sample coach, five weeks ahead, in which she works for one call only."""

    def __init__(self, site: Site, desk: Page) -> None:
        self.site, self.desk = site, desk
        token = site.command("tokens", "create", COACH).split()[-1]
        self.headers = {"Authorization": f"Bearer {token}"}
        self.slug = slug_of(desk)
        offers = self.get(f"/coaches/{self.slug}/offers")["offers"]
        self.offer = next(each for each in offers if each["kind"] == "video-call")
        today = clock.now().date()
        self.monday = today + timedelta(weeks=5, days=-today.weekday())
        for day in range(7):
            self.work(self.monday + timedelta(days=day), [])
        self.work(self.monday + timedelta(days=2), [{"starts": "10:00", "ends": self._end()}])

    @property
    def page(self) -> str:
        return f"/coaches/{self.slug}/openings/{self.offer['id']}?from={self.monday}"

    def get(self, path: str) -> Any:
        return self.desk.request.get(f"{self.site.url}/api/v1{path}", headers=self.headers).json()

    def work(self, on: date, windows: list[dict[str, str]]) -> None:
        address = f"{self.site.url}/api/v1/coach/exceptions/{on}"
        assert self.desk.request.put(address, headers=self.headers, data={"windows": windows}).ok

    def start(self) -> str:
        """Its one time."""
        days = f"from={self.monday}&to={self.monday + timedelta(days=7)}&timezone=America/Toronto"
        (only,) = self.get(f"/coaches/{self.slug}/openings?offer={self.offer['id']}&{days}")["openings"]
        return str(only["starts_at"])

    def _end(self) -> str:
        hours, minutes = divmod(10 * 60 + self.offer["minutes"], 60)
        return f"{hours:02d}:{minutes:02d}"


def wait_for(page: Page, week: Week) -> None:
    """On the list, by the one button of the full week."""
    page.goto(week.page)
    fits(page)
    page.get_by_role("button", name="Tell me when a time frees").first.click()
    expect(page.get_by_text("You are on the list. When a time frees")).to_be_visible()
    fits(page)


def held(site: Site, page: Page, email: str) -> Page:
    """What the mail leads to."""
    mail = site.mail(email, "A time is free")
    page.goto(re.search(rf"{site.url}\S+/payment", mail["text"])[0])  # type: ignore[index]
    expect(page.get_by_text("Held for you until")).to_be_visible()
    fits(page)
    return page


def test_a_full_week_goes_to_who_asked_first_and_then_to_the_next(
    site: Site, runner: Callable[..., Page], visit: Visit
) -> None:
    week = Week(site, visit("/coach", as_=COACH))
    start = week.start()
    owner = runner(f"/coaches/{week.slug}/book?offer={week.offer['id']}&starts_at={start.replace('+', '%2B')}")
    fill_intake(owner)
    first, second = (runner("/", width=PHONE) for _ in range(2))
    emails = [email_of(each) for each in (first, second)]
    for each in (first, second):
        wait_for(each, week)

    owner.get_by_role("button", name="Let this time go").click()
    held(site, first, emails[0])
    assert not site.mails(emails[1], "A time is free")
    second.goto("/bookings")
    expect(second.get_by_role("button", name=re.compile("Leave the list"))).to_be_visible()
    fits(second)

    first.get_by_role("button", name="Let this time go").click()
    page = held(site, second, emails[1])
    page.get_by_role("radio", name=re.compile("^No")).first.check()
    page.get_by_role("button", name="Keep this and go on").click()
    pay(page, CARD)
    expect(page.get_by_text("Booked and paid")).to_be_visible(timeout=30_000)
    page.goto("/bookings")
    expect(page.get_by_role("heading", name="Waiting for a time")).to_have_count(0)
