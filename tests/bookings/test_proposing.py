"""Proposing another time: one side asks, the other chooses; choosing is the reschedule."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import queries, service
from marketplace.bookings.models import Booking, Proposal
from marketplace.bookings.proposals import ProposalStatus
from marketplace.coaches.models import Coach, Offer
from marketplace.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.jobs import Job
from tests import make
from tests.bookings.world import TOO_NEAR, begin, confirmed, hold, news, times

pytestmark = pytest.mark.both_databases


@pytest.fixture
def offer(session: Session) -> Offer:
    return make.offer(session, make.coach(session))


@pytest.fixture
def coach_user(session: Session, offer: Offer) -> User:
    return session.get_one(User, session.get_one(Coach, offer.coach_id).user_id)


@pytest.fixture
def booking(session: Session, offer: Offer, runner: User) -> Booking:
    return confirmed(session, offer, runner)


def told(session: Session) -> list[str]:
    jobs = session.scalars(select(Job).order_by(Job.created_at, Job.id))  # type: ignore[arg-type]
    return [job.payload["news"] for job in jobs if job.name == "bookings.tell_proposal"]


def moves(session: Session, booking: Booking) -> list[tuple[str, str]]:
    return [(event.move, event.by) for event in queries.history(session, booking.id)][2:]


def some(session: Session, offer: Offer) -> list[datetime]:
    return times(session, offer)[4:7]


def test_the_coach_asks_and_the_runner_chooses(
    session: Session, offer: Offer, booking: Booking, runner: User, coach_user: User
) -> None:
    old, wished = booking.starts_at, some(session, offer)
    proposal = service.propose(session, booking.id, by=coach_user, times=wished[::-1], message="I am at a race")
    assert list(proposal.starts) == wished and proposal.last_start == wished[-1]
    assert booking.starts_at == old and told(session) == ["proposed"]
    with pytest.raises(Forbidden):
        service.accept(session, proposal.id, by=coach_user, starts_at=wished[0])
    service.accept(session, proposal.id, by=runner, starts_at=wished[1])
    assert booking.starts_at == wished[1] and proposal.status is ProposalStatus.ACCEPTED
    assert booking.policy == offer.policy
    assert moves(session, booking) == [("propose", "coach"), ("accept", "runner"), ("reschedule", "runner")]
    last = queries.history(session, booking.id)[-1]
    assert (last.from_start, last.to_start) == (old, wished[1])
    assert news(session) == ["confirmed", "rescheduled"]
    with pytest.raises(Conflict, match="move-impossible"):
        service.accept(session, proposal.id, by=runner, starts_at=wished[2])


def test_past_her_deadline_the_runner_may_ask_and_the_coach_agree(
    session: Session, offer: Offer, runner: User, coach_user: User
) -> None:
    booking = confirmed(session, offer, runner)
    booking.agree(TOO_NEAR)
    wished = some(session, offer)
    with pytest.raises(Conflict, match="too-late-to-move"):
        service.reschedule(session, booking.id, by=runner, starts_at=wished[0])
    proposal = service.propose(session, booking.id, by=runner, times=wished)
    service.accept(session, proposal.id, by=coach_user, starts_at=wished[0])
    assert booking.starts_at == wished[0]
    assert booking.policy == TOO_NEAR, "she asked for it, so nothing is owed to her"


def test_a_time_gone_meanwhile_says_so_and_shows_the_others_left(
    session: Session, offer: Offer, booking: Booking, runner: User, coach_user: User
) -> None:
    old, wished = booking.starts_at, some(session, offer)
    proposal = service.propose(session, booking.id, by=coach_user, times=wished)
    hold(session, offer, make.user(session), wished[1])
    with pytest.raises(Conflict, match="time-gone") as refusal:
        service.accept(session, proposal.id, by=runner, starts_at=wished[1])
    assert refusal.value.facts["others"] == [wished[0].isoformat(), wished[2].isoformat()]
    assert booking.starts_at == old and proposal.status is ProposalStatus.OPEN
    assert queries.sitting_in(session, booking.visit_id) == [booking.id]  # type: ignore[arg-type]
    with pytest.raises(Invalid, match="time-not-proposed"):
        service.accept(session, proposal.id, by=runner, starts_at=times(session, offer)[0])
    service.accept(session, proposal.id, by=runner, starts_at=wished[2])


def test_declined_or_taken_back_the_session_stays(
    session: Session, offer: Offer, booking: Booking, runner: User, coach_user: User
) -> None:
    old = booking.starts_at
    for answer, by, status in (
        (service.decline, runner, ProposalStatus.DECLINED),
        (service.withdraw, coach_user, ProposalStatus.WITHDRAWN),
    ):
        proposal = service.propose(session, booking.id, by=coach_user, times=some(session, offer))
        other = coach_user if by is runner else runner
        with pytest.raises(Forbidden):
            answer(session, proposal.id, by=other)
        answer(session, proposal.id, by=by)
        assert proposal.status is status and proposal.ended_at and booking.starts_at == old
        with pytest.raises(Conflict):
            answer(session, proposal.id, by=by)
    assert told(session) == ["proposed", "declined", "proposed", "withdrawn"]


def test_another_proposal_answers_the_one_before(
    session: Session, offer: Offer, booking: Booking, runner: User, coach_user: User
) -> None:
    first = service.propose(session, booking.id, by=coach_user, times=some(session, offer))
    second = service.propose(session, booking.id, by=coach_user, times=some(session, offer)[:1])
    counter = service.propose(session, booking.id, by=runner, times=some(session, offer)[1:])
    statuses = (first.status, second.status, counter.status)
    assert statuses == (ProposalStatus.WITHDRAWN, ProposalStatus.DECLINED, ProposalStatus.OPEN)
    assert queries.open_proposal(session, booking.id) is counter


def test_only_open_times_up_to_three_and_not_the_present_one(
    session: Session, offer: Offer, booking: Booking, runner: User
) -> None:
    found, present = times(session, offer), booking.starts_at
    assert present
    for wrong in ([], found[:4], [present]):
        with pytest.raises(Invalid, match="times-to-propose"):
            service.propose(session, booking.id, by=runner, times=wrong)
    taken = hold(session, offer, make.user(session), found[3]).starts_at
    assert taken
    with pytest.raises(Conflict, match="time-gone"):
        service.propose(session, booking.id, by=runner, times=[found[5], taken])
    with pytest.raises(Invalid, match="time-past"):
        service.propose(session, booking.id, by=runner, times=[clock.now() - timedelta(days=1)])
    assert queries.open_proposal(session, booking.id) is None


def test_strangers_find_nothing_and_staff_are_no_side(session: Session, offer: Offer, booking: Booking) -> None:
    coach_user = session.get_one(User, session.get_one(Coach, offer.coach_id).user_id)
    with pytest.raises(NotFound):
        service.propose(session, booking.id, by=make.user(session), times=some(session, offer))
    staff = make.user(session, is_staff=True)
    with pytest.raises(Forbidden):
        service.propose(session, booking.id, by=staff, times=some(session, offer))
    proposal = service.propose(session, booking.id, by=coach_user, times=some(session, offer))
    with pytest.raises(NotFound):
        service.accept(session, proposal.id, by=make.user(session), starts_at=proposal.starts[0])
    for answer in (service.decline, service.withdraw):
        with pytest.raises(Forbidden):
            answer(session, proposal.id, by=staff)


def test_a_proposal_ends_when_its_booking_moves_or_ends(
    session: Session, offer: Offer, runner: User, coach_user: User
) -> None:
    from marketplace.jobs import publish

    moved, cancelled, done = (confirmed(session, offer, runner) for _ in range(3))
    proposals = [
        service.propose(session, each.id, by=coach_user, times=some(session, offer))
        for each in (moved, cancelled, done)
    ]
    service.reschedule(session, moved.id, by=runner, starts_at=times(session, offer)[8])
    service.cancel(session, cancelled.id, by=runner)
    publish(session, "booking.completed", booking_id=done.id)
    assert {each.status for each in proposals} == {ProposalStatus.LAPSED}


def test_a_proposal_ends_when_its_last_time_is_past(
    session: Session, offer: Offer, booking: Booking, runner: User
) -> None:
    proposal: Proposal = service.propose(session, booking.id, by=runner, times=some(session, offer))
    assert service.lapse_past(session) == 0
    proposal.last_start = clock.now()
    assert not proposal.can_be_answered(clock.now())
    assert service.lapse_past(session) == 1 and proposal.status is ProposalStatus.LAPSED


def test_what_has_begun_or_is_not_booked_can_not_be_asked_about(session: Session, offer: Offer, runner: User) -> None:
    held, begun = hold(session, offer, runner), confirmed(session, offer, runner)
    begin(begun)
    with pytest.raises(Conflict, match="booking-over"):
        service.propose(session, held.id, by=runner, times=some(session, offer))
    with pytest.raises(Conflict, match="visit-started"):
        service.propose(session, begun.id, by=runner, times=some(session, offer))
