"""Reads of what is kept: favourites and coaches by their addresses (`coaches`), saved searches (`searches`), and what
an address asks for (`asking`)."""

from marketplace.kept.queries.asking import Asked, asked
from marketplace.kept.queries.coaches import Face, faces, favourites, is_shown, kept_slugs
from marketplace.kept.queries.searches import due, locked, of_person, told_of

__all__ = [
    "Asked",
    "Face",
    "asked",
    "due",
    "faces",
    "favourites",
    "is_shown",
    "kept_slugs",
    "locked",
    "of_person",
    "told_of",
]
