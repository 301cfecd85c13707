"""Addresses asked of a Nominatim server (a real one over HTTP, small), and what a coach is told of hers."""

import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest

from marketplace.coaches import queries
from marketplace.places import geocoding
from marketplace.places.geocoding import NoAnswer, find_address
from tests.bookings.world import sign_in
from tests.desk.conftest import Desk, desk
from tests.desk.test_offers import VISIT

__all__ = ["desk"]


OTTAWA = {"display_name": "Track, Ottawa", "lat": "45.38", "lon": "-75.71"}
TORONTO = {"display_name": "Track, Toronto", "lat": "43.7", "lon": "-79.4"}
FAR = {"display_name": "Far, Elsewhere", "lat": "51.5", "lon": "0.1"}
KNOWN = {("track", True): OTTAWA, ("track", False): TORONTO, ("far", True): FAR}


class Nominatim(BaseHTTPRequestHandler):
    """Knows a track in each of two towns and one place far away; is slow for another."""

    asked: ClassVar[list[str]] = []

    def do_GET(self) -> None:  # noqa: N802  (the name that http.server calls)
        query = parse_qs(urlsplit(self.path).query)
        question, west = query["q"][0], float(query["viewbox"][0].split(",")[0])
        self.asked.append(question)
        if question == "slow":
            time.sleep(geocoding.SECONDS + 1)
        body = json.dumps([KNOWN[question, west > -78]] if (question, west > -78) in KNOWN else []).encode()
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


HOME = (45.41, -75.7)


def test_an_address_is_found_rather_near(nominatim: str) -> None:
    assert find_address("track", nominatim_url=nominatim, near=HOME) == ("Track, Ottawa", 45.38, -75.71)
    assert find_address("track", nominatim_url=nominatim, near=(43.6, -79.4)) == ("Track, Toronto", 43.7, -79.4)
    assert find_address("nowhere", nominatim_url=nominatim, near=HOME) is None


def test_a_server_that_is_away_slow_or_none_says_nothing(nominatim: str) -> None:
    for text, url in (("track", ""), ("track", "http://127.0.0.1:1"), ("slow", nominatim)):
        with pytest.raises(NoAnswer):
            find_address(text, nominatim_url=url, near=HOME)


def test_a_coach_is_warned_of_an_address_that_is_unknown_or_far(desk: Desk, nominatim: str) -> None:
    settings = desk.app.extensions["settings"]
    desk.app.extensions["settings"] = settings.model_copy(update={"nominatim_url": nominatim})

    def said(address: str, path: str = "/coach/offers") -> str:
        form = VISIT | {"id": uuid4(), "exact_address": address}
        answer = desk.browser.post(path, data=form, follow_redirects=True)
        assert answer.status_code == 200
        return answer.text

    assert "on the map" not in said("track") and "seems to lie" not in said("track")
    assert "We don’t find “nowhere” on the map" in said("nowhere")
    assert "seems to lie" in said("far") and "km from Ottawa: Far, Elsewhere" in said("far")
    with desk.rows() as session:
        (made,) = [each for each in queries.offers(session, desk.coach.id) if each.exact_address == "nowhere"]
    path = f"/coach/offers/{made.id}"
    assert "on the map" not in said("nowhere", path) and "seems to lie" in said("far", path)
    questions = len(Nominatim.asked)
    desk.app.test_client().post("/coach/offers", data=VISIT | {"id": uuid4()})
    sign_in(desk.app.test_client(), desk.runner).post("/coach/offers", data=VISIT | {"id": uuid4()})
    assert len(Nominatim.asked) == questions
