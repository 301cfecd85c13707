"""Refusals in words: a page for people, problem details (RFC 9457) for the API.

Features add sentences for their kinds: `words({"time-gone": lambda: _("That time was just taken.")})`.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from marketplace import log
from marketplace.db import current_session, transaction
from marketplace.errors import DomainError

_words: dict[str, Callable[..., str]] = {}


class Unauthenticated(DomainError):
    """No valid token was given."""

    status = 401


def words(sentences: Mapping[str, Callable[..., str]]) -> None:
    """Register how kinds of refusal are said; each function takes the refusal's facts by name."""
    _words.update(sentences)


def say_of(kind: str) -> Callable[..., str] | None:
    """How a feature says this kind of refusal, if any does."""
    return _words.get(kind)


def word(error: DomainError) -> str:
    """The refusal as one or two sentences: what happened, that nothing was lost, what to do."""
    if say := _words.get(error.kind):
        return say(**error.facts)
    return {
        401: _("Please sign in first."),
        403: _("You may not do that."),
        404: _("There is nothing here, or it is not yours."),
        409: _("Something changed meanwhile. Nothing was lost; please look again."),
    }.get(error.status, _("That can't be right; please check what you gave."))


OWN = ("type", "title", "status", "kind", "errors")
"""Members of a problem that no fact of a refusal may take."""


def problem(status: int, title: str, *, kind: str = "about:blank", **more: Any) -> Response:
    """A problem-details answer."""
    answer = jsonify({"type": kind, "title": title, "status": status, **more})
    answer.status_code, answer.mimetype = status, "application/problem+json"
    if status == 401:
        answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def register(app: Flask) -> None:
    """Answer every error in the caller's form."""
    app.register_error_handler(DomainError, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(RecursionError, _too_deep)
    app.register_error_handler(Exception, _broken)


def for_api() -> bool:
    """Whether the caller is a program."""
    return request.path.startswith(("/api/", "/webhooks/"))


def _refused(error: DomainError) -> ResponseReturnValue:
    fields = getattr(error, "fields", None) or ({error.field: word(error)} if error.field else None)
    if for_api():
        facts = {name: value for name, value in error.facts.items() if _is_plain(value) and name not in OWN}
        return problem(error.status, word(error), kind=error.kind, **facts, **({"errors": fields} if fields else {}))
    return page(error.status, word(error) if not fields else " ".join(fields.values())), error.status


def _http(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if error.response is not None or status < 400:
        return error
    title = {
        400: _("That request could not be read. Please go back and try again."),
        404: _("There is nothing at this address."),
        405: _("That can't be done at this address."),
        413: _("That is too large. Nothing was saved."),
        429: _("That was too often. Please wait a little."),
    }.get(status, error.name)
    answer = problem(status, title) if for_api() else make_response(page(status, title), status)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return answer


def _too_deep(_error: RecursionError) -> ResponseReturnValue:
    """JSON nested deeper than anybody means it."""
    title = _("What was sent is nested too deeply.")
    return problem(422, title) if for_api() else (page(422, title), 422)


def _broken(error: Exception) -> ResponseReturnValue:
    log.error("broken", path=request.path, method=request.method, exc_info=error)
    title = _("Something broke on our side. Nothing was lost that was saved before; please try again.")
    return problem(500, title) if for_api() else (page(500, title), 500)


def page(status: int, sentence: str) -> str:
    """An error page in the site's look."""
    if current_session().in_transaction():
        return render_template("error.html", status=status, sentence=sentence)
    with transaction(write=False):
        return render_template("error.html", status=status, sentence=sentence)


def _is_plain(value: object) -> bool:
    return isinstance(value, str | int | float | bool | list | dict | None)
