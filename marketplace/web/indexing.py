"""What search engines may keep: views marked `@indexed`, each page under one address in each language.

All other pages say `noindex`. A page of an indexed view may keep out for a reason of its own, or say that it is
another page's content.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, g, has_request_context, redirect, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.web.languages import LANGUAGES, absolute_url

View = TypeVar("View", bound=Callable[..., Any])


def indexed(view: View) -> View:
    """The view's pages are for search engines too."""
    view.indexed = True  # type: ignore[attr-defined]
    return view


def is_indexed(endpoint: str) -> bool:
    """Whether the endpoint's view is marked so."""
    return bool(getattr(current_app.view_functions.get(endpoint), "indexed", False))


def keep_out() -> None:
    """This page is not for search engines, whatever its view is."""
    g.is_kept_out = True


def stand_for(endpoint: str, **values: Any) -> None:
    """What this page shows is the other page's: search engines keep that."""
    g.stands_for = endpoint, values


def moved(endpoint: str, **values: Any) -> ResponseReturnValue:
    """To the one address of what was asked for in another spelling; parameters come along."""
    query = request.query_string.decode("ascii", "replace")
    return redirect(url_for(endpoint, **values) + (f"?{query}" if query else ""), 301)


def addresses() -> dict[str, str]:
    """The one address of this page in each language, without parameters; none where search engines pass it over."""
    if not has_request_context() or g.get("is_kept_out"):
        return {}
    if request.endpoint is None or not is_indexed(request.endpoint):
        return {}
    endpoint, values = g.get("stands_for") or (request.endpoint, request.view_args or {})
    return in_each_language(endpoint, **values)


def in_each_language(endpoint: str, **values: Any) -> dict[str, str]:
    """Absolute addresses of a page, by language."""
    return {each: absolute_url(endpoint, in_language=each, **values) for each in LANGUAGES}


def register(app: Flask) -> None:
    """Give templates `indexed_addresses`."""
    app.jinja_env.globals.update(indexed_addresses=addresses)
