"""The kinds of things a coach sells and the states of her listing."""

from enum import StrEnum

LEAST_PRICE = 100
"""Minor units. Card payments of less are refused or cost more than they bring; nothing at all is fine."""


class OfferKind(StrEnum):
    """What is sold. A clip review has no fixed hour: the coach answers a clip within a promised time."""

    CLIP_REVIEW = "clip-review"
    VIDEO_CALL = "video-call"
    IN_PERSON = "in-person"


class Mode(StrEnum):
    """Where the two meet."""

    ONLINE = "online"
    IN_PERSON = "in-person"


class Setting(StrEnum):
    """What kind of place an in-person visit happens at."""

    TRACK = "track"
    TREADMILL = "treadmill"
    INDOORS = "indoors"
    OUTDOORS = "outdoors"


class CoachStatus(StrEnum):
    """A coach's standing with the site: she applies, staff check and approve."""

    APPLIED = "applied"
    APPROVED = "approved"
    SUSPENDED = "suspended"


def mode_of(kind: OfferKind) -> Mode:
    """Only an in-person visit is in person."""
    return Mode.IN_PERSON if kind is OfferKind.IN_PERSON else Mode.ONLINE
