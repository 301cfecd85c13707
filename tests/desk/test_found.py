"""What a coach is found for, and what a story would do for her."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.coaches.kinds import OfferKind
from marketplace.coaches.models import Coach, GoalSpecialism
from marketplace.db import transaction
from marketplace.desk import queries
from marketplace.matching import counting, score, service, trial
from marketplace.matching.masks import ISSUES, mask
from marketplace.matching.part_words import known_kinds, ordinal
from marketplace.matching.sightings import Seen, Shown, Sighting
from marketplace.places.geo import cell
from tests import make
from tests.bookings.world import sign_in
from tests.desk.conftest import Desk
from tests.desk.test_home import text_of
from tests.matching.conftest import coach, towns

OTTAWA, TORONTO = cell(45.41, -75.70), cell(43.70, -79.42)
HIP, OVERSTRIDE = mask(["hip-drop"], ISSUES), mask(["overstride"], ISSUES)
STORY = "My hip drops on the left when I get tired. I live in Ottawa, ON and need somebody to look at my form."


@pytest.fixture
def listed(desk: Desk) -> Desk:
    """Her desk with her on the list, online and in person, in a gazetteer that knows the towns."""
    with desk.rows() as session:
        towns(session)
        make.offer(session, desk.coach, OfferKind.IN_PERSON)
        service.refresh(session, desk.coach.id)
    return desk


def seen(session: Session, desk: Desk, days_ago: int, *sightings: Sighting) -> None:
    counting.count(session, sightings, clock.now().date() - timedelta(days=days_ago))


def shown(desk: Desk, issues: int, *, at: int = OTTAWA, first: int = 1, among: int = 12) -> Shown:
    return Shown([desk.coach.id], issues, 0, at, first, among, None)


@pytest.mark.both_databases
def test_four_weeks_stand_beside_the_four_before(listed: Desk) -> None:
    with listed.rows() as session:
        look = Seen(listed.coach.id, "viewed", None)
        seen(session, listed, 0, shown(listed, HIP), look, Seen(listed.coach.id, "begun", None))
        seen(session, listed, 27, shown(listed, HIP), look)
        seen(session, listed, 28, shown(listed, HIP))
        seen(session, listed, 55, look)
        seen(session, listed, 56, look, shown(listed, HIP))
        counting.booked(session, listed.coach.id, clock.now().date())
        now, before = queries.counts(session, listed.coach.id, clock.now().date())
    assert now == queries.Counts(shown=2, viewed=2, begun=1, booked=1)
    assert before == queries.Counts(shown=1, viewed=1)
    for path in ("/coach", "/coach/found"):
        page = text_of(listed.browser.get(path).text)
        assert "2 times shown in results 1 in the 28 days before" in page
        assert "1 booking 0 in the 28 days before" in page


@pytest.mark.both_databases
def test_what_was_asked_near_her_stands_with_her_usual_place(listed: Desk) -> None:
    other = [Shown([], HIP, 0, OTTAWA, 1, 5, None)] * 3
    with listed.rows() as session:
        seen(session, listed, 1, *other, shown(listed, HIP, among=10), shown(listed, HIP, first=5, among=14))
        seen(session, listed, 2, shown(listed, HIP, at=TORONTO, first=40, among=60))
        seen(session, listed, 40, *other)
        rows = queries.asked(session, listed.coach, ["overstride", "hip-drop"], clock.now().date())
    assert rows == [queries.Asked("hip-drop", 4, 2, 3, 12), queries.Asked("overstride", 0, 0, None, None)]
    page = text_of(listed.browser.get("/coach/found").text)
    assert "Asked for 4 times, you were shown 2 times, on average 3rd of 12" in page
    assert "Nobody has asked for it." in page


def test_a_story_shows_her_place_her_points_and_what_would_help(listed: Desk) -> None:
    answer = listed.browser.post("/coach/found/trial", data={"story": STORY.replace("left", "left and I bounce")})
    page = text_of(answer.text)
    assert answer.status_code == 200
    assert "first of 1 within 40 km" in page and "fit, of 100" in page
    assert re.search(r"Issues \d+ of \d+", page) and "No coach can buy a place." in page
    assert re.search(r"\+\d+ List “Bouncing”, if you work on it", page)
    assert "bounce" in answer.text.split("<textarea")[1]


def test_her_place_is_the_one_that_runners_see(listed: Desk, client: FlaskClient) -> None:
    with listed.rows() as session:
        for _number in range(3):
            coach(session, issues=("hip-drop",), goals=("10k",), languages=["en", "fr"])
        hers = session.get_one(Coach, listed.coach.id)
        tried = trial.tried(session, hers, STORY + " I want to run a 10K.", clock.now())
    assert (tried.standing.place, tried.standing.among, tried.standing.is_near) == (4, 4, True)
    page = client.get("/coaches?near=Ottawa&issue=hip-drop&goal=10k").text
    assert page.index(f"coach-{listed.coach.slug}") == max(map(page.index, re.findall(r'id="(coach-coach-\d+)"', page)))
    number = re.search(rf'{listed.coach.slug}"[^>]*>\s*<div class="coach-fit">\s*<b class="bib-number">(\d+)', page)
    assert number and int(number[1]) == tried.fit


def test_where_the_story_names_no_place_the_runner_lives_where_she_works(listed: Desk) -> None:
    page = listed.browser.post("/coach/found/trial", data={"story": "My hip drops, I need a coach to see my form."})
    assert "first of 1 within 40 km" in text_of(page.text)


@pytest.mark.parametrize(
    "story,why",
    [
        ("My shins hurt. I live in Ottawa, ON and look for a coach.", "You list none of what this runner asks for."),
        (STORY + " I want a coach who speaks French.", "language that you don’t coach in"),
        (STORY + " My budget is 20 dollars.", "cost more than she wants to spend"),
    ],
)
def test_who_does_not_come_up_is_told_why(listed: Desk, story: str, why: str) -> None:
    page = listed.browser.post("/coach/found/trial", data={"story": story}).text
    assert "This runner does not find you" in page and why in page


def test_a_coach_who_is_not_listed_is_told_so(listed: Desk) -> None:
    with listed.rows() as session:
        session.get_one(Coach, listed.coach.id).paused_at = clock.now()
        service.refresh(session, listed.coach.id)
    page = listed.browser.post("/coach/found/trial", data={"story": STORY}).text
    assert "You are not listed at the moment." in page and "What would help" not in page


def test_odd_stories_lead_to_a_page_and_are_kept_as_typed(listed: Desk) -> None:
    for story in ("pizza", "🏃" * 500, "<script>alert(1)</script>", "'; drop table coach; --"):
        answer = listed.browser.post("/coach/found/trial", data={"story": story})
        assert answer.status_code == 200 and "no running problem and no goal" in answer.text
        assert "<script>alert" not in answer.text
    assert listed.browser.post("/coach/found/trial", data={"story": "  "}).status_code == 422
    long = listed.browser.post("/coach/found/trial", data={"story": "I run. " * 40_000})
    assert long.status_code == 422 and "200000" in long.text


def test_a_warning_sign_in_a_story_is_said(listed: Desk) -> None:
    story = "My shin hurts on one spot of the bone, it wakes me at night. I run in Ottawa and want to find a coach."
    assert "hold a warning sign" in listed.browser.post("/coach/found/trial", data={"story": story}).text


def test_typical_stories_are_hers_in_both_languages(listed: Desk) -> None:
    with listed.rows() as session:
        session.add(GoalSpecialism(coach_id=listed.coach.id, goal="half"))
    page = listed.browser.get("/coach/found").text
    assert page.count('name="story" value="') == 6
    assert "I live in Ottawa, ON" in page and "J’habite à Ottawa, ON" in page and "un demi-marathon" in page
    assert page.index("I live in Ottawa") < page.index("J’habite à Ottawa")
    french = listed.browser.get("/fr/coach/found").text
    assert french.index("J’habite à Ottawa") < french.index("I live in Ottawa")
    assert "Pourquoi on vous trouve" in french


def test_french_says_the_place_in_french(listed: Desk) -> None:
    page = text_of(listed.browser.post("/fr/coach/found/trial", data={"story": STORY}).text)
    assert "première sur 1 à moins de 40 km" in page


def test_a_trial_keeps_nothing_and_is_hers_alone(listed: Desk, client: FlaskClient) -> None:
    assert "/sign-in" in client.post("/coach/found/trial", data={"story": STORY}).location
    with listed.rows() as session:
        runner = session.get_one(User, listed.runner.id)
    assert sign_in(listed.app.test_client(), runner).get("/coach/found").status_code == 403
    listed.browser.post("/coach/found/trial", data={"story": STORY})
    with listed.app.app_context():
        counting.flush()
        with transaction(write=False) as session:
            assert queries.asked(session, listed.coach, ["hip-drop"], clock.now().date())[0].searches == 0


def test_the_page_on_ranking_says_the_weights_that_are_reckoned_with(client: FlaskClient) -> None:
    assert set(score.WEIGHTS) <= known_kinds()
    for path in ("/how-we-rank", "/fr/how-we-rank"):
        page = client.get(path)
        said = [float(each) for each in re.findall(r"<dt>[^<]+<b>([\d.]+)</b></dt>", page.text)]
        weights = sorted([*score.WEIGHTS.values(), score.NEWCOMER], reverse=True)
        assert page.status_code == 200 and said == weights
    assert 'href="/how-we-rank"' in client.get("/coaches").text


@pytest.mark.parametrize(
    "place,word", [(1, "first"), (2, "2nd"), (3, "3rd"), (11, "11th"), (22, "22nd"), (113, "113th")]
)
def test_places_are_said_as_one_says_them(client: FlaskClient, place: int, word: str) -> None:
    with client.application.test_request_context("/"):
        assert ordinal(place) == word
