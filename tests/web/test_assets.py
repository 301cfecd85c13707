"""Addresses of static files: hashed, kept for ever, and only the named files of other makers are served."""

import json
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace.web import assets


@pytest.fixture(scope="module")
def browser() -> FlaskClient:
    app = Flask("marketplace", static_folder=str(assets.STATIC))
    assets.register(app)
    return app.test_client()


def test_an_address_carries_the_hash_of_its_content_and_no_language() -> None:
    assert re.fullmatch(r"/static/css/base\.css\?v=[0-9a-f]{10}", assets.asset("css/base.css"))


def test_a_hashed_address_is_kept_for_ever_and_a_bare_one_is_asked_for_again(browser: FlaskClient) -> None:
    with browser.get(assets.asset("css/base.css")) as kept, browser.get("/static/css/base.css") as bare:
        assert kept.headers["Cache-Control"] == assets.FOR_EVER
        assert bare.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("name", sorted(assets.VENDOR))
def test_each_named_file_of_another_maker_is_installed_and_served(browser: FlaskClient, name: str) -> None:
    with browser.get(assets.vendor(name)) as answer:
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == assets.FOR_EVER


@pytest.mark.parametrize("path", ["leaflet/package.json", "leaflet/../leaflet/README.md", "../package.json", "nothing"])
def test_nothing_else_of_node_modules_is_served(browser: FlaskClient, path: str) -> None:
    assert browser.get(f"/vendor/{path}").status_code == 404


def test_a_missing_file_is_not_kept(browser: FlaskClient) -> None:
    answer = browser.get("/static/css/nothing.css?v=1")
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("Cache-Control", "")


def test_the_import_map_leads_plain_imports_to_hashed_addresses() -> None:
    imports = json.loads(assets.import_map())["imports"]
    assert imports["/static/js/places.js"] == assets.asset("js/places.js")
    assert imports["leaflet"] == assets.vendor("leaflet")
