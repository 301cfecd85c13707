"""The sandbox as a WSGI application."""

import os
from pathlib import Path

from flask import Flask

from marketplace.stripe_sandbox import api, knobs, pages
from marketplace.stripe_sandbox.sandbox import NAME, Sandbox


def create_sandbox(data_dir: Path) -> Flask:
    """The sandbox, its state in `data_dir/stripe_sandbox.sqlite3`.

    `WEBHOOK_URL` and `WEBHOOK_SECRET` (environment, or the app's config) name the one who is told of events.
    Webhooks go out only while a `delivery.Post` is running: `server.running` and `server.serve` see to that.
    """
    app = Flask("marketplace.stripe_sandbox")
    app.config["WEBHOOK_URL"] = os.environ.get("WEBHOOK_URL", "")
    app.config["WEBHOOK_SECRET"] = os.environ.get("WEBHOOK_SECRET", "")
    app.extensions[NAME] = Sandbox(data_dir)
    for blueprint in (api.bp, pages.bp, knobs.bp):
        app.register_blueprint(blueprint)
    return app
