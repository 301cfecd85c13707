"""When a search is looked at, what counts as news, how a list of coaches grows."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from marketplace.kept.policy import LOOKED_APART, TOLD_APART, is_due, newest_first, news_since

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_search_is_looked_at_once_an_hour() -> None:
    assert is_due(looked_at=NOW - LOOKED_APART, told_at=None, now=NOW)
    assert not is_due(looked_at=NOW - LOOKED_APART + SECOND, told_at=None, now=NOW)


def test_after_a_mail_a_search_rests_for_a_day() -> None:
    assert not is_due(looked_at=NOW - TOLD_APART, told_at=NOW - TOLD_APART + SECOND, now=NOW)
    assert is_due(looked_at=NOW - TOLD_APART, told_at=NOW - TOLD_APART, now=NOW)


@given(st.timedeltas(timedelta(0), timedelta(days=30)))
def test_news_never_begins_before_the_search_was_saved_nor_after_the_last_look(later: timedelta) -> None:
    saved, looked = NOW, NOW + later
    assert saved <= news_since(since_at=saved, looked_at=looked) <= looked


@given(
    st.lists(st.text("abc", min_size=1, max_size=2), unique=True, max_size=8), st.text("abc", min_size=1, max_size=2)
)
def test_the_newest_stands_first_and_nobody_stands_twice(slugs: list[str], slug: str) -> None:
    found = newest_first(slugs, slug, 8)
    assert found[0] == slug and len(found) == len(set(found)) <= 8
    assert found[1:] == [each for each in slugs if each != slug][:7]
