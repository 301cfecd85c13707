"""The browser's side: places are suggested and taken by keyboard, the map and the list light each other."""

import json
import threading
from collections.abc import Iterator
from typing import Any
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
MAP = {
    "centre": OTTAWA | {"name": "Ottawa"},
    "area_km": None,
    "middle": [45.42, -75.69],
    "rings": [5, 10],
    "pins": [pin | {"is_fit": True} for pin in PINS],
    "places": PLACES,
    "search": "/map",
    "around": "/around",
}
WORDS = {
    "in": "Closer",
    "out": "Farther",
    "km": "km",
    "around": "{num} coaches around {place}",
    "several": "{num} coaches",
    "another": "Another coach around {place}",
    "others": "{num} more coaches around {place}",
    "fingers": "Two fingers move the map",
    "elsewhere": "Not on this page of the list",
    "fit": "fit {num}",
    "place": "Place {num} in the list",
}
CROWD = [
    {"square": [1, 1], "latitude": 45.52, "longitude": -75.55, "count": 1500},
    {"square": [2, 2], "latitude": 45.38, "longitude": -75.50, "count": 1, "slug": "cy", "name": "Cy", "url": "/cy"},
]
# one place for each of these; nine of ten at one spot
CLOSE = [
    {"slug": f"c{n}", "label": str(90 - n), "name": f"Coach {n}", "url": "/", "is_fit": True, "latitude": 45.40}
    | {"longitude": -75.69 if n else -75.30}
    for n in range(10)
]

pytestmark = pytest.mark.browser


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def page_with(body: str, script: str) -> str:
    return (
        "<!doctype html><title>t</title><style>#map,[data-frame]{height:300px}</style>"
        f'<script type="importmap">{assets.import_map()}</script>{body}'
        f'<script type="module" src="{assets.asset(script)}"></script>'
    )


def list_page(data: dict[str, Any]) -> str:
    """The list and the map, with as much of the real page as the scripts need."""
    rows = "".join(
        f'<article data-coach="{p["slug"]}" id="coach-{p["slug"]}"><h2><a href="#">x</a></h2></article>'
        for p in data["pins"]
    )
    words = json.dumps(WORDS).replace('"', "&quot;")
    return page_with(
        f"<div data-results><p data-said></p><div data-problem hidden><button data-retry></button></div>"
        f'<section data-swap="list" tabindex="-1">{rows}</section>'
        f'<div id="map" data-tiles="" data-leaflet-css="{assets.vendor("leaflet-css")}" data-words="{words}">'
        f'<script type="application/json" data-swap="map">{json.dumps(data)}</script>'
        f'<div data-area hidden><input type="checkbox" data-follows><button data-search hidden></button></div>'
        f'<div data-frame tabindex="0"></div><p data-hint hidden></p>'
        f"<div data-card hidden><button data-close></button><div data-short></div></div></div>"
        f"<button data-map-switch hidden></button></div>",
        "js/map.js",
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

    @app.get("/around")
    def around() -> dict[str, object]:
        return {"grid": [3, 4], "clusters": CROWD if "crowd" in request.args else [], "places": []}

    @app.get("/map")
    def map_page() -> str:
        pins = CLOSE if "close" in request.args else MAP["pins"]
        return list_page(MAP | {"pins": pins, "around": "/around?crowd=1" if "crowd" in request.args else "/around"})

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
    assert page.locator(".pin").all_inner_texts() == ["94", "81"]
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
    page.get_by_label("Ada <b>Sample</b>, fit 94").focus()
    assert page.locator("[data-coach].lit").get_attribute("data-coach") == "ada"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.closest('[data-coach]').id") == "coach-ada"
    assert page.locator("b").count() == 0


def test_many_at_one_spot_are_one_bubble_that_opens_by_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}/map?close=1")
    bubble = page.locator(".bubble")
    assert bubble.inner_text() == "×9"
    assert bubble.get_attribute("aria-label") == "9 coaches around Ottawa"
    assert page.locator(".pin").all_inner_texts() == ["90"]
    page.hover("#coach-c5")
    assert "lit" in (bubble.get_attribute("class") or "")
    bubble.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('.pin').length === 10")
    assert page.locator(".pin").all_inner_texts() == [str(90 - n) for n in range(10)]
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Coach 1, fit 89"
    spots = [box for each in page.locator(".pin").all() if (box := each.bounding_box())]
    corners = {(round(box["x"]), round(box["y"])) for box in spots}
    assert len(corners) == 10


def test_who_is_beyond_the_page_is_counted_on_the_map(page: Page, address: str) -> None:
    page.goto(f"{address}/map?crowd=1")
    crowd = page.locator(".crowd")
    crowd.wait_for()
    assert crowd.inner_text() == "+1.5K"
    assert crowd.get_attribute("aria-label") == "1500 more coaches around Ottawa"
    assert page.locator(".other").get_attribute("aria-label") == "Cy. Not on this page of the list"
    before = page.locator(".leaflet-control-scale-line").inner_text()
    crowd.focus()
    page.keyboard.press(" ")
    page.wait_for_function(
        "before => document.querySelector('.leaflet-control-scale-line').innerText !== before", arg=before
    )
