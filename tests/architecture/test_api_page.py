"""docs/api.md names what the site answers, no more and no less."""

import re
from pathlib import Path

from flask import Flask

from marketplace.scheduling.closed import Reason
from marketplace.web.errors import say_of

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
REFUSALS = PAGE.split("## A series")[0].split("## Taking a time")[1]


def test_it_names_every_reason_why_a_time_is_closed() -> None:
    told = PAGE.split("## Why is it closed?")[1].split("`reason` of a 409")[0]
    assert {each.value for each in Reason} <= set(re.findall(r"`([a-z-]+)`", told))


def test_every_refusal_it_names_has_words(app: Flask) -> None:
    named = set(re.findall(r"`((?:time|price|id|series|coach|too|no)-[a-z-]+)`", REFUSALS))
    assert len(named) >= 12 and all(map(say_of, named))


def test_every_path_it_names_is_in_the_document(app: Flask) -> None:
    known = {re.sub(r"\{[^}]+\}", "<id>", path) for path in app.test_client().get("/api/v1/openapi.json").json["paths"]}
    named = {path.split("?")[0] for path in re.findall(r"`(?:GET|POST|DELETE) (/[^`\s]+)`", PAGE)}
    assert len(named) >= 5 and {f"/api/v1{path}" for path in named} <= known


def test_the_document_explains_a_refused_hold(app: Flask) -> None:
    document = app.test_client().get("/api/v1/openapi.json").json
    fields = document["paths"]["/api/v1/bookings"]["post"]["responses"]["409"]["content"]["application/problem+json"]
    explained = fields["schema"]["properties"]
    assert all(explained[each]["description"] for each in ("others", "clashes", "booking"))
    repetition = document["components"]["schemas"]["Repetition"]["properties"]
    assert all(each["description"] for each in repetition.values())
