"""In which language she writes, and in which she wants her coach to speak."""

import re

from marketplace.knowledge.need.text import Story
from marketplace.knowledge.need.tree import Language

_FRENCH = frozenset(
    ["je", "j", "le", "la", "les", "des", "une", "du", "et", "est", "que", "qui", "dans", "pour", "pas", "mon", "ma", "mes", "moi", "avec", "sur", "au", "aux", "ai", "suis", "c", "ce", "ça", "ca", "en", "ne", "n", "il", "elle", "mais", "ou", "par", "plus", "très", "tres", "depuis", "quand", "chaque", "cours", "course", "courir", "genou", "jambe", "mal", "sans", "un", "d", "l", "qu", "s", "m", "se", "me", "de", "à", "a", "y", "pis"]
)
_ENGLISH = frozenset(
    ["i", "the", "and", "my", "to", "of", "a", "in", "is", "it", "for", "that", "me", "with", "on", "have", "but", "when", "at", "i'm", "i've", "was", "be", "run", "running", "can", "would", "like", "get", "not", "this", "so", "from", "after", "do", "don't", "am", "are", "just", "you", "or", "an", "all", "been", "how", "who", "some", "any", "about", "as", "if", "no"]
)
_BOTH = re.compile(
    r"\b(?:either|both) languages?\b|\b(?:english|french) (?:or|and|ou) (?:english|french)\b|\bbilingual\b|\bbilingue\b|peu importe la langue"
    r"|\b(?:anglais|francais) (?:ou|et) (?:en )?(?:anglais|francais)\b|language (?:doesn't|does not) matter|(?:english|french) is (?:also )?fine|dans les deux langues|any language"
)
_IN_FRENCH = re.compile(
    r"\bin french\b|\bfrench[- ]speaking\b|\bspeaks? (?:\w+ )?french\b|\bfrancophone\b|\ben francais\b|\b(?:qui )?parle(?:r|nt)?(?: \w+)? francais\b|\bfrench coach\b|\bservice en francais\b"
)
_IN_ENGLISH = re.compile(
    r"\bin english\b|\benglish[- ]speaking\b|\bspeaks? (?:\w+ )?english\b|\banglophone\b|\ben anglais\b|\bparle(?:r|nt)?(?: \w+)? anglais\b|\benglish speaker\b"
)
_NOT_ASKED = re.compile(
    r"(?:don't|do not|can't|cannot|ne|pas|peu|mal|my|mon|not|bad|learn\w*|apprendre|bit of|un peu)\W+(?:\w+\W+){0,3}$"
)


def language(story: Story) -> Language:
    """French when French small words outnumber the English ones."""
    words = story.words
    french = sum(word in _FRENCH for word in words) + sum(c in "éèêàçùôîû" for c in story.original[:2000].lower()) // 2
    english = sum(word in _ENGLISH for word in words)
    return "fr" if french > english else "en"


def coach_language(story: Story) -> Language | None:
    """The language asked of the coach; None when none is, or both will do."""
    text = story.folded
    if _BOTH.search(text):
        return None
    for pattern, asked in ((_IN_FRENCH, "fr"), (_IN_ENGLISH, "en")):
        for match in pattern.finditer(text):
            if not _NOT_ASKED.search(text[max(0, match.start() - 30) : match.start()]):
                return "fr" if asked == "fr" else "en"
    return None
