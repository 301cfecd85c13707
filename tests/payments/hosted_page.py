"""Stripe's hosted payment page, filled in by Chromium; the sandbox's page has the same ids."""

import re
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import pytest
from playwright.sync_api import Browser, Error, Page, sync_playwright

SECONDS = 60
FIELDS = {
    "#email": "runner@example.com",
    "#cardExpiry": "12 / 34",
    "#cardCvc": "123",
    "#billingName": "Ada Runner",
    "#billingPostalCode": "K1S 5B6",
}
REFUSED = "#cardNumber[aria-invalid=true]"
COMPLAINT = ".FieldError, .ConfirmPayment-Error"
CHALLENGE = "#test-source-authorize-3ds"


class HostedPage:
    """A browser in a thread of its own, since Playwright's loop bears no other beside it; any thread may pay by it."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._browser = self._thread.submit(self._open).result()

    def pay(self, url: str, number: str, is_over: Callable[[], bool]) -> None:
        """Try a card once, until the session is over, the card is refused or the bank asks; nobody answers the bank."""
        self._thread.submit(self._pay, url, number, is_over).result()

    def close(self) -> None:
        self._thread.submit(self._browser.close).result()
        self._thread.submit(self._playwright.stop).result()
        self._thread.shutdown()

    def _open(self) -> Browser:
        self._playwright = sync_playwright().start()
        flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
        return self._playwright.chromium.launch(executable_path="/usr/bin/chromium", args=flags)

    def _pay(self, url: str, number: str, is_over: Callable[[], bool]) -> None:
        with self._browser.new_context(locale="en-CA") as context:
            page = context.new_page()
            page.set_default_timeout(SECONDS * 1000)
            page.goto(url)
            card, folded = page.locator("#cardNumber"), page.get_by_test_id("card-accordion-item-button")
            _wait(page, lambda: is_over() or card.or_(folded).first.is_visible())
            if is_over():
                return
            if not card.is_visible():
                folded.dispatch_event("click")
            _fill(page, number)
            page.get_by_test_id("hosted-payment-submit-button").click()
            _wait(page, lambda: is_over() or _has_answered(page))


@cache
def hosted_page(config: pytest.Config) -> HostedPage:
    """The one browser of a run, closed at its end."""
    page = HostedPage()
    config.add_cleanup(page.close)
    return page


def _wait(page: Page, there: Callable[[], bool]) -> None:
    until = time.monotonic() + SECONDS
    while not there():
        assert time.monotonic() < until, f"no answer at {page.url}: {page.locator('body').inner_text()}"
        page.wait_for_timeout(250)


def _fill(page: Page, number: str) -> None:
    """All that the page asks for; how much that is depends on the account's settings."""
    page.locator("#cardNumber").fill(number)
    country, to_be_kept = page.locator("#billingCountry"), page.locator("#enableStripePass")
    if country.count():
        country.select_option("CA")
    for selector, value in FIELDS.items():
        field = page.locator(selector)
        if field.count() and field.is_editable():
            field.fill(value)
    if to_be_kept.count():  # else Link wants a telephone number
        to_be_kept.uncheck(force=True)


def _has_answered(page: Page) -> bool:
    """Whether it says that the card is refused, or shows the bank's challenge in one of its frames."""
    try:
        said = page.locator(COMPLAINT).filter(has_text=re.compile(r"\w"), visible=True)
        asked = [frame.locator(CHALLENGE).is_visible() for frame in page.frames]
        return page.locator(REFUSED).count() + said.count() > 0 or any(asked)
    except Error:  # it is on its way to another page
        return False
