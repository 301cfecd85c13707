"""Pages of analyses: writing one, and reading what was delivered."""

from marketplace.analysis.views import reading, words, writing
from marketplace.analysis.views.blueprint import bp

__all__ = ["bp", "reading", "words", "writing"]
