"""A coach lets her own calendar close her time, on her phone and against a real CalDAV server."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.calendars.servers import PASSWORD, USER, Radicale, calendar, event

pytestmark = [pytest.mark.browser, pytest.mark.filterwarnings("ignore")]


@pytest.fixture
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    server = Radicale(tmp_path_factory.mktemp("radicale"))
    server.start()
    yield server
    server.stop()


def test_an_account_is_added_a_calendar_chosen_and_what_stands_there_is_seen(
    visit: Callable[..., Page], radicale: Radicale
) -> None:
    there = radicale.principal().make_calendar(name="My own life")
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    there.save_event(calendar(event("dentist", tomorrow)).decode())
    page = visit("/coach/calendars", as_="coach@example.com", width=360)
    page.get_by_label("Server").fill(radicale.url)
    page.get_by_label("User").fill(USER)
    page.get_by_label("Password").fill("wrong at first")
    page.get_by_role("button", name="Look for its calendars").click()
    expect(page.get_by_text("Its server refuses the sign-in")).to_be_visible(
        timeout=30_000
    )  # the page looks again by itself
    page.get_by_label("Server").fill(radicale.url)
    page.get_by_label("User").fill(USER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Look for its calendars").click()
    page.get_by_label("My own life").check()
    page.get_by_label("Write my sessions into").select_option("My own life")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("It blocks 1 time to come.")).to_be_visible(timeout=30_000)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("button", name="Make the address").click()
    expect(page.get_by_label("Your secret address")).to_have_value(re.compile(r"/calendar/\S+\.ics$"))
    page.locator("summary", has_text="Remove").click()
    page.get_by_role("button", name="Yes, remove it").click()
    expect(page.get_by_text("It blocks 1 time to come.")).not_to_be_visible()
