"""Stripe is down, slow, or says 500 or 429: pages answer soon and say what happens next, nobody else waits for it, and
all is made good once it is back.
"""

import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from marketplace.payments.patience import MISSES, PAUSE_SECONDS
from marketplace.payments.stripe import TIMEOUT_SECONDS
from tests.money.world import Person, World, world

pytestmark = pytest.mark.skipif(shutil.which("faketime") is None, reason="install Debian's faketime")
SLOW = 60
NO_PAIN = {"pain": False, "flags": [], "note": ""}


@pytest.fixture
def site(empty_sqlite: Path, tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, empty=empty_sqlite) as made:
        yield made


class Shop:
    """A coach with an offer, and runners who hold times of hers."""

    def __init__(self, site: World) -> None:
        self.site, (self.coach, coach_id) = site, site.coach()
        self.offer, self.slug = site.offer(coach_id), self.coach.email.split("@")[0]

    def hold(self, runner: Person) -> str:
        starts_at = self.site.openings(self.offer, self.slug, runner)[0]
        held = self.site.call(
            "POST", "/bookings", runner, offer=str(self.offer.id), starts_at=starts_at, pain_screen=NO_PAIN
        )
        assert held.status == 201, held
        return str(held.body["id"])


def fails(site: World, how: str) -> None:
    if how == "down":
        site.kill("stripe")
    elif how == "slow":
        for method in ("POST", "GET"):
            site.sandbox.knobs(fail={"path": "/v1/", "method": method, "times": 100, "delay_seconds": SLOW})
    else:
        for method in ("POST", "GET"):
            fault = {"path": "/v1/", "method": method, "times": 100, "status": int(how), "when": "before"}
            site.sandbox.knobs(fail=fault)


def comes_back(site: World, how: str) -> None:
    if how == "down":
        site.start("stripe")
        site.wait_for("stripe")
    site.sandbox.knobs(reset=True)


@pytest.mark.parametrize("how", ["slow"])
def test_while_stripe_is_away_pages_say_so_soon_and_afterwards_all_is_made_good(site: World, how: str) -> None:
    lives_through(site, how)


@pytest.mark.chaos
@pytest.mark.parametrize("how", ["down", "500", "429"])
def test_while_stripe_is_away_in_other_ways_all_is_made_good(site: World, how: str) -> None:
    lives_through(site, how)


def lives_through(site: World, how: str) -> None:
    shop, runners = Shop(site), [site.runner() for _ in range(MISSES + 1)]
    paid, unpaid = shop.hold(runners[0]), shop.hold(runners[0])
    assert site.pay(paid, runners[0]).startswith(site.url)
    fails(site, how)
    with ThreadPoolExecutor(MISSES) as pool:  # several want to pay at once: each hears soon that it does not go now
        began = time.monotonic()
        waiting = [pool.submit(site.tries_to_pay, unpaid, runners[0]) for _ in range(MISSES)]
        other = shop.hold(runners[1])  # meanwhile another books: nobody holds a lock while Stripe is asked
        if how == "slow":
            assert not any(each.done() for each in waiting)
        answers = [each.result() for each in waiting]
        took = time.monotonic() - began
    for status, words in answers:
        assert status == 409 and "Nothing was charged" in words and "try again" in words
    assert took < TIMEOUT_SECONDS + 3
    began = time.monotonic()
    assert site.tries_to_pay(other, runners[1])[0] == 409
    assert time.monotonic() - began < 3  # nobody is made to wait for what does not answer anyway
    assert site.call("POST", f"/bookings/{paid}/cancellation", runners[0], reason="").status == 200
    site.move(timedelta(minutes=5))
    site.wait_for_mail(runners[0], "Cancelled")  # the worker goes on with what needs no Stripe
    comes_back(site, how)
    if how in ("slow", "down"):
        time.sleep(PAUSE_SECONDS + 1)
    assert site.pay(other, runners[1]).startswith(site.url)
    site.rest()
    site.check_at_rest()
    assert site.call("GET", f"/bookings/{other}", runners[1]).body["status"] == "completed"
    assert [each["status"] for each in site.at_stripe("refunds")] == ["succeeded"]
