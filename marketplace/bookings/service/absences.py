"""Saying that the other side did not come, and what follows: nothing moves until it is settled whether both came."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import queries
from marketplace.bookings.absence_models import Absence
from marketplace.bookings.absences import TO_OBJECT, AbsenceStatus, absent_by_report_of
from marketplace.bookings.models import Booking
from marketplace.bookings.policy import check_report, refund_percent
from marketplace.bookings.service.ending import divide
from marketplace.bookings.states import Actor
from marketplace.coaches.cancelling import ALL
from marketplace.db import transaction
from marketplace.errors import Conflict
from marketplace.jobs import do_each, enqueue, publish


def report_absence(session: Session, booking_id: UUID, *, by: User, words: str = "") -> Absence:
    """Say that the other side did not come; staff say it of the coach. Said twice is said once.

    The runner's absence makes the booking missed at once, the coach's when it counts. Conflict as
    `policy.check_report`, and `absence-reported` when the other side said it of this one before.
    """
    now = clock.now()
    booking = queries.locked(session, booking_id, by)
    actor = queries.party_in(session, booking, by)
    absent = absent_by_report_of(actor)
    if (known := queries.absence_of(session, booking_id)) is not None:
        if known.absent is not absent:
            raise Conflict("absence-reported")
        return known
    check_report(booking.terms, is_confirmed=booking.is_confirmed, now=now)
    absence = Absence(
        booking_id=booking_id,
        absent=absent,
        reported_by=by.id,
        reported_at=now,
        words=words,
        object_until=now + TO_OBJECT,
    )
    session.add(absence)
    absence.make("report", by=actor, at=now, person=by.id)
    if absent is Actor.RUNNER:
        booking.make("miss-runner", by=actor, at=now, person=by.id)
        publish(session, "booking.missed", booking_id=booking_id)
    _tell(session, absence, "reported")
    return absence


def admit_absence(session: Session, booking_id: UUID, *, by: User) -> Absence:
    """Agree that one did not come; it counts at once. Conflict `no-absence` where nobody says so any more."""
    return _settle(session, booking_id, "admit", by)


def object_to_absence(session: Session, booking_id: UUID, *, by: User, words: str) -> Absence:
    """Say that one did come: now it is for staff.

    Conflict `too-late-to-object` after the day for it, `no-absence` where nobody says otherwise any more.
    """
    now = clock.now()
    absence, booking = _locked(session, booking_id, by)
    if absence.is_open and now > absence.object_until:
        raise Conflict("too-late-to-object")
    absence.make("object", by=queries.party_in(session, booking, by), at=now, person=by.id)
    absence.objection = words
    session.flush()
    publish(session, "booking.contested", booking_id=booking_id, reason=words)
    _tell(session, absence, "contested")
    return absence


def retract_absence(session: Session, booking_id: UUID, *, by: User) -> Absence:
    """Take a report of the coach's absence back. Conflict `move-impossible` for that of the runner's: it has counted
    as missed from the beginning."""
    now = clock.now()
    absence, booking = _locked(session, booking_id, by)
    if absence.absent is Actor.RUNNER:
        raise Conflict("move-impossible", move="retract", status=absence.status.value)
    absence.make("retract", by=queries.party_in(session, booking, by), at=now, person=by.id)
    _tell(session, absence, "settled")
    return absence


def decide_absence(session: Session, booking_id: UUID, *, by: User, was_absent: bool) -> Absence:
    """Staff: end a report that the other side objects to. Forbidden for everybody else."""
    return _settle(session, booking_id, "uphold" if was_absent else "dismiss", by)


def count_absence(session: Session, booking_id: UUID) -> Absence:
    """Let a report count to which nobody has objected within the day."""
    return _settle(session, booking_id, "count", None)


def count_unopposed(limit: int = 100) -> int:
    """The same for all of them, each in a transaction of its own; how many."""
    with transaction(write=False) as session:
        unopposed = queries.unopposed(session, clock.now(), limit)
    return do_each(unopposed, count_absence)


def _settle(session: Session, booking_id: UUID, move: str, by: User | None) -> Absence:
    """End a report, and move the money as it says. `by` None: the system."""
    now = clock.now()
    absence, booking = _locked(session, booking_id, by)
    actor = Actor.SYSTEM if by is None else queries.party_in(session, booking, by)
    absence.make(move, by=actor, at=now, person=by.id if by else None)
    counts = absence.status == AbsenceStatus.COUNTED
    if absence.absent is Actor.COACH and counts:
        reporter = Actor.RUNNER if absence.reported_by == booking.runner_id else Actor.STAFF
        booking.make("miss-coach", by=reporter, at=now, person=absence.reported_by)
        divide(session, booking, ALL, why="missed", by=actor)
        publish(session, "booking.missed", booking_id=booking_id)
    elif absence.absent is Actor.RUNNER:
        _divide_missed(session, booking, absence, actor, now, counts=counts)
    _tell(session, absence, "settled")
    return absence


def _divide_missed(
    session: Session, booking: Booking, absence: Absence, actor: Actor, now: datetime, *, counts: bool
) -> None:
    """The runner's absence costs her what cancelling at that moment would have; was she there, she gets all back."""
    by_policy = refund_percent(booking.terms, by=Actor.RUNNER, now=absence.reported_at)
    divide(
        session, booking, by_policy if counts else ALL, why="missed", by=actor, due_at=max(now, absence.object_until)
    )


def _locked(session: Session, booking_id: UUID, party: User | None) -> tuple[Absence, Booking]:
    """Both are locked with the booking: whoever changes a report locks that first."""
    booking = queries.locked(session, booking_id, party)
    absence = queries.absence_of(session, booking_id)
    if absence is None:
        raise Conflict("no-absence")
    return absence, booking


def _tell(session: Session, absence: Absence, news: str) -> None:
    key = f"bookings.tell_absence:{absence.id}:{news}"
    enqueue(session, "bookings.tell_absence", key=key, absence_id=absence.id, news=news)
