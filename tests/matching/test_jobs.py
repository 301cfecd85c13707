"""The search table follows what happens below it."""

from datetime import timedelta

import pytest
from flask import Flask

from marketplace import clock, jobs
from marketplace.coaches.models import Coach
from marketplace.db import transaction
from marketplace.matching import queries
from marketplace.matching.models import CoachSearch
from marketplace.scheduling import service as calendars
from tests.matching.conftest import PutCoach, coach, towns


@pytest.mark.both_databases
def test_a_change_of_a_coach_is_seen_at_once(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        towns(session)
        one = coach(session)
        session.get_one(Coach, one.id).paused_at = clock.now()
        jobs.publish(session, "coach.changed", coach_id=one.id)
        assert not queries.is_listed(session, one.id)


@pytest.mark.both_databases
def test_a_time_that_was_taken_is_no_longer_the_next_one(app: Flask, put: PutCoach) -> None:
    one = put()
    with app.app_context():
        with transaction() as session:
            before = session.get_one(CoachSearch, one.id).next_opening_at
            assert before is not None
            calendars.claim(session, one.id, one.id, before, before + timedelta(minutes=30))
        jobs.run_due()
        with transaction(write=False) as session:
            after = session.get_one(CoachSearch, one.id).next_opening_at
    assert after is not None and after > before
