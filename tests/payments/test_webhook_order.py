"""A booking's webhooks in every order: what Stripe tells of a life ends in one state, however its words arrive."""

import itertools
import json
import random
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import requests
from flask import Flask
from sqlalchemy import select
from sqlmodel import col

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import service as bookings
from marketplace.bookings.models import Booking
from marketplace.coaches.models import Coach
from marketplace.db import db, transaction
from marketplace.jobs import Job, JobStatus
from marketplace.payments import invariants
from marketplace.payments import jobs as money
from marketplace.payments.models import LedgerLine, Payment, Refund, Transfer
from marketplace.payments.models_back import Dispute, Reversal
from marketplace.payments.service import comparing, settle
from marketplace.payments.service.taking import LOOKS
from marketplace.stripe_sandbox import sandbox as sandboxes
from marketplace.stripe_sandbox import store
from tests import make
from tests.bookings import world as people
from tests.payments.conftest import Shop
from tests.payments.test_webhooks import post, signed

SOME = 6
"""Orders that are tried where not all are."""
Event = dict[str, Any]


@dataclass
class Life:
    """A booking whose money moves while no word of Stripe's comes through."""

    shop: Shop
    sandbox: Flask
    booking_id: UUID

    @classmethod
    def begin(cls, shop: Shop, sandbox: Flask) -> "Life":
        with transaction() as session:
            offer = make.offer(session, session.get_one(Coach, shop.coach_id))
            booking = people.hold(session, offer, session.get_one(User, shop.runner_id))
        return cls(shop, sandbox, booking.id)

    @property
    def order_id(self) -> UUID:
        order_id: UUID = self.shop.row(Booking, self.booking_id).order_id
        return order_id

    @property
    def charge(self) -> str:
        return str(self.at_stripe("charge")[0]["id"])

    def at_stripe(self, kind: str) -> list[dict[str, Any]]:
        with sandboxes.of(self.sandbox).store.transaction() as connection:
            return store.all_of(connection, kind)

    def paid_and_returned(self) -> None:
        settle(self.shop.pay(self.order_id))

    def cancelled(self) -> None:
        with transaction() as session:
            bookings.cancel(session, self.booking_id, by=session.get_one(User, self.shop.runner_id), reason="ill")
        self.shop.work()

    def knob(self, **wish: Any) -> None:
        self.shop.browser.knobs(**wish)

    def events(self) -> list[Event]:
        """What Stripe has to tell of it that we look at, the oldest first."""
        return [each for each in reversed(self.at_stripe("event")) if each["data"]["object"]["object"] in LOOKS]

    def hears(self, told: tuple[Event, ...]) -> None:
        for event in told:
            body = json.dumps(event)
            assert post(self.shop, body, signed(body)) == 200
            self.shop.work()

    def rests(self) -> None:
        """What was begun is ended, and what nobody was told of is looked for."""
        for _ in range(2):
            money.sweep()
            comparing.compare(until=clock.now() + timedelta(minutes=1))
            self.shop.work()

    def check(self) -> None:
        """The books are in order; what failed is tried again another day, and is no fault of theirs."""
        with transaction(write=False) as session:
            assert [each for each in invariants.broken(session) if "tried again" not in each] == []
            assert invariants.unlike_stripe(session, self.shop.stripe) == []

    def state(self) -> dict[str, Any]:
        """All that somebody could tell two ends apart by, without names and instants."""
        with transaction(write=False) as session:
            rows: dict[str, list[Any]] = {
                "refunds": [(each.amount, each.status, each.reason) for each in session.scalars(select(Refund))],
                "transfers": [(each.amount, each.status) for each in session.scalars(select(Transfer))],
                "reversals": [(each.amount, each.status) for each in session.scalars(select(Reversal))],
                "disputes": [(each.amount, each.status) for each in session.scalars(select(Dispute))],
                "mails": people.news(session),
            }
            books = Counter[str]()
            for line in session.scalars(select(LedgerLine)):
                books[line.account.split(":")[0]] += line.amount
            payment = session.scalars(select(Payment)).one()
            dead = session.scalars(select(col(Job.error)).where(col(Job.status) == JobStatus.DEAD)).all()
            return {name: sorted(found, key=repr) for name, found in rows.items()} | {
                "booking": session.get_one(Booking, self.booking_id).status,
                "payment": (payment.status, payment.amount, bool(payment.disputed_at)),
                "books": {account: amount for account, amount in books.items() if amount},
                "dead": list(dead),
            }


def nobody_returns_and_half_goes_back_at_stripe(life: Life) -> None:
    life.shop.pay(life.order_id)
    asked = {"charge": life.charge, "amount": 4000}
    sent = requests.post(f"{life.shop.address}/v1/refunds", asked, headers={"Authorization": "Bearer sk_test_staff"})
    assert sent.ok, sent.text


def the_bank_takes_it_before_we_know_of_it(life: Life) -> None:
    life.shop.pay(life.order_id)
    life.knob(dispute_charge=life.charge)
    life.knob(lose_dispute=life.at_stripe("dispute")[0]["id"])


def she_cancels_and_the_refund_takes_its_time(life: Life) -> None:
    life.paid_and_returned()
    life.knob(refunds_pending=1)
    life.cancelled()
    life.knob(settle_refund=life.at_stripe("refund")[0]["id"])


def she_cancels_and_the_refund_fails(life: Life) -> None:
    life.paid_and_returned()
    life.cancelled()
    life.knob(fail_refund=life.at_stripe("refund")[0]["id"])


def a_dispute_is_won_after_another_card_was_tried(life: Life) -> None:
    life.shop.pay(life.order_id, "4000 0000 0000 0002")
    life.paid_and_returned()
    life.knob(dispute_charge=life.charge)
    life.knob(win_dispute=life.at_stripe("dispute")[0]["id"])


Lives = Callable[[Life], None]
LIVES: tuple[Lives, ...] = (
    nobody_returns_and_half_goes_back_at_stripe,
    the_bank_takes_it_before_we_know_of_it,
    she_cancels_and_the_refund_takes_its_time,
    she_cancels_and_the_refund_fails,
    a_dispute_is_won_after_another_card_was_tried,
)


@pytest.mark.parametrize("lives", LIVES, ids=lambda life: life.__name__)
def test_some_orders_of_the_webhooks_end_alike(shop: Shop, sandbox_app: Flask, tmp_path: Path, lives: Lives) -> None:
    _in_every_order(shop, sandbox_app, tmp_path, lives, SOME)


@pytest.mark.chaos
@pytest.mark.parametrize("lives", LIVES, ids=lambda life: life.__name__)
def test_all_orders_of_the_webhooks_end_alike(shop: Shop, sandbox_app: Flask, tmp_path: Path, lives: Lives) -> None:
    _in_every_order(shop, sandbox_app, tmp_path, lives, None)


def _in_every_order(shop: Shop, sandbox: Flask, folder: Path, lives: Lives, most: int | None) -> None:
    life = Life.begin(shop, sandbox)
    lives(life)
    events, files = life.events(), _files(shop, folder)
    assert len(events) >= 3
    for file in files:
        _copy(file, _beside(file))
    ends: dict[str, tuple[str, ...]] = {}
    for told in _orders(events, most):
        for file in files:
            _copy(_beside(file), file)
        life.hears(told)
        life.rests()
        life.check()
        ends.setdefault(json.dumps(life.state(), default=str, indent=1), tuple(each["type"] for each in told))
    assert len(ends) == 1, "\n".join(f"{told}: {state}" for state, told in ends.items())


def _orders(events: list[Event], most: int | None) -> Iterator[tuple[Event, ...]]:
    """All of them; or as they happened, backwards, and others that chance takes, always the same."""
    every = itertools.permutations(events)
    if most is None:
        yield from every
        return
    yield tuple(events)
    yield tuple(reversed(events))
    rest = list(every)
    yield from random.Random(1).sample(rest, min(most, len(rest)))


def _files(shop: Shop, folder: Path) -> list[Path]:
    return [Path(db.engine.url.database or ""), next((folder / "stripe").glob("*.sqlite3"))]


def _beside(file: Path) -> Path:
    return file.with_suffix(".kept")


def _copy(source: Path, to: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(to, timeout=30)) as new:
        old.backup(new)
