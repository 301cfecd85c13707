"""Names in capitals, as letters show them: where one begins and ends, and whether a writer uses capitals at all."""

from marketplace.knowledge.need.text import Sentence, Story
from marketplace.knowledge.need.vocabulary import small_words

LONGEST_NAME = 5  # tokens


def name_end(story: Story, sentence: Sentence, first: int) -> int:
    """Where a name in capitals that begins at token `first` ends; `first` itself when none begins."""
    if not capital(story, first):
        return first
    last = first + 1
    while last < sentence.last and last - first < LONGEST_NAME:
        between = gap(story, last)
        if story.words[last] == "'s" and between == "":
            last += 1
            continue
        if story.breaks[last] or between not in (" ", "-", "", "'", ". ", ".", "’", "‑"):
            break
        if capital(story, last):
            last += 1
        elif following := _connected(story, sentence, last):
            last = following
        else:
            break
    return last


def _connected(story: Story, sentence: Sentence, first: int) -> int:
    """Where the word ends that one or two small words join to a name ("du-Loup", "de la Madeleine"); 0 for none."""
    for i in (first + 1, first + 2):
        if i >= sentence.last or story.breaks[i] or story.words[i - 1] not in small_words("connectors"):
            return 0
        if capital(story, i):
            return i + 1
    return 0


def capital(story: Story, i: int) -> bool:
    """Whether token i begins with a capital, or is half a postal code."""
    letter = story.original_at(story.starts[i])
    word = story.words[i]
    return letter.isupper() and word not in ("i", "i'm", "i've", "i'd", "i'll") or _postal(word)


def _postal(word: str) -> bool:
    return len(word) == 3 and word[0].isalpha() and word[1].isdigit() and word[2].isalpha()


def gap(story: Story, i: int) -> str:
    """What is written between token i and the one before."""
    return story.folded[story.ends[i - 1] : story.starts[i]] if i else ""


def writes_capitals(story: Story) -> bool:
    """Whether she begins any word inside a sentence with a capital, besides "I" and words in capitals throughout."""
    opens = {sentence.first for sentence in story.sentences}
    return any(
        len(word) > 1
        and word[0].isalpha()
        and story.original_at(start).isupper()
        and not story.original_at(start + 1).isupper()
        for i, (word, start) in enumerate(zip(story.words, story.starts, strict=True))
        if i not in opens and word not in ("i'm", "i've", "i'd", "i'll")
    )
