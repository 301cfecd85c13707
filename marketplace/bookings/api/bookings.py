"""Bookings under /api/v1: hold, read, cancel, move, the calendar file."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from flask import Response
from pydantic import BaseModel, Field

from marketplace import clock
from marketplace.accounts.sessions import me
from marketplace.bookings import queries, service
from marketplace.bookings.api import refusals
from marketplace.bookings.api.blueprint import bp_api
from marketplace.bookings.forms import CancellationForm, HoldForm, PainScreen, ReschedulingForm
from marketplace.bookings.models import Booking
from marketplace.bookings.states import Actor, BookingStatus
from marketplace.bookings.views import fresh
from marketplace.bookings.views.booking import calendar_file
from marketplace.bookings.views.choosing import hold_for
from marketplace.coaches.kinds import Mode, OfferKind
from marketplace.db import current_session, transaction
from marketplace.errors import Invalid
from marketplace.money import Money
from marketplace.web.api import BEARER, Price, Strict, decode_cursor, encode_cursor
from marketplace.web.app import own_transaction, reads, writes
from marketplace.web.auth import signed_in
from marketplace.web.idempotency import idempotent
from marketplace.web.languages import absolute_url, viewer_zone


class BookingPath(BaseModel):
    """A booking by its id."""

    booking_id: UUID


class PageQuery(Strict):
    """Which part of a long list."""

    limit: int = Field(default=20, ge=1, le=50)
    cursor: str | None = Field(default=None, max_length=200)


class SeriesLine(BaseModel):
    """One visit of a series."""

    id: UUID
    starts_at: datetime


class HoldAnswer(BaseModel):
    """A hold and where it is paid. A free booking is confirmed at once and has nothing to pay.

    A series is the hold of its first visit; `bookings` are all of them, and only a series has them.
    """

    id: UUID
    status: BookingStatus
    payment_url: str | None
    hold_expires_at: datetime | None
    bookings: list[SeriesLine] | None = None


class CoachLine(BaseModel):
    """The coach of a booking."""

    slug: str
    name: str


class CancellationStep(BaseModel):
    """Cancelled by the runner up to `until`, so much comes back; after the last step, nothing. `until` is null for a
    clip review: all comes back until the coach has opened the clip."""

    until: datetime | None
    refund: Price


class BookingAnswer(BaseModel):
    """A booking as one of its two sides sees it. Times are in her own zone.

    `discount` is what a code took off, and left `price`. Paid with a credit, `price` is what that visit is worth.
    """

    id: UUID
    status: BookingStatus
    role: Literal["runner", "coach", "staff"]
    kind: OfferKind
    mode: Mode
    title: str
    offer: UUID
    coach: CoachLine
    runner: str
    starts_at: datetime | None
    ends_at: datetime | None
    due_at: datetime | None
    price: Price
    discount: Price
    paid_with_credit: bool
    issues: list[str]
    goal: str
    note: str
    pain_screen: dict[str, Any] | None
    hold_expires_at: datetime | None
    payment_url: str | None
    cancellation: list[CancellationStep]
    refund_now: Price
    url: str


class BookingsAnswer(BaseModel):
    """Bookings, the newest first."""

    bookings: list[BookingAnswer]
    next_cursor: str | None


@bp_api.post("/bookings", responses={201: HoldAnswer, 409: refusals.gone(series=True)}, security=BEARER)
@writes(first=lambda body: fresh.for_offer(body.offer))
@signed_in
@idempotent
def hold(body: HoldForm) -> tuple[dict[str, Any], int]:
    """Hold a time, or a place for a clip review, until it is paid at `payment_url`; with `repeat` a whole series."""
    held = hold_for(body)
    booking = held[0]
    answer = HoldAnswer(
        id=booking.id,
        status=booking.status,
        payment_url=_payment_url(booking),
        hold_expires_at=_local(booking.hold_expires_at) if booking.is_held else None,
    )
    if body.repeat is not None:
        answer.bookings = [SeriesLine(id=each.id, starts_at=_local(each.starts_at)) for each in held]
    return answer.model_dump(mode="json", exclude=None if answer.bookings else {"bookings"}), 201


@bp_api.get("/bookings", responses={200: BookingsAnswer}, security=BEARER)
@reads
@signed_in
def mine(query: PageQuery) -> dict[str, Any]:
    """My bookings, as runner or as coach."""
    after = _position(query.cursor) if query.cursor else None
    found = queries.mine(current_session(), me(), after=after, limit=query.limit + 1)
    shown = [each.booking for each in found[: query.limit]]
    more = len(found) > query.limit
    cursor = encode_cursor(shown[-1].created_at.isoformat(), str(shown[-1].id)) if more else None
    return {"bookings": [_shown(booking) for booking in shown], "next_cursor": cursor}


@bp_api.get("/bookings/<uuid:booking_id>", responses={200: BookingAnswer}, security=BEARER)
@reads
@signed_in
def show(path: BookingPath) -> dict[str, Any]:
    """One booking of mine."""
    return _shown(queries.visible(current_session(), path.booking_id, me()))


@bp_api.post("/bookings/<uuid:booking_id>/cancellation", responses={200: BookingAnswer}, security=BEARER)
@own_transaction
@signed_in
def cancel(path: BookingPath, body: CancellationForm) -> dict[str, Any]:
    """Cancel a booking by its policy, or give up a hold."""
    with transaction(write=False) as session:
        is_held = queries.visible(session, path.booking_id, me()).is_held
    if is_held:
        service.give_up(path.booking_id, by=me(), reason=body.reason)
    with transaction():
        return idempotent(_shown_by_id if is_held else _cancelled)(path.booking_id, body)


@bp_api.post(
    "/bookings/<uuid:booking_id>/rescheduling",
    responses={200: BookingAnswer, 409: refusals.gone()},
    security=BEARER,
)
@writes(first=lambda path, **_: fresh.for_booking(path.booking_id))
@signed_in
@idempotent
def reschedule(path: BookingPath, body: ReschedulingForm) -> dict[str, Any]:
    """Move a visit to another opening of the same offer; its coach may move `all` who sit in a group visit."""
    verb = service.reschedule_visit if body.who == "all" else service.reschedule
    verb(current_session(), path.booking_id, by=me(), starts_at=body.starts_at)
    return _shown(queries.visible(current_session(), path.booking_id, me()))


@bp_api.put("/bookings/<uuid:booking_id>/pain-screen", responses={200: BookingAnswer}, security=BEARER)
@writes()
@signed_in
def screen_pain(path: BookingPath, body: PainScreen) -> dict[str, Any]:
    """Answer the questions about pain; needed before paying."""
    answers = body.model_dump()
    return _shown(service.answer_pain_screen(current_session(), path.booking_id, by=me(), answers=answers))


@bp_api.get(
    "/bookings/<uuid:booking_id>/calendar.ics",
    responses={200: {"content": {"text/calendar": {"schema": {"type": "string"}}}}},
    security=BEARER,
)
@reads
@signed_in
def calendar(path: BookingPath) -> Response:
    """The visit as an iCalendar file."""
    return calendar_file(path.booking_id)


def _cancelled(booking_id: UUID, body: CancellationForm) -> dict[str, Any]:
    expected = Money(body.refund.amount, body.refund.currency) if body.refund else None
    return _shown(service.cancel(current_session(), booking_id, by=me(), reason=body.reason, expected=expected))


def _shown_by_id(booking_id: UUID, _body: CancellationForm) -> dict[str, Any]:
    return _shown(queries.visible(current_session(), booking_id, me()))


def _shown(booking: Booking) -> dict[str, Any]:
    session, now = current_session(), clock.now()
    parties = queries.parties(session, booking)
    actor = queries.party_in(session, booking, me())
    refund = (
        service.refund_if_cancelled_now(booking, now, actor) if booking.is_confirmed else Money(0, booking.currency)
    )
    times = {name: _local(getattr(booking, name)) for name in ("starts_at", "ends_at", "due_at")}
    plain = ("id", "status", "kind", "mode", "title", "issues", "goal", "note", "pain_screen")
    answer = BookingAnswer(
        **{name: getattr(booking, name) for name in plain},
        **times,
        role="runner" if actor is Actor.RUNNER else "coach" if actor is Actor.COACH else "staff",
        offer=booking.offer_id,
        coach=CoachLine(slug=parties.coach.slug, name=parties.coach.name),
        runner=parties.runner.name,
        price=Price.of(booking.cost),
        discount=Price.of(Money(booking.discount, booking.currency)),
        paid_with_credit=booking.credit_id is not None,
        hold_expires_at=_local(booking.hold_expires_at) if booking.is_held else None,
        payment_url=_payment_url(booking),
        cancellation=[
            CancellationStep(until=_local(step.until), refund=Price.of(booking.cost.percent(step.percent)))
            for step in booking.terms.steps
        ],
        refund_now=Price.of(refund),
        url=absolute_url("bookings.show", booking_id=booking.id),
    )
    return answer.model_dump(mode="json")


def _local(instant: datetime | None) -> datetime | None:
    return None if instant is None else instant.astimezone(viewer_zone())


def _payment_url(booking: Booking) -> str | None:
    return absolute_url("bookings.payment", booking_id=booking.id) if booking.is_held else None


def _position(cursor: str) -> tuple[datetime, UUID]:
    try:
        made_at, number = decode_cursor(cursor)
        instant = datetime.fromisoformat(made_at)
        if instant.tzinfo is None or not 2000 <= instant.year <= 2200:
            raise ValueError("no instant of a booking")
        return instant, UUID(number)
    except (ValueError, TypeError, AttributeError):
        raise Invalid("cursor", field="cursor") from None
