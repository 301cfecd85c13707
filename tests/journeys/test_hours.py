"""A coach sets her hours on her phone in under a minute, and changes them in the drawn calendar with mouse and keys."""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site, sign_up

pytestmark = pytest.mark.browser
ABOUT = "I watch runners from behind and from the side, and say what to change first. " * 3
MOST_TAPS, MOST_SECONDS = 6, 60
Visit = Callable[..., Page]


@pytest.fixture
def coach(site: Site, visit: Visit) -> Iterator[Callable[..., Page]]:
    """The window of a coach who has just applied: her calendar is empty."""

    def apply(**options: object) -> Page:
        page = sign_up(site, visit("/register", **options), "Hazel Brook", "coach")
        page.goto("/coach")
        page.locator("[name=headline]").fill("I see what your hips do")
        page.locator("[name=about]").fill(ABOUT)
        page.locator("[name=place]").fill("Ottawa, Ontario")
        page.keyboard.press("Escape")
        page.locator("[name=languages][value=en]").check()
        page.locator("[name=issues]").first.check()
        page.get_by_role("button", name="Open my desk").click()
        expect(page.locator(".flash")).to_contain_text("Your desk is open")
        return page

    yield apply


class Taps:
    """Each tap as a person makes it: she looks for a second, then taps."""

    def __init__(self) -> None:
        self.count, self.began = 0, time.monotonic()

    def on(self, page: Page, role: str, name: str) -> None:
        page.wait_for_timeout(1_000)
        page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]
        self.count += 1

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began


def test_five_evenings_are_set_on_a_phone_in_under_a_minute(coach: Callable[..., Page]) -> None:
    page, taps = coach(width=360), Taps()
    page.goto("/coach")
    taps.on(page, "link", "Calendar")
    taps.on(page, "link", "Weekday evenings")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    taps.on(page, "button", "Save these hours")
    expect(page.locator(".flash")).to_contain_text("Saved")
    expect(page.locator(".undo")).to_contain_text("Undo")
    taken = taps.seconds
    assert taps.count <= MOST_TAPS and taken < MOST_SECONDS, f"{taps.count} taps in {taken:.1f} s"
    page.get_by_role("link", name="Calendar", exact=True).last.click()
    page.locator("[data-turn=next]").click()
    expect(page.locator(".ec-event.cal-hours").first).to_contain_text("18:00 – 21:00")


def test_hours_are_dragged_and_put_back(coach: Callable[..., Page]) -> None:
    page = coach()
    page.goto("/coach/hours?start=evenings")
    page.get_by_role("button", name="Save these hours").last.click()
    page.goto("/coach/calendar")
    page.locator("[data-turn=next]").click()
    page.wait_for_url("**week=**")
    hours = page.locator(".ec-event.cal-hours", has_text="18:00 – 21:00").first
    hours.wait_for()
    hours.evaluate("each => each.scrollIntoView({block: 'center'})")
    box = hours.bounding_box()
    assert box
    edge = box["y"] + box["height"]
    page.mouse.move(box["x"] + 30, edge - 3)
    page.mouse.down()
    page.mouse.move(box["x"] + 30, edge - 3 - box["height"] / 3, steps=5)
    page.mouse.up()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("From")).to_have_value("18:00")
    expect(dialog.get_by_label("To", exact=True)).to_have_value("20:00")
    dialog.get_by_label("on this date only").check()
    dialog.get_by_role("button", name="Save").click()
    expect(page.locator(".ec-event.cal-hours", has_text="18:00 – 20:00")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".ec-event.cal-hours", has_text="18:00 – 21:00")).to_have_count(5)


def test_hours_are_added_by_keyboard_alone(coach: Callable[..., Page]) -> None:
    page = coach()
    page.goto("/coach/calendar")
    page.locator("[data-frame]").focus()
    page.keyboard.press("PageDown")
    page.wait_for_url("**week=**")
    page.locator("[data-frame]").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label("every week").check()
    dialog.get_by_label("From").press("Enter")
    expect(page.locator(".flash")).to_contain_text("Saved for every week")
    expect(page.locator(".ec-event.cal-hours").first).to_be_visible()


def test_the_demos_calendar_says_why_a_time_is_closed(visit: Visit) -> None:
    page = visit("/coach/calendar", as_="coach@example.com")
    page.locator(".ec-event.cal-hours").first.wait_for()
    page.locator("[data-turn=next]").click()
    page.wait_for_url("**week=**")
    answer = page.locator("[data-answer]")
    page.locator("[data-frame]").focus()
    for _ in range(4):
        page.keyboard.press("ArrowDown")
    expect(answer).to_contain_text(":")
    said = answer.inner_text()
    page.locator("#at").fill("2020-01-01T10:00")
    page.get_by_role("button", name="Ask").click()
    expect(answer).to_contain_text("That time is past.")
    assert said != answer.inner_text()
