"""One rating for each completed session, by its runner, for all to see."""

from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings.models import Booking
from marketplace.bookings.states import Actor, BookingStatus
from marketplace.coaches.kinds import OfferKind
from marketplace.db import transaction
from marketplace.errors import Conflict, Forbidden, NotFound
from marketplace.jobs import on
from marketplace.ratings import queries, service
from marketplace.ratings.policy import check_rate
from tests import make

told: list[UUID] = []


@on("rating.given")
def _note(session: Session, booking_id: UUID) -> None:
    told.append(booking_id)


def session_with_a_coach(session: Session, status: BookingStatus = BookingStatus.COMPLETED) -> tuple[Booking, User]:
    """A clip review and its runner."""
    runner, coach = make.user(session), make.coach(session)
    offer = make.offer(session, coach, OfferKind.CLIP_REVIEW)
    booking = Booking(
        runner_id=runner.id,
        coach_id=coach.id,
        offer_id=offer.id,
        status=status,
        kind=offer.kind,
        title=offer.title,
        price=offer.price,
        currency=offer.currency,
        full_hours=24,
        created_at=clock.now(),
    )
    session.add(booking)
    session.flush()
    return booking, runner


def test_a_runner_rates_a_completed_session_once(session: Session) -> None:
    booking, runner = session_with_a_coach(session)
    service.rate(session, booking.id, by=runner, stars=4, words="Clear and kind.")
    assert queries.standing(session, booking.coach_id) == queries.Standing(4.0, 1)
    assert [rating.words for rating in queries.of_coach(session, booking.coach_id)] == ["Clear and kind."]
    assert booking.id in told
    with pytest.raises(Conflict, match="rated-already"):
        service.rate(session, booking.id, by=runner, stars=1)


def test_a_coach_without_ratings_has_no_average(session: Session) -> None:
    assert queries.standing(session, make.coach(session).id) == queries.Standing(None, 0)


@pytest.mark.parametrize("status", [status for status in BookingStatus if status is not BookingStatus.COMPLETED])
def test_what_is_not_done_is_not_rated(status: BookingStatus) -> None:
    with pytest.raises(Conflict, match="not-done-yet"):
        check_rate(status, Actor.RUNNER, is_rated=False)


@pytest.mark.parametrize("actor", [Actor.COACH, Actor.STAFF])
def test_only_the_runner_rates(actor: Actor) -> None:
    with pytest.raises(Forbidden, match="runners-rate"):
        check_rate(BookingStatus.COMPLETED, actor, is_rated=False)


def test_a_stranger_finds_nothing_to_rate(session: Session) -> None:
    booking, _runner = session_with_a_coach(session)
    with pytest.raises(NotFound):
        service.rate(session, booking.id, by=make.user(session), stars=5)


def test_the_page_takes_a_rating_and_refuses_six_stars(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        booking, runner = session_with_a_coach(session)
        where = f"/bookings/{booking.id}/rating"
    make.signed_in(client, runner.id)
    assert client.get(where).status_code == 200
    refused = client.post(where, data={"stars": "6", "words": "Beyond words"})
    assert refused.status_code == 422
    assert "Beyond words" in refused.text
    assert client.post(where, data={"stars": "5", "words": "Just so."}).status_code == 302
    assert "Just so." in client.get(where).text
    assert client.post(where, data={"stars": "1"}).status_code == 409
