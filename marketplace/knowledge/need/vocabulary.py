"""The vocabulary as written in data/words: phrases by concept, rules by topic, word lists."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent.parent / "data" / "words"


@cache
def vocabulary(name: str) -> dict[str, Any]:
    """One file of the vocabulary, as written."""
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def entries(table: dict[str, Any]) -> dict[str, list[str]]:
    """A table of the vocabulary: each concept's phrases; a string holds them separated by commas."""
    return {key: listed(value) for key, value in table.items()}


def listed(value: str | list[str]) -> list[str]:
    """The phrases of one concept."""
    parts = re.split(r"[,\n]", value) if isinstance(value, str) else value
    return [part.strip() for part in parts if part.strip()]


@cache
def small_words(name: str) -> frozenset[str]:
    """A list of single words, of the file of small words."""
    words: str = vocabulary("small")[name]
    return frozenset(words.split())
