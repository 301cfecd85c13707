"""Offers made, changed and withdrawn at the desk."""

from typing import Any
from uuid import uuid4

from marketplace.coaches import queries
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Offer
from tests import make
from tests.bookings.world import sign_in
from tests.desk.conftest import Desk

CALL = {"kind": "video-call", "title": "Thirty minutes", "price": "95.00", "minutes": "30"}
CALL |= {"call_link": "https://call.example/room"}
VISIT = {"kind": "in-person", "title": "At the track", "price": "120,50", "minutes": "60", "setting": "track"}
VISIT |= {"meeting_point": "The west gate", "exact_address": "1 Track Road", "bad_weather": "We go indoors"}
REVIEW = {"kind": "clip-review", "title": "Your clip", "price": "0", "turnaround_hours": "48", "weekly_places": "3"}


def sold(desk: Desk) -> list[Offer]:
    with desk.rows() as session:
        return queries.offers(session, desk.coach.id)


def test_the_kind_is_chosen_first_and_each_kind_asks_for_what_is_its_own(desk: Desk) -> None:
    chooser = desk.browser.get("/coach/offers/new?kind=handstand").text
    for kind in OfferKind:
        assert f"kind={kind.value}" in chooser
    asks = {"clip-review": "turnaround_hours", "video-call": "call_link", "in-person": "bad_weather"}
    for kind, field in asks.items():
        page = desk.browser.get(f"/coach/offers/new?kind={kind}").text
        assert [other for other in asks.values() if f'name="{other}"' in page] == [field]


def test_an_offer_of_each_kind_is_made_and_a_second_press_is_the_same_one(desk: Desk) -> None:
    for sent in (CALL, VISIT, REVIEW):
        form: dict[str, Any] = sent | {"id": uuid4()}
        for _ in range(2):
            assert desk.browser.post("/coach/offers", data=form).location == "/coach/offers"
    made = {offer.title: offer for offer in sold(desk)}
    assert len(made) == 5
    assert made["Thirty minutes"].price == 9500 and made["At the track"].price == 12050
    assert made["Your clip"].price == 0 and made["Your clip"].turnaround_hours == 48
    assert "$120.50" in desk.browser.get("/coach/offers").text


def test_a_refused_offer_keeps_what_was_typed(desk: Desk) -> None:
    bad = VISIT | {"id": uuid4(), "price": "a lot", "minutes": "33", "bad_weather": ""}
    answer = desk.browser.post("/coach/offers", data=bad)
    assert answer.status_code == 422
    for said in ("such as 95", "steps of 5", "weather is bad", 'value="At the track"', 'value="a lot"'):
        assert said in answer.text
    assert len(sold(desk)) == 2
    assert desk.browser.post("/coach/offers", data={"kind": "handstand"}).status_code == 422


def test_an_offer_is_changed_from_its_form(desk: Desk) -> None:
    path = f"/coach/offers/{desk.call.id}"
    assert 'value="95.00"' in desk.browser.get(path).text
    changed = CALL | {"title": "Longer", "minutes": "45", "no_same_day": "yes", "kind": "in-person"}
    assert desk.browser.post(path, data=changed).status_code == 303
    offer = next(offer for offer in sold(desk) if offer.id == desk.call.id)
    assert (offer.title, offer.minutes, offer.no_same_day) == ("Longer", 45, True)
    assert offer.kind is OfferKind.VIDEO_CALL


def test_a_withdrawn_offer_is_listed_apart_and_stays_as_it_was(desk: Desk) -> None:
    path = f"/coach/offers/{desk.call.id}"
    assert desk.browser.post(f"{path}/withdrawal").status_code == 303
    assert [offer.id for offer in sold(desk)] == [desk.review.id]
    assert "1 withdrawn offer" in desk.browser.get("/coach/offers").text
    assert desk.browser.post(path, data=CALL).status_code == 409


def test_another_coachs_offer_is_not_found(desk: Desk) -> None:
    with desk.rows() as session:
        other = make.coach(session)
        stranger = session.get_one(type(desk.person), other.user_id)
    browser = sign_in(desk.app.test_client(), stranger)
    path = f"/coach/offers/{desk.call.id}"
    assert browser.get(path).status_code == 404
    assert browser.post(path, data=CALL).status_code == 404
    assert browser.post(f"{path}/withdrawal").status_code == 404
    assert sold(desk)[0].title == "Live look"
