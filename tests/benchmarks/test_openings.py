"""Openings of one coach against a tight loop over integers that does the least any engine must do, alone and with the
three queries that nobody is spared; and the next opening of many coaches."""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlmodel import Session

from marketplace.coaches.models import Offer
from marketplace.db import current_session, transaction
from marketplace.scheduling import queries, service
from marketplace.scheduling.hours import Hours, Window
from marketplace.scheduling.openings import Calendar, Rules, Taken, Visited
from tests import make
from tests.benchmarks.clockwork import ratio

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
FIRST = int(NOW.timestamp()) // 60
WEEK = {day: [Window(9 * 60, 12 * 60), Window(13 * 60, 17 * 60)] for day in range(7)}
EXCEPTIONS = {date(2026, 11, 25) + timedelta(days=7 * n): [] for n in range(10)}
BUSY = [(FIRST + 600 * n, FIRST + 600 * n + 60) for n in range(100)]


@pytest.mark.parametrize("span_days", [30, 90])
def test_openings_stay_near_the_limit_line(span_days: int) -> None:
    rules = Rules(minutes=30, interval=30, buffer_after=10)
    until = FIRST + span_days * 1440

    def ours() -> object:
        hours = Hours("America/Toronto", WEEK, EXCEPTIONS)
        taken = Taken(spans=BUSY, visits=[Visited(*each) for each in BUSY])
        return Calendar(hours, rules, taken, NOW).between(FIRST, until)

    assert ours()
    ratio(f"openings of {span_days} days", ours, lambda: _line(span_days, BUSY), turns=200, most=3)


@pytest.fixture
def coach(app: Flask) -> Iterator[tuple[Session, Offer]]:
    """A coach with ten other days and a hundred visits, in SQLite."""
    with app.app_context():
        with transaction() as session:
            coach = make.coach(session)
            offer = make.offer(session, coach, minutes=30, interval_minutes=30, buffer_after=10, lead_hours=0)
            offer.window_days = 90
            service.set_week(session, coach.id, {day: [tuple(each) for each in WEEK[day]] for day in WEEK})
            for on in EXCEPTIONS:
                service.set_exception(session, coach.id, on, [])
            for since, until in BUSY:
                starts_at, ends_at = (datetime.fromtimestamp(each * 60, UTC) for each in (since, until))
                service.claim(session, coach.id, UUID(int=since), starts_at, ends_at)
        with transaction(write=False):
            yield current_session(), current_session().get_one(Offer, offer.id)


@pytest.mark.parametrize("span_days", [30, 90])
def test_openings_out_of_the_database_stay_near_the_line(coach: tuple[Session, Offer], span_days: int) -> None:
    session, offer = coach
    path = session.get_bind().engine.url.database
    plain = sqlite3.connect(str(path))
    until = NOW + timedelta(days=span_days)

    def line() -> object:
        plain.execute("SELECT * FROM weekly_window WHERE coach_id = ?", [offer.coach_id.hex]).fetchall()
        plain.execute("SELECT * FROM date_exception WHERE coach_id = ?", [offer.coach_id.hex]).fetchall()
        since = "SELECT starts_at, ends_at FROM visit WHERE coach_id = ? AND starts_at > ?"
        return _line(span_days, BUSY, len(plain.execute(since, [offer.coach_id.hex, ""]).fetchall()))

    def ours() -> object:
        return queries.open_minutes(session, offer, between=(NOW, until), now=NOW)

    assert ours()
    ratio(f"openings of {span_days} days with the database", ours, line, turns=100, most=4)


def _line(span_days: int, busy: object, _rows: int = 0) -> list[int]:
    """Seven hours a day by half hours, against sorted busy spans, with two pointers and nothing else."""
    spans, found, at = list(busy), [], 0  # type: ignore[call-overload]
    midnight = FIRST - FIRST % 1440
    for day in range(span_days):
        for start_minute, end_minute in ((840, 1020), (1080, 1320)):
            for start in range(midnight + day * 1440 + start_minute, midnight + day * 1440 + end_minute - 29, 30):
                while at < len(spans) and spans[at][1] <= start:
                    at += 1
                if start >= FIRST and not (at < len(spans) and spans[at][0] < start + 40):
                    found.append(start)
    return found
