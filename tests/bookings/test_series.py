"""Series: all or none, one payment, and each visit by itself afterwards."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import queries, service
from marketplace.bookings.models import Booking
from marketplace.bookings.series import Repeat
from marketplace.bookings.states import BookingStatus
from marketplace.coaches.models import Coach, Offer
from marketplace.errors import Conflict, Invalid
from marketplace.jobs import Job
from marketplace.payments import ledger
from marketplace.payments import queries as payments
from marketplace.scheduling import service as scheduling
from marketplace.scheduling.models import Claim, Visit
from marketplace.scheduling.walltime import local_date, minute_of
from tests import make
from tests.bookings.world import FEE, NO_PAIN, hold, news, pay, refunds, times

pytestmark = pytest.mark.both_databases


@pytest.fixture
def offer(session: Session) -> Offer:
    return make.offer(session, make.coach(session), window_days=90)


def series(session: Session, offer: Offer, runner: User, *, first: datetime | None = None, **changes: Any) -> Any:
    repeat = {"every_weeks": 1, "times": 4, "instead": {}} | changes
    booking_id: UUID = repeat.pop("booking_id", None) or uuid4()  # type: ignore[assignment]
    intake = service.Intake(pain_screen=NO_PAIN)
    return service.hold_series(
        session,
        booking_id=booking_id,
        offer_id=offer.id,
        repeat=Repeat(first or times(session, offer)[0], **repeat),  # type: ignore[arg-type]
        by=runner,
        fee_percent=FEE,
        intake=intake,
    )


def count(session: Session, table: Any) -> int:
    return int(session.scalar(select(func.count()).select_from(table)) or 0)


def test_a_series_is_held_whole_on_one_order(session: Session, offer: Offer, runner: User) -> None:
    held = series(session, offer, runner)
    assert {each.status for each in held} == {BookingStatus.HELD}
    assert len({each.order_id for each in held}) == 1
    assert [later.starts_at - held[0].starts_at for later in held] == [timedelta(weeks=n) for n in range(4)]
    assert [line.amount for line in payments.lines(session, held[0].order_id)] == [9500] * 4
    assert payments.payment_of(session, held[0].order_id).amount == 4 * 9500


def test_the_same_id_is_the_same_series(session: Session, offer: Offer, runner: User) -> None:
    booking_id, first = uuid4(), times(session, offer)[0]
    held = series(session, offer, runner, booking_id=booking_id, first=first)
    again = series(session, offer, runner, booking_id=booking_id, first=first)
    assert [each.id for each in held] == [each.id for each in again] and held[0].id == booking_id
    with pytest.raises(Conflict, match="id-taken"):
        series(session, offer, runner, booking_id=booking_id, first=first, times=5)
    with pytest.raises(Conflict, match="id-taken"):
        hold(session, offer, make.user(session), first, booking_id=booking_id)


def test_the_id_of_a_series_is_no_single_booking(session: Session, offer: Offer, runner: User) -> None:
    """Back in the browser and “Just once” instead: she must not be led to pay for all."""
    held = series(session, offer, runner)
    with pytest.raises(Conflict, match="id-taken"):
        hold(session, offer, runner, held[0].starts_at, booking_id=held[0].id)


def test_one_clash_and_nothing_is_held(session: Session, offer: Offer, runner: User) -> None:
    first = times(session, offer)[0]
    for weeks in (1, 3):
        hold(session, offer, make.user(session), first + timedelta(weeks=weeks))
    before = count(session, Booking), count(session, Visit), count(session, Claim)
    with pytest.raises(Conflict, match="series-clash") as refusal:
        series(session, offer, runner, first=first)
    assert (count(session, Booking), count(session, Visit), count(session, Claim)) == before
    clashes: Any = refusal.value.facts["clashes"]
    assert [each["reason"] for each in clashes] == ["taken", "taken"]
    wished = [first + timedelta(weeks=weeks) for weeks in (1, 3)]
    assert [datetime.fromisoformat(each["starts_at"]) for each in clashes] == wished
    for each, wish in zip(clashes, wished, strict=True):
        others = [datetime.fromisoformat(other) for other in each["others"]]
        assert wish not in others and wish + timedelta(minutes=30) in others


def test_another_time_may_be_chosen_for_a_clash_or_the_date_left_out(
    session: Session, offer: Offer, runner: User
) -> None:
    first = times(session, offer)[0]
    clash, other = first + timedelta(weeks=1), first + timedelta(weeks=1, minutes=30)
    hold(session, offer, make.user(session), clash)
    on = local_date("America/Toronto", minute_of(clash))
    moved = series(session, offer, runner, first=first, instead={on: other})
    assert [each.starts_at for each in moved][1] == other
    left = series(session, offer, make.user(session), first=first + timedelta(hours=2), instead={on: None})
    assert len(left) == 3
    with pytest.raises(Invalid, match="series-empty"):
        series(session, offer, runner, first=first + timedelta(hours=3), times=2, instead={on: None})


def test_what_lies_too_far_ahead_is_named(session: Session, offer: Offer, runner: User) -> None:
    with pytest.raises(Conflict) as refusal:
        series(session, offer, runner, every_weeks=2, times=12)
    reasons = [each["reason"] for each in refusal.value.facts["clashes"]]  # type: ignore[attr-defined]
    assert set(reasons) == {"too-far"} and 4 <= len(reasons) <= 7


def test_the_limits_of_a_week_count_the_series_itself(session: Session, runner: User) -> None:
    coach = make.coach(session)
    offer = make.offer(session, coach, window_days=90)
    scheduling.set_limits(session, coach.id, scheduling.Limits(per_day=1))
    held = series(session, offer, runner)
    assert len(held) == 4
    with pytest.raises(Conflict) as refusal:
        series(session, offer, runner, first=held[0].starts_at + timedelta(hours=2))
    assert {each["reason"] for each in refusal.value.facts["clashes"]} == {"day-full"}  # type: ignore[attr-defined]


def test_paid_together_confirmed_together_and_told_once(session: Session, offer: Offer, runner: User) -> None:
    held = series(session, offer, runner)
    pay(session, held[2])
    assert {each.status for each in held} == {BookingStatus.CONFIRMED}
    assert news(session) == ["confirmed"]
    for each in held:
        assert -payments.balance(session, ledger.held(each.id), "CAD") == 9500


def test_a_free_series_is_confirmed_at_once(session: Session, runner: User) -> None:
    free = make.offer(session, make.coach(session), price=0)
    assert {each.status for each in series(session, free, runner)} == {BookingStatus.CONFIRMED}


def test_a_series_expires_as_one_and_its_time_is_free(session: Session, offer: Offer, runner: User) -> None:
    held = series(session, offer, runner)
    service.expire(session, held[1].id)
    assert {each.status for each in held} == {BookingStatus.EXPIRED}
    assert count(session, Claim) == 0
    service.expire_unpaid(session, held[0].order_id)
    assert [len(queries.history(session, each.id)) for each in held] == [2] * 4


def test_paid_late_a_series_is_confirmed_whole_or_paid_back_whole(session: Session, offer: Offer, runner: User) -> None:
    lucky = series(session, offer, runner)
    service.expire(session, lucky[0].id)
    pay(session, lucky[0])
    assert {each.status for each in lucky} == {BookingStatus.CONFIRMED}
    unlucky = series(session, offer, runner, first=lucky[0].starts_at + timedelta(hours=1))
    service.expire(session, unlucky[0].id)
    hold(session, offer, make.user(session), unlucky[2].starts_at)
    pay(session, unlucky[0])
    pay(session, unlucky[0])
    assert {each.status for each in unlucky} == {BookingStatus.EXPIRED}
    assert refunds(session) == [9500] * 4
    assert news(session) == ["confirmed", "given-back"]
    assert count(session, Visit) == 4 + 1


def test_afterwards_each_visit_is_a_booking_of_its_own(session: Session, offer: Offer, runner: User) -> None:
    held = series(session, offer, runner)
    pay(session, held[0])
    service.cancel(session, held[1].id, by=runner)
    new = held[2].starts_at + timedelta(hours=1)
    service.reschedule(session, held[2].id, by=runner, starts_at=new)
    statuses = [each.status.value for each in held]
    assert statuses == ["confirmed", "cancelled", "confirmed", "confirmed"]
    assert held[2].starts_at == new and refunds(session) == [9500]
    for each, left in zip(held, (9500, 0, 9500, 9500), strict=True):
        assert payments.held_now(session, each.id) == left
    coach_user = session.get_one(User, session.get_one(Coach, offer.coach_id).user_id)
    service.cancel(session, held[3].id, by=coach_user)
    assert refunds(session) == [9500, 9500]


def test_a_hold_is_extended_and_its_pain_screen_kept_for_all(session: Session, offer: Offer, runner: User) -> None:
    held = series(session, offer, runner)
    for each in held:
        each.pain_screen, each.hold_expires_at = None, clock.now() + timedelta(minutes=10)
    with pytest.raises(Conflict, match="pain-screen-first"):
        service.extend_hold(session, held[1].id, by=runner)
    service.answer_pain_screen(session, held[1].id, by=runner, answers=NO_PAIN)
    service.extend_hold(session, held[1].id, by=runner)
    assert {each.hold_expires_at for each in held} == {held[0].hold_expires_at}
    assert all(each.pain_is_screened for each in held)


def test_a_series_counts_towards_what_may_be_held(session: Session, offer: Offer, runner: User) -> None:
    series(session, offer, runner, times=12)
    series(session, offer, runner, first=times(session, offer)[1], times=12)
    with pytest.raises(Conflict, match="too-many-holds"):
        series(session, offer, runner, times=2)


def test_told_jobs_are_one_for_each_news(session: Session, offer: Offer, runner: User) -> None:
    held = series(session, offer, runner)
    pay(session, held[0])
    told = [job for job in session.scalars(select(Job)) if job.name == "bookings.tell"]
    assert [job.payload["booking_id"] for job in told] == [str(held[0].id)]


def test_the_first_time_has_to_be_one(session: Session, offer: Offer, runner: User) -> None:
    first = times(session, offer)[0]
    for wrong, kind in ((first - timedelta(days=300), "past"), (first + timedelta(minutes=5), "off-grid")):
        with pytest.raises(Invalid, match=f"time-{kind}"):
            series(session, offer, runner, first=wrong)
