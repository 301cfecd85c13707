"""Sets of vocabulary ids as bits of an integer, by position in the vocabulary's fixed lists. Pure."""

from collections.abc import Iterable, Sequence

from marketplace.coaches.kinds import Mode
from marketplace.knowledge import catalogue

ISSUES: Sequence[str] = catalogue.issue_ids()
GOALS: Sequence[str] = tuple(distance.id for distance in catalogue.all_distances())
WANTS: Sequence[str] = tuple(want.id for want in catalogue.all_wants())
LANGUAGES: Sequence[str] = ("en", "fr")
TRAITS: Sequence[str] = ("evenings", "weekends", "female", "male")  # of a coach that a runner may like
MODES: Sequence[str] = (Mode.ONLINE.value, Mode.IN_PERSON.value)


def mask(ids: Iterable[str], among: Sequence[str]) -> int:
    """The bits of those ids; ids that the list lacks are passed over."""
    wanted = set(ids)
    return sum(1 << place for place, each in enumerate(among) if each in wanted)


def ids(bits: int, among: Sequence[str]) -> tuple[str, ...]:
    """The ids of those bits, in the list's order."""
    return tuple(each for place, each in enumerate(among) if bits >> place & 1)


ONLINE = mask([Mode.ONLINE.value], MODES)
IN_PERSON = mask([Mode.IN_PERSON.value], MODES)
