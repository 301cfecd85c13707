"""New coaches get a fair share of first places: enough to be tried, not enough to push out who has proven herself."""

from dataclasses import replace
from datetime import timedelta
from random import Random

from marketplace.matching.masks import ISSUES
from marketplace.matching.score import SAME_ZONE, Candidate, Wish, score
from marketplace.matching.stored import LISTED, MAIN, PROVEN, newness, strength

TOWN, NEW = 60, 12
SEARCHES = 600


def established(chance: Random) -> Candidate:
    """A coach of some years: some of her issues proven, stars as they are given."""
    fixes = chance.sample(range(len(ISSUES)), 4)
    levels = {
        each: (MAIN if place < 2 else LISTED) + PROVEN * (chance.random() < 0.4) for place, each in enumerate(fixes)
    }
    count = chance.choice((2, 5, 10, 30))
    stars = sum(chance.choices((3, 4, 5), (1, 3, 6))[0] for _ in range(count))
    return _anybody(chance, strength(levels), rating_sum=stars, rating_count=count, reply_hours=chance.uniform(8, 90))


def newcomer(chance: Random) -> Candidate:
    """One like them who came within the last two months."""
    fixes = chance.sample(range(len(ISSUES)), 4)
    levels = strength({each: MAIN if place < 2 else LISTED for place, each in enumerate(fixes)})
    return _anybody(chance, levels, newcomer=newness(timedelta(days=chance.uniform(0, 60)), levels))


def _anybody(chance: Random, levels: int, **own: float) -> Candidate:
    km, online = chance.uniform(0, 40), chance.random() < SAME_ZONE
    coach = Candidate(strength=levels, distance_km=km, works_online=online, availability=chance.uniform(0.3, 1))
    return replace(coach, goals=chance.getrandbits(7), **own)  # type: ignore[arg-type]


def share_of_first_places(seed: int) -> float:
    """Over many runners, each with two issues and a goal, how often a newcomer stands first."""
    chance = Random(seed)
    new = [newcomer(chance) for _ in range(NEW)]
    town = [*new, *(established(chance) for _ in range(TOWN - NEW))]
    firsts = 0
    for _ in range(SEARCHES):
        asked = sum(1 << each for each in chance.sample(range(len(ISSUES)), 2))
        wish = Wish(issues=asked, goals=1 << chance.randrange(7), within_km=40)
        firsts += max(town, key=lambda coach: score(wish, coach)) in new
    return firsts / SEARCHES


def test_a_fifth_of_newcomers_hold_between_a_tenth_and_a_third_of_first_places() -> None:
    shares = [share_of_first_places(seed) for seed in range(8)]
    mean = sum(shares) / len(shares)
    assert 0.1 <= mean <= 0.33, shares


def test_without_their_points_newcomers_would_hold_clearly_fewer() -> None:
    """The control: the points do something."""
    chance = Random(3)
    old = [replace(newcomer(chance), newcomer=0.0) for _ in range(NEW)]
    given = [replace(coach, newcomer=1.0) for coach in old]
    others = [established(chance) for _ in range(TOWN - NEW)]
    wishes = [Wish(issues=1 << chance.randrange(len(ISSUES)), within_km=40) for _ in range(SEARCHES)]

    def firsts(new: list[Candidate]) -> int:
        return sum(max([*new, *others], key=lambda coach: score(wish, coach)) in new for wish in wishes)

    assert firsts(given) > 1.2 * firsts(old)
