"""What a coach sells: her offers, listed, made, changed, withdrawn."""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.sessions import me
from marketplace.coaches import queries, service
from marketplace.coaches.drafts import OfferTerms, currency_of
from marketplace.coaches.forms import OFFER_FORMS
from marketplace.coaches.kinds import OfferKind, Setting
from marketplace.coaches.models import Coach, Offer
from marketplace.db import current_session, new_id
from marketplace.desk.forms import NewOffer
from marketplace.desk.views import addresses
from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.shared import my_coach
from marketplace.errors import Invalid, NotFound
from marketplace.matching.wording import what_is_sold
from marketplace.places.models import Place
from marketplace.scheduling import queries as calendars
from marketplace.web.app import reads, writes
from marketplace.web.auth import role
from marketplace.web.forms import parse


@bp.get("/coach/offers")
@reads
@role("coach")
def offers() -> ResponseReturnValue:
    """What she sells now, and what she no longer sells."""
    coach = my_coach()
    found = queries.offers(current_session(), coach.id, withdrawn=True)
    return render_template(
        "desk/offers.html",
        coach=coach,
        sold_as={offer.id: what_is_sold(offer) for offer in found},
        sold=[offer for offer in found if offer.is_sold],
        withdrawn=[offer for offer in found if not offer.is_sold],
        local_currency=currency_of(current_session().get_one(Place, coach.place_id).country),
    )


@bp.get("/coach/offers/new")
@reads
@role("coach")
def new_offer() -> ResponseReturnValue:
    """First which kind it is, then the form for that kind (`?kind=`)."""
    coach, chosen = my_coach(), request.values.get("kind", "")
    if chosen not in list(OfferKind):
        return render_template("desk/new_offer.html", coach=coach)
    return _form(coach, OfferKind(chosen), None)


@bp.post("/coach/offers")
@writes(again=new_offer, first=addresses.look_up)
@role("coach")
def add_offer() -> ResponseReturnValue:
    """Sell something new."""
    new = parse(NewOffer)
    terms = _known(parse(OFFER_FORMS[new.kind]).terms(new.kind))
    service.add_offer(current_session(), me().id, terms, offer_id=new.id)
    addresses.warn(my_coach())
    flash(_("“%(title)s” is on your page.", title=terms.title), "good")
    return redirect(url_for("desk.offers"), 303)


@bp.get("/coach/offers/<uuid:offer_id>")
@reads
@role("coach")
def offer(offer_id: UUID) -> ResponseReturnValue:
    """The form of one offer."""
    coach = my_coach()
    found = _mine(coach, offer_id)
    return _form(coach, found.kind, found)


@bp.post("/coach/offers/<uuid:offer_id>")
@writes(again=offer, first=addresses.look_up)
@role("coach")
def edit_offer(offer_id: UUID) -> ResponseReturnValue:
    """Change it from now on; what is booked stays as agreed."""
    known = _mine(my_coach(), offer_id)
    kind, address = known.kind, known.exact_address
    terms = _known(parse(OFFER_FORMS[kind]).terms(kind))
    service.edit_offer(current_session(), me().id, offer_id, terms)
    addresses.warn(my_coach(), address)
    flash(_("Saved. What is booked already stays as it was agreed."), "good")
    return redirect(url_for("desk.offers"), 303)


@bp.post("/coach/offers/<uuid:offer_id>/withdrawal")
@writes()
@role("coach")
def withdraw_offer(offer_id: UUID) -> ResponseReturnValue:
    """Sell it no longer."""
    gone = service.withdraw_offer(current_session(), me().id, offer_id)
    flash(_("“%(title)s” can't be booked any more. What is booked goes on.", title=gone.title), "good")
    return redirect(url_for("desk.offers"), 303)


def _mine(coach: Coach, offer_id: UUID) -> Offer:
    found = queries.offer(current_session(), offer_id)
    if found.coach_id != coach.id:
        raise NotFound("offer")
    return found


def _known(terms: OfferTerms) -> OfferTerms:
    """Invalid `schedule-unknown` where the offer names a schedule that she has not."""
    if terms.schedule and terms.schedule not in [number for number, _name in _schedules(my_coach())]:
        raise Invalid("schedule-unknown", field="schedule")
    return terms


def _schedules(coach: Coach) -> list[tuple[int, str]]:
    """Whose hours an offer may have: (number, name); none where she has the usual week alone."""
    beside = [(each.number, each.name) for each in calendars.schedules(current_session(), coach.id)]
    return [(calendars.USUAL, _("every week, and seasons")), *beside] if beside else []


def _form(coach: Coach, kind: OfferKind, known: Offer | None) -> str:
    settings = {
        Setting.OUTDOORS: _("Outdoors"),
        Setting.TRACK: _("On a track"),
        Setting.INDOORS: _("Indoors"),
        Setting.TREADMILL: _("On a treadmill"),
    }
    return render_template(
        "desk/offer.html",
        coach=coach,
        kind=kind.value,
        offer=known,
        new_id=new_id(),
        price=f"{known.price / 100:.2f}" if known else "",
        schedules=_schedules(coach),
        settings=[(setting.value, name) for setting, name in settings.items()],
    )
