"""The page on which a runner gives a tip for a session that is done."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.sessions import me
from marketplace.bookings import queries as bookings
from marketplace.db import current_session, transaction
from marketplace.errors import Conflict, Invalid
from marketplace.money import Money
from marketplace.payments import service as payments
from marketplace.payments.views.returning import page_at_stripe, settle_now
from marketplace.tips import queries, service
from marketplace.tips.forms import AMOUNTS, TipForm
from marketplace.tips.models import Tip
from marketplace.web.app import own_transaction, reads, shown_again
from marketplace.web.auth import signed_in
from marketplace.web.errors import words
from marketplace.web.filters import money
from marketplace.web.forms import parse
from marketplace.web.languages import absolute_url, language

bp = Blueprint("tips", __name__)
words(
    {
        "runners-tip": lambda **_f: _("Only the runner who had this session can give a tip."),
        "tip-not-yet": lambda **_f: _("You can give a tip once the session is done."),
        "tipped-already": lambda **_f: _("You have given a tip for this session already. Nothing was charged again."),
        "tip-impossible": lambda **_f: _("This coach can't be paid at the moment. Nothing was charged."),
        "tip-amount": lambda **_f: _("Please give an amount from 1 to 500."),
        "tip-waits": lambda **_f: _("Another amount waits to be paid. Please try again."),
    }
)


@bp.app_template_global()
def tip_of(booking_id: UUID) -> Tip | None:
    """The tip that was given for a session, for its page."""
    tip = queries.of_booking(current_session(), booking_id)
    return tip if tip and tip.is_paid else None


@bp.get("/bookings/<uuid:booking_id>/tip")
@reads
@signed_in
def new(booking_id: UUID) -> ResponseReturnValue:
    """The form, or what was given."""
    session = current_session()
    booking = bookings.visible(session, booking_id, me())
    given = tip_of(booking_id)
    if given is None:
        service.may_tip(session, booking_id, by=me())
    return render_template(
        "tips/new.html",
        parties=bookings.parties(session, booking),
        given=given,
        amounts=[(str(each), money(Money(each, booking.currency))) for each in AMOUNTS],
    )


@bp.post("/bookings/<uuid:booking_id>/tip")
@own_transaction
@signed_in
def give(booking_id: UUID) -> ResponseReturnValue:
    """To Stripe's page. Another amount that waits to be paid is let go first."""
    try:
        amount = parse(TipForm).amount
        _let_go_other(booking_id, amount)
        return redirect(_checkout(booking_id, amount), 303)
    except (Invalid, Conflict) as refusal:
        return shown_again(new, refusal, booking_id=booking_id)


@bp.get("/bookings/<uuid:booking_id>/tip/done")
@own_transaction
@signed_in
def done(booking_id: UUID) -> ResponseReturnValue:
    """Back from Stripe: look there whether it was paid, then show the session."""
    settle_now(booking_id)
    return redirect(url_for("bookings.show", booking_id=booking_id), 303)


def _let_go_other(booking_id: UUID, amount: int) -> None:
    with transaction(write=False) as session:
        bookings.visible(session, booking_id, me())
        waiting = queries.of_booking(session, booking_id)
    if waiting is None or waiting.is_paid or waiting.amount == amount:
        return
    if payments.abandon(waiting.order_id):
        with transaction() as session:
            service.lapse(session, waiting.order_id)


def _checkout(booking_id: UUID, amount: int) -> str:
    with transaction() as session:
        tip = service.open_tip(session, booking_id, by=me(), amount=amount)
        order_id, email, spoken = tip.order_id, me().email, language()
    done_url = absolute_url("tips.done", in_language=spoken, booking_id=booking_id)
    cancel = absolute_url("tips.new", in_language=spoken, booking_id=booking_id)
    return page_at_stripe(order_id, done=done_url, cancel=cancel, email=email)
