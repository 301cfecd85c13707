"""In which language she writes, and in which she wants her coach to speak."""

from marketplace.knowledge.need.clockings import pattern
from marketplace.knowledge.need.text import Story
from marketplace.knowledge.need.tree import Language
from marketplace.knowledge.need.vocabulary import small_words

ACCENTED = "éèêàçùôîû"
CUES_READ = 2000  # letters of the story searched for accents


def language(story: Story) -> Language:
    """French when French small words outnumber the English ones."""
    words = story.words
    accents = sum(letter in ACCENTED for letter in story.original[:CUES_READ].lower())
    french = sum(word in small_words("french") for word in words) + accents // 2
    english = sum(word in small_words("english") for word in words)
    return "fr" if french > english else "en"


def coach_language(story: Story) -> Language | None:
    """The language asked of the coach; None when none is, or both will do."""
    if pattern("both_languages").search(story.folded):
        return None
    if _asked(story, "in_french"):
        return "fr"
    return "en" if _asked(story, "in_english") else None


def _asked(story: Story, name: str) -> bool:
    not_asked = pattern("language_not_asked")
    return any(
        not not_asked.search(story.folded[max(0, match.start() - 30) : match.start()])
        for match in pattern(name).finditer(story.folded)
    )
