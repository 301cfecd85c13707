"""What a person does with what she keeps, and what her saved searches do for her."""

from marketplace.kept.service.favourites import drop, forget_person, keep, keep_all
from marketplace.kept.service.searches import forget_removed, pause, remove, rename, restore, resume, save
from marketplace.kept.service.telling import look, tell_due

__all__ = [
    "drop",
    "forget_person",
    "forget_removed",
    "keep",
    "keep_all",
    "look",
    "pause",
    "remove",
    "rename",
    "restore",
    "resume",
    "save",
    "tell_due",
]
