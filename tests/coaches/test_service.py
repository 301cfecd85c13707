"""What a coach does with her listing, and what the rest of the site hears of it."""

from dataclasses import replace
from uuid import UUID

import pytest
from flask import Flask
from sqlmodel import Session, col, select

from marketplace.coaches import queries, service
from marketplace.coaches.drafts import Certificate, OfferTerms, Profile
from marketplace.coaches.kinds import CoachStatus, OfferKind, Setting
from marketplace.coaches.models import Coach
from marketplace.db import new_id, transaction
from marketplace.errors import Conflict, Forbidden, Invalid, NotFound
from marketplace.jobs import Job, on, run_due
from tests import make

CALL = OfferTerms(
    kind=OfferKind.VIDEO_CALL, title="Form review", price=9500, minutes=30, call_link="https://calls.example/ada"
)
seen: list[UUID] = []


@on("coach.changed")
def _note(session: Session, coach_id: UUID) -> None:
    seen.append(coach_id)


@pytest.fixture
def profile(session: Session) -> Profile:
    return Profile(
        name="Ada Alder",
        headline="Calm hips, quiet feet",
        about="I watch runners from behind.",
        place=str(make.place(session).id),
        languages=("fr", "en"),
        issues=("weak-glutes", "hip-drop"),
        main_issues=("hip-drop",),
        goals=("5k", "10k"),
    )


@pytest.fixture
def coach(session: Session, profile: Profile) -> Coach:
    return service.apply(session, make.user(session).id, profile)


def test_who_applies_has_a_desk_at_once_but_is_not_listed(session: Session, coach: Coach) -> None:
    assert coach.slug == "ada-alder"
    assert (coach.currency, coach.timezone, coach.languages) == ("CAD", "America/Toronto", ["en", "fr"])
    assert coach.status is CoachStatus.APPLIED
    assert queries.listed(session) == []
    assert [(s.issue, s.is_main) for s in queries.specialisms(session, coach.id)] == [
        ("hip-drop", True),
        ("weak-glutes", False),
    ]
    assert queries.goals(session, coach.id) == ["10k", "5k"]
    assert coach.id in seen


def test_only_a_proven_address_may_apply(session: Session, profile: Profile) -> None:
    with pytest.raises(Forbidden, match="address-unverified"):
        service.apply(session, make.user(session, verified_at=None).id, profile)


def test_nobody_is_a_coach_twice(session: Session, coach: Coach, profile: Profile) -> None:
    with pytest.raises(Conflict, match="already-coach"):
        service.apply(session, coach.user_id, profile)


def test_two_coaches_of_one_name_have_two_addresses(session: Session, coach: Coach, profile: Profile) -> None:
    second = service.apply(session, make.user(session).id, profile)
    third = service.apply(session, make.user(session).id, replace(profile, name="Ada Aldér"))
    assert len({coach.slug, second.slug, third.slug}) == 3


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"place": "Nowhere-at-all"}, "place-unknown"),
        ({"issues": ("dragon",)}, "issue-unknown"),
        ({"goals": ("moon",)}, "goal-unknown"),
    ],
)
def test_what_nobody_knows_is_refused(session: Session, profile: Profile, change: dict[str, str], kind: str) -> None:
    with pytest.raises(Invalid, match=kind):
        service.apply(session, make.user(session).id, replace(profile, **change))  # type: ignore[arg-type]


def test_staff_list_her_and_she_may_pause(session: Session, coach: Coach) -> None:
    service.approve(session, "ada-alder")
    assert queries.listed(session) == [coach]
    service.pause(session, coach.user_id)
    assert queries.listed(session) == []
    service.resume(session, coach.user_id)
    assert queries.listed(session) == [coach]
    service.suspend(session, coach.slug)
    assert queries.listed(session) == []
    with pytest.raises(NotFound):
        service.approve(session, "nobody")


def test_a_coach_is_mailed_that_she_is_listed_and_not_when_she_no_longer_is(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        listed, gone = make.coach(session), make.coach(session)
        for coach in (listed, gone):
            service.tell_approved(session, service.approve(session, coach.slug))
        service.suspend(session, gone.slug)
    with app.app_context():
        run_due()
    with app.app_context(), transaction(write=False) as session:
        (mail,) = session.scalars(select(Job).where(col(Job.name) == "mail.send")).all()
        assert f"/coaches/{listed.slug}" in mail.payload["text"] and "approved" in mail.payload["text"]


def test_an_edited_profile_keeps_its_address_and_replaces_the_specialisms(
    session: Session, coach: Coach, profile: Profile
) -> None:
    latitude = coach.latitude = coach.latitude + 0.01
    changed = replace(profile, name="Ada Elm", issues=("itb", "hip-drop"), main_issues=(), goals=())
    service.edit_profile(session, coach.user_id, changed)
    assert (coach.slug, coach.name, coach.latitude) == ("ada-alder", "Ada Elm", latitude)
    assert [s.issue for s in queries.specialisms(session, coach.id)] == ["hip-drop", "itb"]
    make.place(session, id=1, name="Halifax", latitude=44.6, longitude=-63.6, timezone="America/Halifax")
    service.edit_profile(session, coach.user_id, replace(changed, place="1"))
    assert (coach.latitude, coach.timezone) == (44.6, "America/Halifax")


def test_an_offer_is_added_once_edited_and_withdrawn(session: Session, coach: Coach) -> None:
    offer_id = new_id()
    offer = service.add_offer(session, coach.user_id, CALL, offer_id=offer_id)
    assert service.add_offer(session, coach.user_id, CALL, offer_id=offer_id) is offer
    second = service.add_offer(session, coach.user_id, CALL)
    assert queries.offers(session, coach.id) == [offer, second]
    service.edit_offer(session, coach.user_id, offer_id, replace(CALL, price=8000))
    assert offer.cost.amount == 8000
    service.withdraw_offer(session, coach.user_id, offer_id)
    assert queries.offers(session, coach.id) == [second]
    assert queries.offers(session, coach.id, withdrawn=True) == [offer, second]
    with pytest.raises(Conflict, match="offer-withdrawn"):
        service.edit_offer(session, coach.user_id, offer_id, CALL)


def test_an_offers_kind_never_changes(session: Session, coach: Coach) -> None:
    offer = service.add_offer(session, coach.user_id, CALL)
    visit = replace(CALL, kind=OfferKind.IN_PERSON, setting=Setting.TRACK)
    with pytest.raises(Invalid, match="offer-kind"):
        service.edit_offer(session, coach.user_id, offer.id, visit)


def test_what_is_another_coachs_is_not_found(session: Session, coach: Coach) -> None:
    other = make.coach(session)
    offer = make.offer(session, other)
    credential = service.add_credential(session, other.user_id, Certificate(title="Coach", issuer="Club"))
    for attempt in (
        lambda: service.edit_offer(session, coach.user_id, offer.id, CALL),
        lambda: service.withdraw_offer(session, coach.user_id, offer.id),
        lambda: service.add_offer(session, coach.user_id, CALL, offer_id=offer.id),
        lambda: service.remove_credential(session, coach.user_id, credential.id),
    ):
        with pytest.raises(NotFound):
            attempt()


def test_credentials_come_and_go(session: Session, coach: Coach) -> None:
    old = service.add_credential(session, coach.user_id, Certificate(title="Trainer", issuer="Club", year=2009))
    new = service.add_credential(session, coach.user_id, Certificate(title="Coach", issuer="Club", year=2021))
    assert queries.credentials(session, coach.id) == [new, old]
    service.remove_credential(session, coach.user_id, new.id)
    assert queries.credentials(session, coach.id) == [old]


def test_the_currency_follows_the_place_only_while_nothing_is_sold(
    session: Session, coach: Coach, profile: Profile
) -> None:
    london = make.place(session, id=2643743, name="London", region="ENG", country="GB", timezone="Europe/London")
    moved = replace(profile, place=str(london.id))
    offer = service.add_offer(session, coach.user_id, CALL)
    assert service.edit_profile(session, coach.user_id, moved).currency == "CAD"
    service.withdraw_offer(session, coach.user_id, offer.id)
    assert service.edit_profile(session, coach.user_id, moved).currency == "GBP"
    assert service.add_offer(session, coach.user_id, CALL).currency == "GBP" and offer.currency == "CAD"
