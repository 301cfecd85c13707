"""Paying a hold: the summary with its terms, the way to Stripe's page and back."""

from decimal import Decimal
from uuid import UUID

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace import clock
from marketplace.accounts.sessions import me
from marketplace.bookings import queries, service
from marketplace.bookings.forms import PainPage, plain
from marketplace.bookings.models import Booking
from marketplace.bookings.states import BookingStatus
from marketplace.bookings.views.blueprint import bp
from marketplace.bookings.views.choosing import pain_choices
from marketplace.db import current_session, transaction
from marketplace.errors import Conflict, NotFound
from marketplace.knowledge import catalogue
from marketplace.money import Money
from marketplace.payments import service as payments
from marketplace.payments.views.returning import page_at_stripe, settle_now
from marketplace.web.app import own_transaction, reads, shown_again, writes
from marketplace.web.auth import signed_in
from marketplace.web.forms import parse
from marketplace.web.languages import absolute_url, language


@bp.get("/bookings/<uuid:booking_id>/payment")
@reads
@signed_in
def payment(booking_id: UUID) -> ResponseReturnValue:
    """What is to be paid, until when the time is held, and what cancelling will cost."""
    session = current_session()
    booking = _mine(booking_id)
    over = payments.was_rejected(session, booking.order_id)
    if over or booking.status not in (BookingStatus.HELD, BookingStatus.EXPIRED):
        return redirect(url_for("bookings.show", booking_id=booking_id))
    together = queries.together(session, booking)
    overlaps = []
    if booking.starts_at and booking.ends_at:
        found = queries.overlapping(session, me().id, booking.starts_at, booking.ends_at, but=booking.id)
        overlaps = list(found)
    return render_template(
        "bookings/payment.html",
        booking=booking,
        parties=queries.parties(session, booking),
        together=together,
        total=Money(sum(each.price for each in together), booking.currency),
        now=clock.now(),
        overlaps=overlaps,
        warnings=warnings_of(booking),
        **pain_choices(),
    )


@bp.post("/bookings/<uuid:booking_id>/pain-screen")
@writes(again=payment)
@signed_in
def screen_pain(booking_id: UUID) -> ResponseReturnValue:
    """Keep the answers about pain, and show the summary."""
    answers = parse(PainPage).screen().model_dump()
    service.answer_pain_screen(current_session(), booking_id, by=me(), answers=answers)
    return redirect(url_for("bookings.payment", booking_id=booking_id), 303)


@bp.post("/bookings/<uuid:booking_id>/payment")
@own_transaction
@signed_in
def pay(booking_id: UUID) -> ResponseReturnValue:
    """To Stripe's page; the hold lives at least as long as that page. What costs nothing is booked here."""
    try:
        return redirect(_checkout(booking_id), 303)
    except Conflict as refusal:
        return shown_again(payment, refusal, booking_id=booking_id)


@bp.get("/bookings/<uuid:booking_id>/payment/done")
@own_transaction
@signed_in
def paid(booking_id: UUID) -> ResponseReturnValue:
    """Back from Stripe: look there whether it was paid, then show the booking."""
    with transaction(write=False):
        _mine(booking_id)
    settle_now(booking_id)
    return redirect(url_for("bookings.show", booking_id=booking_id), 303)


def warnings_of(booking: Booking) -> list[tuple[str, str]]:
    """Signs in the pain screen that want somebody else first: (urgency, line), urgent first."""
    screen = plain(booking.pain_screen)
    flags = catalogue.urgent_first(screen.flags) if screen else []
    return [(flag.urgency, flag.line.in_language(language())) for flag in flags]


def _checkout(booking_id: UUID) -> str:
    fee_percent = Decimal(current_app.extensions["settings"].platform_fee_percent)
    with transaction() as session:
        booking = service.begin_payment(session, booking_id, by=me(), fee_percent=fee_percent)
        order_id, email, spoken, is_booked = booking.order_id, me().email, language(), booking.is_confirmed
    assert order_id is not None  # noqa: S101  (it has one now)
    if is_booked:
        return url_for("bookings.show", booking_id=booking_id)
    done = absolute_url("bookings.paid", in_language=spoken, booking_id=booking_id)
    cancel = absolute_url("bookings.payment", in_language=spoken, booking_id=booking_id)
    return page_at_stripe(order_id, done=done, cancel=cancel, email=email)


def _mine(booking_id: UUID) -> Booking:
    """The booking of the signed-in runner."""
    booking = queries.visible(current_session(), booking_id, me())
    if booking.runner_id != me().id:
        raise NotFound("booking")
    return booking
