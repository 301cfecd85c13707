"""Favourites: the page, and keeping and dropping a coach from wherever her name stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts import policy
from marketplace.accounts.sessions import maybe_me
from marketplace.coaches import queries as coaches
from marketplace.db import current_session
from marketplace.errors import Conflict, NotFound
from marketplace.kept import pocket, queries, service
from marketplace.kept.queries import Asked, Face
from marketplace.kept.views.asked import asked_here, carried
from marketplace.kept.views.blueprint import bp
from marketplace.matching import queries as matching
from marketplace.matching.queries import Hit
from marketplace.web.app import own_transaction, reads, writes
from marketplace.web.auth import public
from marketplace.web.errors import word


@dataclass(frozen=True, slots=True)
class Kept:
    """A coach who is kept; `hit` is None while she takes no bookings."""

    face: Face
    hit: Hit | None
    url: str


@bp.get("/favourites")
@reads
@public
def favourites() -> str:
    """The coaches whom the visitor keeps, and those she has seen lately."""
    session, someone = current_session(), maybe_me()
    slugs = queries.favourites(session, someone.id) if someone else pocket.kept()
    removed = request.args.get("removed", "")
    asked = asked_here(session, clock.now())
    return render_template(
        "kept/favourites.html",
        kept=_kept(session, slugs, asked),
        removed=next((each for each in queries.faces(session, [removed]) if removed not in slugs), None),
        asked=asked.query,
    )


@bp.post("/favourites/<slug>")
@writes()
@public
def keep(slug: str) -> ResponseReturnValue:
    """Keep a coach: in the account, or before signing in in this browser's cookie."""
    session, someone = current_session(), maybe_me()
    try:
        if someone:
            service.keep(session, someone.id, slug)
            return _answer(slug, is_kept=True, said=_("Kept among your favourites."))
        _look(session, slug)
        pocket.keep(slug)
    except Conflict as refusal:
        return _refused(slug, refusal)
    return _answer(slug, is_kept=True, said=_("Kept in this browser. Sign in to keep it for good."))


@bp.post("/favourites/<slug>/removal")
@writes()
@public
def drop(slug: str) -> ResponseReturnValue:
    """Keep her no longer."""
    if someone := maybe_me():
        service.drop(current_session(), someone.id, slug)
    else:
        pocket.drop(slug)
    return _answer(slug, is_kept=False, said=_("No longer among your favourites."))


@bp.post("/recently-seen/removal")
@own_transaction
@public
def forget_seen() -> ResponseReturnValue:
    """Forget which profiles were looked at in this browser."""
    pocket.forget_seen()
    flash(_("Forgotten."), "good")
    return redirect(_back() or url_for("kept.favourites"), 303)


def _kept(session: Session, slugs: Sequence[str], asked: Asked) -> list[Kept]:
    along = carried(asked)
    return [
        Kept(
            face,
            matching.standing(session, face.coach_id, asked.criteria),
            url_for("matching.profile", slug=face.slug, **along),
        )
        for face in queries.faces(session, slugs)
    ]


def _look(session: Session, slug: str) -> None:
    """NotFound `coach` when nobody may see her."""
    if not queries.is_shown(coaches.by_slug(session, slug)):
        raise NotFound("coach")


def _answer(slug: str, *, is_kept: bool, said: str) -> ResponseReturnValue:
    """To a script the new state; to a form the page that it came from, where the list of favourites offers an undo."""
    if _is_script():
        return jsonify(kept=is_kept, message=said)
    back = _back()
    if not is_kept and back and back.split("?")[0].endswith("/favourites"):
        return redirect(url_for("kept.favourites", removed=slug), 303)
    flash(said, "good")
    return redirect(_to(back, slug), 303)


def _refused(slug: str, refusal: Conflict) -> ResponseReturnValue:
    if _is_script():
        return jsonify(kept=False, message=word(refusal)), refusal.status
    flash(word(refusal), "warn")
    return redirect(_to(_back(), slug), 303)


def _is_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


def _back() -> str | None:
    """The page of ours that the form was on."""
    return policy.safe_path(request.referrer or "", request.host)


def _to(back: str | None, slug: str) -> str:
    """Back to her card on that page."""
    return f"{back}#coach-{slug}" if back else url_for("kept.favourites")
