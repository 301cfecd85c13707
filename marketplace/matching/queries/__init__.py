"""Reads of matching: who fits (`search`), what a card or a profile shows (`cards`), how many are where
(`clusters`), which place is meant (`near`), a town in numbers (`towns`)."""

from marketplace.matching.queries.cards import Card, Comment, Sold, cards, comments, with_similar_name
from marketplace.matching.queries.clusters import Cluster, clusters
from marketplace.matching.queries.facets import Facets, facets
from marketplace.matching.queries.near import (
    Gazetteer,
    address_of,
    around,
    is_point,
    located,
    name_of,
    suggestions,
    understood,
)
from marketplace.matching.queries.search import Hit, Results, is_listed, search, standing

__all__ = [
    "Card",
    "Cluster",
    "Comment",
    "Facets",
    "Gazetteer",
    "Hit",
    "Results",
    "Sold",
    "address_of",
    "around",
    "cards",
    "clusters",
    "comments",
    "facets",
    "is_listed",
    "is_point",
    "located",
    "name_of",
    "search",
    "standing",
    "suggestions",
    "understood",
    "with_similar_name",
]
