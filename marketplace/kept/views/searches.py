"""Saved searches: the list, saving one from its results, and what can be done with each."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.sessions import maybe_me, me
from marketplace.db import current_session
from marketplace.errors import Conflict
from marketplace.kept import queries, service
from marketplace.kept.addresses import address_of, fields_of, query_of
from marketplace.kept.forms import NameForm
from marketplace.kept.models import MOST_NAME, SavedSearch
from marketplace.kept.views.blueprint import bp
from marketplace.matching.forms import PageQuery, lenient
from marketplace.matching.views import chips
from marketplace.matching.views.told import Told
from marketplace.web.app import reads, writes
from marketplace.web.auth import public, signed_in
from marketplace.web.errors import word
from marketplace.web.forms import parse

Chip = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Shown:
    """A saved search with what it asks for in words; `is_lost`: its place means nothing to us any more."""

    search: SavedSearch
    chips: list[Chip]
    url: str
    is_lost: bool


@bp.get("/searches")
@reads
@signed_in
def searches(search_id: UUID | None = None) -> str:
    """Her saved searches; `search_id` is the one whose form is shown again."""
    session = current_session()
    mine = [_shown(session, each) for each in queries.of_person(session, me().id)]
    return render_template("kept/searches.html", searches=mine, removed=_removed(), again=search_id)


@bp.get("/searches/new")
@reads
@signed_in
def new() -> ResponseReturnValue:
    """The search of the address, to be saved by a button: where somebody comes who had to sign in first."""
    session = current_session()
    query = lenient({name: request.args.getlist(name) for name in request.args})
    if not fields_of(query):
        return redirect(url_for("kept.searches"))
    return render_template("kept/new_search.html", fields=fields_of(query), chips=_chips(session, query))


@bp.post("/searches")
@writes()
@public
def save() -> ResponseReturnValue:
    """Save the search of the form. Who is not signed in goes there first, and finds the search again after."""
    session, someone = current_session(), maybe_me()
    query = lenient({name: request.form.getlist(name) for name in request.form})
    address = address_of(query)
    if someone is None:
        return redirect(url_for("accounts.sign_in", next=f"{url_for('kept.new')}?{address}"), 303)
    try:
        service.save(session, someone.id, address=address, name=_in_words(session, query))
    except Conflict as refusal:
        flash(word(refusal), "warn")
    else:
        _say_saved(is_verified=someone.is_verified)
    return redirect(url_for("kept.searches"), 303)


@bp.post("/searches/<uuid:search_id>/name")
@writes(again=searches)
@signed_in
def rename(search_id: UUID) -> ResponseReturnValue:
    """Call it something else."""
    service.rename(current_session(), search_id, by=me().id, name=parse(NameForm).name)
    flash(_("Saved."), "good")
    return redirect(url_for("kept.searches"), 303)


@bp.post("/searches/<uuid:search_id>/pause")
@writes()
@signed_in
def pause(search_id: UUID) -> ResponseReturnValue:
    """No mails for now."""
    service.pause(current_session(), search_id, by=me().id)
    flash(_("No mails about this search for now."), "good")
    return redirect(url_for("kept.searches"), 303)


@bp.post("/searches/<uuid:search_id>/resumption")
@writes()
@signed_in
def resume(search_id: UUID) -> ResponseReturnValue:
    """Mails again."""
    service.resume(current_session(), search_id, by=me().id)
    flash(_("We write to you again when a new coach fits."), "good")
    return redirect(url_for("kept.searches"), 303)


@bp.post("/searches/<uuid:search_id>/removal")
@writes()
@signed_in
def remove(search_id: UUID) -> ResponseReturnValue:
    """Delete it; the list offers an undo."""
    service.remove(current_session(), search_id, by=me().id)
    return redirect(url_for("kept.searches", removed=search_id), 303)


@bp.post("/searches/<uuid:search_id>/restoration")
@writes(again=searches)
@signed_in
def restore(search_id: UUID) -> ResponseReturnValue:
    """Undo that."""
    service.restore(current_session(), search_id, by=me().id)
    flash(_("It is back."), "good")
    return redirect(url_for("kept.searches"), 303)


def _shown(session: Session, search: SavedSearch) -> Shown:
    asked = queries.asked(session, query_of(search.address), clock.now())
    url = f"{url_for('matching.results')}?{search.address}"
    return Shown(search, _chips(session, asked.query), url, asked.is_lost)


def _chips(session: Session, query: PageQuery) -> list[Chip]:
    """What it asks for, as the results say it."""
    place = queries.asked(session, query, clock.now()).place
    return chips.understood("matching.results", query, place, Told())


def _in_words(session: Session, query: PageQuery) -> str:
    return " · ".join(str(chip["label"]) for chip in _chips(session, query))[:MOST_NAME]


def _say_saved(*, is_verified: bool) -> None:
    if is_verified:
        flash(_("Saved. We write to you when a new coach fits."), "good")
    else:
        said = _("Saved. Confirm your address by the link in our mail, and we write to you when a new coach fits.")
        flash(said, "warn")


def _removed() -> SavedSearch | None:
    """The search that was just deleted, while it can be brought back."""
    try:
        search = current_session().get(SavedSearch, UUID(request.args.get("removed", "")))
    except ValueError:
        return None
    return search if search and search.user_id == me().id and search.removed_at else None
