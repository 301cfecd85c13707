"""The site and the Stripe sandbox together: Stripe over HTTP, webhooks by the sandbox's post or not at all.

With `STRIPE_TEST_KEY` the same tests talk to Stripe's test mode instead, as far as it can do what they ask for.
"""

import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.serving import make_server

from marketplace import clock, jobs
from marketplace.db import new_id, transaction
from marketplace.payments import invariants, queries, service
from marketplace.payments.models import Payment, PayoutAccount, Transfer
from marketplace.payments.stripe import Stripe
from marketplace.stripe_sandbox.app import create_sandbox
from marketplace.stripe_sandbox.server import Quiet, running
from tests import make
from tests.payments.hosted_page import hosted_page
from tests.payments.payers import SECRET, AtSandbox, AtStripe, test_key_in

CALM = "4000 0000 0000 0077"
"""A card whose money Stripe lets us have at once, for what goes back or on a moment later."""
TEST_KEY = test_key_in(os.environ)


@pytest.fixture
def sandbox_app(tmp_path: Path) -> Flask:
    """A sandbox that tells nobody of events."""
    if TEST_KEY:
        pytest.skip("needs the sandbox: its webhooks and its files")
    app = create_sandbox(tmp_path / "stripe")
    app.config.update(WEBHOOK_URL="", WEBHOOK_SECRET=SECRET, WEBHOOK_RETRY_SECONDS=(0.1, 0.2))
    return app


@pytest.fixture
def sandbox(sandbox_app: Flask) -> Iterator[str]:
    """Its address."""
    with running(sandbox_app) as address:
        yield address


@dataclass
class Shop:
    """A runner's order at a payable coach, and everything that may happen to its money."""

    app: Flask
    address: str
    browser: AtSandbox | AtStripe
    runner_id: UUID
    coach_id: UUID

    @property
    def stripe(self) -> Stripe:
        return self.app.extensions["stripe"]  # type: ignore[no-any-return]

    def order(self, amount: int = 9500, minutes: float = 35) -> UUID:
        """An order of one line that has `minutes` to be paid."""
        with transaction() as session:
            order = service.open_order(
                session,
                payer_id=self.runner_id,
                coach_id=self.coach_id,
                lines=[service.Line("tip", new_id(), "Form review", amount)],
                currency="CAD",
                expires_at=clock.now() + timedelta(minutes=minutes),
                fee_percent=Decimal(15),
            )
            return order.id

    def begin(self, order_id: UUID) -> str:
        """The address of Stripe's page."""
        return service.begin_checkout(
            order_id,
            success_url=f"{self.address}/?session={{CHECKOUT_SESSION_ID}}",
            cancel_url=f"{self.address}/",
            customer_email="runner@example.com",
        )

    def pay(self, order_id: UUID, number: str = CALM) -> str:
        """Go to the page and pay; the id of the session. The site hears nothing of it."""
        return self.pay_on(self.open_page(order_id), number)

    def open_page(self, order_id: UUID) -> str:
        """The id of the session whose page it is."""
        return re.findall(r"/(cs_\w+)", self.begin(order_id))[0]  # type: ignore[no-any-return]

    def pay_on(self, session_id: str, number: str = CALM) -> str:
        """Pay on a page that is open already."""
        self.browser.pay_on(session_id, number)
        return session_id

    def paid(self, amount: int = 9500) -> UUID:
        """An order that was paid and settled."""
        order_id = self.order(amount)
        service.settle(self.pay(order_id))
        return order_id

    def reference(self, order_id: UUID) -> UUID:
        with transaction(write=False) as session:
            return queries.lines(session, order_id)[0].reference_id

    def payment(self, order_id: UUID) -> Payment:
        with transaction(write=False) as session:
            return queries.payment_of(session, order_id)

    def refund(self, order_id: UUID, amount: int, key: str = "cancelled") -> UUID | None:
        """Decide a refund; it is not sent yet."""
        with transaction() as session:
            row = service.refund(session, order_id, amount=amount, key=key, reason="cancelled", by="runner")
            return row.id if row else None

    def row(self, model: type[Any], row_id: UUID) -> Any:
        with transaction(write=False) as session:
            return session.get_one(model, row_id)

    def all(self, model: type[Any]) -> list[Any]:
        with transaction(write=False) as session:
            return list(session.execute(select(model)).scalars())

    def change(self, model: type[Any], **values: Any) -> None:
        """Change every row: the past is made so."""
        with transaction() as session:
            session.execute(update(model).values(**values))
            session.expire_all()

    def earn(self, order_id: UUID) -> Transfer | None:
        """What was bought is done, and the coach's share is due."""
        with transaction() as session:
            reference_id = queries.lines(session, order_id)[0].reference_id
            service.complete(session, order_id, reference_id)
            return service.release(session, order_id, reference_id=reference_id, due_at=clock.now())

    def stripe_fees(self) -> int:
        """What Stripe has kept of this shop's charges; the sandbox's part of them is known."""
        movements = self.stripe.movements(clock.now() - timedelta(days=1))
        if isinstance(self.browser, AtSandbox):
            assert {one.fee for one in movements if one.net > 0} == {306}
        return sum(one.fee for one in movements)

    def made_at_stripe(self, path: str) -> int:
        """How many POSTs of a path the sandbox has answered with 200."""
        calls = self.browser.knobs()["calls"]
        return sum(call["path"] == path and call["method"] == "POST" and call["status"] == 200 for call in calls)

    @contextmanager
    def in_a_hurry(self) -> Iterator[None]:
        """Wait for Stripe no longer than a second."""
        patient = self.stripe
        self.app.extensions["stripe"] = self.browser.stripe(timeout=1)
        yield
        self.app.extensions["stripe"] = patient

    def work(self) -> None:
        """Do the jobs that are due."""
        jobs.run_due()

    def check(self) -> None:
        """The books are in order and equal Stripe's."""
        with transaction(write=False) as session:
            assert invariants.broken(session) == []
            assert invariants.unlike_stripe(session, self.stripe) == []


@pytest.fixture
def shop(app: Flask, request: pytest.FixtureRequest) -> Iterator[Shop]:
    browser = (
        AtStripe(TEST_KEY, hosted_page(request.config)) if TEST_KEY else AtSandbox(request.getfixturevalue("sandbox"))
    )
    app.extensions["stripe"] = browser.stripe()
    with app.app_context():
        with transaction() as session:
            runner, coach = make.user(session), make.coach(session)
            session.get_one(PayoutAccount, coach.id).stripe_account_id = browser.payable_account()
            ids = runner.id, coach.id
        yield Shop(app, browser.address, browser, *ids)


HEARD = (
    "payment.succeeded", "payment.expired", "payment.rejected", "refund.failed", "refund.adopted",
    "dispute.lost", "payouts.changed",
)  # fmt: skip


@pytest.fixture
def heard(app: Flask) -> Iterator[list[tuple[str, Any]]]:
    """The events that payments published, in order."""
    news: list[tuple[str, Any]] = []
    added = []
    for event in HEARD:

        def listener(_session: Any, _event: str = event, **facts: Any) -> None:
            news.append((_event, *facts.values()))  # type: ignore[arg-type]

        jobs.on(event)(listener)
        added.append((event, listener))
    yield news
    for event, listener in added:
        jobs._listeners[event].remove(listener)


@pytest.fixture
def site(sandbox_app: Flask, shop: Shop) -> Iterator[str]:
    """The site on a port; the sandbox tells it of events."""
    server = make_server("127.0.0.1", 0, shop.app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.port}"
    sandbox_app.config["WEBHOOK_URL"] = f"{address}/webhooks/stripe"
    yield address
    server.shutdown()
    server.server_close()
    thread.join()


def at_once(app: Flask, *acts: Callable[[], object]) -> list[object]:
    """Do these at the same time, each in an app context of its own; what each gave or raised."""
    gate = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        with app.app_context():
            gate.wait()
            try:
                return act()
            except Exception as error:
                return error

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def wait_for(there: Callable[[], object]) -> None:
    """Wait until it is so, at most five seconds."""
    until = time.monotonic() + 5
    while not there() and time.monotonic() < until:
        time.sleep(0.02)
    assert there()
