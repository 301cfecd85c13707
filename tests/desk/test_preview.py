"""The preview shows what is typed, as runners would see it, and keeps nothing of it."""

from typing import Any

from werkzeug.test import TestResponse

from marketplace.coaches.models import Coach
from marketplace.matching import service
from tests import make
from tests.desk.conftest import Desk
from tests.desk.test_profile import SAID, named
from tests.matching.conftest import towns

TYPED = SAID | {"place": "Ottawa, ON"}


def previewed(desk: Desk, prefix: str = "", **changes: Any) -> TestResponse:
    """What the page's script is answered."""
    path, accept = f"{prefix}/coach/profile/preview", {"Accept": "application/json"}
    return desk.browser.post(path, data=TYPED | changes, headers=accept)


def test_the_card_and_the_page_are_shown_with_what_is_typed(desk: Desk) -> None:
    with desk.rows() as session:
        towns(session)
        service.refresh(session, desk.coach.id)
    told = previewed(desk).json
    assert told and not told["errors"]
    assert told["html"].count("Hips that stay level, mile after mile") == 2
    assert told["html"].count("Wren Waters") >= 2 and "English, French" in told["html"]
    assert "$95" in told["html"] and "Weak or sleepy glutes" in told["html"]
    assert told["html"].count(" inert>") == 2


def test_nothing_is_saved_and_no_tag_survives(desk: Desk) -> None:
    told = previewed(desk, headline="<script>alert(1)</script> & <b>hips</b>", name="<i>Wren</i>").json
    assert told and "<script>" not in told["html"] and "<b>hips" not in told["html"] and "<i>" not in told["html"]
    assert "&lt;b&gt;hips&lt;/b&gt;" in told["html"]
    with desk.rows() as session:
        coach = session.get_one(Coach, desk.coach.id)
        assert (coach.name, coach.headline) == (desk.coach.name, desk.coach.headline)


def test_what_is_wrong_is_named_by_field_and_no_preview_comes(desk: Desk) -> None:
    told = previewed(desk, about="Short.", main_issues=["hip-drop", "overstride", "itb", "bounce"]).json
    assert told and told["html"] is None
    assert "at least 80" in told["errors"]["about"] and "3 at most" in told["errors"]["main_issues"]
    told = previewed(desk, place="Nowhereville").json
    assert told and "no place called “Nowhereville”" in told["errors"]["place"]


def test_of_several_places_the_likeliest_is_shown_until_she_chooses(desk: Desk) -> None:
    with desk.rows() as session:
        for number, (region, country) in enumerate((("ON", "CA"), ("WA", "AU"))):
            named(session, make.place(session, id=100 + number, name="Perth", region=region, country=country), "perth")
    told = previewed(desk, place="Perth").json
    assert told and "Perth, ON" in told["html"]
    told = previewed(desk, place="Perth", place_id="101").json
    assert told and "Perth, WA" in told["html"]


def test_without_script_the_same_page_comes_back_with_the_preview_and_all_that_was_typed(desk: Desk) -> None:
    answer = desk.browser.post("/coach/profile/preview", data=TYPED)
    assert answer.status_code == 200
    form, preview = answer.text.split('<aside class="preview"')
    assert 'value="Hips that stay level, mile after mile"' in form and 'value="overstride" checked' in form
    assert preview.count("Hips that stay level, mile after mile") == 2
    answer = desk.browser.post("/coach/profile/preview", data=TYPED | {"headline": "Hips"})
    form, preview = answer.text.split('<aside class="preview"')
    assert answer.status_code == 422 and "at least 10" in form and 'value="Hips"' in form
    assert "Hips" not in preview and desk.coach.name in preview


def test_hints_say_in_plain_words_what_would_help(desk: Desk) -> None:
    about = (
        "I watch how a runner lands and find the one thing to change first, with you. Then we try it. And we film it."
    )
    told = previewed(desk, about=about, goals=[]).json
    assert told and "2 more sentences about how you work would help runners decide." in told["html"]
    assert "Tick the distances" in told["html"]
    french = previewed(desk, "/fr", about=about).json
    assert french and "2 phrases de plus" in french["html"]


def test_the_page_opens_with_a_preview_of_what_is_saved(desk: Desk) -> None:
    preview = desk.browser.get("/coach/profile").text.split('<aside class="preview"')[1]
    assert desk.coach.name in preview and "Hip drop" in preview and "Overstriding" in preview


def test_the_preview_needs_her_token(desk: Desk) -> None:
    desk.app.config["WTF_CSRF_ENABLED"] = True
    assert previewed(desk).status_code == 400
