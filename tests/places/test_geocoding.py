"""Addresses asked of a Nominatim server: a real one over HTTP, small."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest

from marketplace.places import geocoding


class Nominatim(BaseHTTPRequestHandler):
    """Knows one address, is slow for another."""

    def do_GET(self) -> None:  # noqa: N802  (the name that http.server calls)
        question = parse_qs(urlsplit(self.path).query)["q"][0]
        if question == "slow":
            time.sleep(geocoding.SECONDS + 1)
        found = [{"display_name": "Track, Ottawa", "lat": "45.38", "lon": "-75.71"}] if question == "track" else []
        body = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def nominatim() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Nominatim)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_an_address_is_found(nominatim: str) -> None:
    assert geocoding.find_address("track", nominatim_url=nominatim) == ("Track, Ottawa", 45.38, -75.71)
    assert geocoding.find_address("nowhere", nominatim_url=nominatim) is None


def test_without_a_server_nothing_is_asked() -> None:
    assert geocoding.find_address("track", nominatim_url="") is None


def test_a_server_that_is_away_is_no_error() -> None:
    assert geocoding.find_address("track", nominatim_url="http://127.0.0.1:1") is None
