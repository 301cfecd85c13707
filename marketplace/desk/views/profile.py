"""The coach's public page, as she writes it; her papers; and whether she is listed."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.sessions import me
from marketplace.coaches import queries, service
from marketplace.coaches.drafts import Profile
from marketplace.coaches.forms import CredentialForm
from marketplace.coaches.models import Coach
from marketplace.db import current_session
from marketplace.desk.forms import PlaceChoice, ProfilePage
from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.preview import preview, saved
from marketplace.desk.views.shared import my_coach
from marketplace.errors import Invalid
from marketplace.knowledge import catalogue
from marketplace.matching.wording import goal_name, issue_name, language_name
from marketplace.places import queries as places
from marketplace.places.models import Place
from marketplace.web.app import reads, writes
from marketplace.web.auth import role
from marketplace.web.errors import word
from marketplace.web.forms import field_error, parse
from marketplace.web.languages import language

MOST_PLACES = 6


@bp.get("/coach/profile")
@reads
@role("coach")
def profile() -> ResponseReturnValue:
    """The form of her page, and how it looks."""
    return _page()


@bp.post("/coach/profile/preview")
@reads
@role("coach")
def preview_profile() -> ResponseReturnValue:
    """How it would look with what is typed: as JSON beside her typing, or as the same page once more."""
    found: dict[str, Any] | None = None
    try:
        found = preview(current_session(), my_coach(), _typed_profile())
    except Invalid as refusal:
        g.errors = getattr(refusal, "fields", None) or {refusal.field or "": word(refusal)}
    if request.accept_mimetypes.best == "application/json":
        html = render_template("desk/_preview.html", **found) if found else None
        return jsonify(html=html, errors=g.get("errors", {}))
    g.typed = request.form
    return _page(found), 200 if found else 422


@bp.post("/coach/profile")
@writes(again=profile)
@role("coach")
def edit_profile() -> ResponseReturnValue:
    """Change what it says."""
    said = placed(parse(ProfilePage).profile(), my_coach())
    service.edit_profile(current_session(), me().id, said)
    flash(_("Saved. Your page says so from now on."), "good")
    return redirect(url_for("desk.profile"), 303)


@bp.post("/coach/pause")
@writes()
@role("coach")
def pause() -> ResponseReturnValue:
    """Take no new bookings for a while."""
    service.pause(current_session(), me().id)
    flash(_("You are not listed now. What is booked goes on."), "good")
    return redirect(url_for("desk.profile"), 303)


@bp.post("/coach/resumption")
@writes()
@role("coach")
def resume() -> ResponseReturnValue:
    """Take bookings again."""
    service.resume(current_session(), me().id)
    flash(_("Runners can find and book you again."), "good")
    return redirect(url_for("desk.profile"), 303)


@bp.get("/coach/papers")
@reads
@role("coach")
def papers() -> ResponseReturnValue:
    """Her certificates, and the form for one more."""
    coach = my_coach()
    return render_template("desk/papers.html", coach=coach, papers=queries.credentials(current_session(), coach.id))


@bp.post("/coach/papers")
@writes(again=papers)
@role("coach")
def add_paper() -> ResponseReturnValue:
    """Name one more."""
    service.add_credential(current_session(), me().id, parse(CredentialForm).certificate())
    flash(_("Added. It shows as checked once we have seen the paper."), "good")
    return redirect(url_for("desk.papers"), 303)


@bp.post("/coach/papers/<uuid:paper_id>/removal")
@writes()
@role("coach")
def remove_paper(paper_id: UUID) -> ResponseReturnValue:
    """Take one off."""
    service.remove_credential(current_session(), me().id, paper_id)
    flash(_("Removed."), "good")
    return redirect(url_for("desk.papers"), 303)


def _page(found: dict[str, Any] | None = None) -> str:
    """The form, with a preview of what was found or, where that can't be shown, of the page as it is."""
    session, coach = current_session(), my_coach()
    fixes = queries.specialisms(session, coach.id)
    return render_template(
        "desk/profile.html",
        coach=coach,
        place=_label(session.get_one(Place, coach.place_id)),
        mine=[each.issue for each in fixes],
        main=[each.issue for each in fixes if each.is_main],
        my_goals=queries.goals(session, coach.id),
        preview=found or preview(session, coach, saved(session, coach)),
        **profile_choices(),
    )


def _typed_profile() -> Profile:
    """What was typed; of several places of one name the likeliest, until she chooses."""
    said = parse(ProfilePage).profile()
    try:
        return placed(said, my_coach())
    except Invalid:
        return said


def profile_choices() -> dict[str, Any]:
    """What the profile's form offers, and the places that were meant when it is shown again."""
    typed = g.typed.get("place", "") if g.get("typed") and field_error("place") else ""
    return {
        "issues": [(issue.id, issue_name(issue.id)) for issue in catalogue.all_issues()],
        "goals": [(each.id, goal_name(each.id)) for each in catalogue.all_distances()],
        "languages": [(each, language_name(each)) for each in ("en", "fr")],
        "places": [(place.id, _label(place)) for place in _meant(typed)],
    }


def placed(said: Profile, coach: Coach | None = None) -> Profile:
    """The profile with its place made sure of. Invalid `place-which` when the text means several regions' places."""
    if coach and said.place == _label(current_session().get_one(Place, coach.place_id)):
        return replace(said, place=str(coach.place_id))
    meant, chosen = _meant(said.place), parse(PlaceChoice).place_id
    if chosen in [place.id for place in meant]:
        return replace(said, place=str(chosen))
    if len(meant) > 1:
        raise Invalid("place-which", field="place")
    return said


def _meant(text: str) -> list[Place]:
    """The places of that name, the likeliest of each region."""
    once: dict[tuple[str, str], Place] = {}
    for place in places.candidates(current_session(), text) if text else ():
        once.setdefault((place.country, place.region), place)
    return list(once.values())[:MOST_PLACES]


def _label(place: Place) -> str:
    return place.label(language())
