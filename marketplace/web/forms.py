"""From what was typed to a checked command model, and back to the field that was wrong.

`typed_value` and `field_error` are what the form macros of templates/components read.
"""

from datetime import date
from typing import Annotated, Any, TypeVar

from flask import g, request
from flask_babel import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from marketplace.errors import Invalid
from marketplace.web.errors import say_of

YEARS = range(2000, 2201)


def _of_our_time(on: date) -> date:
    if on.year not in YEARS:
        raise PydanticCustomError("date_of_our_time", "a year of another time")
    return on


PageDay = Annotated[date, AfterValidator(_of_our_time)]
"""A date that can be counted on from and back from: the last one that Python knows has no next day."""


class Clean(BaseModel):
    """Refuses NUL characters, which no database keeps."""

    @model_validator(mode="before")
    @classmethod
    def _no_nul(cls, given: Any) -> Any:
        if _has_nul(given):
            raise PydanticCustomError("nul", "a NUL character")
        return given


class Form(Clean):
    """A command as a page sends it: blanks at the ends go, foreign fields (csrf_token, utm_…) are passed over."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)


class FormRefused(Invalid):
    """Fields that can't be right; `fields` has a sentence for each."""

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__("form", field=next(iter(fields), None))
        self.fields = fields


Model = TypeVar("Model", bound=BaseModel)


def parse(model: type[Model], **given: object) -> Model:
    """The posted form as `model`; `given` fills what the address says. Raises FormRefused.

    An empty field counts as not given; a field typed as a list takes all values of its name.
    """
    try:
        return model.model_validate(_posted(model) | given)
    except ValidationError as error:
        raise FormRefused(sentences(error)) from None


def parse_query(model: type[Model]) -> Model:
    """The address's parameters as `model`, foreign ones ignored. Raises FormRefused."""
    values = {name: request.args.getlist(name) for name in request.args}
    try:
        return model.model_validate(_shaped(model, values))
    except ValidationError as error:
        raise FormRefused(sentences(error)) from None


def sentences(error: ValidationError) -> dict[str, str]:
    """One sentence for each field at fault."""
    return {".".join(map(str, e["loc"])): _sentence(e["type"], e.get("ctx", {}), e["msg"]) for e in error.errors()}


def field_error(name: str) -> str | None:
    """What is wrong with this field of the form shown again; `""` names the whole form."""
    errors: dict[str, str] = g.get("errors", {})
    return errors.get(name)


def form_errors() -> dict[str, str]:
    """All that is wrong with the form shown again."""
    errors: dict[str, str] = g.get("errors", {})
    return errors


def typed_value(name: str, default: Any = "") -> Any:
    """What was typed into this field, or `default` when the form is shown the first time."""
    typed = g.get("typed")
    return default if typed is None else typed.get(name, "")


def typed_values(name: str, default: Any = ()) -> Any:
    """All values chosen under this name, or `default` when the form is shown the first time."""
    typed = g.get("typed")
    return default if typed is None else typed.getlist(name)


def _has_nul(given: Any) -> bool:
    if isinstance(given, str):
        return "\x00" in given
    if isinstance(given, dict):
        return any(_has_nul(part) for pair in given.items() for part in pair)
    return isinstance(given, list) and any(_has_nul(part) for part in given)


def _posted(model: type[BaseModel]) -> dict[str, Any]:
    return _shaped(model, {name: request.form.getlist(name) for name in request.form})


def _shaped(model: type[BaseModel], values: dict[str, list[str]]) -> dict[str, Any]:
    shaped: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        key = field.alias or name
        given = [value for value in values.get(key, []) if value.strip()]
        if given:
            many = any(kind in str(field.annotation) for kind in ("list[", "set[", "tuple["))
            shaped[key] = given if many else given[-1]
    return shaped


def _sentence(kind: str, context: dict[str, Any], message: str) -> str:
    """Pydantic's error types, and those that a feature has words for, in the reader's language."""
    if say := say_of(kind):
        return say(**context)
    if kind == "missing":
        return _("Please fill this in.")
    if kind == "string_too_short":
        return _("Please write at least %(count)s characters.", count=context["min_length"])
    if kind == "string_too_long":
        return _("Please keep it to %(count)s characters at most.", count=context["max_length"])
    if kind in ("greater_than", "greater_than_equal"):
        return _("This is too small: at least %(least)s.", least=context.get("ge", context.get("gt")))
    if kind in ("less_than", "less_than_equal"):
        return _("This is too large: at most %(most)s.", most=context.get("le", context.get("lt")))
    if kind.startswith(("int_", "float_", "decimal_")):
        return _("Please give a number.")
    if kind.startswith(("date", "time")):
        return _("Please give a valid date or time.")
    if kind in ("enum", "literal_error", "uuid_parsing"):
        return _("Please choose one of the offered values.")
    if kind == "address":
        return _("This does not look like an email address.")
    if kind == "value_error":
        return str(context.get("error", message))
    return _("This can't be right; please check it.")
