"""Web servers, worker and Stripe sandbox as processes that can be killed, under one clock that can be moved."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import pytest
import requests
from flask import Flask
from itsdangerous import TimestampSigner
from sqlalchemy import select, update
from sqlmodel import col

from marketplace import clock, create_app
from marketplace.accounts.models import User
from marketplace.bookings import invariants as bookings
from marketplace.bookings.models import Booking
from marketplace.bookings.states import BookingStatus
from marketplace.coaches.models import Coach, Offer
from marketplace.db import transaction
from marketplace.demo import mailbox
from marketplace.jobs import Job, JobStatus
from marketplace.packages import invariants as packages
from marketplace.packages import service as sell
from marketplace.packages.models import Deal
from marketplace.payments import invariants
from marketplace.payments.models import Payment, PayoutAccount, Refund, Transfer
from marketplace.payments.states import PaymentStatus
from marketplace.payments.stripe import from_settings
from marketplace.promotions import service as promotions
from marketplace.settings import Settings
from tests import make
from tests.conftest import SECRETS, free_ports, test_settings
from tests.journeys.conftest import ROOT, eventually
from tests.journeys.moved import environment
from tests.programs import token_of
from tests.stripe_sandbox.conftest import CARD, Browser

CALM, DECLINED, CHALLENGED = "4242424242424242", "4000000000000002", "4000002500003155"
AT_ONCE = {"FAKETIME_NO_CACHE": "1"}  # every process reads the clock's file at each look
SWEEPS = ("bookings.sweep", "bookings.complete", "payments.sweep", "payments.release")


@dataclass
class Answer:
    """A status, and what the answer says."""

    status: int
    body: dict[str, Any]


@dataclass
class Person:
    """Somebody's browser and her program."""

    id: UUID
    email: str
    token: str
    browser: requests.Session = field(default_factory=requests.Session)


@dataclass
class World:
    """The running site. `app` is the test's own door to its database, by the real clock."""

    app: Flask
    url: str
    folder: Path
    clock: Path
    commands: dict[str, list[str]]
    environment: dict[str, str]
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    ahead: timedelta = timedelta()
    errors: list[str] = field(default_factory=list)  # answers of 500 and more

    @property
    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    @property
    def sandbox(self) -> Browser:
        settings: Settings = self.app.extensions["settings"]
        return Browser(settings.stripe_api_base)

    def move(self, by: timedelta) -> datetime:
        """Move every process's clock on; the instant before which none has the new time."""
        self.ahead += by
        begins = self.now
        part = self.clock.with_suffix(".part")
        part.write_text(f"{self.ahead.total_seconds():+.3f}")
        part.rename(self.clock)
        return begins

    def start(self, name: str) -> None:
        self.running[name] = subprocess.Popen(
            [sys.executable, "-m", *self.commands[name]], cwd=ROOT, env=self.environment, start_new_session=True
        )

    def kill(self, name: str) -> None:
        """At once, with all that it has begun."""
        os.killpg(self.running[name].pid, signal.SIGKILL)
        self.running[name].wait()

    def restart(self, name: str) -> None:
        self.kill(name)
        self.start(name)
        if name != "worker":
            self.wait_for(name)

    def wait_for(self, name: str) -> None:
        url = f"{self.url}/readyz" if name == "web" else f"{self.sandbox.address}/"
        eventually(lambda: _answers(url, self.running[name]), seconds=60)

    def call(self, method: str, path: str, by: Person, **body: Any) -> Answer:
        """The API, for somebody."""
        headers = {"Authorization": f"Bearer {by.token}"}
        answer = requests.request(method, f"{self.url}/api/v1{path}", json=body or None, headers=headers, timeout=60)
        return self._seen(answer)

    def pay(self, booking: str, by: Person, number: str = CALM, *, passes: bool = True, returns: bool = True) -> str:
        """Through the pages, as she does; the address where she ends: the site's, or Stripe's page still open."""
        return self.goes_on(self._asks_to_pay(booking, by), by, number, passes=passes, returns=returns)

    def goes_on(
        self, answer: requests.Response, by: Person, number: str = CALM, *, passes: bool = True, returns: bool = True
    ) -> str:
        """From what the site answered to "Pay" through Stripe's page; "" where that is not where it led."""
        page = self._at_stripe(answer)
        if page is None:
            return ""
        ends = self._card(urlsplit(page).path, number, passes)
        if returns and ends.startswith(self.url):
            self._seen(by.browser.get(ends, timeout=60))
        return ends

    def open_payment(self, booking: str, by: Person) -> str | None:
        """The address of Stripe's page for a hold; None where the site has another answer."""
        return self._at_stripe(self._asks_to_pay(booking, by))

    def _at_stripe(self, answer: requests.Response) -> str | None:
        place = answer.headers.get("Location", "")
        return place if place.startswith(self.sandbox.address) else None

    def tries_to_pay(self, booking: str, by: Person) -> tuple[int, str]:
        """The status of the page that she gets when she presses "Pay", and its words."""
        answer = self._asks_to_pay(booking, by)
        return answer.status_code, " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())

    def _asks_to_pay(self, booking: str, by: Person) -> requests.Response:
        return self.press(f"/bookings/{booking}/payment", by)

    def press(self, page: str, by: Person, to: str = "", **fields: str) -> requests.Response:
        """Send the form of a page, to its own address or to `to`; the page itself where it has no form."""
        address = self.url + page
        shown = by.browser.get(address, timeout=60)
        self._seen(shown)
        token = re.search(r'name="csrf_token" value="([^"]+)"', shown.text)
        if token is None:
            return shown
        sent, from_here = fields | {"csrf_token": token[1]}, {"Referer": address}
        where = self.url + (to or page)
        answer = by.browser.post(where, data=sent, headers=from_here, allow_redirects=False, timeout=60)
        self._seen(answer)
        return answer

    def _card(self, path: str, number: str, passes: bool) -> str:
        """Type the card, answer the bank; where that leads."""
        address = self.sandbox.address + path
        answer = requests.post(address, data=CARD | {"number": number}, allow_redirects=False, timeout=60)
        if answer.headers.get("Location", "").endswith("/challenge"):
            said = {"answer": "complete" if passes else "fail"}
            answer = requests.post(f"{address}/challenge", data=said, allow_redirects=False, timeout=60)
        return answer.headers.get("Location", address)

    def _seen(self, answer: requests.Response) -> Answer:
        if answer.status_code >= 500:
            self.errors.append(f"{answer.status_code} {answer.request.method} {answer.url}: {answer.text[:300]}")
        is_json = "json" in answer.headers.get("Content-Type", "")
        return Answer(answer.status_code, answer.json() if is_json else {})

    def sign_in(self, person: Person) -> None:
        """A cookie, as if through the form and by the site's time: what is tested here is money."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(clock, "now", lambda: self.now)
            patch.setattr(TimestampSigner, "get_timestamp", lambda _signer: int(self.now.timestamp()))
            client = make.signed_in(self.app.test_client(), person.id)
        cookie = client.get_cookie("session")
        assert cookie
        person.browser.cookies.set("session", cookie.value, domain="127.0.0.1", path="/")

    def runner(self, **changes: Any) -> Person:
        """A new runner, or with `is_staff` a member of staff."""
        with self.app.app_context(), transaction() as session:
            row = make.user(session, email=f"runner-{os.urandom(6).hex()}@example.com", name="Ada Runner", **changes)
        return self._person(row)

    def coach(self) -> tuple[Person, UUID]:
        """A new coach who can be paid, and her id as a coach."""
        stripe = self.app.extensions["stripe"]
        with self.app.app_context(), transaction() as session:
            row = make.coach(session, slug=f"coach-{os.urandom(6).hex()}")
            person = session.get_one(User, row.user_id)
            person.email = f"{row.slug}@example.com"
        account = stripe.create_account(email=person.email, country="CA", coach_id=str(row.id), key=f"acc:{row.id}")
        self.sandbox.knobs(finish_account=account.id)
        with self.app.app_context(), transaction() as session:
            session.get_one(PayoutAccount, row.id).stripe_account_id = account.id
        return self._person(person), row.id

    def offer(self, coach_id: UUID, **changes: Any) -> Offer:
        with self.app.app_context(), transaction() as session:
            return make.offer(session, session.get_one(Coach, coach_id), **changes)

    def package(self, offer: Offer, by: Person, price: int) -> Deal:
        """Three visits of an offer for that price."""
        with self.app.app_context(), transaction() as session:
            return sell.offer_packages(session, by.id, offer.id, {3: price})[0]

    def code(self, word: str, percent: int, coach_id: UUID | None) -> None:
        """A code of a coach's, or of the site's, that is good for many bookings."""
        with self.app.app_context(), transaction() as session:
            promotions.create(session, coach_id, promotions.Draft(word, percent, most_each=None))

    def openings(self, offer: Offer, slug: str, by: Person) -> list[str]:
        """What can be booked in the next days."""
        first = (self.now + timedelta(days=1)).date()
        days = {"from": str(first), "to": str(first + timedelta(days=4))}
        query = "&".join(f"{name}={value}" for name, value in (days | {"offer": str(offer.id)}).items())
        found = self.call("GET", f"/coaches/{slug}/openings?{query}&timezone=UTC", by)
        return [each["starts_at"] for each in found.body.get("openings", [])]

    def _person(self, row: User) -> Person:
        person = Person(row.id, row.email, token_of(self.app, row))
        self.sign_in(person)
        return person

    def rest(self) -> None:
        """Nothing goes wrong any more, and time passes until all that was begun is done."""
        self.sandbox.knobs(reset=True)
        for by in (timedelta(minutes=45), timedelta(days=6), timedelta(hours=25), timedelta(hours=25)):
            self.sweep(self.move(by))

    def sweep(self, since: datetime) -> None:
        """Wait until the worker has done the sweeps of that time on, and all that is due."""

        def is_over() -> bool:
            with self.app.app_context(), transaction(write=False) as session:
                done = (col(Job.name).in_(SWEEPS), col(Job.created_at) >= since, _IS_DONE)
                waits = select(col(Job.name), col(Job.key)).where(~_IS_DONE, col(Job.run_at) <= self.now)
                swept = session.scalars(select(col(Job.name)).where(*done).distinct()).all()
                return set(swept) == set(SWEEPS) and session.execute(waits).first() is None

        eventually(is_over, seconds=180)

    def take_leases_back(self) -> None:
        """What a killed worker had begun is another's, without five minutes of waiting."""
        with self.app.app_context(), transaction() as session:
            running = col(Job.status) == JobStatus.RUNNING
            session.execute(update(Job).where(running).values(leased_until=self.now - timedelta(seconds=1)))

    def check(self) -> None:
        """What must hold at any moment."""
        assert not self.errors, self.errors
        with self.app.app_context(), transaction(write=False) as session:
            found = [line for each in (invariants, packages, bookings) for line in each.broken(session)]
            wrong = [line for line in found if "are tried again" not in line]
            assert not wrong, wrong
            living = select(Booking, Payment).join(Payment, col(Payment.order_id) == col(Booking.order_id))
            living = living.where(col(Booking.status).in_((BookingStatus.CONFIRMED, BookingStatus.COMPLETED)))
            for booking, payment in session.execute(living):
                assert payment.status == PaymentStatus.PAID, f"{booking.id} is {booking.status}, not paid"
                assert payment.amount >= booking.price
            _no_overlap(session.scalars(select(Booking).where(col(Booking.starts_at).is_not(None))).all())

    def check_at_rest(self) -> None:
        """What must hold when nothing is under way: the books are Stripe's, each charge sold something or went back."""
        self.check()
        with self.app.app_context(), transaction(write=False) as session:
            stripe = self.app.extensions["stripe"]
            wrong = invariants.unlike_stripe(session, stripe) + invariants.broken(session)
            assert not wrong, wrong
            held = select(Booking).where(col(Booking.status) == BookingStatus.HELD)
            assert session.scalars(held).all() == []
            charges = self.at_stripe("charges")
            paid = {row.charge_id: row for row in session.scalars(select(Payment)) if row.charge_id}
            for charge in charges:
                payment = paid.get(charge["id"])
                is_sold = payment is not None and payment.status == PaymentStatus.PAID
                assert not charge["paid"] or is_sold or charge["amount_refunded"] == charge["amount"], charge["id"]
            sent = Counter(each["metadata"].get("refund") for each in self.at_stripe("refunds"))
            assert all(count == 1 for row, count in sent.items() if row and not _was_tried_again(session, row)), sent
            moved = Counter(each["metadata"].get("transfer") for each in self.at_stripe("transfers"))
            assert set(moved.values()) <= {1}, moved
            posts = [each for each in self.sandbox.knobs()["calls"] if each["method"] == "POST"]
            assert all(each["key"] for each in posts), posts
            assert {UUID(row) for row in moved if row} == set(
                session.scalars(select(col(Transfer.id)).where(col(Transfer.status) == "sent"))
            )
            dead = session.scalars(select(Job).where(col(Job.status) == JobStatus.DEAD)).all()
            assert [(job.name, job.error) for job in dead] == []

    def at_stripe(self, kind: str) -> list[dict[str, Any]]:
        """All objects of a kind that the sandbox has."""
        settings: Settings = self.app.extensions["settings"]
        found: list[dict[str, Any]] = []
        while True:
            after = {"starting_after": found[-1]["id"]} if found else {}
            asked = requests.get(
                f"{settings.stripe_api_base}/v1/{kind}",
                params={"limit": 100} | after,
                headers={"Authorization": f"Bearer {settings.stripe_secret_key}"},
                timeout=60,
            )
            page = asked.json()
            found += page["data"]
            if not page["has_more"]:
                return found

    def wait_for_mail(self, to: Person, subject: str) -> None:
        eventually(lambda: [m for m in self.mails() if m["to"] == to.email and subject in m["subject"]], seconds=60)

    def mails(self) -> list[dict[str, Any]]:
        return mailbox.mails(self.folder / "mail")


_IS_DONE = col(Job.status) == JobStatus.DONE


@contextmanager
def world(folder: Path, *, empty: Path | None = None, database_url: str = "", workers: int = 1) -> Iterator[World]:
    """Start it all on a copy of an empty SQLite database, or on that PostgreSQL database."""
    if empty is not None:
        shutil.copy(empty, folder / "runsight.sqlite3")
    port = free_ports(3)
    url, stripe_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{port + 2}"
    places = {"base_url": url, "mail_url": f"smtp://127.0.0.1:{port + 1}", "stripe_api_base": stripe_url}
    settings = test_settings(folder, **places, database_url=database_url)
    app = create_app(settings)
    app.extensions["stripe"] = from_settings(settings)
    commands = {
        "stripe": ["marketplace.stripe_sandbox", str(port + 2), str(folder / "stripe")],
        "web": ["marketplace.cli", "run", "--port", str(port), "--workers", str(workers)],
        "worker": ["marketplace.cli", "worker"],
    }
    told = {"WEBHOOK_URL": f"{url}/webhooks/stripe", "WEBHOOK_SECRET": str(SECRETS["stripe_webhook_secret"])}
    clock = folder / "clock"
    made = World(app, url, folder, clock, commands, environment(settings, clock, **AT_ONCE, **told))
    made.move(timedelta())
    post = mailbox.serve(folder / "mail", port + 1)
    try:
        for name in commands:
            made.start(name)
        for name in ("stripe", "web"):
            made.wait_for(name)
        yield made
    finally:
        for name in made.running:
            made.kill(name)
        post.stop()


def _answers(url: str, server: subprocess.Popen[bytes]) -> bool:
    if server.poll() is not None:
        raise RuntimeError("a server did not start")
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        time.sleep(0.05)
        return False


def _no_overlap(bookings: list[Booking]) -> None:
    """No two that hold their time overlap, of one coach."""
    spans = sorted((each.coach_id, each.starts_at, each.ends_at, each.id) for each in bookings if each.holds_its_time)
    for before, after in zip(spans, spans[1:], strict=False):
        assert before[0] != after[0] or before[2] <= after[1], f"{before[3]} and {after[3]} overlap"


def _was_tried_again(session: Any, refund_id: str) -> bool:
    return bool(session.get_one(Refund, UUID(refund_id)).attempt > 1)
