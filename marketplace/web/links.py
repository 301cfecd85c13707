"""Addresses in templates: a page has some fifty, most of them the same on every page, so each is put together once."""

from typing import Any

import flask
from flask import Flask, has_request_context, request

from marketplace.memory import Memory


def register(app: Flask) -> None:
    """Give templates a `url_for` that remembers what it answered."""
    kept: Memory[str] = Memory(10_000)

    def url_for(endpoint: str, **values: Any) -> str:
        plain = all(isinstance(value, str | int) and not name.startswith("_") for name, value in values.items())
        if not plain or endpoint.startswith(".") or not has_request_context():
            return flask.url_for(endpoint, **values)
        key = (request.script_root, endpoint, *((name, type(value), value) for name, value in values.items()))
        return kept.get(key, lambda: flask.url_for(endpoint, **values))

    app.jinja_env.globals["url_for"] = url_for
