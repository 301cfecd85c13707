"""What a thin page lacks is named, and a full one is left alone."""

from dataclasses import replace

from marketplace.coaches.completeness import Hint, hints, sentences
from marketplace.coaches.drafts import Profile

FULL = Profile(
    name="Wren Waters",
    headline="Hips that stay level, mile after mile",
    about="I watch you run. I find one thing to change! Then we try it together. You film again? I look once more.",
    place="Ottawa",
    languages=("en",),
    issues=("hip-drop", "itb"),
    main_issues=("hip-drop",),
    goals=("10k",),
)


def test_a_page_that_says_enough_gets_no_hint() -> None:
    assert hints(FULL, papers=1) == []


def test_a_short_text_is_told_how_many_sentences_would_do() -> None:
    about = "I watch you run. I find one thing to change. Good. Come"
    assert hints(replace(FULL, about=about), papers=1) == [Hint("about", 3)]


def test_what_is_missing_is_named_the_most_useful_first() -> None:
    thin = replace(FULL, about="", headline="Running coach", main_issues=(), goals=())
    assert [each.kind for each in hints(thin, papers=0)] == ["about", "main", "headline", "goals", "papers"]


def test_lines_of_a_list_and_three_dots_are_sentences_too() -> None:
    assert sentences("First we walk a lap\nThen we run one… Then we talk it over") == 3
    assert sentences("At 3.5 km we stop. e.g.") == 1
