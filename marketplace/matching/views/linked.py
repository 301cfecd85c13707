"""The facts of the start page and of a coach's page for search engines, put together from what the page shows."""

from collections.abc import Sequence

from flask_babel import gettext as _

from marketplace.coaches.kinds import Mode
from marketplace.coaches.models import Coach, Offer
from marketplace.matching import linked_data, wording
from marketplace.matching.linked_data import Linked
from marketplace.matching.masks import ISSUES, ids
from marketplace.matching.queries import Card
from marketplace.web.languages import absolute_url, language


def of_start() -> list[Linked]:
    """The site, and how it is searched by place."""
    home = absolute_url("matching.start", in_language=language())
    told = _("A coach near you watches you run, frame by frame, and shows you what to change.")
    search = absolute_url("matching.coaches", in_language=language()) + "?near={place}"
    return [linked_data.website(home, told, search)]


def of_coach(coach: Coach, card: Card, sold: Sequence[Offer]) -> list[Linked]:
    """The coach, what she sells, and her stars; the way to her from her town's page."""
    address = absolute_url("matching.profile", in_language=language(), slug=coach.slug)
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
    list_of_all = (_("Coaches"), absolute_url("matching.coaches", in_language=language()))
    return [linked_data.practice(practice), linked_data.breadcrumbs([list_of_all, (coach.name, address)])]
