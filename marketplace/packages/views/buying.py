"""Buying a package: its terms, the way to Stripe's page and back."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from flask import current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from marketplace import clock
from marketplace.accounts.sessions import me
from marketplace.coaches import queries as coaches
from marketplace.coaches.models import Offer
from marketplace.db import current_session, new_id, transaction
from marketplace.errors import Conflict, Invalid, NotFound
from marketplace.money import Money
from marketplace.packages import queries, service
from marketplace.packages.forms import BuyPage
from marketplace.packages.models import Deal
from marketplace.packages.rules import ends_at, saved_percent, values
from marketplace.packages.views.blueprint import bp
from marketplace.payments.views.returning import page_at_stripe, settle_now
from marketplace.web.app import own_transaction, reads, shown_again
from marketplace.web.auth import public, signed_in
from marketplace.web.forms import parse
from marketplace.web.languages import absolute_url, language


@bp.app_template_global()
def packages_of(offer_ids: Sequence[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """The packages of each of these offers that are sold, for its coach's page and the booking page."""
    found: dict[UUID, list[dict[str, Any]]] = {each: [] for each in offer_ids}
    for deal, offer in queries.deals_of(current_session(), offer_ids):
        found[offer.id].append(_shown(deal, offer))
    return found


@bp.get("/packages/new/<uuid:deal_id>")
@reads
@public
def new(deal_id: UUID) -> ResponseReturnValue:
    """What a package is, costs and binds to, before anything is paid."""
    session, now = current_session(), clock.now()
    deal = queries.deal(session, deal_id)
    offer = session.get_one(Offer, deal.offer_id)
    coach = coaches.by_id(session, offer.coach_id)
    if not offer.is_sold or not coach.is_listed:
        raise NotFound("package")
    return render_template(
        "packages/new.html",
        deal=_shown(deal, offer),
        offer=offer,
        coach=coach,
        expires_at=ends_at(now),
        package_id=new_id(),
    )


@bp.post("/packages/new/<uuid:deal_id>")
@own_transaction
@signed_in
def buy(deal_id: UUID) -> ResponseReturnValue:
    """Order it, and go to Stripe's page."""
    try:
        form = parse(BuyPage)
        fee_percent = Decimal(current_app.extensions["settings"].platform_fee_percent)
        price = Money(form.amount, form.currency)
        with transaction() as session:
            service.buy(session, package_id=form.id, deal_id=deal_id, by=me(), fee_percent=fee_percent, price=price)
        return redirect(checkout(form.id), 303)
    except (Invalid, Conflict) as refusal:
        return shown_again(new, refusal, deal_id=deal_id)


@bp.get("/packages/<uuid:package_id>/payment/done")
@own_transaction
@signed_in
def paid(package_id: UUID) -> ResponseReturnValue:
    """Back from Stripe: look there whether it was paid, then show the package."""
    settle_now(package_id)
    return redirect(url_for("packages.show", package_id=package_id), 303)


def checkout(package_id: UUID) -> str:
    """The address of Stripe's page for a package of the signed-in runner. Its own transactions."""
    with transaction(write=False) as session:
        package = service.begin_payment(session, package_id, by=me())
        order_id, email, spoken = package.order_id, me().email, language()
    done = absolute_url("packages.paid", in_language=spoken, package_id=package_id)
    cancel = absolute_url("packages.show", in_language=spoken, package_id=package_id)
    return page_at_stripe(order_id, done=done, cancel=cancel, email=email)


def _shown(deal: Deal, offer: Offer) -> dict[str, Any]:
    """A package in the words of a page; `each` is what one of its visits costs, the cheapest where odd cents differ."""
    return {
        "visits": deal.visits,
        "price": Money(deal.price, offer.currency),
        "each": Money(values(deal.price, deal.visits)[-1], offer.currency),
        "saved_percent": saved_percent(offer.price, deal.visits, deal.price),
        "id": deal.id,
    }
