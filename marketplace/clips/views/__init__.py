"""Pages of clips: attaching one, watching it, deleting it, and its bytes."""

from marketplace.clips.views import attaching, watching, words
from marketplace.clips.views.blueprint import bp

__all__ = ["attaching", "bp", "watching", "words"]
