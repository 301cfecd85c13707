"""Keeping the search tables true to what the features below know: a coach's row, her topics and her words."""

from marketplace.matching.service.facts import AHEAD_DAYS, Facts
from marketplace.matching.service.refreshing import bulk, refresh, refresh_stale

__all__ = ["AHEAD_DAYS", "Facts", "bulk", "refresh", "refresh_stale"]
