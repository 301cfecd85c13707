"""Addresses of our own static files and of the few installed browser files of other makers.

Every address carries a hash of the content, so browsers may keep a file for ever and a change is seen at once.
Addresses never carry a language prefix. Files of other makers live in `node_modules/` (filled by `npm ci`) and
only those named in VENDOR are served, under `/vendor/<name>/<file>`.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, request, send_from_directory
from markupsafe import Markup

from marketplace.web.app import own_transaction
from marketplace.web.auth import public

PROJECT = Path(__file__).resolve().parents[2]
NODE_MODULES = PROJECT / "node_modules"
STATIC = PROJECT / "marketplace" / "static"
HASHED = frozenset({"static", "assets.vendor", "assets.figures"})  # endpoints whose addresses carry a hash
FOR_EVER = "public, max-age=31536000, immutable"

# short name -> (address under /vendor/, file under node_modules/)
VENDOR = {
    "bricolage-grotesque": (
        "bricolage-grotesque/latin.woff2",
        "@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque-latin-wght-normal.woff2",
    ),
    "instrument-sans": (
        "instrument-sans/latin.woff2",
        "@fontsource-variable/instrument-sans/files/instrument-sans-latin-wght-normal.woff2",
    ),
    "event-calendar": ("event-calendar/calendar.js", "@event-calendar/build/dist/event-calendar.min.js"),
    "event-calendar-css": ("event-calendar/calendar.css", "@event-calendar/build/dist/event-calendar.min.css"),
    "leaflet": ("leaflet/leaflet.js", "leaflet/dist/leaflet.js"),
    "leaflet-css": ("leaflet/leaflet.css", "leaflet/dist/leaflet.css"),
    "uplot": ("uplot/uplot.js", "uplot/dist/uPlot.iife.min.js"),
    "uplot-css": ("uplot/uplot.css", "uplot/dist/uPlot.min.css"),
}
SERVED = dict(VENDOR.values())


@cache
def _versioned(address: str, path: Path) -> str:
    """The address with the first ten hex digits of the file's SHA-256, as it was when this process first asked."""
    if not path.is_file():
        return address
    return f"{address}?v={hashlib.sha256(path.read_bytes()).hexdigest()[:10]}"


def asset(path: str) -> str:
    """The address of our own static file, as `asset("css/base.css")`."""
    return _versioned(f"/static/{path}", STATIC / path)


def vendor(name: str) -> str:
    """The address of an installed file by its short name in VENDOR; KeyError for a name that isn't there."""
    address, file = VENDOR[name]
    return _versioned(f"/vendor/{address}", NODE_MODULES / file)


@cache
def import_map() -> Markup:
    """The import map of our ES modules: plain `import "./x.js"` reaches the address with the hash."""
    modules = sorted(p.relative_to(STATIC).as_posix() for p in (STATIC / "js").rglob("*.js"))
    imports = {f"/static/{path}": asset(path) for path in modules} | {"leaflet": vendor("leaflet")}
    text = json.dumps({"imports": imports}, separators=(",", ":")).replace("<", "\\u003c")
    return Markup(text)  # nosec B704  # our own file names, with no tag left in them


def missing() -> list[str]:
    """The files of other makers that aren't installed; empty after `npm ci`."""
    return [file for _, file in VENDOR.values() if not (NODE_MODULES / file).is_file()]


@own_transaction
@public
def serve_vendor(path: str) -> Response:
    """One allowed file of another maker; 404 for anything else."""
    if path not in SERVED:
        abort(404)
    return send_from_directory(NODE_MODULES, SERVED[path])


def _keep(response: Response) -> Response:
    """A hashed address may be kept for ever; a bare one is asked for again."""
    if request.endpoint in HASHED and response.status_code in (200, 206, 304):
        response.headers["Cache-Control"] = FOR_EVER if "v" in request.args else "no-cache"
        if request.path.endswith(".woff2"):
            response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def register(app: Flask) -> None:
    """Serve /vendor/ and give templates `asset`, `vendor` and `import_map`."""
    app.add_url_rule("/vendor/<path:path>", "assets.vendor", serve_vendor)
    app.after_request(_keep)
    app.jinja_env.globals.update(asset=asset, vendor=vendor, import_map=import_map)
