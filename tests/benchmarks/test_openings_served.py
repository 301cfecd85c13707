"""A month of openings over HTTP, against a bare Flask route that sends the same JSON ready-made."""

import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from marketplace import clock
from marketplace.db import transaction
from marketplace.scheduling import service
from marketplace.web import front
from tests import make
from tests.benchmarks import load
from tests.conftest import SECRETS

DAYS, ROUNDS = 30, 3
Ports = tuple[int, int, str, list[str]]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The site with tables in a file of its own."""
    from sqlmodel import SQLModel

    from marketplace import create_app
    from marketplace.db import db
    from tests.conftest import test_settings

    made = create_app(test_settings(tmp_path_factory.mktemp("openings")))
    with made.app_context():
        SQLModel.metadata.create_all(db.engine)
    return made


@pytest.fixture(scope="module")
def ports(app: Flask, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    """The site's port, the bare one's, a month of openings of a coach with forty visits, and many months besides."""
    first = clock.now().date() + timedelta(days=1)
    with app.app_context(), transaction() as session:
        coach = make.coach(session)
        offers = [make.offer(session, coach, buffer_after=10, window_days=90) for _ in range(200)]
        offer_ids = [offer.id for offer in offers]
        for number in range(40):
            starts_at = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=15 * (number + 2))
            service.claim(session, coach.id, UUID(int=number), starts_at, starts_at + timedelta(minutes=30))
        path = f"/api/v1/coaches/{coach.slug}/openings?from={first}&to={first + timedelta(days=DAYS)}"
    zones = ("America/Toronto", "America/Vancouver", "Europe/Paris")
    addresses = [f"{path}&timezone={zone}&offer={offer_id}" for zone in zones for offer_id in offer_ids]
    folder = Path(str(app.extensions["settings"].data_dir))
    settings = {name.upper(): str(value) for name, value in SECRETS.items()}
    settings |= {"DATA_DIR": str(folder), "WORKER_IN_WEB": "false"}
    with load.served("wsgi:app", settings) as ours:
        answer = tmp_path_factory.mktemp("answer") / "openings.json"
        with urllib.request.urlopen(f"http://127.0.0.1:{ours}{addresses[0]}") as found:
            answer.write_bytes(found.read())
        with load.served("tests.benchmarks.bare:app", {"BARE_ANSWER": str(answer)}) as bare:
            yield ours, bare, addresses[0], addresses


def test_a_month_of_openings_is_served_at_half_of_what_is_ready_made_or_more(ports: Ports) -> None:
    ours, bare, address, _ = ports
    shares = []
    for _ in range(ROUNDS):
        mine, line = load.asked(ours, [address]), load.asked(bare, ["/ready"])
        shares.append(mine.rate / line.rate)
        print(f"\na month of openings: {mine}; ready-made: {line}; share {shares[-1]:.2f}")
    assert sorted(shares)[ROUNDS // 2] >= 0.5


def test_months_that_are_made_anew_each_time_are_served_at_a_tenth_or_more(ports: Ports) -> None:
    ours, bare, _, addresses = ports
    assert len(addresses) > front.MOST
    mine, line = load.asked(ours, addresses), load.asked(bare, ["/ready"])
    print(f"\nmonths of openings made anew: {mine}; ready-made: {line}; share {mine.rate / line.rate:.2f}")
    assert mine.rate / line.rate >= 1 / 10
