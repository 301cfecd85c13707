"""Nobody but staff finds staff's pages, and nobody moves money through them."""

from uuid import uuid4

import pytest

from marketplace.db import transaction
from tests import make


def rules(app):
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("admin.")]


def address(rule):
    values = {name: "du_1" if name == "dispute_id" else uuid4() for name in rule.arguments}
    built = rule.rule
    for name, value in values.items():
        built = built.replace(f"<uuid:{name}>", str(value)).replace(f"<{name}>", str(value))
    return built


def test_every_page_of_staff_is_marked_for_them(app):
    assert len(rules(app)) >= 16
    assert {app.view_functions[rule.endpoint].access for rule in rules(app)} == {"role:staff"}


@pytest.mark.parametrize("who", ["runner", "coach"])
def test_runner_and_coach_find_nothing(app, client, who):
    with app.app_context(), transaction() as session:
        person = make.user(session).id if who == "runner" else make.coach(session).user_id
    make.signed_in(client, person)
    for rule in rules(app):
        method = "GET" if "GET" in rule.methods else "POST"
        assert client.open(address(rule), method=method).status_code == 404, rule.rule


def test_a_visitor_is_sent_to_sign_in(app, client):
    for rule in rules(app):
        method = "GET" if "GET" in rule.methods else "POST"
        answer = client.open(address(rule), method=method)
        assert answer.status_code == 302 and "/sign-in" in answer.location, rule.rule


def test_staff_find_nothing_that_is_not_there(app, client):
    with app.app_context(), transaction() as session:
        staff = make.user(session, is_staff=True).id
    make.signed_in(client, staff)
    for rule in rules(app):
        if rule.arguments:
            method = "GET" if "GET" in rule.methods else "POST"
            data = {"outcome": "all"} if method == "POST" else None
            assert client.open(address(rule), method=method, data=data).status_code == 404, rule.rule
