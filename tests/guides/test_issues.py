"""The pages of form problems: what is known, in both languages, and coaches near the reader."""

import re
from html import unescape

import pytest
from flask.testing import FlaskClient

from marketplace.knowledge import catalogue
from marketplace.knowledge.facts import Issue
from tests.guides.conftest import is_kept_out, linked_data, links
from tests.matching.conftest import PutCoach

ISSUES = pytest.mark.parametrize("issue", catalogue.all_issues(), ids=lambda issue: issue.id)
TORONTO = {"latitude": 43.7, "longitude": -79.4}


@ISSUES
@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_issues_page_tells_all_that_is_known_of_it(client: FlaskClient, issue: Issue, language: str) -> None:
    page = unescape(client.get(f"{'/fr' if language == 'fr' else ''}/issues/{issue.id}").text)
    told = [issue.name, issue.line, issue.measure, *issue.cautions, *issue.cues]
    told += [text for each in issue.thresholds for text in (each.label, each.value, each.strength)]
    told += [text for each in catalogue.drills_for(issue.id) for text in (each.name, each.how, each.dose, each.why)]
    told += [each.name for each in catalogue.companions_of(issue.id)]
    told += [each.title for each in catalogue.sources_of(issue.id)]
    told += [text for key, text in catalogue.disclaimers().items() if key in ("aid", "dose", "review")]
    assert not [text for text in told if text.in_language(language) not in page]
    assert page.index(catalogue.filming().rules[0].in_language(language)) > page.index('class="figure filming"')


@ISSUES
def test_each_figure_leads_to_its_source_and_no_reference_hangs(client: FlaskClient, issue: Issue) -> None:
    page = client.get(f"/issues/{issue.id}").text
    anchors = set(re.findall(r'<li id="(source-[^"]+)"', page))
    led = re.findall(r'<sup><a href="#(source-[^"]+)"', page)
    assert set(led) == anchors and len(led) >= len(issue.thresholds)


def test_a_pain_says_first_when_to_see_somebody_and_no_page_claims_to_be_medical(client: FlaskClient) -> None:
    page = client.get("/issues/shin-pain").text
    assert page.index("See somebody first") < page.index("What a coach looks at") < page.index("Drills that help")
    assert "not a diagnosis" in page and "MedicalWebPage" not in page
    assert "does not ease with rest" in client.get("/issues/bounce").text


def test_the_coaches_are_those_near_the_place_asked_for_who_fix_it(client: FlaskClient, put: PutCoach) -> None:
    for number in range(4):
        put(name=f"Ottawa Coach {number}", issues=("hip-drop",))
    put(name="Other Coach", issues=("bounce",))
    page = client.get("/issues/hip-drop?near=Ottawa").text
    names = re.findall(r"<h2><a[^>]*>([^<]+)</a></h2>", page)
    assert len(names) == 3 and all(name.startswith("Ottawa Coach") for name in names)
    rest = re.search(r'class="button button-red" href="(/coaches[^"]+)">All 4 coaches', page)
    assert rest and "Ottawa Coach 3" in client.get(unescape(rest[1])).text
    assert links(page, "canonical") == {"": "http://localhost/issues/hip-drop"}


def test_without_a_place_the_story_says_where_she_is(client: FlaskClient, put: PutCoach) -> None:
    put(name="Robin Example", issues=("hip-drop",))
    client.post("/match", data={"story": "My hip drops when I run. I live in Ottawa and want to find a coach."})
    page = client.get("/issues/hip-drop").text
    assert 'value="Ottawa, ON"' in page and "is a guess" not in page and "Robin Example" in page


def test_without_a_story_her_clock_does_and_that_is_said(client: FlaskClient, put: PutCoach) -> None:
    put(name="Robin Example", issues=("hip-drop",), **TORONTO)
    page = client.get("/issues/hip-drop").text
    assert "Toronto, ON is a guess from your clock" in page and "Robin Example" in page
    client.set_cookie("timezone", "Europe/Zurich")
    assert "is a guess" not in client.get("/issues/hip-drop").text


def test_a_place_that_nobody_knows_is_kept_as_typed_with_suggestions(client: FlaskClient, put: PutCoach) -> None:
    put(name="Robin Example", issues=("hip-drop",))
    answer = client.get("/issues/hip-drop?near=Ottawwa")
    assert answer.status_code == 200 and 'value="Ottawwa"' in answer.text
    assert "Did you mean Ottawa, ON?" in answer.text and "Robin Example" in answer.text


def test_where_nobody_fixes_it_that_is_said(client: FlaskClient, put: PutCoach) -> None:
    put(issues=("bounce",))
    assert "Nobody lists this yet" in client.get("/issues/hip-drop?near=Ottawa").text
    assert "Nobody within 40 km fixes it in person yet" in client.get("/issues/bounce?near=Toronto").text


def test_an_unknown_issue_is_not_found_and_another_spelling_leads_on(client: FlaskClient) -> None:
    answer = client.get("/issues/nothing-known")
    assert answer.status_code == 404 and is_kept_out(answer.text)
    moved = client.get("/issues/Hip-Drop?near=Ottawa")
    assert (moved.status_code, moved.location) == (301, "/issues/hip-drop?near=Ottawa")
    assert client.get("/issues/hip-drop?near=%00Otta%00wwa").status_code == 200
    assert client.get("/issues/%00").status_code == client.get("/issues/" + "x" * 3000).status_code == 404


def test_the_index_leads_to_every_issue_form_apart_from_pain(client: FlaskClient) -> None:
    page = client.get("/issues").text
    form, _, pain = page.partition('id="pain"')
    for issue in catalogue.all_issues():
        assert f'href="/issues/{issue.id}"' in (pain if issue.kind == "pain" else form)
    assert "Problèmes de foulée" in client.get("/fr/issues").text


def test_start_page_and_foot_lead_to_the_issues(client: FlaskClient, put: PutCoach) -> None:
    put()
    page = client.get("/").text
    assert 'href="/issues/hip-drop"' in page and 'href="/issues">Form problems</a>' in page
    assert 'href="/fr/issues">Problèmes de foulée</a>' in client.get("/fr/terms").text


def test_the_two_languages_of_an_issue_name_each_other(client: FlaskClient) -> None:
    both = {"en": "http://localhost/issues/itb", "fr": "http://localhost/fr/issues/itb"}
    for path in ("/issues/itb", "/fr/issues/itb?utm_source=x"):
        assert links(client.get(path).text, "alternate") == both | {"x-default": both["en"]}


def test_an_issue_is_told_as_an_article_with_its_sources(client: FlaskClient) -> None:
    article, way = linked_data(client.get("/fr/issues/hip-drop").text)
    assert article["@type"] == "Article" and article["inLanguage"] == "fr"
    assert article["url"] == "http://localhost/fr/issues/hip-drop" and article["dateModified"]
    assert any("Bramah" in title for title in article["citation"])
    assert [step["name"] for step in way["itemListElement"]] == ["Problèmes de foulée", "Bassin qui s’affaisse"]
