"""`expand`: ids in an answer replaced by the objects that they name."""

from typing import Any

from marketplace.stripe_sandbox import store
from marketplace.stripe_sandbox.desk import Desk
from marketplace.stripe_sandbox.refusals import Refusal
from marketplace.stripe_sandbox.shapes import Thing

DEEPEST = 4


def expand(desk: Desk, thing: Thing, paths: list[str]) -> Thing:
    """The answer with each dotted path expanded; refuses a path that can't be."""
    for path in paths:
        steps = path.split(".")
        if len(steps) > DEEPEST:
            raise Refusal("You cannot expand more than 4 levels of a property.", param="expand")
        thing = _along(desk, thing, steps, path)
    return thing


def _along(desk: Desk, thing: Any, steps: list[str], path: str) -> Any:
    if not steps or thing is None:
        return thing
    if isinstance(thing, list):
        return [_along(desk, entry, steps, path) for entry in thing]
    step, rest = steps[0], steps[1:]
    if not isinstance(thing, dict) or step not in thing:
        raise Refusal(f"This property cannot be expanded ({path}).", param="expand")
    value = thing.get(step)
    if isinstance(value, str):
        value = store.load(desk.connection, value)
        if value is None:
            raise Refusal(f"This property cannot be expanded ({path}).", param="expand")
    return {**thing, step: _along(desk, value, rest, path)}
