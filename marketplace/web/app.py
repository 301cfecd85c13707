"""One view is one transaction. Each view is marked `@reads`, `@writes` or `@own_transaction`, right under its route.

@bp.post("/bookings/<uuid:booking_id>/cancellation")
@writes(again=show)
@signed_in
def cancel(booking_id): ...
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import g, request
from flask.typing import ResponseReturnValue

from marketplace.db import transaction
from marketplace.errors import Conflict, DomainError, Invalid
from marketplace.web.errors import word

View = TypeVar("View", bound=Callable[..., Any])


def reads(view: View) -> View:
    """The view only reads; its page is rendered inside the read transaction."""

    @wraps(view)
    def wrapper(*args: Any, **values: Any) -> Any:
        with transaction(write=False):
            return view(*args, **values)

    wrapper.transaction = "reads"  # type: ignore[attr-defined]
    return wrapper  # type: ignore[return-value]


def writes(
    *, again: Callable[..., ResponseReturnValue] | None = None, first: Callable[..., object] | None = None
) -> Callable[[View], View]:
    """The view writes: returning commits, raising rolls back. The body is read before the lock is taken.

    `again`: the page view to show once more, with what was typed and what is wrong, when the form is refused.
    `first`: called with the view's arguments before the transaction, for what calls out; it must not refuse.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def wrapper(*args: Any, **values: Any) -> Any:
            read_body()
            if first is not None:
                first(*args, **values)
            try:
                with transaction():
                    return view(*args, **values)
            except (Invalid, Conflict) as refusal:
                if again is None:
                    raise
                return shown_again(again, refusal, **values)

        wrapper.transaction = "writes"  # type: ignore[attr-defined]
        return wrapper  # type: ignore[return-value]

    return decorate


def own_transaction(view: View) -> View:
    """The view calls out or takes long: it uses `transaction()` itself, never around a call."""

    @wraps(view)
    def wrapper(*args: Any, **values: Any) -> Any:
        return view(*args, **values)

    wrapper.transaction = "own"  # type: ignore[attr-defined]
    return wrapper  # type: ignore[return-value]


def shown_again(page: Callable[..., Any], refusal: DomainError, **values: Any) -> ResponseReturnValue:
    """The page once more, with what was typed and why it was refused. `page` may be marked itself or bare."""
    g.typed = request.form
    g.errors = getattr(refusal, "fields", None) or {refusal.field or "": word(refusal)}
    if getattr(page, "transaction", None):
        return page(**values), refusal.status
    with transaction(write=False):
        return page(**values), refusal.status


def read_body() -> None:
    """Receive the whole request before any lock is taken."""
    if request.mimetype == "application/json":
        request.get_data(cache=True)
    else:
        request.form  # noqa: B018  (parsing is the point)
