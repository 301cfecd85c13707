"""What other pages show of what is kept: hearts, the strip of coaches seen lately, the forms beside a list.

Each is asked for by the template that shows it, so that a page without it costs nothing.
"""

from collections.abc import Collection

from flask import Response, g, request

from marketplace.accounts.sessions import maybe_me
from marketplace.db import current_session
from marketplace.kept import pocket, queries
from marketplace.kept.addresses import fields_of
from marketplace.kept.queries import Face
from marketplace.kept.views.blueprint import bp
from marketplace.matching.forms import lenient


@bp.app_template_global()
def kept_slugs() -> Collection[str]:
    """The addresses of all coaches whom the visitor keeps: one query for a page, or her cookie."""
    if "kept_slugs" not in g:
        someone = maybe_me()
        g.kept_slugs = queries.kept_slugs(current_session(), someone.id) if someone else frozenset(pocket.kept())
    found: frozenset[str] = g.kept_slugs
    return found


@bp.app_template_global()
def seen_coaches() -> list[Face]:
    """The coaches looked at lately who can be booked, the last one first."""
    return queries.faces(current_session(), pocket.seen(), bookable=True)


@bp.app_template_global()
def search_fields(near: str = "") -> list[tuple[str, str]]:
    """The search of this address as hidden fields; `near` where the address has the place in its path."""
    query = lenient({name: request.args.getlist(name) for name in request.args})
    query.near = query.near or near or None
    return fields_of(query)


@bp.after_app_request
def remember(response: Response) -> Response:
    """A profile that was shown is among those seen lately. It is the browser that remembers, nobody else."""
    if request.endpoint == "matching.profile" and request.method == "GET" and response.status_code == 200:
        pocket.see((request.view_args or {})["slug"])
    pocket.send(response)
    return response
