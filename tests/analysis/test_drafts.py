"""When a draft may be written, saved and delivered."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.analysis.drafts import (
    DraftText,
    accepts,
    check_alive,
    check_deliver,
    check_weeks,
    check_write,
    film_again_on,
    moved,
)
from marketplace.bookings.states import Actor, BookingStatus
from marketplace.coaches.kinds import OfferKind
from marketplace.errors import Conflict, DomainError, Forbidden, Invalid

REVIEW, CALL = OfferKind.CLIP_REVIEW, OfferKind.VIDEO_CALL
CONFIRMED, COMPLETED = BookingStatus.CONFIRMED, BookingStatus.COMPLETED


@pytest.mark.parametrize("status", list(BookingStatus))
def test_a_clip_review_is_answered_while_it_waits_and_a_visit_after_it_too(status: BookingStatus) -> None:
    for kind, open_states in ((REVIEW, {CONFIRMED}), (CALL, {CONFIRMED, COMPLETED})):
        if status in open_states:
            check_alive(kind, status)
        else:
            with pytest.raises(Conflict, match="booking-not-open"):
                check_alive(kind, status)


def test_only_the_coach_writes_and_a_clip_review_needs_a_clip() -> None:
    with pytest.raises(Forbidden):
        check_write(Actor.RUNNER, REVIEW, CONFIRMED, clips=1)
    with pytest.raises(Conflict, match="no-clip-yet"):
        check_write(Actor.COACH, REVIEW, CONFIRMED, clips=0)
    check_write(Actor.COACH, REVIEW, CONFIRMED, clips=1)
    check_write(Actor.COACH, CALL, CONFIRMED, clips=0)


def test_a_second_window_is_told_from_the_first() -> None:
    assert accepts(DraftText(editor="a", base=0), version=0, editor="", step=0)
    assert accepts(DraftText(editor="a", base=0, step=5), version=4, editor="a", step=4)
    with pytest.raises(Conflict, match="changed-elsewhere"):
        accepts(DraftText(editor="b", base=0, step=1), version=4, editor="a", step=4)
    assert accepts(DraftText(editor="b", base=4, step=1), version=4, editor="a", step=4)


def test_a_save_that_was_overtaken_changes_nothing() -> None:
    assert not accepts(DraftText(editor="a", base=0, step=3), version=4, editor="a", step=4)


def test_something_has_to_be_said_before_it_is_delivered() -> None:
    with pytest.raises(Conflict, match="nothing-found"):
        check_deliver([])
    with pytest.raises(Conflict, match="finding-without-text") as refused:
        check_deliver([("hip-drop", "left sinks"), ("bounce", " \n")])
    assert refused.value.facts["issue"] == "bounce"
    check_deliver([("hip-drop", "left sinks")])


@pytest.mark.parametrize("weeks", [0, -1, 27, 10**9])
def test_weeks_stay_within_half_a_year(weeks: int) -> None:
    with pytest.raises(Invalid):
        check_weeks(weeks)


def test_film_again_is_so_many_weeks_after_the_runners_day() -> None:
    assert film_again_on(date(2026, 12, 1), 6) == date(2027, 1, 12)
    assert film_again_on(date(2026, 12, 1), None) is None


@given(st.lists(st.integers(), unique=True, min_size=1), st.data(), st.integers(-20, 20))
def test_moving_keeps_everything_and_the_order_of_the_others(items: list[int], data: st.DataObject, by: int) -> None:
    item = data.draw(st.sampled_from(items))
    after = moved(items, item, by)
    assert sorted(after) == sorted(items)
    assert [each for each in after if each != item] == [each for each in items if each != item]
    assert after.index(item) == min(len(items) - 1, max(0, items.index(item) + by))


@given(st.builds(DraftText, editor=st.sampled_from(["", "a"]), base=st.integers(0, 3), step=st.integers(0, 3)))
def test_a_save_is_taken_passed_over_or_refused(draft: DraftText) -> None:
    try:
        assert accepts(draft, version=1, editor="a", step=1) in (True, False)
    except DomainError as refused:
        assert refused.kind == "changed-elsewhere"
