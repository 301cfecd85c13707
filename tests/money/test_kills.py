"""Web servers and worker are killed at random while people book, pay, cancel and move: nothing is lost, or twice."""

import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
import requests
from sqlalchemy import select
from sqlmodel import col

from marketplace.bookings.models import Booking
from marketplace.coaches.models import Offer
from marketplace.db import transaction
from tests.money.world import CALM, DECLINED, Person, World, world

pytestmark = pytest.mark.skipif(shutil.which("faketime") is None, reason="install Debian's faketime")
CLIENTS = 2
BEFORE_ONE_IS_SOLD_OUT = 20  # kills
Shop = tuple[Person, Offer]


@pytest.fixture
def site(empty_sqlite: Path, tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, empty=empty_sqlite) as made:
        yield made


def test_what_is_killed_while_money_moves_loses_nothing_and_does_nothing_twice(site: World) -> None:
    lives_through(site, kills=3)


@pytest.mark.chaos
def test_two_hundred_kills_while_money_moves(site: World) -> None:
    lives_through(site, kills=200)


def lives_through(site: World, kills: int) -> None:
    over, chance = threading.Event(), Random(kills)
    shops = []
    for _ in range(1 + kills // BEFORE_ONE_IS_SOLD_OUT):
        coach, coach_id = site.coach()
        shops.append((coach, site.offer(coach_id)))
    runners = [site.runner() for _ in range(CLIENTS)]
    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(buys, site, each, shops, over, Random(n)) for n, each in enumerate(runners)]
        for _ in range(kills):
            time.sleep(chance.uniform(0.3, 2))
            name = chance.choice(("web", "worker"))
            site.restart(name)
            site.take_leases_back()
            site.move(timedelta(minutes=chance.choice((0, 1, 10))))
        over.set()
        bought = sum(each.result() for each in clients)
    for name in ("web", "worker"):
        site.restart(name)
    site.take_leases_back()
    site.errors.clear()  # what a server that was being killed answered last
    site.rest()
    site.check_at_rest()
    with site.app.app_context(), transaction(write=False) as session:
        done = Counter(session.scalars(select(col(Booking.status))))
    assert done["completed"] + done["cancelled"] >= bought >= CLIENTS, (bought, done)
    told = Counter((mail["to"], mail["subject"], mail["text"]) for mail in {m["id"]: m for m in site.mails()}.values())
    assert max(told.values()) == 1, [each for each, count in told.items() if count > 1]


def buys(site: World, runner: Person, shops: list[Shop], over: threading.Event, chance: Random) -> int:
    """Book, pay, and often cancel or move, until the round is over and one was paid at least; how many were. A server
    that is away is asked again, as people do."""
    bought = 0
    while not over.is_set() or not bought:
        try:
            bought += _one(site, runner, *chance.choice(shops), chance)
        except (requests.RequestException, ValueError, OSError):
            time.sleep(0.2)
    return bought


def _one(site: World, runner: Person, coach: Person, offer: Offer, chance: Random) -> int:
    slug = coach.email.split("@")[0]
    times = site.openings(offer, slug, runner)
    if not times:
        time.sleep(0.5)
        return 0
    screen = {"pain": False, "flags": [], "note": ""}
    held = site.call(
        "POST",
        "/bookings",
        runner,
        offer=str(offer.id),
        starts_at=chance.choice(times),
        pain_screen=screen,
    )
    if held.status != 201:
        return 0
    booking = held.body["id"]
    ends = site.pay(booking, runner, chance.choice((CALM, CALM, DECLINED)), returns=chance.random() < 0.5)
    if not ends.startswith(site.url):
        return 0
    act = chance.choice(("keep", "cancel", "cancel", "refuse", "move"))
    if act == "cancel":
        site.call("POST", f"/bookings/{booking}/cancellation", runner, reason="")
    elif act == "refuse":
        site.call("POST", f"/bookings/{booking}/cancellation", coach, reason="ill")
    elif act == "move" and (others := site.openings(offer, slug, runner)):
        site.call("POST", f"/bookings/{booking}/rescheduling", runner, starts_at=chance.choice(others))
    return 1
