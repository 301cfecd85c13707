"""Whether a text is a runner looking for help at all."""

from marketplace.knowledge.need.text import Story
from marketplace.knowledge.need.tree import NeededIssue, NeedFlag
from marketplace.knowledge.need.vocabulary import small_words

FEWEST_WORDS = 3


def seeks(story: Story, issues: tuple[NeededIssue, ...], flags: tuple[NeedFlag, ...], goals: int, wants: int) -> bool:
    """She runs, something troubles her or she wants something, and she is not selling."""
    if len(story.words) < FEWEST_WORDS:
        return False
    count = {
        c: sum(len(s.hits.get(c, ())) for s in story.sentences)
        for c in ("run", "advert", "recipe", "want", "coachword")
    }
    now = [issue for issue in issues if issue.when == "now"]
    own = bool(small_words("own") & set(story.words))
    if count["recipe"] >= 2 and not (own and now):
        return False
    if count["advert"] >= 2 or (count["advert"] == 1 and not (own and (now or goals or flags))):
        return False
    if not (count["run"] or now or goals):
        return False
    coach = bool(count["want"] and count["coachword"])
    if not own and not now and not goals and not coach:
        return False
    asks = bool(count["want"] and (wants or "?" in story.folded))
    return bool(now or flags or goals or asks or coach)


__all__ = ["seeks"]
