"""What a page is about, as schema.org has it: dicts that search engines read as JSON-LD. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from marketplace.money import Money

CONTEXT = "https://schema.org"
BEST, WORST = 5, 1
NAME = "Runsight"
Linked = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sold:
    """An offer by its title, price, and the address where it is booked."""

    title: str
    price: Money
    url: str


@dataclass(frozen=True, slots=True)
class Practice:
    """A coach as others know her. `point` is rounded; `travel_km` None for one who only works online.

    `rating` is (average, count), None without any.
    """

    name: str
    headline: str
    url: str
    town: str
    region: str
    country: str
    point: tuple[float, float]
    travel_km: int | None
    languages: Sequence[str]
    fixes: Sequence[str] = ()
    rating: tuple[float, int] | None = None
    offers: Sequence[Sold] = field(default_factory=tuple)


def website(url: str, description: str, search_url: str) -> Linked:
    """The site, with the search by place; `search_url` holds `{place}` where that goes."""
    target = {"@type": "EntryPoint", "urlTemplate": search_url}
    search = {"@type": "SearchAction", "target": target, "query-input": "required name=place"}
    return _thing("WebSite", name=NAME, url=url, description=description, potentialAction=search)


def practice(coach: Practice) -> Linked:
    """A coach's page: a service with the person behind it, what it costs, and what runners gave her, if any did."""
    languages = list(coach.languages)
    person = _part("Person", name=coach.name, url=coach.url, knowsLanguage=languages, knowsAbout=list(coach.fixes))
    address = _part(
        "PostalAddress", addressLocality=coach.town, addressRegion=coach.region, addressCountry=coach.country
    )
    return _thing(
        "ProfessionalService",
        name=coach.name,
        description=coach.headline,
        url=coach.url,
        address=address,
        areaServed=_area(coach),
        founder=person,
        knowsLanguage=languages,
        makesOffer=[_offer(each) for each in coach.offers],
        aggregateRating=_rating(coach.rating) if coach.rating else None,
    )


def coach_list(name: str, coaches: Sequence[tuple[str, str]]) -> Linked:
    """Coaches by (name, address), in the order of the page."""
    items = [_part("ListItem", position=n, name=each, url=url) for n, (each, url) in enumerate(coaches, 1)]
    return _thing("ItemList", name=name, numberOfItems=len(items), itemListElement=items)


def breadcrumbs(steps: Sequence[tuple[str, str]]) -> Linked:
    """The way to a page from the top, as (name, address)."""
    items = [_part("ListItem", position=n, name=name, item=url) for n, (name, url) in enumerate(steps, 1)]
    return _thing("BreadcrumbList", itemListElement=items)


def article(
    headline: str, description: str, url: str, *, language: str, changed_on: date, sources: Sequence[str]
) -> Linked:
    """A page of knowledge, with the titles of what it rests on."""
    publisher = _part("Organization", name=NAME)
    return _thing(
        "Article",
        headline=headline,
        description=description,
        url=url,
        mainEntityOfPage=url,
        inLanguage=language,
        dateModified=changed_on.isoformat(),
        author=publisher,
        publisher=publisher,
        citation=list(sources),
    )


def _area(coach: Practice) -> Linked:
    """The circle that she comes to; the town of one who only works online."""
    if coach.travel_km is None:
        return _part("City", name=coach.town)
    latitude, longitude = coach.point
    middle = _part("GeoCoordinates", latitude=latitude, longitude=longitude)
    return _part("GeoCircle", geoMidpoint=middle, geoRadius=coach.travel_km * 1000)


def _offer(sold: Sold) -> Linked:
    price = f"{sold.price.amount / 100:.2f}"
    return _part("Offer", name=sold.title, price=price, priceCurrency=sold.price.currency, url=sold.url)


def _rating(rating: tuple[float, int]) -> Linked:
    average, count = rating
    return _part("AggregateRating", ratingValue=average, ratingCount=count, bestRating=BEST, worstRating=WORST)


def _thing(kind: str, **facts: Any) -> Linked:
    return {"@context": CONTEXT} | _part(kind, **facts)


def _part(kind: str, **facts: Any) -> Linked:
    """What is empty is left out."""
    return {"@type": kind} | _said(facts)


def _said(facts: Mapping[str, Any]) -> Linked:
    return {name: value for name, value in facts.items() if value not in (None, "", [])}
