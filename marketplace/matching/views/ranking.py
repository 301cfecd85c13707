"""How coaches are ranked, said with the weights that the score reckons with."""

from flask import render_template

from marketplace.matching import score
from marketplace.matching.criteria import USUAL_KM
from marketplace.matching.part_words import part_name, part_rule
from marketplace.matching.views.blueprint import bp
from marketplace.web.app import reads
from marketplace.web.auth import public
from marketplace.web.indexing import indexed


@bp.get("/how-we-rank")
@reads
@public
@indexed
def ranking() -> str:
    """The parts of a fit, each with its weight, the weightiest first."""
    weights = sorted((score.WEIGHTS | {"new": score.NEWCOMER}).items(), key=lambda part: -part[1])
    return render_template(
        "matching/ranking.html",
        parts=[{"name": part_name(kind), "rule": part_rule(kind), "weight": weight} for kind, weight in weights],
        most=max(score.WEIGHTS.values()),
        km=USUAL_KM,
    )
