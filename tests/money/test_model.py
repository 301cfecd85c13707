"""Anything that may happen to a booking's money, in any order, over HTTP: after every step the books are in order, no
two sessions overlap, and what is confirmed is paid; at the end, when nothing is under way, our books are Stripe's.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from uuid import UUID, uuid4

import pytest
import requests
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlmodel import col

from marketplace.bookings.models import Booking
from marketplace.coaches.kinds import OfferKind
from marketplace.db import transaction
from marketplace.payments.models import Payment
from marketplace.payments.states import PaymentStatus
from tests.money.world import CALM, CHALLENGED, DECLINED, Answer, World, world

pytestmark = pytest.mark.skipif(shutil.which("faketime") is None, reason="install Debian's faketime")
NO_PAIN = {"pain": False, "flags": [], "note": ""}
HOURS = (0.2, 0.7, 3, 25, 73)
WAYS = {
    "pays": (CALM, True),
    "is declined": (DECLINED, True),
    "passes": (CHALLENGED, True),
    "fails": (CHALLENGED, False),
}
BY: dict[str, dict[str, Any]] = {
    "card": {},
    "her code": {"code": "HERS20"},
    "our code": {"code": "OURS50"},
    "free code": {"code": "FREE100"},
    "visit": {"use_credit": True},
}
PACKAGE = 25_001
BETWEEN_KILLS = 6  # steps: a server takes as long to start as they do
KNOBS: tuple[dict[str, Any], ...] = (
    {"webhooks_dropped": 3},
    {"webhooks_doubled": 3},
    {"webhooks_badly_signed": 2},
    {"webhooks_shuffled": True},
    {"webhooks_paused": True},
    {"webhooks_paused": False},
    {"webhook_delay_seconds": 1.0},
    {"refunds_pending": 1},
)
PATHS = ("/v1/checkout/sessions", "/v1/refunds", "/v1/transfers")
ANSWERS = {200, 201, 303, 403, 404, 409, 422}


def of_a_booking(act: Callable[..., None]) -> Callable[..., None]:
    """The rule about one of the last bookings, by number. Nothing where there is none: what is drawn next must not hang
    on what the site answered."""

    @wraps(act)
    def does(self: "Money", chosen: int, **drawn: Any) -> None:
        if self.bookings:
            act(self, self.bookings[-1 - chosen % min(len(self.bookings), 4)], **drawn)

    return does


class Money(RuleBasedStateMachine):
    """A coach, two runners, and what they do."""

    site: World

    def __init__(self) -> None:
        super().__init__()
        self.bookings: list[str] = []
        self.since_killed = 0

    @initialize()
    def register(self) -> None:
        site = self.site
        self.coach, coach_id = site.coach()
        self.slug = self.coach.email.split("@")[0]
        self.runners = [site.runner(), site.runner()]
        self.staff = site.runner(is_staff=True)
        self.visit = site.offer(coach_id)
        self.review = site.offer(coach_id, kind=OfferKind.CLIP_REVIEW)
        self.buyer: dict[str, int] = {}
        self.deal = site.package(self.visit, self.coach, PACKAGE)
        self.packages: list[tuple[str, int]] = []
        site.code("HERS20", 20, coach_id)
        site.sandbox.knobs(top_up="cad")  # out of which our own codes are paid
        for who in range(2):
            self._books(who, slot=3 * who, is_review=False, by="card")
            self.site.pay(self.bookings[-1], self.runners[who])

    @rule(who=st.integers(0, 1), slot=st.integers(0, 6), is_review=st.booleans(), by=st.sampled_from(sorted(BY)))
    def hold(self, who: int, slot: int, is_review: bool, by: str) -> None:
        self._books(who, slot, is_review, by)

    @rule(who=st.integers(0, 1), slot=st.integers(0, 6), is_review=st.booleans(), by=st.sampled_from(sorted(BY)))
    def hold_and_pay(self, who: int, slot: int, is_review: bool, by: str) -> None:
        before = len(self.bookings)
        self._books(who, slot, is_review, by)
        if len(self.bookings) > before:
            self.site.pay(self.bookings[-1], self.runners[who])

    def _books(self, who: int, slot: int, is_review: bool, by: str) -> None:
        runner, offer = self.runners[who], self.review if is_review else self.visit
        times = [None] if is_review else self.site.openings(offer, self.slug, runner)
        if not times:
            return
        starts_at = times[slot % len(times)]
        asked: dict[str, Any] = {"offer": str(offer.id), "starts_at": starts_at, "pain_screen": NO_PAIN} | BY[by]
        held = self.site.call("POST", "/bookings", runner, **asked)
        assert held.status in (201, 409), held
        if held.status == 201:
            self.bookings.append(held.body["id"])
            self.buyer[held.body["id"]] = who

    @rule(chosen=st.integers(0, 99), way=st.sampled_from(sorted(WAYS)), returns=st.booleans())
    @of_a_booking
    def pay(self, booking: str, way: str, returns: bool) -> None:
        number, passes = WAYS[way]
        self.site.pay(booking, self.runners[self.buyer[booking]], number, passes=passes, returns=returns)

    def _pays(self, answer: requests.Response, who: int, way: str, returns: bool) -> None:
        number, passes = WAYS[way]
        self.site.goes_on(answer, self.runners[who], number, passes=passes, returns=returns)

    @rule(who=st.integers(0, 1), way=st.sampled_from(sorted(WAYS)), returns=st.booleans())
    def buy_a_package(self, who: int, way: str, returns: bool) -> None:
        package, page = str(uuid4()), f"/packages/new/{self.deal.id}"
        answer = self.site.press(page, self.runners[who], id=package, amount=str(PACKAGE), currency="CAD")
        self._fine(answer)
        self.packages.append((package, who))
        self._pays(answer, who, way, returns)

    @rule(chosen=st.integers(0, 99))
    def give_visits_back(self, chosen: int) -> None:
        if not self.packages:
            return
        package, who = self.packages[-1 - chosen % min(len(self.packages), 2)]
        page = f"/packages/{package}"
        answer = self.site.press(page, self.runners[who], f"{page}/refund")
        self._fine(answer)

    @rule(chosen=st.integers(0, 99), choice=st.sampled_from(("500", "2000")), way=st.sampled_from(sorted(WAYS)))
    @of_a_booking
    def tip(self, booking: str, choice: str, way: str) -> None:
        who = self.buyer[booking]
        answer = self.site.press(f"/bookings/{booking}/tip", self.runners[who], choice=choice)
        self._fine(answer)
        self._pays(answer, who, way, returns=True)

    @rule(chosen=st.integers(0, 99), is_coach=st.booleans())
    @of_a_booking
    def cancel(self, booking: str, is_coach: bool) -> None:
        by = self.coach if is_coach else self.runners[self.buyer[booking]]
        self._fine(self.site.call("POST", f"/bookings/{booking}/cancellation", by, reason="ill"))

    @rule(chosen=st.integers(0, 99), slot=st.integers(0, 6), is_coach=st.booleans())
    @of_a_booking
    def reschedule(self, booking: str, slot: int, is_coach: bool) -> None:
        by = self.coach if is_coach else self.runners[self.buyer[booking]]
        if times := self.site.openings(self.visit, self.slug, by):
            to = times[slot % len(times)]
            self._fine(self.site.call("POST", f"/bookings/{booking}/rescheduling", by, starts_at=to))

    @rule(knob=st.sampled_from(KNOBS))
    def webhooks_go_wrong(self, knob: dict[str, Any]) -> None:
        self.site.sandbox.knobs(**knob)

    @rule(
        path=st.sampled_from(PATHS), status=st.sampled_from((500, 409, 429)), when=st.sampled_from(("before", "after"))
    )
    def stripe_fails(self, path: str, status: int, when: str) -> None:
        self.site.sandbox.knobs(fail={"path": path, "status": status, "when": when, "times": 1})

    @rule(chosen=st.integers(0, 99), ends=st.sampled_from(("open", "won", "lost")))
    @of_a_booking
    def dispute(self, booking: str, ends: str) -> None:
        charge = self._charge(booking)
        found = [each for each in self.site.at_stripe("charges") if each["id"] == charge]
        if not found or found[0]["disputed"] or found[0]["refunded"]:
            return
        if not self._turned(dispute_charge=charge):  # it has just been refunded
            return
        dispute = next(each for each in self.site.at_stripe("disputes") if each["charge"] == charge)
        if ends != "open":
            self.site.sandbox.knobs(**{"win_dispute" if ends == "won" else "lose_dispute": dispute["id"]})

    @rule(chosen=st.integers(0, 99))
    def somebody_takes_a_share_back_at_stripe(self, chosen: int) -> None:
        sent = [each["id"] for each in self.site.at_stripe("transfers") if not each["reversed"]]
        if sent:
            self._turned(reverse_transfer=sent[chosen % len(sent)])  # not if it has just been taken back

    @rule(chosen=st.integers(0, 99))
    @of_a_booking
    def complain(self, booking: str) -> None:
        by = self.runners[self.buyer[booking]]
        self._fine(self.site.call("POST", f"/bookings/{booking}/complaint", by, words="It lasted ten minutes."))

    @rule(chosen=st.integers(0, 99), outcome=st.sampled_from(("nothing", "part", "all")))
    @of_a_booking
    def decide(self, booking: str, outcome: str) -> None:
        page = f"/admin/complaints/{booking}"
        answer = self.site.press(page, self.staff, f"{page}/decision", outcome=outcome, amount="12.34", words="Fair.")
        self._fine(answer)

    @rule(chosen=st.integers(0, 99), is_coach=st.booleans(), does=st.sampled_from(("", "/admission", "/objection")))
    @of_a_booking
    def nobody_came(self, booking: str, is_coach: bool, does: str) -> None:
        by = self.coach if is_coach else self.runners[self.buyer[booking]]
        page = f"/bookings/{booking}"
        answer = self.site.press(page, by, f"{page}/absence{does}", words="I waited.")
        self._fine(answer)

    @rule(chosen=st.integers(0, 99), was_absent=st.sampled_from(("yes", "no")))
    @of_a_booking
    def staff_say_who_came(self, booking: str, was_absent: str) -> None:
        page = f"/bookings/{booking}"
        answer = self.site.press(page, self.staff, f"{page}/absence/decision", was_absent=was_absent)
        self._fine(answer)

    @rule(hours=st.sampled_from(HOURS))
    def time_passes(self, hours: float) -> None:
        self.site.move(timedelta(hours=hours))
        for each in (self.coach, self.staff, *self.runners):
            self.site.sign_in(each)

    @precondition(lambda self: self.since_killed > BETWEEN_KILLS)
    @rule(name=st.sampled_from(("web", "worker", "worker", "worker")))
    def kill(self, name: str) -> None:
        self.since_killed = 0
        self.site.restart(name)
        self.site.take_leases_back()

    @invariant()
    def books_are_in_order(self) -> None:
        self.since_killed += 1
        self.site.check()

    def teardown(self) -> None:
        self.site.rest()
        self.site.check_at_rest()
        self._turned(pay_out="cad")  # not if nothing is there
        self.site.sweep(self.site.move(timedelta(hours=7)))
        self.site.check_at_rest()

    def _turned(self, **knob: str) -> bool:
        """Turn a knob, and whether there was something to turn."""
        try:
            self.site.sandbox.knobs(**knob)
        except HTTPError as answer:
            if answer.code != 400:
                raise
            return False
        return True

    def _charge(self, booking: str) -> str | None:
        with self.site.app.app_context(), transaction(write=False) as session:
            paid = select(col(Payment.charge_id)).join(Booking, col(Booking.order_id) == col(Payment.order_id))
            return session.scalar(paid.where(col(Booking.id) == UUID(booking)))

    def _fine(self, answer: Answer | requests.Response) -> None:
        if isinstance(answer, Answer):
            assert answer.status in ANSWERS, answer
        else:
            assert answer.status_code in ANSWERS, (answer.status_code, answer.request.method, answer.url, answer.text)


@pytest.fixture
def site(empty_sqlite: Path, tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, empty=empty_sqlite) as made:
        yield made


def lives(site: World, examples: int, steps: int, *, always_alike: bool = False) -> None:
    site.code("OURS50", 50, None)
    site.code("FREE100", 100, None)
    machine = type("Lived", (Money,), {"site": site})
    most = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck),
        derandomize=always_alike, phases=[Phase.generate], database=None,
    )  # fmt: skip
    run_state_machine_as_test(machine, settings=most)


def test_money_in_any_order(site: World) -> None:
    # the first is always the dullest there could be
    lives(site, examples=5, steps=20, always_alike=not os.environ.get("CHAOS"))
    with site.app.app_context(), transaction(write=False) as session:
        assert session.scalars(select(Payment).where(col(Payment.status) == PaymentStatus.PAID)).all()


@pytest.mark.chaos
@pytest.mark.parametrize("_town", range(20))
def test_money_in_any_order_five_hundred_times(site: World, _town: int) -> None:
    lives(site, examples=25, steps=40)  # in twenty towns: what is looked through after each step grows with a town
