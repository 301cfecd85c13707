"""Migrations by Alembic, for who makes tables or looks at them: a web process does without, and is smaller for it."""

import os
from typing import Any, cast

from flask import Flask, current_app
from flask_alembic import Alembic
from sqlmodel import SQLModel

from marketplace.db import EpochSeconds, Instant, TextEnum, db


def alembic() -> Alembic:
    """Alembic for the tables of the current app; from now on the app's commands (`marketplace db …`) find it too."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if "alembic" not in app.extensions:
        app.config["ALEMBIC"] = {"script_location": os.path.join(app.root_path, "..", "migrations")}
        app.config["ALEMBIC_CONTEXT"] = {
            "render_item": _plain_types,
            "include_object": _belongs_here,
            "compare_type": True,
            "render_as_batch": True,
        }
        Alembic(app, metadatas=SQLModel.metadata, engines=db.engine)
    found: Alembic = app.extensions["alembic"]
    return found


def _belongs_here(item: Any, _name: str | None, kind: str, *_more: object) -> bool:
    """Whether migrations of this database know it: an index by `ddl_if` is another database's alone."""
    only = item._ddl_if if kind == "index" else None
    return only is None or only.dialect == db.engine.dialect.name


def _plain_types(kind: str, value: Any, _context: Any) -> str | bool:
    """How migrations name our own types: as the plain types they stand on."""
    if kind == "type" and isinstance(value, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(value, EpochSeconds):
        return "sa.BigInteger()"
    if kind == "type" and isinstance(value, TextEnum):
        return f"sa.String({cast(Any, value.impl).length})"
    if kind == "type" and type(value).__module__.startswith("sqlmodel"):
        return f"sa.String({value.length})" if value.length else "sa.String()"
    return False
