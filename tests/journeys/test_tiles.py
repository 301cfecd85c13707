"""Tiles lie beneath the map where an address for them is set; where they fail the map is as it was without."""

import subprocess
import sys
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from struct import pack
from zlib import compress, crc32

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.conftest import free_port
from tests.journeys.conftest import ROOT, Site, eventually

pytestmark = pytest.mark.browser
CREDIT = "© The sample map"


def png() -> bytes:
    """A tile of one grey."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", crc32(kind + data))

    header = pack(">IIBBBBB", 256, 256, 8, 0, 0, 0, 0)
    rows = compress((b"\0" + b"\xcc" * 256) * 256)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


class Tiles(BaseHTTPRequestHandler):
    """Answers every tile, but those under /none."""

    def do_GET(self) -> None:
        if self.path.startswith("/none"):
            self.send_error(404)
            return
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(png())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def serving_tiles() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Tiles) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def serving(site: Site, tiles: str) -> Iterator[str]:
    """The site's data served once more, with a map on tiles from there."""
    port = free_port()
    command = [sys.executable, "-m", "marketplace.cli", "run", "--port", str(port), "--workers", "1"]
    more = {"MAP_TILES_URL": tiles, "MAP_ATTRIBUTION": CREDIT}
    server = subprocess.Popen(command, env=site.environment | more, cwd=ROOT)
    try:
        url = f"http://127.0.0.1:{port}"
        eventually(lambda: _answers(url), seconds=60)
        yield url
    finally:
        server.terminate()
        server.wait(15)


@pytest.fixture
def map_on(site: Site, browser: Browser) -> Iterator[Callable[[str], Page]]:
    """A window on a list whose map takes tiles from that path of a tile server."""
    with ExitStack() as stack:
        tiles = stack.enter_context(serving_tiles())

        def window(path: str) -> Page:
            url = stack.enter_context(serving(site, tiles + path))
            page = browser.new_page()
            stack.callback(page.close)
            page.goto(f"{url}/coaches?near=Ottawa")
            page.locator(".pin, .bubble").first.wait_for()
            return page

        yield window


def test_tiles_lie_beneath_with_their_credit_in_place_of_names(map_on: Callable[[str], Page]) -> None:
    page = map_on("/{z}/{x}/{y}.png")
    page.locator(".leaflet-tile-loaded").first.wait_for()
    expect(page.locator(".leaflet-control-attribution")).to_have_text(CREDIT)
    expect(page.locator(".place-name")).to_have_count(0)
    assert page.locator("path.ring").count() > 0


def test_where_tiles_fail_the_map_has_its_names(map_on: Callable[[str], Page]) -> None:
    page = map_on("/none/{z}/{x}/{y}.png")
    expect(page.locator(".leaflet-tile-pane img")).to_have_count(0)
    expect(page.locator(".place-name.large", has_text="Ottawa")).to_be_visible()
    expect(page.locator(".leaflet-control-attribution")).to_have_count(0)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz") as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
