"""What people can do with clips. Files are stored before (see `views`) and erased after (a job) the transaction."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.bookings import queries as bookings
from marketplace.bookings import service as booking_service
from marketplace.bookings.models import Booking
from marketplace.bookings.states import Actor
from marketplace.clips import queries
from marketplace.clips.models import Clip
from marketplace.clips.policy import check_attach, checked_link, shown_name
from marketplace.clips.video import Video
from marketplace.coaches.kinds import OfferKind
from marketplace.db import transaction
from marketplace.errors import Conflict, Forbidden, NotFound
from marketplace.jobs import enqueue, publish

KEPT_AFTER_NOTHING = timedelta(days=7)
"""How long clips of a cancelled or expired booking are kept."""


@dataclass(frozen=True, slots=True)
class About:
    """What the runner says of her clip."""

    view: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file that lies in the storage and was judged to be a video."""

    key: str
    size: int  # bytes
    video: Video
    file_name: str = ""


def may_attach(session: Session, booking_id: UUID, *, by: User) -> Booking:
    """The booking, if the person may attach one more clip to it now."""
    booking = bookings.visible(session, booking_id, by)
    check_attach(booking.status, queries.part_of(session, booking, by), queries.count_of(session, booking_id))
    return booking


def attach_file(session: Session, booking_id: UUID, *, clip_id: UUID, by: User, file: Stored, about: About) -> Clip:
    """Attach a stored video. Asked twice under one `clip_id`, the first clip is the answer."""
    clip = Clip(
        id=clip_id,
        storage_key=file.key,
        size=file.size,
        file_name=shown_name(file.file_name),
        **asdict(file.video),
        **asdict(about),
        **_places(session, booking_id, by),
    )
    return _attach(session, clip, by)


def attach_link(session: Session, booking_id: UUID, *, clip_id: UUID, by: User, link: str, about: About) -> Clip:
    """Attach a video that lies elsewhere. Invalid `bad-link`."""
    places = _places(session, booking_id, by)
    return _attach(session, Clip(id=clip_id, link=checked_link(link), **asdict(about), **places), by)


def delete(session: Session, clip_id: UUID, *, by: User) -> Booking:
    """Delete a clip of one's own and, soon after, its file. Conflict `coach-at-work` while the coach answers it."""
    seen = queries.visible(session, clip_id, by)
    bookings.locked(session, seen.booking.id)
    if session.get(Clip, clip_id, populate_existing=True) is None:
        raise NotFound("clip")
    if seen.by is not Actor.RUNNER:
        raise Forbidden("runners-clip")
    if not seen.may_delete:
        raise Conflict("coach-at-work")
    _drop(session, seen.clip)
    return seen.booking


def drop_left_over(session: Session, limit: int = 200) -> int:
    """Delete the clips of bookings that came to nothing a while ago; how many."""
    over = queries.left_over(session, clock.now() - KEPT_AFTER_NOTHING, limit)
    for clip in over:
        _drop(session, clip)
    return len(over)


def drop_all_of(session: Session, runner_id: UUID) -> int:
    """Delete every clip of a person who leaves, and soon after their files; how many."""
    hers = queries.of_runner(session, runner_id)
    for clip in hers:
        _drop(session, clip)
    return len(hers)


def ask_due() -> None:
    """Ask for a job for every runner who is to be asked for her clip. Uses transactions of its own."""
    with transaction(write=False) as session:
        wanted = queries.wanted(session, clock.now())
    booking_service.enqueue_each("clips.ask", [(booking_id, mark.isoformat()) for booking_id, mark in wanted])


def ask(session: Session, booking_id: UUID) -> bool:
    """Note in the history that the runner is asked for her clip now; False when it is no longer owed."""
    now = clock.now()
    booking = bookings.locked(session, booking_id)
    if not queries.wanted(session, now, booking_id):
        return False
    booking.make("ask-clip", by=Actor.SYSTEM, at=now)
    return True


def _attach(session: Session, clip: Clip, by: User) -> Clip:
    booking = bookings.locked(session, clip.booking_id, by)
    if (known := session.get(Clip, clip.id)) is not None:
        if (known.booking_id, known.runner_id) != (clip.booking_id, by.id):
            raise NotFound("clip")
        return known
    present = queries.count_of(session, booking.id)
    check_attach(booking.status, queries.part_of(session, booking, by), present)
    session.add(clip)
    session.flush()
    if booking.kind == OfferKind.CLIP_REVIEW and booking.is_confirmed and not present:
        booking_service.promise_anew(session, booking.id)
        enqueue(session, "clips.mail_arrived", key=f"clips.mail_arrived:{booking.id}", booking_id=booking.id)
    publish(session, "clip.attached", clip_id=clip.id, booking_id=booking.id)
    return clip


def _places(session: Session, booking_id: UUID, by: User) -> dict[str, Any]:
    booking = bookings.visible(session, booking_id, by)
    return {
        "booking_id": booking.id,
        "runner_id": booking.runner_id,
        "coach_id": booking.coach_id,
        "created_at": clock.now(),
    }


def _drop(session: Session, clip: Clip) -> None:
    if clip.storage_key:
        enqueue(session, "clips.erase", key=f"clips.erase:{clip.storage_key}", storage_key=clip.storage_key)
    session.delete(clip)
    session.flush()
