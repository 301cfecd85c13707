"""The sample town: sixty invented coaches, a few runners, and what they have done with each other so far."""

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from flask import Flask, current_app
from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.accounts import queries as accounts
from marketplace.accounts.models import User
from marketplace.accounts.passwords import hashed
from marketplace.coaches import queries as coaches
from marketplace.coaches import service
from marketplace.coaches.models import Coach, Offer
from marketplace.db import transaction
from marketplace.demo import history, payouts, samples, seen
from marketplace.demo.people import person
from marketplace.demo.samples import Sample
from marketplace.jobs import publish
from marketplace.packages import service as packages
from marketplace.packages.rules import less
from marketplace.payments.models import PayoutAccount
from marketplace.promotions import service as promotions
from marketplace.scheduling import service as scheduling
from marketplace.scheduling.models import Replaced

COACH, RUNNER, STAFF = "coach@example.com", "runner@example.com", "admin@example.com"
PASSWORD = "runsight-demo"  # noqa: S105  # nosec B105
SEASONED, FRESH = timedelta(days=400), timedelta(days=10)
PACKAGES = {3: Decimal(10), 10: Decimal(20)}
"""Visits of the packages that are sold, and per cent off."""
SPREAD = 0.006
"""Degrees by which coaches of one place are set apart, so that their pins don't cover each other."""


def plant(app: Flask) -> None:
    """Bring the town up; what is there already is left alone. Needs the gazetteer, and Stripe's sandbox running.

    Takes a few seconds: accounts at Stripe are opened by the same calls as anybody's.
    """
    if not current_app:
        with app.app_context():
            plant(app)
        return
    password_hash = hashed(PASSWORD)
    with transaction() as session:
        for sample in samples.coaches():
            _settle(session, sample, password_hash)
        person(session, RUNNER, "Robin Roadley", password_hash)
        person(session, STAFF, "Ash Atlas", password_hash, is_staff=True)
    payouts.open_all()
    with transaction() as session:
        if history.write(session, password_hash):
            _show_all(session)
            seen.write(session, COACH)
    history.book_ahead(COACH)


def account_of(email: str) -> str:
    """The account at Stripe of a coach of the town."""
    whose = select(col(PayoutAccount.stripe_account_id)).join(Coach, col(Coach.id) == col(PayoutAccount.coach_id))
    with transaction(write=False) as session:
        found = session.scalars(whose.join(User, col(User.id) == col(Coach.user_id)).where(col(User.email) == email))
        return str(found.one())


def _settle(session: Session, sample: Sample, password_hash: str) -> None:
    """Make one coach: a person who applied, was checked and approved, and sells from the next hours on."""
    if accounts.by_email(session, sample.email):
        return
    language = sample.profile.languages[0]
    user = person(session, sample.email, sample.profile.name, password_hash, language=language)
    coach = service.apply(session, user.id, sample.profile)
    user.timezone = coach.timezone
    coach.created_at = clock.now() - (SEASONED if sample.reviews else FRESH)
    chance = sample.chance
    coach.latitude += chance.uniform(-SPREAD, SPREAD)
    coach.longitude += chance.uniform(-SPREAD, SPREAD) * 1.4
    for certificate in sample.certificates:
        service.add_credential(session, user.id, certificate).checked_at = clock.now()
    scheduling.set_week(session, coach.id, sample.week)
    session.delete(session.get_one(Replaced, coach.id))  # a town that is just made has nothing to undo
    for terms in sample.offers:
        _sell(session, service.add_offer(session, user.id, terms), user.id, is_known=bool(sample.reviews))
    if sample.email == COACH:
        promotions.create(session, coach.id, promotions.Draft("WELCOME", percent=10))
    service.approve(session, coach.slug)


def _sell(session: Session, offer: Offer, user_id: UUID, *, is_known: bool) -> None:
    """Coaches whom runners come back to sell packages of their visits."""
    if is_known and offer.minutes and offer.price:
        prices = {visits: less(offer.price, visits, percent) for visits, percent in PACKAGES.items()}
        packages.offer_packages(session, user_id, offer.id, prices)


def _show_all(session: Session) -> None:
    """Let everybody who listens look at the coaches now that they are complete."""
    for coach in coaches.listed(session):
        publish(session, "coach.changed", coach_id=coach.id)
