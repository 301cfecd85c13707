"""What makes a booking cheaper, on its pages: a promotion code tried, the visits of a package."""

from typing import Any
from uuid import UUID

from flask import g, request

from marketplace import clock
from marketplace.accounts.sessions import maybe_me, me
from marketplace.bookings.views.blueprint import bp
from marketplace.coaches.models import Offer
from marketplace.db import current_session
from marketplace.errors import DomainError
from marketplace.money import Money
from marketplace.packages import queries as packages
from marketplace.packages.models import Package
from marketplace.promotions import service as promotions
from marketplace.web.errors import word


def ways_to_pay(offer: Offer) -> dict[str, Any]:
    """For the booking page: the runner's package of this offer, and the price that a typed code leaves.

    A code that can't be used is said beside its field.
    """
    someone = maybe_me()
    credits = packages.usable(current_session(), someone.id, offer.id, clock.now()) if someone else None
    return {"credits": credits, "quoted": _quoted(offer)}


def _quoted(offer: Offer) -> Money | None:
    code = (request.form if request.method == "POST" else request.args).get("code", "")
    someone = maybe_me()
    if not code.strip() or someone is None or not offer.price:
        return None
    try:
        off = promotions.quote(current_session(), code[:100], offer, someone.id)
    except DomainError as refusal:
        g.errors = {"code": word(refusal)} | g.get("errors", {})
        return None
    return offer.cost - Money(off, offer.currency)


@bp.app_template_global()
def credit_of(booking_id: UUID) -> packages.Held | None:
    """The package whose visit pays for a booking; None once the visit went back to it."""
    session = current_session()
    credit = packages.credit_of(session, booking_id)
    return packages.held(session, session.get_one(Package, credit.package_id)) if credit else None


@bp.app_template_global()
def visits_left() -> int:
    """How many paid visits the signed-in runner can still book."""
    return sum(each.left for each in packages.of_runner(current_session(), me().id) if each.is_usable)
