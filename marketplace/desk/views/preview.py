"""Her card in the list and the head of her page, as they would look with what she types; nothing is saved."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlmodel import Session

from marketplace import clock
from marketplace.coaches import queries
from marketplace.coaches.completeness import Hint, hints
from marketplace.coaches.drafts import Profile
from marketplace.coaches.kinds import Mode
from marketplace.coaches.models import Coach
from marketplace.errors import Invalid
from marketplace.knowledge import catalogue
from marketplace.matching.criteria import Criteria
from marketplace.matching.queries import name_of, standing
from marketplace.matching.views.rows import row as card_row
from marketplace.matching.wording import goal_name, issue_name, language_name
from marketplace.places import queries as places
from marketplace.places.models import Place

MOST_HINTS = 3


def saved(session: Session, coach: Coach) -> Profile:
    """Her page as it is."""
    fixes = queries.specialisms(session, coach.id)
    return Profile(
        name=coach.name,
        headline=coach.headline,
        about=coach.about,
        place=str(coach.place_id),
        languages=tuple(coach.languages),
        issues=tuple(each.issue for each in fixes),
        main_issues=tuple(each.issue for each in fixes if each.is_main),
        goals=tuple(queries.goals(session, coach.id)),
        travel_km=coach.travel_km,
        gender=coach.gender,
    )


def preview(session: Session, coach: Coach, said: Profile) -> dict[str, Any]:
    """What templates/desk/_preview.html shows. Invalid `place-unknown` for a place that is none."""
    place = places.resolve(session, said.place)
    if place is None:
        raise Invalid("place-unknown", field="place", near=said.place)
    known = [each for each in catalogue.issue_ids() if each in said.issues]
    main = [each for each in known if each in said.main_issues]
    ordered = [*main, *(each for each in known if each not in main)]
    row = _row(session, coach)
    typed = _typed(said, place)
    return {
        "card": row | typed | {"drawing": next(iter(ordered), None)},
        "head": row | typed | {"distance_km": None},
        "specialisms": [{"id": each, "name": issue_name(each), "main": each in main} for each in ordered],
        "goals": [goal_name(each.id) for each in catalogue.all_distances() if each.id in said.goals],
        "hints": [_hint(each) for each in hints(said, papers=len(queries.credentials(session, coach.id)))][:MOST_HINTS],
    }


def _typed(said: Profile, place: Place) -> dict[str, Any]:
    languages = [language_name(each) for each in ("en", "fr") if each in said.languages]
    return {"name": said.name, "headline": said.headline, "place": name_of(place), "languages": languages}


def _row(session: Session, coach: Coach) -> dict[str, Any]:
    """Her row in the list of all coaches; without times and prices while she is not listed."""
    now = clock.now()
    hit = standing(session, coach.id, Criteria(now=now))
    if hit is not None:
        return card_row(hit, {}) | {"fit": None, "reasons": [], "distance_km": None}
    sold = queries.offers(session, coach.id)
    return {
        "slug": coach.slug,
        "url": "",
        "avatar": coach.avatar_seed or coach.slug,
        "distance_km": None,
        "modes": [mode.value for mode in Mode if any(offer.mode == mode for offer in sold) or not sold],
        "fit": None,
        "reasons": [],
        "rating_average": None,
        "rating_count": 0,
        "new": True,
        "times": [],
        "clip_url": None,
        "price": min((offer.cost for offer in sold), key=lambda cost: cost.amount, default=None),
        "price_note": "",
    }


def _hint(hint: Hint) -> str:
    if hint.kind == "about":
        return ngettext(
            "One more sentence about how you work would help runners decide.",
            "%(num)d more sentences about how you work would help runners decide.",
            hint.number,
        )
    return {
        "main": _("Tick up to three issues as your main work: runners with these find you first."),
        "headline": _("Your one line has room: say what you do, and for whom."),
        "goals": _("Tick the distances you prepare runners for: many search by their goal."),
        "papers": _("Name a certificate among your papers; once we have seen it, your page says so."),
    }[hint.kind]
