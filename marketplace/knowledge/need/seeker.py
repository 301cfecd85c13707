"""Whether a text is a runner looking for help at all."""

from marketplace.knowledge.need.text import Story
from marketplace.knowledge.need.tree import NeededIssue, NeedFlag

FEWEST_WORDS = 3
_OWN = frozenset(["i", "i'm", "i've", "im", "ive", "my", "me", "je", "j", "mon", "ma", "mes", "moi"])


def seeks(story: Story, issues: tuple[NeededIssue, ...], flags: tuple[NeedFlag, ...], goals: int, wants: int) -> bool:
    """She runs, something troubles her or she wants something, and she is not selling."""
    if len(story.words) < FEWEST_WORDS:
        return False
    count = {c: sum(len(s.hits.get(c, ())) for s in story.sentences) for c in ("run", "advert", "recipe", "want")}
    now = [issue for issue in issues if issue.when == "now"]
    own = bool(_OWN & set(story.words))
    if count["recipe"] >= 2 and not (own and now):
        return False
    if count["advert"] >= 2 or (count["advert"] == 1 and not (own and (now or goals or flags))):
        return False
    if not (count["run"] or now or goals):
        return False
    if not own and not now and not goals:
        return False
    asks = bool(count["want"] and (wants or "?" in story.folded or now or flags or goals))
    return bool(now) or bool(flags) or asks or bool(goals)


__all__ = ["seeks"]
