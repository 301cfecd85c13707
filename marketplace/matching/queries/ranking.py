"""Who comes first: the terms of score.py on columns of the search table, so that the database ranks a whole town.

Each order is three numbers, least first: whether a coach is elsewhere, what is asked, and what decides between equals
(of the same fit, to the last digit, nothing but the id: the distance is in the fit already).
"""

from marketplace.matching.criteria import Criteria, Sort
from marketplace.matching.masks import IN_PERSON, ONLINE
from marketplace.matching.queries.conditions import horizon, nearness, next_seconds, price
from marketplace.matching.queries.sql import Values
from marketplace.matching.score import BESIDE_THE_POINT, FROM_AFAR, SAME_ZONE, Term, form

FAR = 2.0  # beyond any nearness
OTHER_CURRENCY = 10**9  # minor units: after all prices in the currency that is thought in


def keys(criteria: Criteria, value: Values, *, ring: bool) -> tuple[str, str, str]:
    """The order of a search, in the ring or outside it."""
    group = _group(criteria, ring)
    if criteria.sort == Sort.RATING:
        mean = "coalesce(CAST(rating_sum AS DOUBLE PRECISION) / nullif(rating_count, 0), 0.0)"
        return group, f"-{mean}", "-rating_count"
    fit = f"-{score(criteria, value, ring=ring)}"
    if criteria.sort == Sort.PRICE:
        elsewhere = f"CASE WHEN currency = {value(criteria.currency)} THEN 0 ELSE {OTHER_CURRENCY} END"
        return group, f"{price(criteria)} + {elsewhere}", fit
    if criteria.sort == Sort.SOONEST:
        return group, next_seconds(criteria, value), fit
    if criteria.sort == Sort.DISTANCE:
        return group, f"-{nearness(criteria, value)}" if ring else value(FAR), fit
    return group, fit, "0"


def score(criteria: Criteria, value: Values, *, ring: bool) -> str:
    """score.score of a row."""
    ranked = form(criteria.wish)
    spoken = [term for term in ranked.terms if term.column == "languages"]  # all of it, by who qualifies
    constant = ranked.constant + sum(term.weight for term in spoken)
    terms = [_times(term, criteria, value, ring) for term in ranked.terms if term not in spoken]
    total = f"({' + '.join([value(constant), *terms])})"
    if not ranked.now or not criteria.past | criteria.goals:  # then whoever qualifies fixes some of it
        return total
    return f"({total} * CASE WHEN issues & {value(ranked.now)} <> 0 THEN 1.0 ELSE {BESIDE_THE_POINT} END)"


def _times(term: Term, criteria: Criteria, value: Values, ring: bool) -> str:
    if term.column == "closeness":
        return _closeness(criteria, value, term.weight, ring)
    column = price(criteria) if term.column == "price" else term.column
    if not term.mask:
        return f"{column} * {value(term.weight)}"
    return f"({column} & {value(term.mask << term.shift)}) * {value(term.weight / 2**term.shift)}"


def _closeness(criteria: Criteria, value: Values, weight: float, ring: bool) -> str:
    online = f"modes & {ONLINE} <> 0"
    here, afar = value(SAME_ZONE * weight), value(FROM_AFAR * weight)
    if not ring:
        zone = f"zone = {value(criteria.zone)}" if criteria.zone is not None else "1 = 0"
        return f"CASE WHEN {online} THEN CASE WHEN {zone} THEN {here} ELSE {afar} END ELSE 0.0 END"
    edge = horizon(criteria)
    near = f"({nearness(criteria, value)} - {value(edge)}) * {value(weight / (1 - edge))}"
    return value.greater(near, f"CASE WHEN {online} THEN {here} ELSE 0.0 END")


def _group(criteria: Criteria, ring: bool) -> str:
    """Online coaches come after those in the ring, unless one kind was asked for."""
    if criteria.modes or criteria.centre is None:
        return "0"
    return f"CASE WHEN modes & {IN_PERSON} <> 0 THEN 0 ELSE 1 END" if ring else "1"
