"""What is mailed about series, proposals and freed times."""

from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select
from sqlmodel import Session, col

from marketplace.accounts.models import User
from marketplace.bookings import mails, service
from marketplace.bookings.models import Booking
from marketplace.bookings.series import Repeat
from marketplace.coaches.models import Coach, Offer
from marketplace.db import transaction
from marketplace.jobs import Job, run_due
from tests import make
from tests.bookings.world import FEE, NO_PAIN, confirmed, hold, pay, times


@pytest.fixture
def offer(app: Flask) -> Offer:
    with app.app_context(), transaction() as session:
        return make.offer(session, make.coach(session))


@pytest.fixture
def runner(app: Flask) -> User:
    with app.app_context(), transaction() as session:
        return make.user(session, language="fr", timezone="America/Vancouver")


def coach_of(session: Session, offer: Offer) -> User:
    return session.get_one(User, session.get_one(Coach, offer.coach_id).user_id)


def sent(app: Flask) -> list[dict[str, object]]:
    with app.app_context():
        while run_due():
            pass
        with transaction(write=False) as session:
            jobs = session.scalars(select(Job).where(col(Job.name) == "mail.send").order_by(col(Job.created_at)))
            return [job.payload for job in jobs]


def series(app: Flask, offer: Offer, runner: User) -> list[Booking]:
    with app.app_context(), transaction() as session:
        return list(
            service.hold_series(
                session,
                booking_id=uuid4(),
                offer_id=offer.id,
                repeat=Repeat(times(session, offer)[0], 1, 3),
                by=session.get_one(User, runner.id),
                fee_percent=FEE,
                intake=service.Intake(pain_screen=NO_PAIN),
            )
        )


def test_a_series_is_told_in_one_mail_with_a_file_for_each_visit(app: Flask, offer: Offer, runner: User) -> None:
    held = series(app, offer, runner)
    with app.app_context(), transaction() as session:
        pay(session, session.get_one(Booking, held[0].id))
        coach = coach_of(session, offer)
    found = sent(app)
    assert {mail["to"] for mail in found} == {runner.email, coach.email} and len(found) == 2
    for mail in found:
        files: list[dict[str, str]] = mail["files"]  # type: ignore[assignment]
        events = [event for file in files for event in Calendar.from_ical(file["text"]).walk("VEVENT")]
        assert [event.decoded("DTSTART") for event in events] == [each.starts_at for each in held]
        assert len({event["UID"] for event in events}) == 3
        assert "285" in str(mail["text"])


def test_a_series_paid_back_is_told_in_one_mail_with_the_whole_sum(app: Flask, offer: Offer, runner: User) -> None:
    held = series(app, offer, runner)
    with app.app_context(), transaction() as session:
        service.expire(session, held[0].id)
        hold(session, session.get_one(Offer, offer.id), make.user(session), held[1].starts_at)
        pay(session, session.get_one(Booking, held[0].id))
    (mail,) = sent(app)
    assert mail["to"] == runner.email and "285" in str(mail["text"]) and not mail["files"]


@pytest.mark.parametrize("by_coach", [True, False])
def test_both_sides_hear_of_a_proposal_each_in_her_zone_and_language(
    app: Flask, offer: Offer, runner: User, by_coach: bool
) -> None:
    with app.app_context(), transaction() as session:
        person, coach = session.get_one(User, runner.id), coach_of(session, offer)
        booking = confirmed(session, session.get_one(Offer, offer.id), person)
        asks = coach if by_coach else person
        wished = times(session, offer)[4]
        proposal = service.propose(session, booking.id, by=asks, times=[wished], message="A late train")
        answer = (service.decline, person if by_coach else coach) if by_coach else (service.withdraw, person)
        answer[0](session, proposal.id, by=answer[1])
    found = [mail for mail in sent(app) if not mail["files"]]
    assert len(found) == 4
    for reader in (runner, coach):
        asked, answered = (mail for mail in found if mail["to"] == reader.email)
        prefix = "/fr" if reader is runner else ""
        assert f"{prefix}/bookings/{booking.id}/proposal" in str(asked["text"])
        assert "A late train" in str(asked["text"])
        zone_hour = wished.astimezone(reader_zone(reader)).strftime("%H:%M")
        assert zone_hour in str(asked["text"])
        start = booking.starts_at
        assert start and start.astimezone(reader_zone(reader)).strftime("%H:%M") in str(answered["text"])
        assert str(asked["subject"]) != str(answered["subject"])


def test_a_freed_time_is_told_to_the_one_it_is_held_for(app: Flask, offer: Offer, runner: User) -> None:
    with app.app_context(), transaction() as session:
        held = hold(session, session.get_one(Offer, offer.id), session.get_one(User, runner.id))
        until = held.hold_expires_at
        mails.tell(session, held.id, "freed")
    (mail,) = sent(app)
    assert mail["to"] == runner.email and not mail["files"] and until
    assert f"/fr/bookings/{held.id}/payment" in str(mail["text"])
    assert until.astimezone(reader_zone(runner)).strftime("%H:%M") in str(mail["text"])


def test_one_booking_is_told_as_before(app: Flask, offer: Offer, runner: User) -> None:
    with app.app_context(), transaction() as session:
        confirmed(session, session.get_one(Offer, offer.id), session.get_one(User, runner.id))
    assert [file["name"] for mail in sent(app) for file in mail["files"]] == ["runsight.ics"] * 2  # type: ignore[attr-defined]


def reader_zone(reader: User) -> ZoneInfo:
    return ZoneInfo(reader.timezone)
