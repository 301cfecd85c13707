"""The demo's mailbox as pages, so that each mail the site sends can be read."""

from flask import Blueprint, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue

from marketplace.demo import mailbox
from marketplace.settings import Settings
from marketplace.web.app import reads
from marketplace.web.auth import public

bp = Blueprint("demo", __name__, url_prefix="/demo")


@bp.get("/mail")
@reads
@public
def mail() -> ResponseReturnValue:
    """All mails, the newest first."""
    return render_template("demo/mail.html", mails=_mails())


@bp.get("/mail.json")
@reads
@public
def mail_json() -> ResponseReturnValue:
    """The same for programs."""
    return jsonify(mails=_mails())


def _mails() -> list[dict[str, object]]:
    settings: Settings = current_app.extensions["settings"]
    return mailbox.mails(settings.data_dir / "mail")
