"""The limit line of pages: Flask alone, the raw query of the same search, twenty plain cards, or their JSON; and an
answer that is ready-made."""

import os
import sqlite3
import threading
from functools import cache
from pathlib import Path

from flask import Flask, Response, jsonify, request

from tests.benchmarks.raw import Raw

PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Coaches</title></head><body>
<h1>{{ rows|length }} coaches</h1>{% for row in rows %}<article>
<h2><a href="/coaches/{{ row[0] }}">{{ row[0] }}</a></h2>
<p>{{ row[1] }}, {{ row[2] }}</p><p>{{ row[3] }}</p><b>{{ row[4] }}</b></article>{% endfor %}</body></html>"""
app = Flask(__name__)
_own = threading.local()
_page = app.jinja_env.from_string(PAGE)


def _rows() -> list[tuple[object, ...]]:
    if not hasattr(_own, "raw"):
        _own.raw = Raw(sqlite3.connect(os.environ["BARE_DATABASE"]))
    latitude, longitude = map(float, request.args["near"].split(","))
    rows: list[tuple[object, ...]] = _own.raw.search((latitude, longitude), int(request.args["mask"]))
    return rows


@app.get("/page")
def page() -> str:
    return _page.render(rows=_rows())


@app.get("/json")
def as_json() -> object:
    return jsonify(coaches=[{"slug": row[0], "at": row[1:3], "name": row[3], "price": row[4]} for row in _rows()])


@app.get("/ready")
def ready() -> Response:
    return Response(_ready(), mimetype="application/json")


@cache
def _ready() -> bytes:
    return Path(os.environ["BARE_ANSWER"]).read_bytes()
