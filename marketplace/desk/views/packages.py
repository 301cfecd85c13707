"""Which packages of an offer a coach sells, and which runners have visits left with her."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.sessions import me
from marketplace.coaches import queries as coaches
from marketplace.db import current_session
from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.shared import my_coach
from marketplace.errors import NotFound
from marketplace.packages import queries, service
from marketplace.packages.forms import PackagesPage
from marketplace.packages.rules import SIZES, is_dearer
from marketplace.web.app import reads, writes
from marketplace.web.auth import role
from marketplace.web.forms import parse


@bp.get("/coach/offers/<uuid:offer_id>/packages")
@reads
@role("coach")
def packages(offer_id: UUID) -> ResponseReturnValue:
    """The form: a price for each size, or none."""
    coach, offer = my_coach(), coaches.offer(current_session(), offer_id)
    if offer.coach_id != coach.id:
        raise NotFound("offer")
    made = {each.visits: each.price for each in queries.deals(current_session(), offer_id)}
    return render_template(
        "desk/packages.html",
        coach=coach,
        offer=offer,
        sizes=SIZES,
        prices={visits: f"{price / 100:.2f}" for visits, price in made.items()},
        dearer=[visits for visits, price in made.items() if is_dearer(offer.price, visits, price)],
    )


@bp.post("/coach/offers/<uuid:offer_id>/packages")
@writes(again=packages)
@role("coach")
def set_packages(offer_id: UUID) -> ResponseReturnValue:
    """Sell these from now on."""
    offer = coaches.offer(current_session(), offer_id)
    prices = parse(PackagesPage).prices(offer.price)
    sold = service.offer_packages(current_session(), me().id, offer_id, prices)
    said = _("Saved. Runners find the packages beside the offer.") if sold else _("Saved. It is sold visit by visit.")
    flash(said, "good")
    return redirect(url_for("desk.offers"), 303)


@bp.get("/coach/offers/credits")
@reads
@role("coach")
def credits() -> ResponseReturnValue:
    """Who has visits left with her, and until when."""
    coach = my_coach()
    return render_template("desk/credits.html", coach=coach, left=queries.of_coach(current_session(), coach.id))
