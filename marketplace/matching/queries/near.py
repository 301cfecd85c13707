"""Which place is meant, what lies around it, and a story understood with the gazetteer at hand."""

from collections.abc import Mapping, Sequence

from sqlmodel import Session

from marketplace.errors import Invalid
from marketplace.knowledge.need import understand
from marketplace.knowledge.need.tree import Need
from marketplace.memory import Memory
from marketplace.places.geo import coordinates
from marketplace.places.models import Place
from marketplace.places.queries import Point, find_phrases, locate, resolve, suggest, within

MOST_LABELS = 40
Located = tuple[Point, Place | None]
Label = tuple[Point, str, int]
"""A name on a map: where it stands, and the population."""
_located: Memory[Located | None] = Memory(2000, seconds=600)
_around: Memory[list[Label]] = Memory(500, seconds=600)
MOST_SUGGESTIONS = 5


class Gazetteer:
    """The place tables, as `understand` asks them."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def find(self, phrases: Sequence[str]) -> Mapping[str, Sequence[Place]]:
        """For each phrase that names places exactly, those, the likeliest first."""
        return find_phrases(self.session, phrases)


def understood(session: Session, story: str) -> Need:
    """What a story says its writer needs."""
    return understand(story, Gazetteer(session))


def located(session: Session, text: str) -> tuple[Point, Place | None]:
    """The point that a text means, and its place. Invalid `place-unknown` with suggestions when it means none.

    Places come with a new gazetteer only: what a text means is kept for some minutes.
    """
    found = _located.get((str(session.get_bind().engine.url), text), lambda: _apart(session, locate(session, text)))
    if found is None:
        names = [name_of(place) for place in suggestions(session, text)]
        raise Invalid("place-unknown", field="near", near=text[:80], suggestions=names)
    return found


def _apart(session: Session, found: Located | None) -> Located | None:
    """The same with a place that belongs to no session."""
    if found and found[1] is not None and found[1] in session:
        session.expunge(found[1])
    return found


def suggestions(session: Session, text: str) -> list[Place]:
    """Places that somebody may have meant by a text that names none: what begins like it, like less of it, or like
    one of its words."""
    text = text.strip()[:60]
    shorter = [text[:length] for length in range(len(text), 2, -1)][:12]
    words = [word for word in text.replace(",", " ").split() if len(word) > 3][:4]
    for attempt in [*shorter, *words]:
        if found := suggest(session, attempt, limit=MOST_SUGGESTIONS):
            return found
    return []


def name_of(place: Place) -> str:
    """A place as one writes it: "Ottawa, ON"."""
    return f"{place.name}, {place.region}" if place.region else place.name


def address_of(session: Session, place_id: int | str | None, name: str, region: str | None) -> str:
    """What an address says for a place: its name where that means it and no other, else its id."""
    text = f"{name}, {region}" if region else name
    meant = resolve(session, text)
    return text if place_id is None or (meant is not None and str(meant.id) == str(place_id)) else str(place_id)


def around(session: Session, centre: Point, km: float) -> list[Label]:
    """The largest places around, for the labels of a map; kept as `located` is."""

    def found() -> list[Label]:
        places = within(session, *centre, min(km * 1.5, 450), limit=MOST_LABELS)
        return [(place.point, place.name, place.population) for place in places]

    return _around.get((str(session.get_bind().engine.url), *centre, km), found)


def is_point(text: str) -> bool:
    """Whether a text is "lat,lon"."""
    return coordinates(text) is not None
