"""What a coach does with her listing: apply, say who she is, sell, pause; and staff's approval.

Each change publishes `coach.changed`.
"""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.coaches import queries
from marketplace.coaches.drafts import Certificate, OfferTerms, Profile, currency_of
from marketplace.coaches.kinds import CoachStatus
from marketplace.coaches.models import Coach, Credential, GoalSpecialism, Offer, Specialism
from marketplace.db import locked, new_id
from marketplace.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.jobs import enqueue, publish
from marketplace.knowledge import catalogue
from marketplace.places import queries as places
from marketplace.places.models import Place
from marketplace.places.names import plain

MOST_OFFERS = 20
MOST_CREDENTIALS = 20
LONGEST_SLUG = 60


def apply(session: Session, user_id: UUID, profile: Profile) -> Coach:
    """Become a coach: her desk opens at once, her listing when staff approve.

    Forbidden `address-unverified`, Conflict `already-coach`, Invalid `place-unknown`.
    """
    user: User | None = locked(session, select(User).where(col(User.id) == user_id))
    if user is None:
        raise NotFound("person")
    if not user.is_verified:
        raise Forbidden("address-unverified")
    if queries.of_user(session, user_id):
        raise Conflict("already-coach")
    place = _place(session, profile.place)
    slug = _free_slug(session, profile.name)
    coach = Coach(
        user_id=user_id,
        slug=slug,
        avatar_seed=slug,
        currency=currency_of(place.country),
        created_at=clock.now(),
        **_said(profile),
        **_whereabouts(place),
    )
    user.is_coach = True
    session.add(coach)
    session.flush()
    _specialise(session, coach, profile)
    return _changed(session, coach)


def edit_profile(session: Session, user_id: UUID, profile: Profile) -> Coach:
    """Change what her page says; its address stays.

    So does the currency while she sells anything: offers are priced in it. Who sells nothing has that of her place.
    """
    coach = queries.locked(session, user_id)
    place = _place(session, profile.place)
    said = _said(profile) | (_whereabouts(place) if place.id != coach.place_id else {})
    for name, value in said.items():
        setattr(coach, name, value)
    if not queries.offers(session, coach.id):
        coach.currency = currency_of(place.country)
    _specialise(session, coach, profile)
    return _changed(session, coach)


def add_credential(session: Session, user_id: UUID, certificate: Certificate) -> Credential:
    """Name a certificate; shown as checked only once staff have seen proof."""
    coach = queries.locked(session, user_id)
    if len(queries.credentials(session, coach.id)) >= MOST_CREDENTIALS:
        raise Conflict("too-many-credentials", most=MOST_CREDENTIALS)
    credential = Credential(coach_id=coach.id, **asdict(certificate))
    session.add(credential)
    _changed(session, coach)
    return credential


def remove_credential(session: Session, user_id: UUID, credential_id: UUID) -> None:
    """Take a certificate off the page."""
    coach = queries.locked(session, user_id)
    credential = session.get(Credential, credential_id)
    if credential is None or credential.coach_id != coach.id:
        raise NotFound("credential")
    session.delete(credential)
    _changed(session, coach)


def add_offer(session: Session, user_id: UUID, terms: OfferTerms, *, offer_id: UUID | None = None) -> Offer:
    """Sell something new. The same `offer_id` again is the same offer."""
    coach = queries.locked(session, user_id)
    if offer_id and (known := session.get(Offer, offer_id)):
        return _own(known, coach)
    mine = queries.offers(session, coach.id)
    if len(mine) >= MOST_OFFERS:
        raise Conflict("too-many-offers", most=MOST_OFFERS)
    last = max((offer.position for offer in mine), default=-1)
    values = asdict(terms) | {"coach_id": coach.id, "currency": coach.currency, "position": last + 1}
    offer = Offer(id=offer_id or new_id(), **values)
    session.add(offer)
    _changed(session, coach)
    return offer


def edit_offer(session: Session, user_id: UUID, offer_id: UUID, terms: OfferTerms) -> Offer:
    """Change an offer from now on; what is booked stays as it was agreed. Its kind can't change."""
    coach = queries.locked(session, user_id)
    offer = _own(queries.offer(session, offer_id), coach)
    if not offer.is_sold:
        raise Conflict("offer-withdrawn")
    if terms.kind != offer.kind:
        raise Invalid("offer-kind", field="kind")
    for name, value in asdict(terms).items():
        setattr(offer, name, value)
    _changed(session, coach)
    return offer


def withdraw_offer(session: Session, user_id: UUID, offer_id: UUID) -> Offer:
    """Sell it no longer; what is booked goes on."""
    coach = queries.locked(session, user_id)
    offer = _own(queries.offer(session, offer_id), coach)
    if offer.withdrawn_at is None:
        offer.withdrawn_at = clock.now()
        _changed(session, coach)
    return offer


def approve(session: Session, slug: str) -> Coach:
    """Staff: list her."""
    coach = queries.by_slug(session, slug)
    coach.status = CoachStatus.APPROVED
    return _changed(session, coach)


def tell_approved(session: Session, coach: Coach) -> None:
    """Mail her that runners find her now."""
    enqueue(session, "coaches.mail_approved", coach_id=coach.id)


def suspend(session: Session, slug: str) -> Coach:
    """Staff: take her off the list until approved again; what is booked goes on."""
    coach = queries.by_slug(session, slug)
    coach.status = CoachStatus.SUSPENDED
    return _changed(session, coach)


def pause(session: Session, user_id: UUID) -> Coach:
    """Take no new bookings for a while; what is booked goes on."""
    coach = queries.locked(session, user_id)
    coach.paused_at = coach.paused_at or clock.now()
    return _changed(session, coach)


def resume(session: Session, user_id: UUID) -> Coach:
    """Take bookings again."""
    coach = queries.locked(session, user_id)
    coach.paused_at = None
    return _changed(session, coach)


def check_buyer(by: User, coach: Coach) -> None:
    """Forbidden `address-not-verified` or `own-offer` for who can buy nothing of a coach."""
    if not by.is_verified:
        raise Forbidden("address-not-verified")
    if coach.user_id == by.id:
        raise Forbidden("own-offer")


def _changed(session: Session, coach: Coach) -> Coach:
    session.flush()
    publish(session, "coach.changed", coach_id=coach.id)
    return coach


def _own(offer: Offer, coach: Coach) -> Offer:
    if offer.coach_id != coach.id:
        raise NotFound("offer")
    return offer


def _said(profile: Profile) -> dict[str, Any]:
    """The columns of Coach that her profile decides."""
    return {
        "name": profile.name,
        "headline": profile.headline,
        "about": profile.about,
        "gender": profile.gender,
        "languages": sorted(profile.languages),
        "travel_km": profile.travel_km,
    }


def _whereabouts(place: Place) -> dict[str, Any]:
    """The columns of Coach that her place decides."""
    return {
        "place_id": place.id,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "timezone": place.timezone,
    }


def _place(session: Session, text: str) -> Place:
    place = places.resolve(session, text)
    if place is None:
        near = [f"{found.name}, {found.region}" for found in places.suggest(session, text, limit=3)]
        raise Invalid("place-unknown", field="place", near=text, suggestions=near)
    return place


def _specialise(session: Session, coach: Coach, profile: Profile) -> None:
    """Replace what she fixes and prepares for. Invalid `issue-unknown` or `goal-unknown`."""
    known = catalogue.issue_ids(), {distance.id for distance in catalogue.all_distances()}
    if set(profile.issues) - set(known[0]):
        raise Invalid("issue-unknown", field="issues")
    if set(profile.goals) - known[1]:
        raise Invalid("goal-unknown", field="goals")
    for table in (Specialism, GoalSpecialism):
        session.execute(delete(table).where(col(table.coach_id) == coach.id))
    main = profile.main_issues
    rows = [Specialism(coach_id=coach.id, issue=issue, is_main=issue in main) for issue in profile.issues]
    session.add_all([*rows, *(GoalSpecialism(coach_id=coach.id, goal=goal) for goal in profile.goals)])


def _free_slug(session: Session, name: str) -> str:
    """An address for her page from her name: "ada-alder", or "ada-alder-2" where that is taken."""
    base = plain(name).replace(" ", "-")[:LONGEST_SLUG].strip("-") or "coach"
    number = session.scalar(select(func.count()).where(col(Coach.slug).startswith(base, autoescape=True))) or 0
    slug = base if not number else f"{base}-{number + 1}"
    while session.scalar(select(col(Coach.id)).where(col(Coach.slug) == slug)):
        number += 1
        slug = f"{base}-{number + 1}"
    return slug
