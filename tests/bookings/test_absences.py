"""Who did not come: reports, objections, staff's word, and money that stays where it is meanwhile."""

from collections.abc import Iterator
from datetime import timedelta
from enum import StrEnum
from itertools import product
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import Session

from marketplace import clock, jobs
from marketplace.accounts.models import User
from marketplace.bookings import absences, queries, service
from marketplace.bookings.absence_models import Absence
from marketplace.bookings.absences import AbsenceStatus, Part
from marketplace.bookings.models import Booking
from marketplace.bookings.states import Actor
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach, Offer
from marketplace.errors import Conflict, DomainError, Forbidden
from marketplace.payments import invariants, ledger
from marketplace.payments import queries as books
from marketplace.payments.models import Transfer
from tests import make
from tests.bookings.world import begin, complete_over, confirmed, count_unopposed, refunds

pytestmark = pytest.mark.both_databases
DAY = timedelta(hours=24)


class People:
    """The two sides of a visit under way, and staff."""

    def __init__(self, session: Session) -> None:
        self.session = session
        coach = make.coach(session)
        self.offer: Offer = make.offer(session, coach)
        self.runner, self.staff = make.user(session), make.user(session, is_staff=True)
        self.coach = session.get_one(User, session.get_one(Coach, coach.id).user_id)
        self.booking: Booking = confirmed(session, self.offer, self.runner)
        begin(self.booking)

    def money(self) -> tuple[int, int]:
        """What goes back to the runner, and what has become the coach's."""
        assert invariants.broken(self.session) == []
        return sum(refunds(self.session)), -books.balance(self.session, ledger.coach(self.booking.coach_id), "CAD")

    def report(self, by: User) -> Absence:
        return service.report_absence(self.session, self.booking.id, by=by, words="I waited")

    def a_day_later(self) -> None:
        absence = queries.absence_of(self.session, self.booking.id)
        assert absence
        absence.object_until -= DAY + timedelta(seconds=1)
        self.session.flush()
        count_unopposed(self.session)

    def missed(self) -> tuple[int, int]:
        """How often runner and coach did not come, for who decides."""
        of_coach = queries.record(self.session, coach_id=self.booking.coach_id)
        return queries.record(self.session, runner_id=self.runner.id).missed, of_coach.missed

    def moves(self) -> list[tuple[str, str]]:
        return [(each.move, each.by) for each in queries.history(self.session, self.booking.id)][2:]


@pytest.fixture
def people(session: Session) -> People:
    return People(session)


@pytest.fixture
def contested() -> Iterator[list[tuple[UUID, str]]]:
    """What `booking.contested` told."""
    heard: list[tuple[UUID, str]] = []

    def listener(_session: Session, booking_id: UUID, reason: str) -> None:
        heard.append((booking_id, reason))

    jobs.on("booking.contested")(listener)
    yield heard
    jobs._listeners["booking.contested"].remove(listener)


def test_a_coach_who_does_not_object_within_the_day_gives_all_back(people: People) -> None:
    people.report(people.runner)
    assert people.booking.is_confirmed and people.money() == (0, 0)
    people.booking.ends_at = clock.now() - timedelta(minutes=1)
    assert complete_over(people.session) == 0, "completion waits"
    people.a_day_later()
    assert people.booking.status == "missed" and people.money() == (9500, 0)
    assert people.moves() == [("report", "runner"), ("count", "system"), ("miss-coach", "runner")]
    assert count_unopposed(people.session) == 0 and people.money() == (9500, 0)


def test_a_coach_may_agree_at_once(people: People) -> None:
    people.report(people.runner)
    service.admit_absence(people.session, people.booking.id, by=people.coach)
    assert people.booking.status == "missed" and people.money() == (9500, 0)
    assert people.missed() == (0, 1), "the runner was there"


def test_a_report_that_is_taken_back_lets_the_visit_complete(people: People) -> None:
    people.report(people.runner)
    service.retract_absence(people.session, people.booking.id, by=people.runner)
    people.booking.ends_at = clock.now() - timedelta(minutes=1)
    assert complete_over(people.session) == 1
    assert people.booking.status == "completed" and people.money() == (0, 8075)


@pytest.mark.parametrize(("was_absent", "money", "status"), [(True, (9500, 0), "missed"), (False, (0, 8075), "done")])
def test_what_the_coach_objects_to_staff_decide(
    people: People, contested: list[tuple[UUID, str]], was_absent: bool, money: tuple[int, int], status: str
) -> None:
    people.report(people.runner)
    service.object_to_absence(people.session, people.booking.id, by=people.coach, words="I was in the call")
    assert contested == [(people.booking.id, "I was in the call")]
    people.booking.ends_at = clock.now() - timedelta(minutes=1)
    people.a_day_later()
    assert complete_over(people.session) == 0 and people.money() == (0, 0), "nothing moves meanwhile"
    for someone in (people.runner, people.coach):
        with pytest.raises(Forbidden):
            service.decide_absence(people.session, people.booking.id, by=someone, was_absent=was_absent)
    service.decide_absence(people.session, people.booking.id, by=people.staff, was_absent=was_absent)
    assert complete_over(people.session) == (status == "done")
    assert people.money() == money


def test_a_runner_who_missed_it_pays_by_the_policy(people: People) -> None:
    people.report(people.coach)
    assert people.booking.status == "missed" and people.money() == (0, 0), "she may object first"
    with pytest.raises(Conflict, match="sessions-to-come"):
        service.check_nothing_ahead(people.session, people.runner.id)
    people.a_day_later()
    assert people.money() == (0, 8075)
    assert people.moves() == [("report", "coach"), ("miss-runner", "coach"), ("count", "system")]
    service.check_nothing_ahead(people.session, people.runner.id)
    assert people.missed() == (1, 0), "the coach was there"


@pytest.mark.parametrize(("was_absent", "money"), [(True, (0, 8075)), (False, (9500, 0))])
def test_what_the_runner_objects_to_staff_decide(
    people: People, contested: list[tuple[UUID, str]], was_absent: bool, money: tuple[int, int]
) -> None:
    people.report(people.coach)
    service.object_to_absence(people.session, people.booking.id, by=people.runner, words="I was at the gate")
    assert len(contested) == 1
    people.a_day_later()
    assert people.money() == (0, 0)
    service.decide_absence(people.session, people.booking.id, by=people.staff, was_absent=was_absent)
    assert people.money() == money


@pytest.mark.parametrize("reporter", ["runner", "coach"])
def test_a_complaint_waits_until_it_is_settled_whether_both_came(people: People, reporter: str) -> None:
    people.report(getattr(people, reporter))
    people.booking.ends_at = clock.now() - timedelta(minutes=1)
    for someone in (people.runner, people.staff):
        with pytest.raises(Conflict, match="absence-reported"):
            service.complain(people.session, people.booking.id, by=someone, words="nobody was there")
    people.a_day_later()
    assert people.money() == ((9500, 0) if reporter == "runner" else (0, 8075)), "the report is not held up"


def test_what_was_missed_and_settled_can_be_complained_of_and_what_was_complained_of_was_not_missed(
    people: People,
) -> None:
    people.report(people.coach)
    service.admit_absence(people.session, people.booking.id, by=people.runner)
    service.complain(people.session, people.booking.id, by=people.runner, words="the gate was shut")
    assert people.session.scalars(select(Transfer)).one().stopped_at
    other = confirmed(people.session, people.offer, people.runner)
    begin(other, 90)
    service.complain(people.session, other.id, by=people.runner, words="it was too short")
    for someone in (people.runner, people.coach):
        with pytest.raises(Conflict, match="booking-over"):
            service.report_absence(people.session, other.id, by=someone)


def test_staff_report_for_the_runner_and_the_coach_has_her_day_too(people: People) -> None:
    assert people.report(people.staff).absent is Actor.COACH
    assert people.booking.is_confirmed
    people.a_day_later()
    assert people.money() == (9500, 0) and people.moves()[-1] == ("miss-coach", "staff")


def test_said_twice_is_said_once_and_the_other_side_answers_instead(people: People) -> None:
    first = people.report(people.runner)
    assert people.report(people.runner).id == first.id
    for refused in (
        lambda: people.report(people.coach),
        lambda: service.cancel(people.session, people.booking.id, by=people.coach),
        lambda: service.complete(people.session, people.booking.id),
    ):
        with pytest.raises(Conflict, match="absence-reported"):
            refused()
    for answer in (service.admit_absence, service.retract_absence):
        wrong = people.runner if answer is service.admit_absence else people.coach
        with pytest.raises(Forbidden):
            answer(people.session, people.booking.id, by=wrong)


def test_who_objects_too_late_is_told_so(people: People) -> None:
    people.report(people.runner).object_until = clock.now() - timedelta(seconds=1)
    with pytest.raises(Conflict, match="too-late-to-object"):
        service.object_to_absence(people.session, people.booking.id, by=people.coach, words="I was")


def test_nobody_is_absent_before_the_start_after_the_end_or_from_a_clip_review(session: Session) -> None:
    offer, runner = make.offer(session, make.coach(session)), make.user(session)
    ahead, over = confirmed(session, offer, runner), confirmed(session, offer, runner)
    begin(over, 90)
    complete_over(session)
    review = confirmed(session, make.offer(session, make.coach(session), OfferKind.CLIP_REVIEW), runner)
    for booking, kind in ((ahead, "not-begun"), (over, "booking-over"), (review, "no-time-to-miss")):
        with pytest.raises(Conflict, match=kind):
            service.report_absence(session, booking.id, by=runner)


EVERY = [(made, status, part) for made, status, part in product(absences.MOVES, [None, *AbsenceStatus], Part)]


@pytest.mark.parametrize(("name", "status", "part"), EVERY)
def test_a_move_is_made_from_its_status_by_its_people_only(
    name: str, status: AbsenceStatus | None, part: StrEnum
) -> None:
    made = absences.MOVES[name]
    try:
        after = absences.move(name, status, Part(part))
    except DomainError as refusal:
        assert isinstance(refusal, Forbidden) == (part not in made.by)
        assert part not in made.by or status != made.before
        return
    assert part in made.by and status == made.before and after == made.after
