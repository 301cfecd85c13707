"""Who is asking, and which views she may use. `accounts` gives the loader; nothing here knows its tables.

Every view is marked `@public`, `@signed_in` or `@role(...)`, under its transaction mark; an architecture test holds it.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol, TypeVar
from uuid import UUID

from flask import Flask, current_app, redirect, request, url_for

from marketplace.errors import Forbidden, NotFound
from marketplace.web.errors import Unauthenticated

View = TypeVar("View", bound=Callable[..., Any])


class Person(Protocol):
    """What shared pages need to know of the signed-in person."""

    id: UUID
    name: str
    timezone: str
    language: str
    is_coach: bool
    is_staff: bool


PersonLoader = Callable[[], Person | None]


def register(app: Flask, loader: PersonLoader) -> None:
    """Tell who loads the person of a request (from cookie or bearer token)."""
    app.extensions["person_loader"] = loader


def person() -> Person | None:
    """The signed-in person, attached to the session when inside a transaction; None for a visitor."""
    loader: PersonLoader = current_app.extensions["person_loader"]
    return loader()


def public(view: View) -> View:
    """Anybody may."""
    return _marked(view, "public", lambda: None)


def signed_in(view: View) -> View:
    """Only a signed-in person; others are sent to sign in and come back."""
    return _marked(view, "signed-in", _need_person)


def role(name: str) -> Callable[[View], View]:
    """Only people of that role: `coach` or `staff`."""

    def check() -> Any:
        if (answer := _need_person()) is not None:
            return answer
        if not getattr(person(), f"is_{name}"):
            raise NotFound("page") if name == "staff" else Forbidden(f"{name}s-only")
        return None

    return lambda view: _marked(view, f"role:{name}", check)


def _need_person() -> Any:
    if person() is not None:
        return None
    if request.path.startswith("/api/"):
        raise Unauthenticated("token-needed")
    target = request.full_path.rstrip("?") if request.method == "GET" else (request.referrer or "/")
    return redirect(url_for("accounts.sign_in", next=target))


def _marked(view: View, access: str, check: Callable[[], Any]) -> View:
    @wraps(view)
    def wrapper(*args: Any, **values: Any) -> Any:
        answer = check()
        return view(*args, **values) if answer is None else answer

    wrapper.access = access  # type: ignore[attr-defined]
    return wrapper  # type: ignore[return-value]
