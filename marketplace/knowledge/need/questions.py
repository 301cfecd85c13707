"""Questions that tell nothing of her: answered with "no", or asked of a fault in general."""

from marketplace.knowledge.need.rules import Match
from marketplace.knowledge.need.text import Sentence, Story
from marketplace.knowledge.need.vocabulary import small_words

LONGEST_WONDER = 14  # tokens


def answered_no(story: Story, sentence: Sentence) -> bool:
    """ "Knee pain? No." """
    end = story.ends[sentence.last - 1]
    if sentence.last >= len(story.words) or "?" not in story.folded[end : story.starts[sentence.last]]:
        return False
    return sentence.last - sentence.first <= 6 and story.words[sentence.last] in small_words("answers_no")


def wonders(story: Story, sentence: Sentence, match: Match) -> bool:
    """ "Do I lean? Am I supposed to land on my toes?": no fault is known yet, unless it shall be mended."""
    end = story.ends[sentence.last - 1]
    if sentence.last - sentence.first > LONGEST_WONDER or "?" not in story.folded[end : end + 2]:
        return False
    if story.words[sentence.first] in small_words("asks") and "mine" not in sentence.hits:
        return True
    if any(h[0] < match.first for h in sentence.hits.get("known", ())):
        return False
    return any(story.breaks[h[0]] and h[0] <= match.first for h in sentence.hits.get("wonders", ()))
