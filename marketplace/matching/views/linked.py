"""The facts of the start page and of a coach's page for search engines, put together from what the page shows."""

from collections.abc import Sequence

from flask_babel import gettext as _

from marketplace.coaches.kinds import Mode
from marketplace.coaches.models import Coach, Offer
from marketplace.matching import linked_data, wording
from marketplace.matching.linked_data import Linked
from marketplace.matching.masks import ISSUES, ids
from marketplace.matching.queries import Card
from marketplace.web.languages import full_url


def of_start() -> list[Linked]:
    """The site, and how it is searched by place."""
    told = _("A coach near you watches you run, frame by frame, and shows you what to change.")
    search = full_url("matching.coaches") + "?near={place}"
    return [linked_data.website(full_url("matching.start"), told, search)]


def of_coach(coach: Coach, card: Card, sold: Sequence[Offer]) -> list[Linked]:
    """The coach, what she sells, and her stars; the way to her from the list of all."""
    address = full_url("matching.profile", slug=coach.slug)
    meets = any(offer.mode == Mode.IN_PERSON for offer in sold)
    practice = linked_data.Practice(
        name=coach.name,
        headline=coach.headline,
        url=address,
        town=card.place_name,
        region=card.region,
        country=card.country,
        point=(card.latitude, card.longitude),
        travel_km=coach.travel_km if meets else None,
        languages=coach.languages,
        fixes=[wording.issue_name(each) for each in ids(card.issues, ISSUES)],
        rating=(card.rating, card.rating_count) if card.rating else None,
        offers=[linked_data.Sold(offer.title, offer.cost, address) for offer in sold],
    )
    list_of_all = (_("Coaches"), full_url("matching.coaches"))
    return [linked_data.practice(practice), linked_data.breadcrumbs([list_of_all, (coach.name, address)])]
