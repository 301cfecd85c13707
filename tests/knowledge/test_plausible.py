"""What a race foretells over another distance, by Riegel's rule."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.knowledge.need.tree import Goal, Result
from marketplace.knowledge.plausible import foretold, outlooks, verdict


def goal(distance: str, most: int | None) -> Goal:
    return Goal(distance, "quoted", most, most)


def result(distance: str, seconds: int) -> Result:
    return Result(distance, seconds, "quoted")


@pytest.mark.parametrize(
    ("seconds", "metres", "other", "expected"),
    [(3250, 10_000, 21_097, 7170), (1200, 5_000, 10_000, 2502), (5400, 21_097, 42_195, 11_259)],
)
def test_time_grows_a_little_faster_than_distance(seconds, metres, other, expected):
    assert foretold(seconds, metres, other) == pytest.approx(expected, rel=0.001)


@given(seconds=st.integers(600, 14_000), there=st.sampled_from((5_000, 10_000, 21_097, 42_195)))
def test_there_and_back_is_the_same_time(seconds, there):
    assert foretold(foretold(seconds, 10_000, there), there, 10_000) == pytest.approx(seconds)


@pytest.mark.parametrize(
    ("target", "expected"), [(7300, "in-reach"), (7200, "in-reach"), (6900, "stretch"), (6800, "seasons")]
)
def test_a_season_betters_a_time_by_five_per_cent(target, expected):
    assert verdict(target, 7200) == expected


def test_the_result_nearest_in_length_foretells():
    told = outlooks([goal("half", 6900)], [result("5k", 1500), result("10k", 3250)])
    assert [(each.result_distance, each.verdict) for each in told] == [("10k", "stretch")]


@pytest.mark.parametrize(
    ("wished", "run"),
    [
        (goal("half", None), [result("10k", 3250)]),
        (goal("half", 6900), []),
        (goal("ultra", 40_000), [result("10k", 3250)]),
        (goal("marathon", 14_400), [result("1mile", 360)]),
        (goal("10k", 2700), [result("marathon", 5 * 3600)]),
    ],
)
def test_nothing_is_foretold_where_the_rule_does_not_hold(wished, run):
    assert outlooks([wished], run) == []
