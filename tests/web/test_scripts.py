"""The browser's side: places are suggested and taken by keyboard, the map and the list light each other."""

import json
import threading
from collections.abc import Iterator
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from flask import Flask, request
from playwright.sync_api import Browser, Page

from marketplace.web import assets

OTTAWA = {"latitude": 45.42, "longitude": -75.69}
PINS = [
    {"slug": "ada", "label": "94", "name": "Ada <b>Sample</b>", "url": "/ada", "latitude": 45.40, "longitude": -75.69},
    {"slug": "bo", "label": "81", "name": "Bo Sample", "url": "/bo", "latitude": 45.47, "longitude": -75.70},
]
PLACES = [
    {"name": "Ottawa", "latitude": 45.4215, "longitude": -75.6972, "population": 800_000},
    {"name": "On top of it", "latitude": 45.4216, "longitude": -75.6973, "population": 50},
    {"name": "Kanata", "latitude": 45.30, "longitude": -75.91, "population": 100_000},
]
MAP = {"centre": OTTAWA | {"name": "Ottawa"}, "rings": [5, 10], "pins": PINS, "places": PLACES}
WORDS = {"map": "Map", "in": "Closer", "out": "Farther", "km": "km"}

pytestmark = pytest.mark.browser


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def page_with(body: str, script: str) -> str:
    return (
        "<!doctype html><title>t</title><style>#map{height:300px}#map>div{height:300px}</style>"
        f'<script type="importmap">{assets.import_map()}</script>{body}'
        f'<script type="module" src="{assets.asset(script)}"></script>'
    )


def site() -> Flask:
    app = Flask("marketplace", static_folder=str(assets.STATIC))
    assets.register(app)

    @app.get("/api/v1/places")
    def places() -> dict[str, object]:
        towns = [("Ottawa", "Ontario", "CA"), ("Ottawa", "Illinois", "US")]
        asked = request.args["q"].lower()
        named = [
            dict(zip(("name", "region", "country"), t, strict=True)) for t in towns if t[0].lower().startswith(asked)
        ]
        return {"places": named}

    @app.get("/form")
    def form() -> str:
        return page_with('<label for="near">Near</label><input id="near" data-places="/api/v1/places">', "js/places.js")

    @app.get("/map")
    def map_page() -> str:
        rows = "".join(
            f'<article data-coach="{p["slug"]}" id="coach-{p["slug"]}"><h2><a href="#">x</a></h2></article>'
            for p in PINS
        )
        words = json.dumps(WORDS).replace('"', "&quot;")
        data = f'<script type="application/json">{json.dumps(MAP)}</script>'
        sheet = assets.vendor("leaflet-css")
        return page_with(
            f'{rows}<div id="map" data-tiles="" data-leaflet-css="{sheet}" data-words="{words}">{data}</div>',
            "js/map.js",
        )

    return app


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with make_server("127.0.0.1", 0, site(), handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    window = browser.new_page()
    yield window
    window.close()


def test_a_place_is_found_and_taken_by_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/form")
    page.locator("#near").press_sequentially("otta")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert page.locator("[aria-selected=true]").inner_text() == "Ottawa Illinois, United States"
    page.keyboard.press("Enter")
    assert page.input_value("#near") == "Ottawa, Illinois, US"
    assert page.get_attribute("#near", "aria-expanded") == "false"


def test_escape_leaves_what_was_typed(page: Page, address: str) -> None:
    page.goto(f"{address}/form")
    page.locator("#near").press_sequentially("otta")
    page.wait_for_selector("[role=option]")
    page.keyboard.press("Escape")
    assert page.input_value("#near") == "otta"
    assert page.locator("[role=listbox]").is_hidden()


def test_the_map_shows_pins_rings_and_names_that_do_not_cover_each_other(page: Page, address: str) -> None:
    page.goto(f"{address}/map")
    page.wait_for_selector(".pin")
    assert page.locator(".pin").all_inner_texts() == ["81", "94"]
    assert page.locator(".ring-name").all_inner_texts() == ["5 km", "10 km"]
    assert "Ottawa" in page.locator(".place-name").all_inner_texts()
    boxes = [box for each in page.locator(".place-name span").all() if (box := each.bounding_box())]
    for i, a in enumerate(boxes):
        for b in boxes[i + 1 :]:
            apart = a["x"] + a["width"] <= b["x"] or b["x"] + b["width"] <= a["x"]
            assert apart or a["y"] + a["height"] <= b["y"] + 3 or b["y"] + b["height"] <= a["y"] + 3


def test_a_row_lights_its_pin_and_a_pin_leads_to_its_row(page: Page, address: str) -> None:
    page.goto(f"{address}/map")
    page.wait_for_selector(".pin")
    page.hover("#coach-bo")
    assert page.locator(".pin.lit").inner_text() == "81"
    page.get_by_label("Ada <b>Sample</b>, 94").focus()
    assert page.locator("[data-coach].lit").get_attribute("data-coach") == "ada"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('[data-coach]').id") == "coach-ada"
    assert page.locator("b").count() == 0
