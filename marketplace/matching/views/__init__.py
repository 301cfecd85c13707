"""The pages /, /match, /coaches, a coach's profile and all her times."""

from marketplace.matching.views import around, listing, profile, ranking, start
from marketplace.matching.views.blueprint import bp
from marketplace.matching.wording import sentences
from marketplace.web.errors import words

words(sentences())

__all__ = ["around", "bp", "listing", "profile", "ranking", "start"]
