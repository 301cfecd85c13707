"""What all pages share: languages, headers, CSRF, error pages and problem details."""

import gzip
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace import create_app
from marketplace.web.mails import as_html
from tests.conftest import test_settings


def test_french_lies_under_its_prefix_and_links_keep_it(client: FlaskClient) -> None:
    page = client.get("/fr/nowhere")
    assert page.status_code == 404
    assert '<html lang="fr" ' in page.text
    assert 'href="/fr/coaches"' in page.text
    assert 'href="/nowhere"' in page.text


def test_the_other_language_keeps_the_parameters(client: FlaskClient) -> None:
    assert 'href="/fr/nowhere?a=1&amp;a=2"' in client.get("/nowhere?a=1&a=2").text


def test_static_files_have_one_address(client: FlaskClient) -> None:
    page = client.get("/fr/nowhere").text
    assert "/static/css/" in page and "/fr/static/" not in page


def test_a_page_allows_only_our_own_scripts(client: FlaskClient) -> None:
    policy = client.get("/nowhere").headers["Content-Security-Policy"]
    assert "script-src 'self' 'nonce-" in policy
    assert "unsafe-inline" not in policy
    assert client.get("/nowhere").headers["Content-Security-Policy"] != policy


def test_programs_get_problem_details(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nowhere")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")
    assert answer.json and answer.json["status"] == 404


def test_a_form_without_its_token_is_refused(app: Flask) -> None:
    answer = app.test_client().post("/sign-in", data={"email": "a@example.com", "password": "x"})
    assert answer.status_code == 400


def test_garbage_is_no_server_error(client: FlaskClient) -> None:
    assert client.post("/api/v1/match", data=b"{garbage", content_type="application/json").status_code in (400, 422)
    assert client.get("/%ff%fe").status_code == 404
    assert client.get("/bookings/not-an-id").status_code == 404


def test_addresses_in_a_mail_become_links_and_markup_stays_text() -> None:
    html = as_html("See <b>\n\nhttps://runsight.example/x?a=1&b=2\n")
    assert "&lt;b&gt;" in html
    assert '<a href="https://runsight.example/x?a=1&amp;b=2">' in html


def test_health_is_told(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_answers_are_counted_and_timed(client: FlaskClient) -> None:
    def count(sample: str) -> float:
        lines = client.get("/metrics").text.splitlines()
        return float(next((line.rsplit(" ", 1)[1] for line in lines if line.startswith(f"{sample} ")), 0))

    answers = 'runsight_answers_total{endpoint="pages.terms",status="200"}'
    seconds = 'runsight_answer_seconds_count{endpoint="pages.terms"}'
    before = count(answers), count(seconds)
    client.get("/terms")
    assert (count(answers), count(seconds)) == (before[0] + 1, before[1] + 1)


def test_text_is_compressed_for_whoever_takes_it(client: FlaskClient) -> None:
    plain = client.get("/terms")
    packed = client.get("/terms", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip" and len(packed.data) < len(plain.data) / 2
    assert gzip.decompress(packed.data).startswith(b"<!doctype html>")
    style = client.get("/static/css/base.css", headers={"Accept-Encoding": "gzip"})
    assert style.headers["Content-Encoding"] == "gzip"
    known = {"Accept-Encoding": "gzip", "If-None-Match": style.headers["ETag"]}
    assert client.get("/static/css/base.css", headers=known).status_code == 304


def test_an_endpoint_without_parameters_takes_none(client: FlaskClient) -> None:
    answer = client.get("/api/v1/coaches/nobody/offers?x=1")
    assert answer.status_code == 422 and answer.json and "x" in answer.json["errors"]
    assert client.get("/api/v1/coaches/nobody/offers").status_code == 404


def test_json_nested_without_end_is_refused(client: FlaskClient) -> None:
    deep = client.post("/api/v1/match", data="[" * 100_000, content_type="application/json")
    assert deep.status_code == 422


@pytest.mark.parametrize(
    ("url", "source"),
    [
        ("https://tiles.example/{z}/{x}/{y}.png", "https://tiles.example"),
        ("https://{s}.tiles.example/{z}/{x}/{y}.png", "https://*.tiles.example"),
        ("http://127.0.0.1:8080/{z}/{x}/{y}.png", "http://127.0.0.1:8080"),
    ],
)
def test_pages_take_pictures_from_the_tile_server_and_no_other(url: str, source: str, tmp_path: Path) -> None:
    client = create_app(test_settings(tmp_path, map_tiles_url=url)).test_client()
    rule = client.get("/healthz").headers["Content-Security-Policy"]
    assert f"img-src 'self' data: {source};" in rule
