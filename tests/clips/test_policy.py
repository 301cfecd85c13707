"""Who may do what with a clip."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.bookings.states import Actor, BookingStatus
from marketplace.clips.policy import (
    MOST_CLIPS,
    check_attach,
    checked_link,
    may_delete,
    may_watch,
    must_open_first,
    shown_name,
)
from marketplace.coaches.kinds import OfferKind
from marketplace.errors import Conflict, Forbidden, Invalid

ALIVE = {BookingStatus.CONFIRMED}


@pytest.mark.parametrize("status", list(BookingStatus))
def test_a_runner_attaches_only_while_the_booking_stands(status: BookingStatus) -> None:
    if status in ALIVE:
        check_attach(status, Actor.RUNNER, 0)
    else:
        why = "clip-before-payment" if status is BookingStatus.HELD else "clip-too-late"
        with pytest.raises(Conflict, match=why):
            check_attach(status, Actor.RUNNER, 0)


def test_the_coach_attaches_none_and_the_runner_not_too_many() -> None:
    with pytest.raises(Forbidden):
        check_attach(BookingStatus.CONFIRMED, Actor.COACH, 0)
    with pytest.raises(Conflict, match="enough-clips"):
        check_attach(BookingStatus.CONFIRMED, Actor.RUNNER, MOST_CLIPS)


def test_a_clip_stays_only_while_the_coach_is_at_work_on_it() -> None:
    kept = [(status, opened) for status in BookingStatus for opened in (True, False)]
    assert [pair for pair in kept if not may_delete(pair[0], is_opened=pair[1])] == [(BookingStatus.CONFIRMED, True)]


def test_the_coach_sees_nothing_of_what_is_not_paid() -> None:
    assert may_watch(Actor.RUNNER, BookingStatus.HELD)
    assert not may_watch(Actor.COACH, BookingStatus.HELD)
    assert may_watch(Actor.COACH, BookingStatus.CONFIRMED)
    assert not may_watch(Actor.STAFF, BookingStatus.CONFIRMED)


def test_only_a_clip_review_has_to_be_opened() -> None:
    confirmed = BookingStatus.CONFIRMED
    assert must_open_first(Actor.COACH, OfferKind.CLIP_REVIEW, confirmed, is_opened=False)
    assert not must_open_first(Actor.COACH, OfferKind.CLIP_REVIEW, confirmed, is_opened=True)
    assert not must_open_first(Actor.COACH, OfferKind.VIDEO_CALL, confirmed, is_opened=False)
    assert not must_open_first(Actor.RUNNER, OfferKind.CLIP_REVIEW, confirmed, is_opened=False)


@pytest.mark.parametrize(
    "link", ["https://video.example/a?b=c#d", " https://a.b-c.example:443/x ", "https://é.x.example/"]
)
def test_a_public_https_address_is_a_link(link: str) -> None:
    if link.isascii():
        assert checked_link(link) == link.strip()
    else:
        with pytest.raises(Invalid):
            checked_link(link)


@pytest.mark.parametrize(
    "link",
    [
        "",
        "video.example/a",
        "http://video.example/a",
        "javascript:alert(1)",
        "https://localhost/a",
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "https://me:secret@video.example/",
        "https://video.example:8443/",
        "https://video.example/a b",
        "https://video.example/\nx",
        'https://video.example/"onclick=',
        "https://video.example:99999/",
        "https://video.example/" + "a" * 500,
    ],
)
def test_anything_else_is_no_link(link: str) -> None:
    with pytest.raises(Invalid, match="bad-link"):
        checked_link(link)


@given(st.text(max_size=300))
def test_a_shown_name_has_no_folder_no_control_character_and_an_end(name: str) -> None:
    shown = shown_name(name)
    assert len(shown) <= 100 and shown.isprintable() and not set(shown) & {"/", "\\"}
