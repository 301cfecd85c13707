"""Orders: found by whatever one has of them, and told whole."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from marketplace.admin import queries
from marketplace.admin.forms import SearchQuery
from marketplace.admin.views import words
from marketplace.admin.views.blueprint import bp
from marketplace.db import current_session
from marketplace.web.app import reads
from marketplace.web.auth import role
from marketplace.web.forms import parse_query


@bp.get("/orders")
@reads
@role("staff")
def orders() -> ResponseReturnValue:
    """The newest, or those that are looked for."""
    wanted = parse_query(SearchQuery).q
    return render_template("admin/orders.html", orders=queries.found_orders(current_session(), wanted), wanted=wanted)


@bp.get("/orders/<uuid:order_id>")
@reads
@role("staff")
def order(order_id: UUID) -> ResponseReturnValue:
    """Its money, its history, and what it bought."""
    return render_template("admin/order.html", told=queries.told(current_session(), order_id), words=words)
