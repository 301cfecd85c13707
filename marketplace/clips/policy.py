"""Who may do what with a clip, and when. Pure."""

import re
from urllib.parse import urlsplit

from marketplace.bookings.states import Actor, BookingStatus
from marketplace.coaches.kinds import OfferKind
from marketplace.errors import Conflict, Forbidden, Invalid

MOST_CLIPS = 4
"""For one booking: a runner is filmed from behind, from the side, both ways."""
MOST_LINK = 500
_HOST = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{1,62}", re.IGNORECASE)


def check_attach(status: BookingStatus, by: Actor, clips: int) -> None:
    """Only the runner, once it is paid and until it is over, up to MOST_CLIPS."""
    if by is not Actor.RUNNER:
        raise Forbidden("runners-clip")
    if status is BookingStatus.HELD:
        raise Conflict("clip-before-payment")
    if status is not BookingStatus.CONFIRMED:
        raise Conflict("clip-too-late")
    if clips >= MOST_CLIPS:
        raise Conflict("enough-clips", most=MOST_CLIPS)


def may_delete(status: BookingStatus, *, is_opened: bool) -> bool:
    """The runner may at any time, except while a coach who has opened it is at work on her answer."""
    return not (is_opened and status is BookingStatus.CONFIRMED)


def may_watch(by: Actor, status: BookingStatus) -> bool:
    """The runner always; her coach once it is paid. Nobody else."""
    return by is Actor.RUNNER or (by is Actor.COACH and status not in (BookingStatus.HELD, BookingStatus.EXPIRED))


def must_open_first(by: Actor, kind: OfferKind, status: BookingStatus, *, is_opened: bool) -> bool:
    """Whether the coach has to say that she starts before she sees a clip review's clip: that ends free cancelling."""
    waiting = status is BookingStatus.CONFIRMED and not is_opened
    return by is Actor.COACH and kind is OfferKind.CLIP_REVIEW and waiting


def checked_link(link: str) -> str:
    """An https address of a public host, as typed but for blanks around it. Invalid `bad-link` otherwise."""
    link = link.strip()
    try:
        parts = urlsplit(link)
        port = parts.port
    except ValueError:
        raise Invalid("bad-link", field="link") from None
    clean = len(link) <= MOST_LINK and link.isprintable() and not re.search(r"[\s\"'<>\\^`{|}]", link)
    plain = parts.username is None and parts.password is None and port in (None, 443)
    if not (clean and plain and parts.scheme == "https" and _HOST.fullmatch(parts.hostname or "")):
        raise Invalid("bad-link", field="link")
    return link


def shown_name(file_name: str) -> str:
    """What a phone called the file, fit to be shown and kept: no folders, no control characters, 100 at most."""
    name = re.split(r"[\\/]", file_name)[-1]
    name = "".join(letter for letter in name if letter.isprintable()).strip()
    return name[-100:]
