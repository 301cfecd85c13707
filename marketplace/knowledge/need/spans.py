"""Between letters and tokens: which tokens a stretch of the folded text covers, and the letters of a sentence."""

from bisect import bisect_left, bisect_right

from marketplace.knowledge.need.text import Sentence, Story

MOST_PARTS = 3  # of a written word that are added to a quote


def letters(story: Story, sentence: Sentence) -> tuple[int, int]:
    """The letters of a sentence, with the marks behind it."""
    end = story.starts[sentence.last] if sentence.last < len(story.starts) else len(story.folded)
    return story.starts[sentence.first], end


def tokens(story: Story, start: int, end: int) -> tuple[int, int]:
    """The tokens (last exclusive) of the letters start..end."""
    first = max(bisect_right(story.starts, start) - 1, 0)
    return first, max(bisect_left(story.starts, end), first + 1)


def quotation(story: Story, first: int, last: int) -> str:
    """The story's own words from token `first` to `last` (exclusive), with the rest of a word cut in two."""
    for _ in range(MOST_PARTS):
        first -= first > 0 and _joined(story, first)
        last += last < len(story.words) and _joined(story, last)
    return story.quote(first, last)


def _joined(story: Story, i: int) -> bool:
    """Whether token i stands in one written word with the one before ("l'aine", "husband's", "half-marathon")."""
    return story.folded[story.ends[i - 1] : story.starts[i]] in ("", "'", "-")
