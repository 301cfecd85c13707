"""The pages /favourites, /compare and /searches, and what other pages show of what is kept."""

from marketplace.kept.views import comparing, favourites, parts, searches, stopping, words
from marketplace.kept.views.blueprint import bp

__all__ = ["bp", "comparing", "favourites", "parts", "searches", "stopping", "words"]
