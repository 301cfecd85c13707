"""The pages /, /match, /coaches, a coach's profile and all her times."""

from marketplace.matching.views import listing, profile, start
from marketplace.matching.views.blueprint import bp
from marketplace.matching.wording import sentences
from marketplace.web.errors import words

words(sentences())

__all__ = ["bp", "listing", "profile", "start"]
