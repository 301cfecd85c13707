"""A coach's first payout: account at Stripe, a session booked and paid, held, done, and sent a day later."""

import csv
import io
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from pathlib import Path
from uuid import uuid4

import pytest
import requests
from sqlalchemy import select
from sqlmodel import col

from marketplace import clock
from marketplace.accounts import passwords
from marketplace.accounts.models import User
from marketplace.bookings.models import Booking
from marketplace.coaches.models import Coach, Offer
from marketplace.db import transaction
from marketplace.payments import invariants
from marketplace.payments.models import Transfer
from marketplace.payments.states import TransferStatus
from marketplace.scheduling import service as scheduling
from marketplace.stripe_sandbox.app import create_sandbox
from marketplace.stripe_sandbox.server import running as sandbox_running
from tests import make
from tests.journeys.conftest import eventually
from tests.journeys.moved import Moved, running

PASSWORD = "a long enough password"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
CARD = {"email": "runner@example.com", "number": "4242 4242 4242 4242", "expiry": "12/34", "cvc": "123", "name": "Ada"}

pytestmark = pytest.mark.skipif(
    shutil.which("faketime") is None and not os.environ.get("CI"), reason="install Debian's faketime"
)


@dataclass
class World:
    """The site and the sandbox, a coach who has no account yet, and a runner."""

    site: Moved
    coach: User
    runner: User
    offer: Offer
    slug: str


@pytest.fixture
def world(empty_sqlite: Path, tmp_path: Path) -> Iterator[World]:
    sandbox = create_sandbox(tmp_path / "stripe")
    sandbox.config.update(WEBHOOK_URL="", WEBHOOK_SECRET="whsec_runsight")
    with (
        sandbox_running(sandbox) as stripe,
        running(empty_sqlite, tmp_path, clock.now(), stripe_api_base=stripe) as site,
    ):
        with site.app.app_context(), transaction() as session:
            row = make.coach(session, payable=False)
            offer = make.offer(session, row, price=10_000)
            hashed = passwords.hashed(PASSWORD)
            runner = make.user(session, password_hash=hashed)
            coach = session.get_one(User, session.get_one(Coach, row.id).user_id)
            coach.password_hash = hashed
        yield World(site, coach, runner, offer, row.slug)


def test_a_coachs_first_payout(world: World) -> None:
    site = world.site
    coach, runner = (site.browser(each, PASSWORD) for each in (world.coach, world.runner))
    assert requests.get(f"{site.url}/coaches/{world.slug}").ok
    assert "can’t be paid at the moment" in runner.get(address(world)).text
    open_account(site, coach)
    booking = book_and_pay(world, runner)
    assert page_of(site, coach)[:3] == ["$85", "$0", "$0"]

    assert booking.ends_at
    done_at = booking.ends_at + 2 * MINUTE
    site.move_to(done_at)
    site.wait_for_sweep("bookings.complete", done_at)
    coach = site.browser(world.coach, PASSWORD)
    assert page_of(site, coach)[:3] == ["$0", "$85", "$0"]
    assert status_of(site, booking) is TransferStatus.PENDING

    paid_at = booking.ends_at + DAY + 10 * MINUTE
    site.move_to(paid_at)
    eventually(lambda: status_of(site, booking) is TransferStatus.SENT, seconds=60)
    coach = site.browser(world.coach, PASSWORD)
    assert page_of(site, coach)[:3] == ["$0", "$0", "$85"]
    rows = list(csv.DictReader(io.StringIO(coach.get(f"{site.url}/coach/earnings.csv").content.decode("utf-8-sig"))))
    assert [row["What"] for row in rows] == ["Payment", "Session done", "Transfer to you"]
    assert [row["Sent to you"] for row in rows] == ["0.00", "0.00", "85.00"]
    with site.app.app_context(), transaction(write=False) as session:
        assert invariants.broken(session) == []
        assert invariants.unlike_stripe(session, site.app.extensions["stripe"]) == []


def address(world: World) -> str:
    """The booking page of the first open time in three days."""
    with world.site.app.app_context(), transaction(write=False) as session:
        now = clock.now()
        offer = session.get_one(Offer, world.offer.id)
        first = now.date() + 3 * DAY
        found = scheduling.openings(session, offer, first=first, days=2, viewer_zone="America/Toronto", now=now)
        starts_at = found[0].starts_at.isoformat().replace("+", "%2B")
    return f"{world.site.url}/coaches/{world.slug}/book?offer={offer.id}&starts_at={starts_at}"


def open_account(site: Moved, coach: requests.Session) -> None:
    """From the desk to Stripe's page; a link that was used leads to a new one, and back she can be paid."""
    page = coach.get(f"{site.url}/coach/earnings")
    assert "Open your payout account first" in page.text
    at_stripe = send(site, coach, page, "/coach/payouts", {})
    assert "Set up payouts" in at_stripe.text
    back = coach.post(at_stripe.url, data={"answer": "leave"})
    assert "Stripe still needs this from you" in back.text and "Add the bank account" in back.text
    again = coach.get(at_stripe.url)
    assert "Set up payouts" in again.text and again.url != at_stripe.url
    assert "Stripe can pay you now" in coach.post(again.url, data={"answer": "finish"}).text


def book_and_pay(world: World, runner: requests.Session) -> Booking:
    """Through the forms, to the hosted page and back."""
    site, page = world.site, runner.get(address(world))
    fields = dict(re.findall(r'name="(id|offer|amount|currency|starts_at)" value="([^"]*)"', page.text))
    assert fields["offer"] == str(world.offer.id)
    held = send(site, runner, page, "/bookings", fields | {"goal": "10K", "pain": "no", "id": str(uuid4())})
    assert held.url.endswith("/payment"), held.text
    path = held.url.removeprefix(site.url)
    checkout = send(site, runner, held, path, {})
    done = runner.post(checkout.url, data=CARD)
    assert "Booked and paid" in done.text
    with site.app.app_context(), transaction(write=False) as session:
        return session.scalars(select(Booking).where(col(Booking.runner_id) == world.runner.id)).one()


def send(
    site: Moved, browser: requests.Session, page: requests.Response, path: str, fields: dict[str, str]
) -> requests.Response:
    """Post a form of a page; where it leads."""
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert token
    sent = {name: unescape(value) for name, value in fields.items()} | {"csrf_token": token[1]}
    answer = browser.post(f"{site.url}{path}", data=sent, headers={"Referer": site.url})
    assert answer.ok, answer.text
    return answer


def page_of(site: Moved, coach: requests.Session) -> list[str]:
    """The large numbers of the earnings page: held, on its way, sent."""
    return re.findall(r'class="bib"><b>([^<]+)</b>', coach.get(f"{site.url}/coach/earnings").text)


def status_of(site: Moved, booking: Booking) -> TransferStatus:
    with site.app.app_context(), transaction(write=False) as session:
        return session.scalars(select(Transfer).where(col(Transfer.reference_id) == booking.id)).one().status
