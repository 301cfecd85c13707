"""A draft of an analysis and when it may be written, saved and delivered. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from marketplace.bookings.states import Actor, BookingStatus
from marketplace.coaches.kinds import OfferKind
from marketplace.errors import Conflict, Forbidden, Invalid

MOST_FINDINGS = 12
LEAST_WEEKS, MOST_WEEKS = 1, 26
"""Until filming again."""
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class DrillText:
    """A drill of the vocabulary with the dose that the coach gives it."""

    drill: str
    dose: str = ""


@dataclass(frozen=True, slots=True)
class FindingText:
    """What the coach has typed into one finding."""

    id: UUID
    seen: str = ""
    cue: str = ""
    drills: tuple[DrillText, ...] = ()


@dataclass(frozen=True, slots=True)
class DraftText:
    """What the coach has typed, and from which open page: see `accepts`."""

    summary: str = ""
    film_again_weeks: int | None = None
    findings: tuple[FindingText, ...] = field(default=())
    editor: str = ""
    step: int = 0
    base: int = 0


def check_write(by: Actor, kind: OfferKind, status: BookingStatus, *, clips: int) -> None:
    """Only the coach, for a booking that is paid; a clip review needs a clip and ends with its delivery."""
    if by is not Actor.COACH:
        raise Forbidden("coachs-answer")
    if kind is OfferKind.CLIP_REVIEW and status is BookingStatus.CONFIRMED and not clips:
        raise Conflict("no-clip-yet")
    check_alive(kind, status)


def check_alive(kind: OfferKind, status: BookingStatus) -> None:
    """A visit can be answered after it, too; a clip review only while it waits."""
    visit_is_over = kind is not OfferKind.CLIP_REVIEW and status is BookingStatus.COMPLETED
    if status is not BookingStatus.CONFIRMED and not visit_is_over:
        raise Conflict("booking-not-open", status=status.value)


def accepts(draft: DraftText, *, version: int, editor: str, step: int) -> bool:
    """Whether a save is to be taken, given what was saved last.

    The page that saved last saves on, but an older save of it that was overtaken on the way is passed over (False).
    Another page must have begun from the present version, else Conflict `changed-elsewhere`.
    """
    if editor and draft.editor == editor:
        return draft.step >= step
    if draft.base != version:
        raise Conflict("changed-elsewhere")
    return True


def check_deliver(findings: Sequence[tuple[str, str]]) -> None:
    """At least one finding, each with what was seen; pairs of issue and text."""
    if not findings:
        raise Conflict("nothing-found")
    for issue, seen in findings:
        if not seen.strip():
            raise Conflict("finding-without-text", issue=issue)


def check_weeks(weeks: int | None) -> None:
    """Invalid `odd-weeks` outside LEAST_WEEKS to MOST_WEEKS; None leaves it open."""
    if weeks is not None and not LEAST_WEEKS <= weeks <= MOST_WEEKS:
        raise Invalid("odd-weeks", field="film_again_weeks", least=LEAST_WEEKS, most=MOST_WEEKS)


def moved(items: Sequence[Item], item: Item, by: int) -> list[Item]:
    """The items with one of them moved by so many places; at the ends it stays."""
    others = [each for each in items if each != item]
    place = min(len(others), max(0, list(items).index(item) + by))
    return [*others[:place], item, *others[place:]]


def film_again_on(delivered_on: date, weeks: int | None) -> date | None:
    """The runner's local day to film herself again."""
    return None if weeks is None else delivered_on + timedelta(weeks=weeks)
