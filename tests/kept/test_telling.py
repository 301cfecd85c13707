"""New coaches are told of once, by one mail a day, to those who want it."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlmodel import Session, col

from marketplace import clock, jobs
from marketplace.accounts.models import User
from marketplace.coaches.models import Coach
from marketplace.db import transaction
from marketplace.jobs import Job
from marketplace.kept import mails, service
from marketplace.kept.models import SavedSearch, ToldCoach
from marketplace.kept.service import telling
from marketplace.matching.models import CoachSearch
from tests import make
from tests.kept.conftest import PutCoach

HOURS = timedelta(hours=1)


def saved(app: Flask, owner: User, address: str = "issue=hip-drop&near=Ottawa", hours_ago: int = 2) -> SavedSearch:
    """A search saved so long ago, and not looked at since."""
    with app.app_context(), transaction() as session:
        search = service.save(session, owner.id, address=address, name="Hips in Ottawa")
        search.created_at = search.since_at = search.looked_at = clock.now() - hours_ago * HOURS
        return search


def work(app: Flask) -> list[dict[str, Any]]:
    """What one turn of the job and what follows it hand to the mail server."""
    before = set(sent(app))
    with app.app_context():
        with transaction() as session:
            jobs.enqueue(session, "kept.tell")
        while jobs.run_next():
            pass
    return [mail for key, mail in sent(app).items() if key not in before]


def sent(app: Flask) -> dict[UUID, dict[str, Any]]:
    with app.app_context(), transaction(write=False) as session:
        rows = session.execute(select(col(Job.id), col(Job.payload)).where(col(Job.name) == "mail.send"))
        return {row[0]: row[1] for row in rows}


def earlier(app: Flask, search: SavedSearch, by: timedelta) -> None:
    """As if the search had been looked at and told of that much earlier."""
    with app.app_context(), transaction() as session:
        row = session.get_one(SavedSearch, search.id)
        row.looked_at -= by
        row.told_at = row.told_at and row.told_at - by


def listed(app: Flask, coach: Coach, at: datetime) -> None:
    with app.app_context(), transaction() as session:
        session.execute(update(CoachSearch).where(col(CoachSearch.coach_id) == coach.id).values(listed_at=at))


@pytest.mark.both_databases
def test_a_new_coach_who_fits_is_told_of_once(app: Flask, runner: User, put: PutCoach) -> None:
    put(issues=("overstride",), name="Wren Other")
    search = saved(app, runner)
    one = put(name="Robin Example", issues=("hip-drop",))
    (mail,) = work(app)
    assert mail["to"] == runner.email
    assert mail["subject"] == "A new coach for “Hips in Ottawa”"
    assert "Robin Example, Ottawa" in mail["text"] and "Main work: Hip drop" in mail["text"]
    assert f"http://localhost/coaches/{one.slug}" in mail["text"] and "Wren Other" not in mail["text"]
    assert work(app) == []
    earlier(app, search, 30 * HOURS)
    assert work(app) == []


def test_who_was_there_before_the_search_is_no_news(app: Flask, runner: User, put: PutCoach) -> None:
    one = put()
    search = saved(app, runner, hours_ago=2)
    listed(app, one, search.created_at - timedelta(minutes=5))
    assert work(app) == []


def test_a_second_coach_of_the_same_day_waits_for_the_next(app: Flask, runner: User, put: PutCoach) -> None:
    put()
    search = saved(app, runner)
    put(name="Robin First")
    listed(app, put(name="Robin Old"), search.created_at - HOURS)
    assert "Robin First" in work(app)[0]["text"]
    put(name="Robin Second")
    earlier(app, search, 3 * HOURS)
    assert work(app) == []
    earlier(app, search, 22 * HOURS)
    (mail,) = work(app)
    assert "Robin Second" in mail["text"] and "Robin First" not in mail["text"]


def test_many_at_once_are_one_mail_that_names_five(app: Flask, runner: User, put: PutCoach) -> None:
    saved(app, runner)
    for _ in range(7):
        put()
    (mail,) = work(app)
    assert mail["subject"] == "7 new coaches for “Hips in Ottawa”"
    assert mail["text"].count("http://localhost/coaches/") == 5 and "2 more have come:" in mail["text"]
    assert "http://localhost/match?issue=hip-drop&near=Ottawa" in mail["text"]


def test_it_is_written_in_her_language_and_zone(app: Flask, put: PutCoach) -> None:
    with app.app_context(), transaction() as session:
        owner = make.user(session, language="fr", timezone="America/Vancouver")
    saved(app, owner)
    one = put(name="Robin Example")
    (mail,) = work(app)
    assert mail["subject"] == "Un nouveau coach pour «\N{NO-BREAK SPACE}Hips in Ottawa\N{NO-BREAK SPACE}»"
    assert "Spécialité" in mail["text"] and f"http://localhost/fr/coaches/{one.slug}" in mail["text"]
    with app.app_context(), transaction(write=False) as session:
        next_at = session.get_one(CoachSearch, one.id).next_opening_at
    assert next_at is not None
    here = next_at.astimezone(ZoneInfo("America/Vancouver"))
    (line,) = [line for line in mail["text"].splitlines() if "Prochaine heure libre" in line]
    assert line.endswith(f"{here:%H:%M}")


@pytest.mark.parametrize("why", ["unverified", "closed", "paused", "removed"])
def test_who_should_not_be_written_to_is_not(app: Flask, put: PutCoach, why: str) -> None:
    now = clock.now()
    person = {"unverified": {"verified_at": None}, "closed": {"closed_at": now}}.get(why, {})
    with app.app_context(), transaction() as session:
        owner = make.user(session, **person)
    search = saved(app, owner)
    with app.app_context(), transaction() as session:
        row = session.get_one(SavedSearch, search.id)
        row.paused_at = now if why == "paused" else None
        row.removed_at = now if why == "removed" else None
    put()
    assert work(app) == []


def test_a_mail_that_was_stopped_while_it_waited_is_not_sent(app: Flask, runner: User, put: PutCoach) -> None:
    search = saved(app, runner)
    put()
    with app.app_context():
        assert service.tell_due() == 1
        with transaction() as session:
            service.pause(session, search.id, by=runner.id)
        jobs.run_due()
    assert sent(app) == {}


def test_a_place_that_we_no_longer_know_finds_nobody(app: Flask, runner: User, put: PutCoach) -> None:
    saved(app, runner, "issue=hip-drop&near=Nowhereville")
    put()
    assert work(app) == []


def test_a_search_is_not_looked_at_twice_within_an_hour(app: Flask, runner: User, put: PutCoach) -> None:
    put()
    search = saved(app, runner, hours_ago=2)
    listed(app, put(), search.created_at - HOURS)
    with app.app_context(), transaction() as session:
        session.get_one(SavedSearch, search.id).looked_at = clock.now() - timedelta(minutes=59)
    assert work(app) == []
    earlier(app, search, timedelta(minutes=2))
    assert len(work(app)) == 1


def test_every_search_has_its_turn_however_many_there_are(app: Flask, runner: User, put: PutCoach) -> None:
    with app.app_context(), transaction() as session:
        now = clock.now() - 2 * HOURS
        session.add_all(
            SavedSearch(
                user_id=runner.id, address=f"max_price={number}", name="x", created_at=now, since_at=now, looked_at=now
            )
            for number in range(telling.AT_ONCE * 2 + 3)
        )
    work(app)
    with app.app_context(), transaction(write=False) as session:
        assert all(each.looked_at > now for each in session.scalars(select(SavedSearch)))


@pytest.mark.both_databases
def test_two_workers_that_found_the_same_coach_send_one_mail(app: Flask, runner: User, put: PutCoach) -> None:
    search = saved(app, runner)
    one = put()
    assert both_tell(app, search) == [True, False]
    with app.app_context(), transaction(write=False) as session:
        assert list(session.scalars(select(col(ToldCoach.coach_id)))) == [one.id]
        assert asked_mails(session) == 1


def test_without_the_second_look_and_the_row_both_would(app: Flask, runner: User, put: PutCoach) -> None:
    """The control: with what the first worker left undone, the second asks for a mail too."""
    search = saved(app, runner)
    put()

    def undo(session: Session) -> None:
        session.execute(ToldCoach.__table__.delete())  # type: ignore[attr-defined]
        row = session.get_one(SavedSearch, search.id)
        row.looked_at, row.told_at = search.looked_at, None

    assert both_tell(app, search, between=undo) == [True, True]
    with app.app_context(), transaction(write=False) as session:
        assert asked_mails(session) == 2


def both_tell(app: Flask, search: SavedSearch, between: Any = None) -> list[bool]:
    """Two workers look, then the one tells, then the other."""
    now = clock.now()
    with app.app_context():
        with transaction(write=False) as session:
            first = telling.look(session, search.id, now)
            second = telling.look(session, search.id, now)
        assert first and first == second
        with transaction() as session:
            told = [telling.tell(session, search.id, first, now)]
        if between:
            with transaction() as session:
                between(session)
        with transaction() as session:
            told.append(telling.tell(session, search.id, second, now))
    return told


def asked_mails(session: Session) -> int:
    return len(session.scalars(select(col(Job.id)).where(col(Job.name) == "kept.mail_new")).all())


def test_the_link_of_a_mail_stops_it_by_a_button(app: Flask, client: FlaskClient, runner: User, put: PutCoach) -> None:
    search = saved(app, runner)
    put()
    (mail,) = work(app)
    link = re.search(r"http://localhost(/searches/stop/\S+)", mail["text"])
    assert link and mail["unsubscribe"] == f"http://localhost{link[1]}"
    page = client.get(link[1]).text
    assert "Stop the mails about this search?" in page and f'action="{link[1]}"' in page
    assert is_paused(app, search) is False
    assert "No more mails about this search" in client.post(link[1]).text
    assert is_paused(app, search) is True
    assert "No more mails about this search" in client.get(link[1]).text


def test_a_mail_program_stops_it_by_itself(app: Flask, runner: User) -> None:
    """RFC 8058: a POST from outside, without the token that our own forms carry."""
    search = saved(app, runner)
    with app.app_context():
        link = mails.stop_url(search, in_language="en").removeprefix("http://localhost")
    assert app.config.get("WTF_CSRF_ENABLED", True)
    answer = app.test_client().post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and is_paused(app, search) is True


def test_a_link_that_is_not_ours_stops_nothing(app: Flask, client: FlaskClient, runner: User) -> None:
    search = saved(app, runner)
    with app.app_context():
        link = mails.stop_url(search, in_language="en").removeprefix("http://localhost")
    for wrong in (f"{link}x", "/searches/stop/nonsense"):
        assert client.get(wrong).status_code == 410 and client.post(wrong).status_code == 410
    assert is_paused(app, search) is False


def is_paused(app: Flask, search: SavedSearch) -> bool:
    with app.app_context(), transaction(write=False) as session:
        return session.get_one(SavedSearch, search.id).is_paused


def test_a_search_that_fails_does_not_silence_the_others(
    app: Flask, put: PutCoach, runner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = saved(app, runner, "issue=low-cadence&near=Ottawa"), saved(app, runner)
    put(issues=("hip-drop",))
    look = telling.look

    def fail(session: Session, search_id: UUID, now: datetime) -> object:
        if search_id == broken.id:
            raise ZeroDivisionError
        return look(session, search_id, now)

    monkeypatch.setattr(telling, "look", fail)
    assert len(work(app)) == 1
    with app.app_context(), transaction(write=False) as session:
        assert session.get_one(SavedSearch, broken.id).looked_at > clock.now() - HOURS
        assert session.get_one(SavedSearch, whole.id).told_at is not None
