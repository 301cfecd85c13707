"""One rendering serves many, and nobody gets what belongs to another."""

import gzip
import re

from flask import Flask

from marketplace.db import transaction
from tests import make
from tests.matching.conftest import PutCoach, put

__all__ = ["put"]
PAGE = "/coaches?near=Ottawa"


def own(page: str) -> tuple[str, str]:
    """The nonce and the token of a page."""
    nonce, token = re.search(r'nonce="([^"]+)"', page), re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert nonce and token
    return nonce[1], token[1]


def test_each_answer_has_its_own_nonce_and_each_visitor_her_own_token(app: Flask, put: PutCoach) -> None:
    put(name="Robin Example")
    first, second = app.test_client(), app.test_client()
    one, other, again = (each.get(PAGE) for each in (first, second, first))
    assert "Robin Example" in one.text and "Robin Example" in other.text
    nonces = {own(each.text)[0] for each in (one, other, again)}
    assert len(nonces) == 3
    for each in (one, other, again):
        assert f"'nonce-{own(each.text)[0]}'" in each.headers["Content-Security-Policy"]
    assert own(one.text)[1] != own(other.text)[1]


def test_what_somebody_keeps_or_reads_in_is_on_her_page_alone(app: Flask, put: PutCoach) -> None:
    put(name="Robin Example")
    with app.app_context(), transaction() as session:
        runner = make.user(session, email="runner@example.com", name="Willow Brook")
    hers = make.signed_in(app.test_client(), runner.id)
    for _turn in range(2):
        assert "Willow Brook" in hers.get(PAGE).text
        assert "Willow Brook" not in app.test_client().get(PAGE).text
    assert '<html lang="fr"' in app.test_client().get(f"/fr{PAGE}").text
    assert '<html lang="en"' in app.test_client().get(PAGE).text


def test_a_story_and_its_quotes_stay_with_who_told_it(app: Flask, put: PutCoach) -> None:
    put(issues=("hip-drop",))
    app.config["WTF_CSRF_ENABLED"] = False
    teller = app.test_client()
    address = teller.post("/match", data={"story": "My hip drops like a lift. I run in Ottawa."}).location
    assert "like a lift" in teller.get(address).text or "hip drops" in teller.get(address).text
    assert "My hip drops" not in app.test_client().get(address).text


def test_what_has_changed_is_shown_at_once(app: Flask, put: PutCoach) -> None:
    put(name="Robin Example")
    visitor = app.test_client()
    assert "Robin Example" in visitor.get(PAGE).text
    put(name="Wren Example")
    assert "Wren Example" in visitor.get(PAGE).text


def test_a_compressed_page_is_the_same_page_with_each_visitors_own(app: Flask, put: PutCoach) -> None:
    put(name="Robin Example")
    visitor = app.test_client()
    plain = visitor.get(PAGE)
    for _turn in range(2):
        packed = visitor.get(PAGE, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed.headers["Vary"]
        page = gzip.decompress(packed.data).decode()
        nonce, token = own(page)
        assert f"'nonce-{nonce}'" in packed.headers["Content-Security-Policy"]
        assert page.replace(nonce, "").replace(token, "") == plain.text.replace(own(plain.text)[0], "").replace(
            own(plain.text)[1], ""
        )
