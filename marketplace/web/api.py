"""What the endpoints of `/api/v1` share: blueprints, strict models, problem details, pages by cursor."""

import base64
import binascii
import json
import re
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from inspect import signature, unwrap
from typing import Annotated, Any

from flask import Response, current_app, request
from flask_babel import gettext as _
from flask_openapi3.blueprint import APIBlueprint
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from marketplace.errors import Invalid
from marketplace.money import Money
from marketplace.web.errors import problem
from marketplace.web.forms import Clean, FormRefused, sentences

BEARER: list[dict[str, list[str]]] = [{"bearer": []}]
SECURITY_SCHEMES: dict[str, Any] = {"bearer": {"type": "http", "scheme": "bearer"}}
PROBLEMS = ("401", "403", "404", "409", "422", "429")


class Strict(Clean):
    """A body or a query: unknown names are refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    @classmethod
    def model_json_schema(cls, *arguments: Any, **options: Any) -> dict[str, Any]:
        """As pydantic's. The plain one, which flask-openapi3 reads for each request, is made once."""
        if arguments or options:
            return super().model_json_schema(*arguments, **options)
        if cls not in _schemas:
            _schemas[cls] = super().model_json_schema()
        return _schemas[cls]


_schemas: dict[type[Strict], dict[str, Any]] = {}


class Price(BaseModel):
    """Money in minor units."""

    amount: int = Field(ge=0, le=100_000_00)
    currency: str = Field(pattern="^[A-Z]{3}$")

    model_config = ConfigDict(extra="forbid")

    @classmethod
    def of(cls, value: Money) -> "Price":
        """The API's shape of `value`."""
        return cls(amount=value.amount, currency=value.currency)


def _possible(value: datetime | date) -> datetime | date:
    if not 2000 <= value.year <= 2200:
        raise ValueError("out of range")
    return value


def _written(value: object) -> object:
    number = value.strip().lstrip("-").replace(".", "", 1).isdigit() if isinstance(value, str) else True
    if number and not isinstance(value, datetime):
        raise ValueError("not written as an instant")
    return value


Instant = Annotated[AwareDatetime, BeforeValidator(_written), AfterValidator(_possible)]


def _as_a_date(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return value
    raise ValueError("not written as a date")


Day = Annotated[date, BeforeValidator(_as_a_date), AfterValidator(_possible)]


def blueprint(name: str) -> APIBlueprint:
    """A blueprint whose endpoints lie under /api/v1 and tell of their problem answers in the document."""
    answer = {"content": {"application/problem+json": {"schema": _schema()}}}
    problems: dict[Any, Any] = dict.fromkeys(PROBLEMS, answer)
    made = APIBlueprint(f"{name}_api", __name__, url_prefix="/api/v1", abp_responses=problems)
    made.before_request(refuse_unknown_parameters)
    return made


def refuse_unknown_parameters() -> None:
    """An endpoint without a query model takes no parameters at all."""
    view = current_app.view_functions[request.endpoint or ""]
    if request.args and not _takes_query(view):
        raise FormRefused(dict.fromkeys(request.args, _("This parameter is not known here.")))


@cache
def _takes_query(view: Callable[..., Any]) -> bool:
    return "query" in signature(unwrap(view)).parameters


def _schema() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["type", "title", "status"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
        },
    }


def refused(error: ValidationError) -> Response:
    """The 422 of a body, query or path that does not fit its model."""
    return problem(422, _("Some of what was sent can't be right."), kind="invalid", errors=sentences(error))


def encode_cursor(*position: Any) -> str:
    """An opaque cursor of the last row's sort key (JSON values)."""
    return base64.urlsafe_b64encode(json.dumps(position).encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> list[Any]:
    """What `encode_cursor` was given; Invalid `cursor` for anything else."""
    try:
        position = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error):
        raise Invalid("cursor", field="cursor") from None
    if not isinstance(position, list):
        raise Invalid("cursor", field="cursor")
    return position
