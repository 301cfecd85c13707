"""Whether the street address of an in-person offer is where the coach means: a warning, never a refusal."""

from flask import current_app, flash, g, request
from flask_babel import gettext as _

from marketplace.accounts.sessions import maybe_me
from marketplace.coaches import queries
from marketplace.coaches.models import Coach
from marketplace.db import current_session, transaction
from marketplace.places.geo import distance_km
from marketplace.places.geocoding import NoAnswer, find_address
from marketplace.places.models import Place
from marketplace.web.languages import language

LONGEST = 300
FAR_KM = 100


def look_up(**_values: object) -> None:
    """For `@writes(first=…)`: ask where the address is that a coach has typed, where a geocoder is configured."""
    g.address = None
    typed, url = request.form.get("exact_address", "").strip(), current_app.extensions["settings"].nominatim_url
    someone = maybe_me()
    if not url or someone is None or not 0 < len(typed) <= LONGEST:
        return
    with transaction(write=False) as session:
        coach = queries.of_user(session, someone.id)
        home = (coach.latitude, coach.longitude) if coach else None
    if home:
        try:
            g.address = typed, find_address(typed, nominatim_url=url, near=home, language=language())
        except NoAnswer:
            return


def warn(coach: Coach, known: str = "") -> None:
    """Say that the address was not found, or lies far from her town; nothing of the one that was `known`."""
    if g.address is None or g.address[0] == known:
        return
    typed, found = g.address
    if found is None:
        flash(_("We don’t find “%(address)s” on the map. If it is right, all is well.", address=typed), "warn")
        return
    km = distance_km((coach.latitude, coach.longitude), (found.latitude, found.longitude))
    if km > FAR_KM:
        town = current_session().get_one(Place, coach.place_id).name
        flash(
            _(
                "“%(address)s” seems to lie %(km)s km from %(town)s: %(name)s. Please look whether it is right.",
                address=typed, km=round(km), town=town, name=found.name,
            ),
            "warn",
        )  # fmt: skip
