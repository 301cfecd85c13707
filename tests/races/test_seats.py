"""32 clients want the five seats of one visit at one instant from four web processes: five get one."""

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from marketplace.bookings.models import Booking
from marketplace.coaches.models import Offer
from marketplace.db import transaction
from marketplace.scheduling.models import Visit
from tests.races.test_one_opening import CLIENTS, Site, site

__all__ = ["site"]
SEATS = 5


def seat_them(site: Site) -> None:
    with site.app.app_context(), transaction() as session:
        session.get_one(Offer, site.offer.id).seats = SEATS


def test_five_clients_of_32_get_a_seat_where_more_do_without_the_guard(site: Site) -> None:
    seat_them(site)
    each_seat_is_taken_once(site, rounds=3)
    more_sit_than_there_are_seats(site)


@pytest.mark.chaos
def test_five_clients_of_32_get_a_seat_of_each_of_twenty_visits(site: Site) -> None:
    seat_them(site)
    each_seat_is_taken_once(site, rounds=20)


def each_seat_is_taken_once(site: Site, rounds: int) -> None:
    for number, starts_at in enumerate(site.openings(rounds), 1):
        site.tokens.append(site.tokens.pop(0))
        assert site.race("/api/v1/bookings", starts_at) == {201: SEATS, 409: CLIENTS - SEATS}
        assert site.taken() == (number * SEATS, number, 6 * number)
    with site.app.app_context(), transaction(write=False) as session:
        sitting = select(col(Booking.visit_id), func.max(col(Booking.seat))).group_by(col(Booking.visit_id))
        assert {seat for _, seat in session.execute(sitting)} == {SEATS}
        assert {visit.seats_taken for visit in session.scalars(select(Visit))} == {SEATS}


def more_sit_than_there_are_seats(site: Site) -> None:
    """The same race, where it is only counted before one sits down: what is tested here can fail."""
    for starts_at in site.openings(20):
        answers = site.race("/unguarded-seat", starts_at)
        assert set(answers) <= {201, 409}
        if answers[201] > SEATS:
            return
    pytest.fail("no race was seen in twenty rounds")
