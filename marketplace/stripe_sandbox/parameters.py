"""Form-encoded parameters, read as Stripe reads them and checked against the SDK's `stripe.params` types."""

import re
import sys
import types
import typing
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any

import typing_extensions
from stripe import RequestOptions

from marketplace.stripe_sandbox.refusals import UnknownParameters

Tree = dict[str, Any]

PART = re.compile(r"\[([^\[\]]*)\]")
OPTIONS = frozenset(RequestOptions.__annotations__)


def unfold(pairs: Iterable[tuple[str, str]]) -> Tree:
    """`a[b][0][c]=1` becomes `{"a": {"b": {"0": {"c": "1"}}}}`; lists are told from objects later."""
    tree: Tree = {}
    for name, value in pairs:
        path = [name.split("[", 1)[0], *PART.findall(name)]
        branch = tree
        for step in path[:-1]:
            branch = branch.setdefault(step or str(len(branch)), {})
            if not isinstance(branch, dict):
                raise UnknownParameters(f"Invalid parameter: {name}", param=name)
        branch[path[-1] or str(len(branch))] = value
    return tree


def check(tree: Tree, shape: type) -> Tree:
    """The parameters as values of the types that `shape` (a TypedDict of `stripe.params`) gives them.

    Raises UnknownParameters, naming the parameter as Stripe does, when it is unknown, missing or malformed.
    """
    return _object(tree, shape, "")


def _object(tree: Any, shape: type, name: str) -> Tree:
    if not isinstance(tree, dict):
        raise _invalid(name, "object")
    fields, required = _fields(shape)
    found = {}
    for key, value in tree.items():
        full = f"{name}[{key}]" if name else key
        if key not in fields:
            raise UnknownParameters(f"Received unknown parameter: {full}", code="parameter_unknown", param=full)
        found[key] = _value(value, fields[key], full)
    for key in sorted(required - found.keys()):
        full = f"{name}[{key}]" if name else key
        raise UnknownParameters(f"Missing required param: {full}.", code="parameter_missing", param=full)
    return found


@cache
def _fields(shape: type) -> tuple[dict[str, Any], frozenset[str]]:
    """The fields of a TypedDict without the SDK's request options, quoted types resolved."""
    own = {key: kind for key, kind in shape.__annotations__.items() if key not in OPTIONS}
    bare = type(shape.__name__, (), {"__annotations__": own})
    fields = typing.get_type_hints(bare, globalns=vars(sys.modules[shape.__module__]))
    required: frozenset[str] = getattr(shape, "__required_keys__", frozenset())
    return fields, required & own.keys()


def _value(value: Any, kind: Any, name: str) -> Any:
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return _either(value, arguments, name)
    if origin is typing.Literal:
        if value in arguments:
            return value
        raise UnknownParameters(f"Invalid {name}: must be one of {', '.join(map(str, arguments))}", param=name)
    if origin is list:
        return _list(value, arguments[0], name)
    if origin is dict:
        if isinstance(value, dict) and all(isinstance(entry, str) for entry in value.values()):
            return value
        raise _invalid(name, "object")
    if typing_extensions.is_typeddict(kind):
        return _object(value, kind, name)
    return _scalar(value, kind, name)


def _either(value: Any, kinds: tuple[Any, ...], name: str) -> Any:
    """The first kind that fits. `Literal[…] | str` means one of these: the SDK's types only leave room."""
    named = [kind for kind in kinds if typing.get_origin(kind) is typing.Literal]
    if any(option for kind in named for option in typing.get_args(kind)):
        kinds = tuple(kind for kind in kinds if kind is not str)
    refusal: UnknownParameters | None = None
    for kind in kinds:
        try:
            return _value(value, kind, name)
        except UnknownParameters as refused:
            refusal = refused if refusal is None or isinstance(value, dict) else refusal
    raise refusal or _invalid(name, "value")


def _list(value: Any, kind: Any, name: str) -> list[Any]:
    if not isinstance(value, dict) or not all(key.isdigit() for key in value):
        raise _invalid(name, "array")
    return [_value(value[key], kind, f"{name}[{key}]") for key in sorted(value, key=int)]


def _scalar(value: Any, kind: Any, name: str) -> Any:
    if not isinstance(value, str):
        raise _invalid(name, "string")
    if kind is str:
        return value
    if kind is bool and value in ("true", "false"):
        return value == "true"
    if kind is int and re.fullmatch(r"-?\d{1,15}", value):
        return int(value)
    if kind is Decimal:
        try:
            return Decimal(value)
        except InvalidOperation:
            raise _invalid(name, "decimal") from None
    raise _invalid(name, {int: "integer", bool: "boolean"}.get(kind, "value"))


def _invalid(name: str, wanted: str) -> UnknownParameters:
    return UnknownParameters(f"Invalid {wanted}: {name}", code=f"parameter_invalid_{wanted}", param=name)
