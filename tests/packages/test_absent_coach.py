"""A coach who does not come to a visit of a package: it returns to the package, and all say so."""

from flask import Flask
from flask.testing import FlaskClient

from marketplace.bookings.service import report_absence
from marketplace.db import transaction
from tests.bookings.test_absence_views import mailed
from tests.bookings.world import begin, sign_in
from tests.packages.world import World

CARD = ("to your card", "to the runner’s card", "all of the money", "nothing comes back", "You are paid")


def test_pages_and_mails_say_that_the_visit_returns_and_speak_of_no_card(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        world = World(session)
        package = world.bought()
        booking = world.use()
        begin(booking)
        session.flush()
        session.expunge_all()
    path = f"/bookings/{booking.id}"
    runner_page = sign_in(client, world.runner).get(path).text
    assert "if nobody does, the visit returns" in runner_page
    with app.app_context(), transaction() as session:
        report_absence(session, booking.id, by=world.runner)
    waiting = client.get(path).text
    assert "If nobody does, the visit returns to the runner’s package." in waiting
    coach_page = sign_in(client, world.coach_user).get(path).text
    assert "If you don’t, the visit returns to the runner’s package." in coach_page
    assert client.post(f"{path}/absence/admission").status_code == 303
    after = client.get(path).text
    assert "The visit is back in the runner’s package." in after
    with app.app_context(), transaction(write=False) as session:
        world.session = session
        assert world.left(package) == 3
    mails = [mail["text"] for mail in mailed(app, "bookings.tell_absence")]
    assert len(mails) == 4 and all("package" in mail for mail in mails)
    for text in (runner_page, waiting, coach_page, after, *mails):
        assert not [words for words in CARD if words in text]
