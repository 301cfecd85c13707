"""Whatever is typed is read: nothing raises, and no text takes long."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.knowledge.need import understand
from marketplace.knowledge.need.text import LONGEST_STORY
from tests.knowledge.finder import Towns

PIECES = (
    "0", "7", "3:", "1.", "9,",
    "", " ", "\n", "😀", "🏃‍♀️ ", "'; DROP TABLE users;-- ", "<script>alert(1)</script>", "<", "&", "> ", "%s{}", "\x00",
    "e\u0301", "1:", "5k ", "2h ", "5 min ", "sub ", "a ", "l'", "Ab, Cd, ", "in ", "H2X 1Y4 ", "no ",
    "marathon in 3:10 ",
    "my knee hurts ", "knee, hip, calf, pain, ", "i want 5k in 20 min ", "knock two minutes off my 10k ", "a wrote:\n",
    "my left hip drops and my glutes are weak i want a 5k in 25 min in ottawa ",
)  # fmt: skip
LONGEST_SECONDS = 1.0  # about ten times what the slowest takes on an idle machine


@pytest.mark.parametrize("piece", PIECES)
def test_twenty_thousand_letters_of_anything_are_read_at_once(piece):
    story = (piece * LONGEST_STORY)[:LONGEST_STORY]
    began = time.process_time()
    need = understand(story, Towns())
    assert time.process_time() - began < LONGEST_SECONDS
    assert all(each.because in story for each in (*need.issues, *need.goals, *need.red_flags, *need.results))


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400))
def test_no_text_is_refused(story):
    understand(story, Towns())


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_every_quotation_is_the_writers_own(story):
    need = understand(story, Towns())
    told = [*need.issues, *need.goals, *need.red_flags, *need.results, *need.preferences]
    assert all(each.because and each.because in story for each in told)


def test_what_says_nothing_of_running_asks_for_nothing():
    for story in ("", "😀😀😀", "asdf qwer zxcv", "' OR 1=1; --", "<b></b>"):
        need = understand(story, Towns())
        assert not (need.issues or need.goals or need.place or need.seeker)
