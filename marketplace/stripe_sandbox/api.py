"""The calls of Stripe's API that the sandbox answers: key, faults, idempotency, parameters, one act."""

import base64
import hashlib
import json
import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, request

from marketplace.stripe_sandbox import events, faults, parameters
from marketplace.stripe_sandbox.calls import CALLS, Call
from marketplace.stripe_sandbox.desk import Desk, new_id
from marketplace.stripe_sandbox.expansion import expand
from marketplace.stripe_sandbox.refusals import Refusal, UnknownParameters, bad_key
from marketplace.stripe_sandbox.sandbox import here
from marketplace.stripe_sandbox.shapes import Thing

bp = Blueprint("api", __name__)
KEY_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Answer:
    """Status, body, the id of the request that was answered first, and whether this one repeats it."""

    status: int
    body: Thing
    request_id: str
    repeated: bool = False


def view_of(call: Call) -> Callable[..., Response]:
    """The view of one call."""

    def view(**ids: str) -> Response:
        fault = faults.next_for(here(), request.method, request.path)
        if fault is None:
            return respond(answer_to(call, ids))
        answer = Answer(0, {}, new_id("request")) if fault.before else answer_to(call, ids)
        fault.wait()
        return respond(Answer(fault.status, fault.body, answer.request_id) if fault.status else answer)

    return view


def answer_to(call: Call, ids: dict[str, str]) -> Answer:
    """Do what is asked, once for each idempotency key."""
    key = request.headers.get("Idempotency-Key") if request.method == "POST" else None
    with here().desk(key) as desk:
        try:
            _check_who_asks()
            asked = _asked(call)
        except Refusal as refused:
            return Answer(refused.status, refused.body, desk.request_id)
        earlier = _earlier(desk, key)
        if earlier:
            return earlier
        try:
            status, body = 200, expand(desk, call.act(desk, asked, **ids), asked.pop("expand", []))
        except Refusal as refused:
            status, body = refused.status, refused.body
        _remember(desk, key, status, body)
        return Answer(status, body, desk.request_id)


def _check_who_asks() -> None:
    """A test mode's secret key, as bearer or as the user name of basic authentication."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "basic":
        given = _user_name(given)
    if not given:
        raise bad_key("You did not provide an API key.")
    if re.match(r"(sk|rk|pk)_live", given):
        raise bad_key("This is a sandbox: it refuses live keys, and no money moves here.")
    if not re.match(r"sk_test_\w", given):
        raise bad_key(f"Invalid API Key provided: {given[:8]}***")
    if request.headers.get("Stripe-Account"):
        raise Refusal("The sandbox acts for the platform's own account only.", status=403)


def _user_name(credentials: str) -> str:
    try:
        return base64.b64decode(credentials).decode("latin-1").partition(":")[0]
    except ValueError:
        return ""


def _asked(call: Call) -> dict[str, Any]:
    source = request.form if request.method == "POST" else request.args
    return parameters.check(parameters.unfold(source.items(multi=True)), call.parameters)


def _fingerprint() -> str:
    sent = json.dumps([request.method, request.path, sorted(request.form.items(multi=True))])
    return hashlib.sha256(sent.encode()).hexdigest()


def _earlier(desk: Desk, key: str | None) -> Answer | None:
    """The answer that this key has had within the last day, if the request is the same."""
    if key is None:
        return None
    row: sqlite3.Row | None = desk.connection.execute(
        "SELECT * FROM answers WHERE key = ? AND kept_until > ?", (key, desk.now)
    ).fetchone()
    if row is None:
        return None
    if row["request"] != _fingerprint():
        message = (
            "Keys for idempotent requests can only be used with the same parameters they were first used with."
            f" Try using a key other than '{key}' if you meant to execute a different request."
        )
        refused = Refusal(message, kind="idempotency_error")
        return Answer(refused.status, refused.body, desk.request_id)
    return Answer(row["status"], json.loads(row["body"]), row["request_id"], repeated=True)


def _remember(desk: Desk, key: str | None, status: int, body: Thing) -> None:
    if key is None:
        return
    desk.connection.execute(
        "INSERT OR REPLACE INTO answers (key, request, status, body, request_id, kept_until) VALUES (?, ?, ?, ?, ?, ?)",
        (key, _fingerprint(), status, json.dumps(body), desk.request_id, desk.now + KEY_SECONDS),
    )


def respond(answer: Answer) -> Response:
    """The HTTP response, noted in the list of calls."""
    key = request.headers.get("Idempotency-Key")
    faults.note(here(), request.method, request.path, key, answer.status)
    response = Response(json.dumps(answer.body, indent=2), answer.status, mimetype="application/json")
    response.headers["Request-Id"] = answer.request_id
    response.headers["Stripe-Version"] = request.headers.get("Stripe-Version", events.API_VERSION)
    if key:
        response.headers["Idempotency-Key"] = key
        response.headers["Original-Request"] = answer.request_id
    if answer.repeated:
        response.headers["Idempotent-Replayed"] = "true"
    return response


@bp.route("/v1/<path:_rest>", methods=["GET", "POST", "DELETE"])
def unknown(_rest: str) -> Response:
    """Any other call."""
    refused = Refusal(f"Unrecognized request URL ({request.method}: {request.path}).", status=404)
    return respond(Answer(404, refused.body, new_id("request")))


@bp.errorhandler(UnknownParameters)
def malformed(refused: UnknownParameters) -> Response:
    """Parameters whose names make no sense."""
    return respond(Answer(refused.status, refused.body, new_id("request")))


for _call in CALLS:
    bp.add_url_rule(_call.path, _call.name, view_of(_call), methods=[_call.method])
