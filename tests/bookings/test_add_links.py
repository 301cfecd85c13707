"""Links to calendars on the web: every word arrives as it was written, every time in UTC."""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from marketplace.bookings import add_links, mails
from marketplace.coaches.kinds import OfferKind
from marketplace.db import transaction
from tests import make
from tests.bookings.test_ics import START, entry
from tests.bookings.test_mails import told
from tests.bookings.world import confirmed, sign_in

WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=80)


def fields(address: str) -> dict[str, str]:
    """What a calendar reads from the address, a + being a + as Outlook takes it."""
    assert "+" not in address and address.isascii() and " " not in address
    pairs = (pair.split("=", 1) for pair in urlsplit(address).query.split("&"))
    return {name: unquote(text) for name, text in pairs}


@given(WORDS, WORDS, WORDS)
def test_any_words_arrive(summary: str, location: str, description: str) -> None:
    visit = entry(summary=summary, location=location, description=description)
    google, outlook = fields(add_links.google(visit)), fields(add_links.outlook(visit))
    assert (google.get("text", ""), outlook.get("subject", "")) == (summary, summary)
    assert google.get("location", "") == outlook.get("location", "") == location
    assert google.get("details", "") == description
    assert "\n" not in outlook.get("body", "")


@given(st.integers(0, 2_000_000).map(lambda minute: START + timedelta(minutes=minute)))
def test_times_are_those_of_the_visit(starts_at: datetime) -> None:
    here = starts_at.astimezone(ZoneInfo("America/St_Johns"))
    visit = entry(starts_at=here, ends_at=starts_at + timedelta(minutes=45))
    begins, ends = fields(add_links.google(visit))["dates"].split("/")
    for text, instant in ((begins, starts_at), (ends, visit.ends_at)):
        assert datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) == instant
    assert datetime.fromisoformat(fields(add_links.outlook(visit))["startdt"]) == starts_at
    assert fields(add_links.outlook(visit))["enddt"].endswith("Z")


def test_the_page_and_the_mail_have_them_and_no_script_of_theirs(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction() as session:
        offer = make.offer(session, make.coach(session), OfferKind.IN_PERSON, meeting_point="Parc & Gîte, +1")
        runner = make.user(session)
        booking = confirmed(session, offer, runner)
    page = sign_in(client, runner).get(f"/bookings/{booking.id}").text
    links = [found.replace("&amp;", "&") for found in re.findall(r'href="(https://[^"]+)"', page)]
    google, outlook, work = [link for link in links if "calendar" in link]
    assert dict(parse_qsl(urlsplit(google).query))["location"] == "Parc & Gîte, +1"
    assert urlsplit(outlook).hostname == "outlook.live.com" and urlsplit(work).hostname == "outlook.office.com"
    assert f'href="/bookings/{booking.id}/calendar.ics"' in page
    assert not re.search(r"<(script|img|iframe)[^>]+(google|outlook|office)", page)
    for mail in told(app, booking, "confirmed").values():
        (mailed,) = re.findall(r"^Google: (\S+)$", str(mail["text"]), re.M)
        assert fields(mailed)["dates"] == fields(google)["dates"]
        assert f'<a href="{mailed.replace("&", "&amp;")}">calendar.google.com</a>' in str(mail["html"])


def test_what_has_no_hour_has_no_links(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        offer = make.offer(session, make.coach(session), OfferKind.CLIP_REVIEW)
        booking = confirmed(session, offer, make.user(session))
    assert not any("calendar" in str(mail["text"]) for mail in told(app, booking, "confirmed").values())


def test_a_group_of_them_is_named_for_its_owner() -> None:
    assert [whose for whose, _ in mails.calendar_links(entry())] == ["Google", "Outlook", "Microsoft 365"]
