"""A runner's packages: all of them, one with its visits, and unused visits given back."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.sessions import me
from marketplace.db import current_session
from marketplace.errors import Conflict
from marketplace.packages import queries, service
from marketplace.packages.states import PackageStatus
from marketplace.packages.views.blueprint import bp
from marketplace.packages.views.buying import checkout
from marketplace.payments import service as payments
from marketplace.web.app import own_transaction, reads, shown_again, writes
from marketplace.web.auth import signed_in
from marketplace.web.filters import money


@bp.get("/account/credits")
@reads
@signed_in
def credits() -> ResponseReturnValue:
    """What she has bought: with visits left first, then what is used up or over."""
    found = queries.of_runner(current_session(), me().id)
    left = [each for each in found if each.package.is_active and each.left]
    over = [each for each in found if each not in left]
    return render_template("packages/mine.html", left=left, over=over[::-1])


@bp.get("/packages/<uuid:package_id>")
@reads
@signed_in
def show(package_id: UUID) -> ResponseReturnValue:
    """One package: what is left, until when, what each visit was used for."""
    session = current_session()
    held = queries.mine(session, package_id, me().id)
    waiting = held.package.status == PackageStatus.WAITING
    rejected = payments.was_rejected(session, held.package.order_id)
    return render_template("packages/show.html", held=held, package=held.package, waiting=waiting, rejected=rejected)


@bp.post("/packages/<uuid:package_id>/payment")
@own_transaction
@signed_in
def pay(package_id: UUID) -> ResponseReturnValue:
    """To Stripe's page once more, for who came back without paying."""
    try:
        return redirect(checkout(package_id), 303)
    except Conflict as refusal:
        return shown_again(show, refusal, package_id=package_id)


@bp.post("/packages/<uuid:package_id>/refund")
@writes(again=show)
@signed_in
def give_back(package_id: UUID) -> ResponseReturnValue:
    """All unused visits go back to her card."""
    given = service.return_unused(current_session(), package_id, by=me())
    flash(_("%(money)s goes back to your card. Banks take up to ten days to show it.", money=money(given)), "good")
    return redirect(url_for("packages.show", package_id=package_id), 303)


@bp.get("/packages/<uuid:package_id>/times")
@reads
@signed_in
def book(package_id: UUID) -> ResponseReturnValue:
    """Where a visit of it is booked: the offer's times, or the booking page of what has no fixed hour."""
    held = queries.mine(current_session(), package_id, me().id)
    offer, slug = held.offer, held.coach.slug
    if offer.minutes:
        return redirect(url_for("matching.openings", slug=slug, offer_id=offer.id))
    return redirect(url_for("bookings.new", slug=slug, offer=offer.id))
