"""A coach chooses what cancelling gives back; a runner on her phone cancels in each step of it, and gets what she read.

The clock of the site is moved from one step to the next; the Stripe sandbox beside it goes along.
"""

import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select
from sqlmodel import col

from marketplace.accounts import passwords
from marketplace.accounts.models import User
from marketplace.bookings.models import Booking
from marketplace.coaches.cancelling import Preset
from marketplace.coaches.models import Coach, Offer
from marketplace.db import transaction
from marketplace.payments import invariants
from marketplace.payments.models import PayoutAccount, Refund, Transfer
from marketplace.payments.stripe import Stripe
from marketplace.stripe_sandbox.app import create_sandbox
from marketplace.stripe_sandbox.server import running as served
from tests import make
from tests.bookings.world import times
from tests.conftest import SECRETS
from tests.journeys.conftest import eventually, sign_in
from tests.journeys.moved import Moved, running
from tests.journeys.test_sessions import fill_intake, pay
from tests.stripe_sandbox.conftest import Browser as Payer

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        shutil.which("faketime") is None and not os.environ.get("CI"), reason="install Debian's faketime"
    ),
]
PASSWORD, CARD, PHONE = "a long enough password", "4242 4242 4242 4242", 360
HOUR = timedelta(hours=1)


@dataclass
class World:
    """The site, Stripe beside it, a coach with one offer, and a runner."""

    site: Moved
    sandbox: str
    slug: str
    offer: Offer
    coach: User
    runner: User

    def move_to(self, instant: datetime) -> None:
        """Set the clocks of the site and of Stripe."""
        Payer(self.sandbox).knobs(clock_shift_seconds=int((instant - datetime.now(UTC)).total_seconds()))
        self.site.move_to(instant)

    def parts(self, booking_id: UUID) -> tuple[int, int]:
        """What Stripe has sent back to the runner, and what the coach is to be sent."""
        with self.site.app.app_context(), transaction(write=False) as session:
            assert invariants.broken(session) == []
            back = select(Refund).where(col(Refund.reference_id) == booking_id)
            share = select(Transfer).where(col(Transfer.reference_id) == booking_id)
            rows = list(session.scalars(back))
            assert all(row.status == "sent" for row in rows)
            return sum(row.amount for row in rows), sum(row.amount for row in session.scalars(share))


@pytest.fixture
def world(empty_sqlite: Path, tmp_path: Path) -> Iterator[World]:
    sandbox_app = create_sandbox(tmp_path / "stripe")
    with served(sandbox_app) as sandbox:
        now = datetime.now(UTC)
        with running(empty_sqlite, tmp_path, now, stripe_api_base=sandbox) as site:
            sandbox_app.config.update(
                WEBHOOK_URL=f"{site.url}/webhooks/stripe", WEBHOOK_SECRET=SECRETS["stripe_webhook_secret"]
            )
            yield furnished(site, sandbox)


def furnished(site: Moved, sandbox: str) -> World:
    """A coach whom Stripe can pay, with a strict offer that she is about to change, and a runner."""
    hashed, stripe = passwords.hashed(PASSWORD), Stripe(SECRETS["stripe_secret_key"], sandbox, "whsec", timeout=5)
    with site.app.app_context(), transaction() as session:
        row = make.coach(session)
        offer = make.offer(session, row, cancellation=Preset.STRICT, call_link="https://call.example/room")
        runner = make.user(session, password_hash=hashed)
        coach = session.get_one(User, session.get_one(Coach, row.id).user_id)
        coach.password_hash = hashed
        account = stripe.create_account(email=coach.email, country="CA", coach_id=str(row.id), key="account")
        session.get_one(PayoutAccount, row.id).stripe_account_id = account.id
    Payer(sandbox).knobs(finish_account=account.id)
    return World(site, sandbox, row.slug, offer, coach, runner)


@pytest.fixture
def phone(world: World, browser: Browser) -> Iterator[Page]:
    """A phone, in whose browser nobody has signed in."""
    options = {"viewport": {"width": PHONE, "height": 800}, "timezone_id": "America/Toronto"}
    context = browser.new_context(base_url=world.site.url, **options)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(20_000)
    yield page
    context.close()


def test_each_step_gives_back_what_the_page_said(world: World, phone: Page) -> None:
    choose_preset(world, phone, "Moderate")
    phone.context.clear_cookies()
    sign_in(phone, world.runner.email, PASSWORD)
    booked = [book(world, phone, number) for number in (0, 2, 4)]
    choose_preset_unseen(world, Preset.STRICT)  # what is booked stays as it was shown

    in_time, near, too_near = booked
    cancel(world, phone, in_time, reads="all of it back: $95", then="Refund: $95")
    assert eventually(lambda: world.parts(in_time.id)) == (9500, 0)

    world.move_to(near.starts_at - 13 * HOUR)  # type: ignore[operator]
    cancel(world, phone, near, reads="You get $47.50 of $95 back", then="Refund: $47.50")
    assert eventually(lambda: world.parts(near.id)) == (4750, 4037)

    world.move_to(too_near.starts_at - HOUR)  # type: ignore[operator]
    cancel(world, phone, too_near, reads="you get nothing back", then="too late for a refund")
    assert world.parts(too_near.id) == (0, 8075)

    def told() -> list[str]:
        texts = [mail["text"] for mail in world.site.mails(world.runner) if "Cancelled" in mail["subject"]]
        return texts if len(texts) == 3 else []

    mails = eventually(told)
    assert "$47.50 goes back" in mails[1] and "nothing comes back" in mails[2]


def choose_preset(world: World, page: Page, name: str) -> None:
    """The coach chooses it on her desk, and her page says it."""
    sign_in(page, world.coach.email, PASSWORD)
    page.goto("/coach/offers")
    expect(page.get_by_text("until 72 hours before")).to_be_visible()
    page.get_by_role("link", name=re.compile("^Change")).click()
    fits(page)
    page.get_by_role("radio", name=re.compile(f"^{name}")).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("until 24 hours before")).to_be_visible()
    page.goto(f"/coaches/{world.slug}")
    expect(page.get_by_text("50% until 12 h, then nothing").first).to_be_visible()


def choose_preset_unseen(world: World, preset: Preset) -> None:
    with world.site.app.app_context(), transaction() as session:
        session.get_one(Offer, world.offer.id).cancellation = preset


def book(world: World, page: Page, number: int) -> Booking:
    """Days ahead; the terms are read in amounts and dates before paying."""
    with world.site.app.app_context(), transaction(write=False) as session:
        start = times(session, session.get_one(Offer, world.offer.id), in_days=5, days=2)[number]
    page.goto(f"/coaches/{world.slug}/book?offer={world.offer.id}&starts_at={start:%Y-%m-%dT%H:%M}Z")
    terms = re.compile(r"^Until .+ you get \$95 back; until .+ \$47\.50; then nothing\.$")
    expect(page.get_by_text(terms)).to_be_visible()
    fits(page)
    fill_intake(page)
    expect(page.get_by_text(terms)).to_be_visible()
    fits(page)
    pay(page, CARD)
    expect(page.get_by_text("Booked and paid")).to_be_visible(timeout=30_000)
    expect(page.get_by_text(terms)).to_be_visible()
    with world.site.app.app_context(), transaction(write=False) as session:
        return session.get_one(Booking, UUID(page.url.split("?")[0].rsplit("/", 1)[1]))


def cancel(world: World, page: Page, booking: Booking, *, reads: str, then: str) -> None:
    """Read what comes back before the click, and after it."""
    page.goto(f"/bookings/{booking.id}")
    page.get_by_text("Cancel this session", exact=True).click()
    expect(page.get_by_text(reads)).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Yes, cancel").click()
    expect(page.get_by_text(then)).to_be_visible()
    fits(page)


def fits(page: Page) -> None:
    """Nothing is wider than the phone."""
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
