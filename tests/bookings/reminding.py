"""Visits soon to come, time that passes for them, and what the worker mails when it looks."""

from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock, jobs
from marketplace.bookings import queries
from marketplace.bookings.models import Booking
from marketplace.coaches.kinds import OfferKind
from marketplace.db import transaction
from marketplace.jobs import Job
from tests import make
from tests.bookings.world import confirmed, hold

HOUR, DAY = timedelta(hours=1), timedelta(hours=24)


def booked(
    app: Flask, ahead: timedelta, ago: timedelta = 9 * DAY, kind: OfferKind = OfferKind.VIDEO_CALL, **of: Any
) -> Booking:
    """A confirmed visit that starts `ahead` from now and was booked `ago`, with its runner and coach."""
    with app.app_context(), transaction() as session:
        offer = make.offer(session, make.coach(session), kind, **of)
        booking = (confirmed if offer.price else hold)(session, offer, make.user(session))
        begins(session, booking, ahead, ago)
        return booking


def sent(app: Flask) -> list[tuple[str, str]]:
    """What the worker mails when it looks now: whom, and the first word of it, "Reminder" or "Soon"."""
    return [(mail["to"], mail["subject"].split(":")[0]) for mail in reminders(app)]


def reminders(app: Flask) -> list[dict[str, Any]]:
    """The mails that the worker sends when it looks now."""
    with app.app_context():
        before = {job.id for job in jobs_of("mail.send")}
        jobs.TASKS["bookings.remind_due"].run()
        for job in jobs_of("bookings.remind"):
            with transaction() as session:
                jobs.TASKS[job.name].run(session, **job.payload)
        new = [job for job in jobs_of("mail.send") if job.id not in before]
    return [job.payload for job in new]


def both(app: Flask, booking: Booking, word: str) -> list[tuple[str, str]]:
    with app.app_context(), transaction(write=False) as session:
        parties = queries.parties(session, session.get_one(Booking, booking.id))
        return [(parties.runner.email, word), (parties.coach_user.email, word)]


def later(app: Flask, booking: Booking, by: timedelta) -> None:
    """So much time passes for this booking."""
    with app.app_context(), transaction() as session:
        kept = session.get_one(Booking, booking.id)
        assert kept.starts_at and kept.ends_at
        kept.starts_at, kept.ends_at = kept.starts_at - by, kept.ends_at - by
        for event in queries.history(session, booking.id):
            event.at -= by


def begins(session: Session, booking: Booking, ahead: timedelta, ago: timedelta) -> None:
    """Let the visit start `ahead` from now, and all that happened to it have happened `ago`."""
    now = clock.now()
    booking.starts_at, booking.ends_at = now + ahead, now + ahead + timedelta(minutes=30)
    for event in queries.history(session, booking.id):
        event.at = now - ago


def jobs_of(name: str) -> list[Job]:
    with transaction(write=False) as session:
        return list(
            session.scalars(select(Job).where(col(Job.name) == name).order_by(col(Job.created_at), col(Job.id)))
        )
