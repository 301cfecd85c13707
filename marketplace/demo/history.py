"""What happened in the sample town before today, and what is booked next.

The past is free sessions, written as rows: no money ever moved, so that the books stay true. What is to come is
booked the way anybody books.
"""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from flask import current_app
from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.accounts import queries as accounts
from marketplace.accounts.models import User
from marketplace.bookings.models import Booking, BookingEvent
from marketplace.bookings.service import Intake, hold
from marketplace.bookings.states import BookingStatus
from marketplace.coaches import queries as coaches
from marketplace.coaches import service
from marketplace.coaches.drafts import OfferTerms
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach, Offer
from marketplace.db import new_id, transaction
from marketplace.demo import clips, samples
from marketplace.demo.people import address, person
from marketplace.ratings.models import Rating
from marketplace.scheduling import queries as calendars
from marketplace.settings import Settings

MORNING = timedelta(hours=15)  # UTC; in the day of every sample coach of Canada
FIRST_DAYS_AGO, DAYS_APART = 12, 17
STORY = (
    "My left hip drops when I get tired and the outside of my knee starts to ache around 7 km. I have done clamshells "
    "for a year and I am not sure I do them right. I would love to run 10 km under an hour this spring."
)


def runners(session: Session, password_hash: str) -> list[User]:
    """The invented runners of the town."""
    names = samples.reviews()["runners"]
    return [person(session, address(name, "runners.example"), name, password_hash) for name in names]


def write(session: Session, password_hash: str) -> bool:
    """Completed sessions with what runners said of them, for every coach who has none yet; whether any were written."""
    wrote = False
    people = runners(session, password_hash)
    now = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    for sample in samples.coaches():
        user = accounts.by_email(session, sample.email)
        coach = coaches.of_user(session, user.id) if user else None
        if coach is None or session.scalar(select(col(Rating.booking_id)).where(col(Rating.coach_id) == coach.id)):
            continue
        chance, language = sample.chance, sample.profile.languages[0]
        said = chance.sample(samples.reviews()[language], min(sample.reviews, len(samples.reviews()[language])))
        for number, (stars, words) in enumerate(said):
            at = now - timedelta(days=FIRST_DAYS_AGO + DAYS_APART * number + chance.randrange(9)) + MORNING
            booking = _past(session, coach, chance.choice(people), at, chance)
            session.add(_rating(booking, stars, words))
            wrote = True
        session.flush()
    return wrote


def _past(session: Session, coach: Coach, runner: User, at: datetime, chance: Random) -> Booking:
    """A completed session, ended at about `at`."""
    offers = coaches.offers(session, coach.id)
    offer = next((offer for offer in offers if offer.kind == OfferKind.CLIP_REVIEW), offers[0])
    length = timedelta(minutes=offer.minutes) if offer.minutes else None
    booked_at = at - timedelta(days=3, minutes=chance.randrange(600))
    booking = Booking(
        runner_id=runner.id,
        coach_id=coach.id,
        offer_id=offer.id,
        status=BookingStatus.COMPLETED,
        kind=offer.kind,
        title=offer.title,
        starts_at=at - length if length else None,
        ends_at=at if length else None,
        turnaround_hours=offer.turnaround_hours,
        due_at=None if length else at + timedelta(hours=6),
        price=0,
        currency=offer.currency,
        full_hours=offer.policy.full_hours,
        part_percent=offer.policy.part_percent,
        part_hours=offer.policy.part_hours,
        issues=[fixes.issue for fixes in coaches.specialisms(session, coach.id)[:2]],
        pain_screen={"pain": False, "flags": [], "note": ""},
        created_at=booked_at,
        confirmed_at=booked_at,
        ended_at=at,
    )
    session.add(booking)
    session.flush()
    moves = (("hold", "runner", booked_at), ("confirm", "system", booked_at), ("complete", "system", at))
    session.add_all(BookingEvent(booking_id=booking.id, move=move, by=by, at=then) for move, by, then in moves)
    return booking


def _rating(booking: Booking, stars: int, words: str) -> Rating:
    at = (booking.ended_at or booking.created_at) + timedelta(hours=20)
    ids = {"booking_id": booking.id, "coach_id": booking.coach_id, "runner_id": booking.runner_id}
    return Rating(**ids, stars=stars, words=words, created_at=at)


def book_ahead(email: str) -> None:
    """Two first sessions for the coach of that address, booked for nothing as a runner would: a call and a clip."""
    settings: Settings = current_app.extensions["settings"]
    review_id = None
    with transaction() as session:
        user = accounts.by_email(session, email)
        coach = coaches.of_user(session, user.id) if user else None
        ahead = select(col(Booking.id)).where(col(Booking.coach_id) == (coach.id if coach else None))
        if coach is None or session.scalar(ahead.where(col(Booking.status) == BookingStatus.CONFIRMED)):
            return
        for terms, name in ((CALL, "Pip Pebblebrook"), (CLIP, "Moss Mayfield")):
            runner = accounts.by_email(session, address(name, "runners.example"))
            offer = service.add_offer(session, coach.user_id, terms)
            assert runner is not None  # noqa: S101  (planted before)
            booking_id = _book(session, offer, runner, settings)
            review_id = booking_id if terms.kind is OfferKind.CLIP_REVIEW else None
            service.withdraw_offer(session, coach.user_id, offer.id)
    if review_id:
        clips.attach(review_id)


CALL = OfferTerms(
    kind=OfferKind.VIDEO_CALL,
    title="First hello, free",
    price=0,
    minutes=15,
    lead_hours=4,
    call_link="https://calls.example/juniper-jaywood",
)
CLIP = OfferTerms(kind=OfferKind.CLIP_REVIEW, title="First clip, free", price=0, turnaround_hours=48, weekly_places=2)


def _book(session: Session, offer: Offer, runner: User, settings: Settings) -> UUID | None:
    """Hold what is confirmed at once, since it is free; None when the coach has no time."""
    starts_at = calendars.next_start(session, offer, clock.now()) if offer.minutes else None
    if offer.minutes and starts_at is None:
        return None
    intake = Intake(
        issues=["hip-drop", "itb"],
        goal="10k",
        note="Evenings are best for practice.",
        story=STORY,
        pain_screen={"pain": True, "flags": [], "note": "Outer knee, 3 of 10, gone the next morning."},
    )
    booking = hold(
        session,
        booking_id=new_id(),
        offer_id=offer.id,
        starts_at=starts_at,
        by=runner,
        fee_percent=settings.platform_fee_percent,
        intake=intake,
    )
    return booking.id
