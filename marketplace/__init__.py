"""Runsight: a runner finds the coach who fixes her form. `create_app` is the only place that knows every feature."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI

from marketplace import db, storage
from marketplace.settings import Settings

FEATURES = (
    "web",
    "pages",
    "accounts",
    "places",
    "knowledge",
    "coaches",
    "scheduling",
    "payments",
    "calendars",
    "packages",
    "promotions",
    "bookings",
    "clips",
    "tips",
    "ratings",
    "analysis",
    "matching",
    "kept",
    "guides",
    "desk",
    "admin",
)
PARTS = ("jobs", "views", "api", "complaint_api", "health", "document", "idempotency", "models")


def create_app(settings: Settings) -> OpenAPI:
    """The site, ready to be served. Reads nothing from the environment but through `settings`."""
    from marketplace.accounts import sessions  # features need this package to be importable first
    from marketplace.payments.stripe import from_settings
    from marketplace.web import (
        api,
        assets,
        auth,
        compression,
        errors,
        figure,
        filters,
        front,
        indexing,
        languages,
        links,
        security,
    )

    root = Path(__file__).parent
    app = OpenAPI(
        __name__,
        info=Info(title="Runsight", version="1"),
        security_schemes=api.SECURITY_SCHEMES,
        validation_error_callback=api.refused,
        doc_prefix="/api/v1",
        doc_url="/openapi.json",
        doc_ui=False,
        template_folder=str(root.parent / "templates"),
        static_folder=str(root / "static"),
    )
    app.extensions["settings"] = settings
    app.extensions["storage"] = storage.from_settings(settings)
    app.extensions["stripe"] = from_settings(settings)
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    db.register(app, settings.database)
    compression.register(app)
    security.register(app, settings)
    languages.register(app)
    front.register(app)
    links.register(app)
    filters.register(app)
    errors.register(app)
    sessions.register(app)
    auth.register(app, sessions.maybe_me)
    assets.register(app)
    figure.register(app)
    indexing.register(app)
    app.jinja_env.globals.update(settings=settings)
    app.context_processor(lambda: {"me": sessions.maybe_me()})
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for feature in FEATURES + (("demo",) if settings.mode == "demo" else ()):
        _add(app, feature)
    return app


def _add(app: OpenAPI, feature: str) -> None:
    """Import the feature's parts that meet the outside, by their names, and register their blueprints."""
    for part in PARTS:
        name = f"marketplace.{feature}.{part}"
        if find_spec(name) is None:
            continue
        module = import_module(name)
        if hasattr(module, "bp"):
            app.register_blueprint(module.bp)
        if part.endswith("api") and hasattr(module, "bp_api"):
            app.register_api(module.bp_api)
