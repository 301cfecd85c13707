"""32 clients want one opening at one instant from four web processes: one gets it."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlmodel import col

from marketplace.bookings.models import Booking
from marketplace.coaches.models import Offer
from marketplace.db import transaction
from marketplace.scheduling.models import Claim, Visit
from marketplace.settings import Settings
from tests import make
from tests.bookings.world import times
from tests.conftest import SECRETS
from tests.programs import token_of

CLIENTS = 32
RUNNERS = 64  # who take turns, since nobody may keep very many times unpaid
PROCESSES = 4
LOCAL = "127.0.0.0/8"  # where calendars may be read from
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Site:
    """Four web processes on one database, an offer, and the tokens of 32 runners."""

    app: Flask
    port: int
    offer: Offer
    tokens: list[str]

    def openings(self, rounds: int) -> list[str]:
        with self.app.app_context(), transaction(write=False) as session:
            found = times(session, session.get_one(Offer, self.offer.id), days=14)
        return [start.isoformat() for start in found[:rounds]]

    def race(self, path: str, starts_at: str) -> Counter[int]:
        """The answers that 32 clients get who ask at once."""
        gate = Barrier(CLIENTS)
        with ThreadPoolExecutor(CLIENTS) as clients:
            return Counter(clients.map(lambda token: self.ask(path, starts_at, token, gate), self.tokens[:CLIENTS]))

    def ask(self, path: str, starts_at: str, token: str, gate: Barrier) -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.connect()
        body = json.dumps({"offer": str(self.offer.id), "starts_at": starts_at})
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        gate.wait()
        connection.request("POST", path, body, headers)
        status = connection.getresponse().status
        connection.close()
        return status

    def taken(self) -> tuple[int, int, int]:
        """How many bookings, visits and claims there are."""
        with self.app.app_context(), transaction(write=False) as session:
            counted = [session.scalar(select(func.count(column))) for column in (col(Booking.id), col(Visit.id))]
            claims = session.scalar(select(func.count(col(Claim.granule))))
        return int(counted[0] or 0), int(counted[1] or 0), int(claims or 0)


@pytest.fixture(params=["sqlite", "postgres"])
def site(request: pytest.FixtureRequest) -> Iterator[Site]:
    app: Flask = request.getfixturevalue(f"{request.param}_app")
    with app.app_context(), transaction() as session:
        offer = make.offer(session, make.coach(session))
        runners = [make.user(session) for _ in range(RUNNERS)]
    tokens = [token_of(app, runner) for runner in runners]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(_command(port), cwd=ROOT, env=_environment(app), start_new_session=True)
    try:
        _wait_for(port, server)
        yield Site(app, port, offer, tokens)
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()


def test_one_client_of_32_gets_the_opening_which_several_get_without_the_guard(site: Site) -> None:
    one_gets_each(site, rounds=3)
    several_get_it(site)


@pytest.mark.chaos
def test_one_client_of_32_gets_each_of_a_hundred_openings(site: Site) -> None:
    one_gets_each(site, rounds=100)


def one_gets_each(site: Site, rounds: int) -> None:
    for number, starts_at in enumerate(site.openings(rounds), 1):
        site.tokens.append(site.tokens.pop(0))
        assert site.race("/api/v1/bookings", starts_at) == {201: 1, 409: CLIENTS - 1}
        assert site.taken() == (number, number, 6 * number)


def several_get_it(site: Site) -> None:
    """The same race, where it is only looked before it is taken: what is tested here can fail."""
    for starts_at in site.openings(20):
        answers = site.race("/unguarded", starts_at)
        assert set(answers) <= {201, 409}
        if answers[201] > 1:
            return
    pytest.fail("no race was seen in twenty rounds")


def _command(port: int) -> list[str]:
    granian = str(Path(sys.executable).with_name("granian"))
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--log-level", "error"]
    options += ["--workers-kill-timeout", "5"]
    return [granian, *options, "--workers", str(PROCESSES), "--blocking-threads", "4", "tests.races.server:app"]


def _environment(app: Flask) -> dict[str, str]:
    settings: Settings = app.extensions["settings"]
    values = {name.upper(): str(value) for name, value in SECRETS.items() if name != "mode"}
    values |= {"RUNSIGHT_MODE": "test", "DATA_DIR": str(settings.data_dir), "DATABASE_URL": settings.database}
    values["LOCAL_CALENDARS"] = LOCAL
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONPATH": str(ROOT)} | values


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        assert server.poll() is None, "the web processes did not start"
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            connection.request("GET", "/readyz")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the web processes did not answer")
