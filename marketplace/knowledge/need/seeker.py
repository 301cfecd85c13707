"""Whether a text is a runner looking for help at all."""

from marketplace.knowledge.need.text import Story
from marketplace.knowledge.need.tree import NeededIssue, NeedFlag
from marketplace.knowledge.need.vocabulary import small_words

MOST_RECIPE = 4  # words of cooking, selling, lost things: no runner's story has so many
FEWEST_OF_NEWS = 2  # words of a race report
MOST_OF_A_LINE = 8  # words that need no "my"
MOST_OF_A_HOME = 6  # words of who says only where she lives
FEWEST_WORDS, FEWEST_OF_A_TROUBLE = 3, 2


def seeks(story: Story, issues: tuple[NeededIssue, ...], flags: tuple[NeedFlag, ...], goals: int, wants: int) -> bool:
    """She runs, something troubles her or she wants something, and she is not selling."""
    now = [issue for issue in issues if issue.when == "now"]
    if len(story.words) < (FEWEST_OF_A_TROUBLE if now or flags else FEWEST_WORDS):
        return False
    count = {
        c: sum(len(s.hits.get(c, ())) for s in story.sentences)
        for c in (
            "run",
            "formown",
            "progress",
            "home",
            "advert",
            "recipe",
            "newsword",
            "nothing_asked",
            "want",
            "coachword",
            "coachplain",
            "coachother",
        )
    }
    own = bool(small_words("own") & set(story.words))
    if count["recipe"] >= MOST_RECIPE or (count["recipe"] >= 2 and not (own and now)):
        return False
    if count["newsword"] >= FEWEST_OF_NEWS and not own:
        return False
    if count["advert"] >= 2 or (count["advert"] == 1 and not (own and (now or goals or flags))):
        return False
    if count["nothing_asked"] and not now and not flags:
        return False
    if count["home"] and len(story.words) <= MOST_OF_A_HOME:
        return True
    terse = len(story.words) <= MOST_OF_A_LINE
    running_coach = bool(count["want"] and count["coachplain"] and not count["coachother"])
    if not (count["run"] or count["formown"] or now or goals or running_coach or (flags and (own or terse))):
        return False
    coach = bool(count["want"] and count["coachword"])
    if not own and not now and not goals and not coach and not flags:
        return False
    asks = bool(count["want"] and (wants or count["progress"] or "?" in story.folded))
    return bool(now or flags or goals or asks or coach)


__all__ = ["seeks"]
