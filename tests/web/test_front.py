"""Answers that are anybody's are sent again for some seconds, and made anew once something has changed."""

from collections.abc import Iterator

import pytest
from flask import Flask, Response, request

from marketplace.web import front


@pytest.fixture
def site() -> Iterator[Flask]:
    app = Flask("site")
    asked: list[str] = []
    app.config["asked"] = asked

    @app.get("/all")
    def everybodys() -> Response:
        asked.append(request.full_path)
        front.for_anybody()
        return Response(f"{len(asked)}", mimetype="application/json", status=request.args.get("status", 200, type=int))

    @app.get("/own")
    def own() -> str:
        asked.append(request.full_path)
        return f"{len(asked)}"

    @app.get("/cookie")
    def cookie() -> Response:
        asked.append(request.full_path)
        front.for_anybody()
        answer = Response(f"{len(asked)}")
        answer.set_cookie("who", "me")
        return answer

    front.register(app)
    yield app


def test_an_answer_for_anybody_is_made_once_for_its_address(site: Flask) -> None:
    client = site.test_client()
    first, second = client.get("/all?a=1"), client.get("/all?a=1")
    assert first.text == second.text == "1"
    assert second.mimetype == "application/json" and second.headers == first.headers
    assert client.get("/all?a=2").text == "2"
    assert client.get("/all?a=1", headers={"Accept-Encoding": "gzip"}).text == "3"


def test_it_is_forgotten_when_something_changes(site: Flask) -> None:
    client = site.test_client()
    assert client.get("/all").text == "1"
    front.forget()
    assert client.get("/all").text == "2"


@pytest.mark.parametrize("path", ["/own", "/cookie", "/all?status=404"])
def test_nothing_else_is_kept(site: Flask, path: str) -> None:
    client = site.test_client()
    assert [client.get(path).text for _ in range(2)] == ["1", "2"]
