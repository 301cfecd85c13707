"""The receipt of a booking, for its runner: that of the order that paid it."""

from uuid import UUID

from flask.typing import ResponseReturnValue

from marketplace.accounts.sessions import me
from marketplace.bookings import queries
from marketplace.bookings.views.blueprint import bp
from marketplace.db import current_session, transaction
from marketplace.errors import NotFound
from marketplace.payments.views import receipts
from marketplace.web.app import own_transaction, reads
from marketplace.web.auth import signed_in


@bp.get("/bookings/<uuid:booking_id>/receipt")
@reads
@signed_in
def receipt(booking_id: UUID) -> ResponseReturnValue:
    """What was paid for it, with its taxes and what went back."""
    return receipts.page(_order_of(booking_id))


@bp.get("/bookings/<uuid:booking_id>/receipt.pdf")
@own_transaction
@signed_in
def receipt_file(booking_id: UUID) -> ResponseReturnValue:
    """The same as a file."""
    with transaction(write=False):
        order_id = _order_of(booking_id)
    return receipts.file(order_id)


def _order_of(booking_id: UUID) -> UUID:
    """The order of her booking. NotFound `receipt` where nothing was to be paid."""
    order_id = queries.visible(current_session(), booking_id, me()).order_id
    if order_id is None:
        raise NotFound("receipt")
    return order_id
