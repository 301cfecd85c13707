"""A coach's forms: amounts, grids, what each kind of offer must say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from marketplace.coaches.forms import OFFER_FORMS, ClipReviewForm, InPersonForm, ProfileForm, VideoCallForm
from marketplace.coaches.kinds import OfferKind, Setting

CALL = {"title": "Form review", "price": "95.00", "minutes": "30", "call_link": "https://calls.example/ada"}
CLIP = {"title": "Clip review", "price": "60", "turnaround_hours": "48", "weekly_places": "5"}
VISIT = CALL | {"setting": "treadmill", "meeting_point": "Studio lobby", "exact_address": "12 Lane Street"}
PROFILE = {
    "name": "Ada Alder",
    "headline": "Calm hips, quiet feet",
    "about": "I watch runners from behind and help them hold the pelvis level when they tire. " * 2,
    "place": "Westboro",
    "languages": ["en"],
    "issues": ["hip-drop", "weak-glutes", "hip-drop"],
    "main_issues": ["hip-drop"],
}


def refused(form: type, values: dict[str, object]) -> dict[str, str]:
    with pytest.raises(ValidationError) as refusal:
        form.model_validate(values)
    return {str(error["loc"][0]): error["type"] for error in refusal.value.errors()}


@pytest.mark.parametrize(
    ("typed", "cents"), [("95", 9500), ("95.00", 9500), ("95,50", 9550), ("$ 95.5", 9550), ("0", 0), ("1", 100)]
)
def test_an_amount_as_people_write_it_becomes_minor_units(typed: str, cents: int) -> None:
    assert VideoCallForm.model_validate(CALL | {"price": typed}).price == cents


@pytest.mark.parametrize(
    "typed", ["", "free", "95.005", "1,000", "1.000,00", "nan", "inf", "1e3000", "1e2", "9 5 x", "-1", "--5"]
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    assert "price" in refused(VideoCallForm, CALL | {"price": typed})


@pytest.mark.parametrize(("typed", "kind"), [("0.5", "price-too-small"), ("1000.01", "price-too-large")])
def test_a_price_is_nothing_or_at_least_what_a_card_can_pay(typed: str, kind: str) -> None:
    assert refused(VideoCallForm, CALL | {"price": typed}) == {"price": kind}


@given(st.integers(min_value=100, max_value=100_000))
def test_every_amount_survives_being_written_with_two_decimals(cents: int) -> None:
    typed = f"{cents // 100}.{cents % 100:02d}"
    assert VideoCallForm.model_validate(CALL | {"price": typed}).price == cents


@pytest.mark.parametrize("field", ["minutes", "interval_minutes", "buffer_before", "buffer_after"])
def test_minutes_keep_to_the_grid_of_five(field: str) -> None:
    assert refused(VideoCallForm, CALL | {field: "32"}) == {field: "multiple_of"}


def test_the_window_is_ninety_days_at_most() -> None:
    assert VideoCallForm.model_validate(CALL | {"window_days": "90"}).window_days == 90
    assert refused(VideoCallForm, CALL | {"window_days": "91"}) == {"window_days": "less_than_equal"}


def test_a_clip_review_promises_a_time_and_has_no_minutes() -> None:
    terms = ClipReviewForm.model_validate(CLIP | {"minutes": "30"}).terms(OfferKind.CLIP_REVIEW)
    assert (terms.minutes, terms.turnaround_hours, terms.weekly_places) == (None, 48, 5)
    assert set(refused(ClipReviewForm, {"title": "Clip review", "price": "60"})) == {
        "turnaround_hours",
        "weekly_places",
    }


@pytest.mark.parametrize("link", ["http://calls.example/a", "calls.example", "javascript:alert(1)", "https://x"])
def test_a_call_needs_a_secure_link(link: str) -> None:
    assert refused(VideoCallForm, CALL | {"call_link": link}) == {"call_link": "link-not-https"}


def test_a_visit_says_where_and_out_of_doors_what_happens_in_the_rain() -> None:
    assert InPersonForm.model_validate(VISIT).setting is Setting.TREADMILL
    assert refused(InPersonForm, VISIT | {"setting": "track"}) == {"bad_weather": "weather-unsaid"}
    assert set(refused(InPersonForm, CALL)) >= {"setting", "meeting_point", "exact_address"}


def test_every_kind_of_offer_has_its_form() -> None:
    assert set(OFFER_FORMS) == set(OfferKind)


def test_main_issues_are_some_of_the_chosen_and_each_counts_once() -> None:
    profile = ProfileForm.model_validate(PROFILE).profile()
    assert profile.issues == ("hip-drop", "weak-glutes")
    assert refused(ProfileForm, PROFILE | {"main_issues": ["itb"]}) == {"main_issues": "main-not-chosen"}
    four = ["hip-drop", "itb", "bounce", "overstride"]
    assert "main_issues" in refused(ProfileForm, PROFILE | {"issues": four, "main_issues": four})
