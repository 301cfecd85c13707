"""What cancelling gives back step by step: to the runner, to the coach, to us; and terms that changed meanwhile."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import service
from marketplace.bookings.models import Booking
from marketplace.bookings.service import Shown
from marketplace.coaches.cancelling import POLICIES, Policy, Preset
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach, Offer
from marketplace.errors import Conflict
from marketplace.money import Money
from marketplace.payments import invariants, ledger
from marketplace.payments import queries as books
from marketplace.payments.models import Transfer
from tests import make
from tests.bookings.world import confirmed, hold, refunds, times

pytestmark = pytest.mark.both_databases
HOUR = timedelta(hours=1)


def starting_in(booking: Booking, hours: float) -> Booking:
    """Let the visit begin so many hours from now."""
    assert booking.starts_at and booking.ends_at
    length = booking.ends_at - booking.starts_at
    booking.starts_at = clock.now() + hours * HOUR
    booking.ends_at = booking.starts_at + length
    return booking


def divided(session: Session, booking: Booking) -> tuple[int, int, int]:
    """What of a booking goes to the runner, to its coach and to us."""
    coach, fee = (books.balance(session, name, "CAD") for name in (ledger.coach(booking.coach_id), ledger.FEE_INCOME))
    assert invariants.broken(session) == []
    return sum(refunds(session)), -coach, -fee


@pytest.mark.parametrize(
    ("preset", "hours", "parts"),
    [
        (Preset.FLEXIBLE, 12.1, (9500, 0, 0)),
        (Preset.FLEXIBLE, 0.1, (4750, 4037, 713)),
        (Preset.MODERATE, 24.1, (9500, 0, 0)),
        (Preset.MODERATE, 12.1, (4750, 4037, 713)),
        (Preset.MODERATE, 11.9, (0, 8075, 1425)),
        (Preset.STRICT, 71.9, (4750, 4037, 713)),
        (Preset.STRICT, 23.9, (0, 8075, 1425)),
    ],
)
def test_each_step_divides_the_price(
    session: Session, offer: Offer, runner: User, preset: Preset, hours: float, parts: tuple[int, int, int]
) -> None:
    offer.cancellation = preset
    booking = starting_in(confirmed(session, offer, runner), hours)
    assert service.refund_if_cancelled_now(booking, clock.now()).amount == parts[0]
    service.cancel(session, booking.id, by=runner)
    assert divided(session, booking) == parts and sum(parts) == booking.price
    shares = list(session.scalars(select(col(Transfer.amount)).where(col(Transfer.reference_id) == booking.id)))
    assert shares == ([parts[1]] if parts[1] else [])


def test_one_of_a_series_takes_nothing_of_the_others(session: Session, offer: Offer, runner: User) -> None:
    offer.price = 9501
    booking = starting_in(confirmed(session, offer, runner), 13)
    service.cancel(session, booking.id, by=runner)
    runner_gets, coach_gets, we_get = divided(session, booking)
    assert runner_gets == 4750 and runner_gets + coach_gets + we_get == 9501


def test_coach_and_staff_give_all_back_in_every_step(session: Session, offer: Offer, runner: User) -> None:
    coach_user = session.get_one(User, session.get_one(Coach, offer.coach_id).user_id)
    booking = starting_in(confirmed(session, offer, runner), 1)
    service.cancel(session, booking.id, by=coach_user)
    assert divided(session, booking) == (9500, 0, 0)


def test_a_booking_keeps_the_policy_it_was_held_under(session: Session, offer: Offer, runner: User) -> None:
    offer.cancellation = Preset.FLEXIBLE
    booking = hold(session, offer, runner)
    offer.cancellation = Preset.STRICT
    assert booking.policy == POLICIES[Preset.FLEXIBLE]


def test_a_booking_from_before_policies_gives_all_back_until_its_hours_and_then_nothing(
    session: Session, offer: Offer, runner: User
) -> None:
    booking = confirmed(session, offer, runner)
    booking.agree(Policy(36))
    starting_in(booking, 36.1)
    assert service.refund_if_cancelled_now(booking, clock.now()) == booking.cost
    starting_in(booking, 35.9)
    assert not service.refund_if_cancelled_now(booking, clock.now())


def test_moving_is_free_while_all_would_come_back(session: Session, offer: Offer, runner: User) -> None:
    booking, new = confirmed(session, offer, runner), times(session, offer)[5]
    starting_in(booking, 23)
    with pytest.raises(Conflict, match="too-late-to-move"):
        service.reschedule(session, booking.id, by=runner, starts_at=new)
    starting_in(booking, 25)
    service.reschedule(session, booking.id, by=runner, starts_at=new)
    assert booking.starts_at == new and booking.policy == POLICIES[Preset.MODERATE]


@pytest.mark.parametrize("refuses", [{"policy": Preset.FLEXIBLE}, {"price": Money(9000, "CAD")}])
def test_terms_other_than_shown_hold_nothing(
    session: Session, offer: Offer, runner: User, refuses: dict[str, Any]
) -> None:
    with pytest.raises(Conflict, match="changed"):
        hold(session, offer, runner, shown=Shown(**refuses))
    hold(session, offer, runner, shown=Shown(Money(9500, "CAD"), Preset.MODERATE))


def test_both_changes_are_told_at_once(session: Session, offer: Offer, runner: User) -> None:
    with pytest.raises(Conflict) as refused:
        hold(session, offer, runner, shown=Shown(Money(9000, "CAD"), Preset.STRICT))
    facts = refused.value.facts
    assert (refused.value.kind, facts["policy"], facts["policy_changed"]) == ("price-changed", Preset.MODERATE, True)


def test_a_clip_review_has_no_policy_to_name(session: Session, coach: Coach, runner: User) -> None:
    review = make.offer(session, coach, OfferKind.CLIP_REVIEW)
    with pytest.raises(Conflict, match="policy-changed"):
        hold(session, review, runner, shown=Shown(policy=Preset.MODERATE))


@pytest.mark.parametrize("hours", [23.0, 11.0])
def test_a_refund_that_has_shrunk_since_it_was_shown_cancels_nothing(
    session: Session, offer: Offer, runner: User, hours: float
) -> None:
    booking = starting_in(confirmed(session, offer, runner), hours)
    with pytest.raises(Conflict, match="refund-changed"):
        service.cancel(session, booking.id, by=runner, expected=booking.cost)
    assert booking.is_confirmed and refunds(session) == []
    now: datetime = clock.now()
    service.cancel(session, booking.id, by=runner, expected=service.refund_if_cancelled_now(booking, now))
