"""A tip: once for a session that is done, all of it the coach's, through Stripe and the books."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlmodel import Session, col

from marketplace.bookings.models import Booking
from marketplace.db import transaction
from marketplace.desk.queries.earnings import earnings
from marketplace.errors import Conflict, Forbidden, NotFound
from marketplace.jobs import Job, publish
from marketplace.payments import ledger
from marketplace.payments import queries as orders
from marketplace.payments.models import PayoutAccount, Transfer
from marketplace.payments.service import COOLING
from marketplace.tips import queries, service
from marketplace.tips.models import Tip
from tests import make
from tests.bookings.world import confirmed, pay_order, refunds
from tests.packages.world import World, check


@pytest.fixture
def done(session: Session) -> tuple[World, Booking]:
    """A session that is over."""
    world = World(session)
    booking = confirmed(session, world.offer, world.runner)
    world.finish(booking)
    return world, booking


def told(session: Session) -> int:
    return len(list(session.scalars(select(Job).where(col(Job.name) == "tips.tell"))))


def test_all_of_a_tip_is_the_coachs_a_day_later_and_she_is_told_once(
    done: tuple[World, Booking], session: Session
) -> None:
    world, booking = done
    before = world.balance(ledger.coach(world.coach.id)), world.balance(ledger.FEE_INCOME)
    tip = service.open_tip(session, booking.id, by=world.runner, amount=1000)
    pay_order(session, tip.order_id)
    publish(session, "payment.succeeded", order_id=tip.order_id)
    assert world.balance(ledger.coach(world.coach.id)) == before[0] + 1000
    assert world.balance(ledger.FEE_INCOME) == before[1]
    (sent,) = session.scalars(select(Transfer).where(col(Transfer.reference_id) == tip.id))
    assert (sent.amount, sent.due_at - tip.paid_at) == (1000, COOLING)
    assert told(session) == 1
    (purse,) = earnings(session, world.coach)
    assert purse.months[0].sessions == 1
    check(session)
    with pytest.raises(Conflict, match="tipped-already"):
        service.open_tip(session, booking.id, by=world.runner, amount=1000)


def test_only_the_runner_of_a_session_that_is_done_gives_one(done: tuple[World, Booking], session: Session) -> None:
    world, booking = done
    with pytest.raises(Forbidden, match="runners-tip"):
        service.open_tip(session, booking.id, by=world.coach_user, amount=500)
    with pytest.raises(NotFound):
        service.open_tip(session, booking.id, by=make.user(session), amount=500)
    ahead = confirmed(session, world.offer, world.runner)
    with pytest.raises(Conflict, match="tip-not-yet"):
        service.open_tip(session, ahead.id, by=world.runner, amount=500)
    session.get_one(PayoutAccount, world.coach.id).payouts_enabled = False
    session.flush()
    with pytest.raises(Conflict, match="tip-impossible"):
        service.open_tip(session, booking.id, by=world.runner, amount=500)


def test_an_unpaid_tip_makes_room_for_another_and_paid_late_beside_it_goes_back(
    done: tuple[World, Booking], session: Session
) -> None:
    world, booking = done
    first = service.open_tip(session, booking.id, by=world.runner, amount=500)
    with pytest.raises(Conflict, match="tip-waits"):
        service.open_tip(session, booking.id, by=world.runner, amount=900)
    orders.payment_of(session, first.order_id).make(session, "expire", by="system")
    publish(session, "payment.expired", order_id=first.order_id)
    second = service.open_tip(session, booking.id, by=world.runner, amount=900)
    pay_order(session, first.order_id)
    assert refunds(session) == [500]
    pay_order(session, second.order_id)
    given = queries.of_booking(session, booking.id)
    assert given is not None and given.id == second.id and given.is_paid
    assert told(session) == 1
    check(session)


def test_paid_late_it_is_given_all_the_same(done: tuple[World, Booking], session: Session) -> None:
    world, booking = done
    tip = service.open_tip(session, booking.id, by=world.runner, amount=500)
    orders.payment_of(session, tip.order_id).make(session, "expire", by="system")
    publish(session, "payment.expired", order_id=tip.order_id)
    pay_order(session, tip.order_id)
    assert tip.is_paid
    check(session)


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"choice": "other"}, "from 1 to 500"),
        ({"choice": "other", "other": "600"}, "from 1 to 500"),
        ({"choice": "other", "other": "much"}, "amount"),
        ({"choice": "other", "other": "-5"}, "amount such as"),
        ({"choice": "other", "other": "1,000"}, "amount such as"),
        ({"choice": "other", "other": "1e2"}, "amount such as"),
        ({"choice": "other", "other": "0.30"}, "from 1 to 500"),
        ({"choice": "other", "other": "5000"}, "from 1 to 500"),
        ({}, "Please fill this in"),
    ],
)
def test_a_bad_amount_is_said_and_nothing_is_ordered(
    app: Flask, client: FlaskClient, form: dict[str, str], said: str
) -> None:
    with app.app_context(), transaction() as session:
        world = World(session)
        booking = confirmed(session, world.offer, world.runner)
        world.finish(booking)
    make.signed_in(client, world.runner.id)
    assert "Say thank you" in client.get(f"/bookings/{booking.id}/tip").text
    answer = client.post(f"/bookings/{booking.id}/tip", data=form)
    assert answer.status_code == 422
    assert said in answer.text
    with app.app_context(), transaction(write=False) as session:
        assert queries.of_booking(session, booking.id) is None


def test_a_tip_that_was_paid_otherwise_than_agreed_ends_and_another_can_be_given(
    done: tuple[World, Booking], session: Session
) -> None:
    world, booking = done
    tip = service.open_tip(session, booking.id, by=world.runner, amount=500)
    orders.payment_of(session, tip.order_id).amount = 400
    pay_order(session, tip.order_id, charged=500)
    assert (tip.status, orders.payment_of(session, tip.order_id).status) == ("unpaid", "rejected")
    assert refunds(session)[-1] == 500
    again = service.open_tip(session, booking.id, by=world.runner, amount=900)
    pay_order(session, again.order_id)
    assert again.is_paid
    check(session)


def test_a_tip_is_named_once_and_in_each_readers_language(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        world = World(session)
        booking = confirmed(session, world.offer, world.runner)
        world.finish(booking)
    make.signed_in(client, world.runner.id)
    client.post(f"/bookings/{booking.id}/tip", data={"choice": "500"})
    with app.app_context(), transaction() as session:
        tip = session.scalars(select(Tip)).one()
        pay_order(session, tip.order_id)
    assert f"Tip: {booking.title}" in (page := client.get("/account/receipts").text) and "Tip: Tip" not in page
    assert f"Pourboire : {booking.title}" in client.get("/fr/account/receipts").text
