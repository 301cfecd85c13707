"""Pages for whoever runs the site: alive, able to serve, figures."""

import time

from flask import Blueprint, Response, g, jsonify, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from sqlalchemy import text

from marketplace.db import current_session
from marketplace.web.app import own_transaction, reads
from marketplace.web.auth import public

bp = Blueprint("health", __name__)
ANSWERS = Counter("runsight_answers_total", "Answers by endpoint and status", ["endpoint", "status"])
SECONDS = Histogram("runsight_answer_seconds", "Time to answer", ["endpoint"])


@bp.before_app_request
def _began() -> None:
    g.began = time.perf_counter()


@bp.after_app_request
def _counted(answer: Response) -> Response:
    endpoint = request.endpoint or "none"
    ANSWERS.labels(endpoint, answer.status_code).inc()
    SECONDS.labels(endpoint).observe(time.perf_counter() - g.get("began", time.perf_counter()))
    return answer


@bp.get("/healthz")
@own_transaction
@public
def alive() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@bp.get("/readyz")
@reads
@public
def ready() -> ResponseReturnValue:
    """The database answers too, and its tables are there."""
    current_session().execute(text("select 1 from job limit 1"))
    return jsonify(status="ok")


@bp.get("/metrics")
@own_transaction
@public
def metrics() -> ResponseReturnValue:
    """Figures of this process for Prometheus."""
    return Response(generate_latest(), content_type=CONTENT_TYPE_LATEST)
