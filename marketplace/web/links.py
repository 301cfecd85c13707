"""Addresses in templates: a page has some fifty, most of them the same on every page, so each is put together once."""

from typing import Any

import flask
from flask import Flask, has_request_context, request

MOST_KEPT = 20_000


def register(app: Flask) -> None:
    """Give templates a `url_for` that remembers what it answered."""
    kept: dict[tuple[object, ...], str] = {}

    def url_for(endpoint: str, **values: Any) -> str:
        if not has_request_context() or any(name.startswith("_") for name in values):
            return flask.url_for(endpoint, **values)
        try:
            key = (request.script_root, endpoint, *values.items())
            found = kept.get(key)
        except TypeError:  # a list among the values
            return flask.url_for(endpoint, **values)
        if found is None:
            if len(kept) >= MOST_KEPT:
                kept.clear()
            found = kept[key] = flask.url_for(endpoint, **values)
        return found

    app.jinja_env.globals["url_for"] = url_for
