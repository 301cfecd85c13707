"""64 clients want overlapping times of unequal lengths of one coach at one instant, while she edits her hours and a
calendar kept elsewhere is read: nothing overlaps, no day holds more than she takes, and who loses hears of other times.
"""

import http.client
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from threading import Barrier, Event
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlmodel import col

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.calendars import service as calendars
from marketplace.coaches.models import Coach, Offer
from marketplace.db import new_id, transaction
from marketplace.scheduling import service as scheduling
from marketplace.scheduling.models import Busy, Calendar, Visit
from tests import make
from tests.bookings.world import times
from tests.calendars.servers import OddServer, busy_at, odd_server
from tests.programs import token_of
from tests.races.test_one_opening import LOCAL, Site, site

__all__ = ["site"]
CLIENTS = 64
DAYS = 2
PER_DAY = 5
KINDS = ((30, 15, 0), (45, 0, 15), (60, 10, 10))  # minutes, buffer before, buffer after
ZONE = ZoneInfo("America/Toronto")
Answer = tuple[int, dict[str, Any]]


class Town:
    """A site whose coach sells three lengths, takes five visits a day, and has a calendar elsewhere."""

    def __init__(self, site: Site, elsewhere: OddServer) -> None:
        self.site, self.elsewhere, self.chance = site, elsewhere, Random(4)
        self.settings = site.app.extensions["settings"].model_copy(update={"local_calendars": LOCAL})
        with site.app.app_context(), transaction() as session:
            coach = session.get_one(Coach, site.offer.coach_id)
            self.coach_id, person = coach.id, session.get_one(User, coach.user_id)
            person.is_coach = True
            self.offers = [
                make.offer(session, coach, minutes=minutes, buffer_before=before, buffer_after=after, lead_hours=0)
                for minutes, before, after in KINDS
            ]
            scheduling.set_limits(session, coach.id, scheduling.Limits(per_day=PER_DAY))
            self.source_id = new_id()
            source = {"source_id": self.source_id, "address": elsewhere.url + "/busy.ics", "name": "Private"}
            calendars.add_address(session, coach.id, **source, settings=self.settings)
        self.hers = token_of(site.app, person)

    def wanted(self) -> list[tuple[str, str]]:
        """For each client an offer and a start of the next days, as the pages show them now."""
        with self.site.app.app_context(), transaction(write=False) as session:
            shown = [
                (str(offer.id), start.isoformat())
                for offer in self.offers
                for start in times(session, session.get_one(Offer, offer.id), days=DAYS)
            ]
        return self.chance.choices(shown, k=CLIENTS)

    def round(self) -> list[Answer]:
        """What all of them hear who ask at once, while hours and a calendar change."""
        wanted, gate, over = self.wanted(), Barrier(CLIENTS), Event()
        self.site.tokens.append(self.site.tokens.pop(0))
        with ThreadPoolExecutor(CLIENTS + 2) as pool:
            others = [pool.submit(self.edit_hours, over), pool.submit(self.read_calendar, over)]
            asked = zip(wanted, self.site.tokens, strict=True)
            answers = list(pool.map(lambda each: self.book(*each[0], each[1], gate), asked))
            over.set()
            assert set().union(*(each.result() for each in others)) <= {200, None}
        return answers

    def book(self, offer: str, starts_at: str, token: str, gate: Barrier) -> Answer:
        gate.wait()
        return self.call("POST", "/api/v1/bookings", {"offer": offer, "starts_at": starts_at}, token)

    def edit_hours(self, over: Event) -> set[int]:
        """She closes her evenings and opens them again, until the round is over."""
        statuses = set()
        for turn in range(1000):
            ends = "15:00" if turn % 2 else "17:00"
            windows = [{"weekday": day, "starts": "09:00", "ends": ends} for day in range(7)]
            statuses.add(self.call("PUT", "/api/v1/coach/hours", {"windows": windows}, self.hers)[0])
            if over.is_set():
                break
        return statuses

    def read_calendar(self, over: Event) -> set[None]:
        """Her other calendar says now this, now that."""
        while not over.is_set():
            soon = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=self.chance.randint(3, 4))
            self.elsewhere.answering = busy_at(soon.replace(hour=self.chance.randint(14, 20)))
            with self.site.app.app_context():
                calendars.refresh_one(self.source_id, self.settings)
        return {None}

    def call(self, method: str, path: str, body: object, token: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=60)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        connection.request(method, path, json.dumps(body), headers)
        answer = connection.getresponse()
        found = json.loads(answer.read() or b"{}")
        connection.close()
        return answer.status, found

    def check(self) -> int:
        """How many visits there are; none overlaps another, and no day has too many."""
        with self.site.app.app_context(), transaction(write=False) as session:
            visits = session.scalars(select(Visit).where(col(Visit.coach_id) == self.coach_id)).all()
            spans = sorted(_with_buffers(each) for each in visits)
            assert session.get_one(Calendar, self.coach_id).most_visits_per_day == PER_DAY
        assert all(before[1] <= after[0] for before, after in pairwise(spans))
        by_day = Counter(each.starts_at.astimezone(ZONE).date() for each in visits)
        assert all(count <= PER_DAY for count in by_day.values())
        return len(visits)

    def busy(self) -> int:
        with self.site.app.app_context(), transaction(write=False) as session:
            return len(session.scalars(select(Busy).where(col(Busy.coach_id) == self.coach_id)).all())


@pytest.fixture
def town(site: Site) -> Iterator[Town]:
    with odd_server() as server:
        yield Town(site, server)


def test_unequal_times_never_overlap(town: Town) -> None:
    race(town, rounds=2)


@pytest.mark.chaos
def test_unequal_times_never_overlap_in_twenty_rounds(town: Town) -> None:
    race(town, rounds=20)


def race(town: Town, rounds: int) -> None:
    for _ in range(rounds):
        answers = town.round()
        heard: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for status, body in answers:
            heard[status].append(body)
        assert set(heard) == {201, 409}, {status: len(bodies) for status, bodies in heard.items()}
        assert all(isinstance(body["others"], list) for body in heard[409])
        assert any(body["others"] for body in heard[409])
        assert town.check() == len(heard[201])
        assert town.busy() == 1
        for body in heard[201]:
            owner = next(token for token, (_, got) in zip(town.site.tokens, answers, strict=True) if got is body)
            given_up = town.call("POST", f"/api/v1/bookings/{body['id']}/cancellation", {"reason": ""}, owner)
            assert given_up[0] == 200, given_up
        assert town.check() == 0


def _with_buffers(visit: Visit) -> tuple[datetime, datetime]:
    before, after = timedelta(minutes=visit.buffer_before), timedelta(minutes=visit.buffer_after)
    return visit.starts_at - before, visit.ends_at + after
