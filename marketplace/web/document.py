"""The API's document (OpenAPI 3.1) and a page that people can read."""

from typing import Any, cast

from flask import Blueprint, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_openapi3.openapi import OpenAPI

from marketplace.web.app import own_transaction, reads
from marketplace.web.auth import public

bp = Blueprint("document", __name__, url_prefix="/api/v1")


@bp.get("/openapi.json")
@own_transaction
@public
def openapi() -> ResponseReturnValue:
    """The document."""
    return jsonify(_document())


@bp.get("/docs")
@reads
@public
def docs() -> ResponseReturnValue:
    """Every call with its parameters, fields and answers, from the document."""
    return render_template("docs.html", document=_document(), name=_name)


def _document() -> dict[str, Any]:
    app = cast(OpenAPI, current_app._get_current_object())  # type: ignore[attr-defined]
    document: dict[str, Any] = app.api_doc
    return document


def _name(schema: dict[str, Any]) -> str:
    """How a schema is called in the page: its name, or its plain type."""
    if reference := schema.get("$ref"):
        return str(reference).rsplit("/", 1)[1]
    if choices := schema.get("anyOf"):
        return " | ".join(_name(choice) for choice in choices)
    if schema.get("type") == "array":
        return f"[{_name(schema.get('items', {}))}]"
    if values := schema.get("enum"):
        return " | ".join(map(str, values))
    return str(schema.get("format") or schema.get("type") or "any")
