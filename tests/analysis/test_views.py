"""Writing and delivering an analysis, and reading it, as the two people of a booking and as others."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import Session, select

from marketplace import clock, jobs
from marketplace.analysis import queries
from marketplace.analysis.models import Analysis
from marketplace.bookings.models import Booking
from marketplace.bookings.states import BookingStatus
from marketplace.coaches.kinds import OfferKind
from marketplace.db import transaction
from marketplace.jobs import Job
from tests.clips.scene import Scene, scene


def sent(session: Session) -> list[dict[str, Any]]:
    """The mails on their way."""
    return [job.payload for job in session.exec(select(Job).where(Job.name == "mail.send"))]


class Desk:
    """The coach at her writing page, without script."""

    def __init__(self, at: Scene) -> None:
        self.at, self.coach = at, at.browser(at.coach)
        self.runner: FlaskClient = at.browser(at.runner)

    def begin(self) -> None:
        """The runner gives a link, the coach opens it."""
        data = {"id": str(uuid4()), "link": "https://video.example/run"}
        assert self.runner.post(f"/bookings/{self.at.booking}/clip/link", data=data).status_code == 303
        answer = self.coach.post(f"/bookings/{self.at.booking}/analysis")
        assert answer.status_code == 303, answer.text
        self.url = answer.location.removesuffix("/write")

    def add(self, issue: str, **typed: str) -> str:
        """Add a finding; its id."""
        before = set(self.findings())
        answer = self.coach.post(f"{self.url}/findings", data=self.form(issue=issue, **typed))
        assert answer.status_code == 303, answer.text
        (new,) = set(self.findings()) - before
        return new

    def form(self, **typed: str) -> dict[str, Any]:
        """The page's form with its present version."""
        return {"editor": uuid4().hex, "base": str(self.analysis().version)} | typed

    def write(self, finding: str, seen: str, *drills: str, **typed: str) -> None:
        """Type into a finding and save."""
        data: dict[str, Any] = self.form(**{f"seen-{finding}": seen, f"drill-{finding}": list(drills)}, **typed)  # type: ignore[arg-type]
        assert self.coach.post(f"{self.url}/draft", data=data).status_code == 303

    def analysis(self) -> Analysis:
        with self.at.app.app_context(), transaction(write=False) as session:
            found = queries.of_booking(session, self.at.booking)
            assert found
            return found

    def findings(self, *, removed: bool = False) -> dict[str, tuple[str, list[str]]]:
        """Issue and drills by id, in order."""
        with self.at.app.app_context(), transaction(write=False) as session:
            found = queries.findings(session, self.analysis_id(), removed=removed)
            return {str(each.finding.id): (each.finding.issue, [d.drill for d in each.drills]) for each in found}

    def analysis_id(self) -> UUID:
        return UUID(self.url.rsplit("/", 1)[1])


@pytest.fixture
def desk(app: Flask) -> Desk:
    """A clip review, opened."""
    desk = Desk(scene(app))
    desk.begin()
    return desk


def test_two_findings_with_drills_reach_the_runner(desk: Desk) -> None:
    first, second = desk.add("hip-drop"), desk.add("overstride")
    desk.write(first, "Left side sinks", "hip-hike", "mirror-run", **{f"cue-{first}": "Level belt"})
    desk.write(second, "Foot lands far ahead", summary="Strong and relaxed.", film_again_weeks="6")
    assert "Left side sinks" in desk.coach.get(f"{desk.url}/preview").text
    assert desk.runner.get(desk.url).status_code == 404
    assert desk.coach.post(f"{desk.url}/delivery").status_code == 303
    page = desk.runner.get(desk.url).text
    for text in ("Left side sinks", "Level belt", "Foot lands far ahead", "Strong and relaxed.", "not a diagnosis"):
        assert text in page
    assert page.index("Left side sinks") < page.index("Foot lands far ahead")
    assert page.count('class="drill"') == 2 and "video.example" in page


def test_delivering_completes_a_clip_review_and_mails_the_runner(desk: Desk) -> None:
    desk.write(desk.add("hip-drop"), "Left side sinks")
    for _ in range(2):
        assert desk.coach.post(f"{desk.url}/delivery").status_code == 303
    with desk.at.app.app_context():
        jobs.run_due(20)
        with transaction(write=False) as session:
            assert session.get_one(Booking, desk.at.booking).status == BookingStatus.COMPLETED
            mails = sent(session)
    (mail,) = [each for each in mails if "what to change" in each["subject"]]
    assert f"http://localhost{desk.url}" in mail["text"]


def test_a_visit_is_not_completed_by_its_findings(app: Flask) -> None:
    starts_at = clock.now() + timedelta(days=1)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=30)}
    desk = Desk(scene(app, kind=OfferKind.VIDEO_CALL, **times))
    desk.begin()
    desk.write(desk.add("hip-drop"), "Left side sinks")
    assert desk.coach.post(f"{desk.url}/delivery").status_code == 303
    with app.app_context(), transaction(write=False) as session:
        assert session.get_one(Booking, desk.at.booking).status == BookingStatus.CONFIRMED


def test_opening_ends_free_cancelling_and_needs_a_clip(app: Flask) -> None:
    at = scene(app)
    coach = at.browser(at.coach)
    assert coach.get(f"/bookings/{at.booking}/analysis").status_code == 200
    assert coach.post(f"/bookings/{at.booking}/analysis").status_code == 409
    desk = Desk(at)
    desk.begin()
    with app.app_context(), transaction(write=False) as session:
        assert session.get_one(Booking, at.booking).opened_at is not None


def test_looking_at_pages_opens_nothing(app: Flask) -> None:
    at = scene(app)
    data = {"id": str(uuid4()), "link": "https://video.example/run"}
    clip = at.browser(at.runner).post(f"/bookings/{at.booking}/clip/link", data=data).location
    coach = at.browser(at.coach)
    for path in (clip, f"/bookings/{at.booking}/analysis"):
        assert "Open the clip and start" in coach.get(path).text
    with app.app_context(), transaction(write=False) as session:
        assert session.get_one(Booking, at.booking).opened_at is None


def test_the_promise_counts_from_the_first_clip_and_the_coach_hears_of_it(app: Flask) -> None:
    at = scene(app, turnaround_hours=72, due_at=clock.now() + timedelta(hours=1))
    Desk(at).begin()
    with app.app_context():
        jobs.run_due(20)
        with transaction(write=False) as session:
            due_at = session.get_one(Booking, at.booking).due_at
            mails = sent(session)
    assert due_at and due_at > clock.now() + timedelta(hours=71)
    assert "has sent a clip" in mails[0]["subject"]


def test_removing_can_be_undone(desk: Desk) -> None:
    first, second = desk.add("hip-drop"), desk.add("bounce")
    desk.write(first, "Left side sinks", "hip-hike")
    assert desk.coach.post(f"{desk.url}/findings/{first}/removal", data=desk.form()).status_code == 303
    assert list(desk.findings()) == [second]
    assert "Bring it back" in desk.coach.get(f"{desk.url}/write").text
    assert desk.coach.post(f"{desk.url}/findings/{first}/restoration", data=desk.form()).status_code == 303
    assert desk.findings() == {first: ("hip-drop", ["hip-hike"]), second: ("bounce", [])}


def test_what_was_removed_does_not_reach_the_runner(desk: Desk) -> None:
    first, second = desk.add("hip-drop"), desk.add("bounce")
    desk.write(first, "Left side sinks", "hip-hike")
    desk.write(second, "A hand's width up and down")
    desk.coach.post(f"{desk.url}/findings/{first}/removal", data=desk.form())
    desk.coach.post(f"{desk.url}/delivery")
    assert "Left side sinks" not in desk.runner.get(desk.url).text
    assert list(desk.findings(removed=True)) == [second]


def test_findings_change_places(desk: Desk) -> None:
    first, second, third = desk.add("hip-drop"), desk.add("bounce"), desk.add("overstride")
    desk.coach.post(f"{desk.url}/findings/{third}/position", data=desk.form(to="up"))
    desk.coach.post(f"{desk.url}/findings/{first}/position", data=desk.form(to="up"))
    assert list(desk.findings()) == [first, third, second]


def test_every_button_keeps_what_was_typed(desk: Desk) -> None:
    first = desk.add("hip-drop")
    desk.add("bounce", **{f"seen-{first}": "Left side sinks", "summary": "Good rhythm"})
    page = desk.coach.get(f"{desk.url}/write").text
    assert "Left side sinks" in page and "Good rhythm" in page


def test_the_script_saves_and_hears_when(desk: Desk) -> None:
    headers = {"Accept": "application/json"}
    form = desk.form(summary="Good rhythm", step="1")
    answer = desk.coach.post(f"{desk.url}/draft", data=form, headers=headers)
    assert answer.status_code == 200 and answer.json["saved_at"].startswith("Saved ")
    desk.coach.post(f"{desk.url}/draft", data=form | {"summary": "Better rhythm", "step": "3"}, headers=headers)
    late = desk.coach.post(f"{desk.url}/draft", data=form | {"summary": "Old", "step": "2"}, headers=headers)
    assert late.status_code == 200 and desk.analysis().summary == "Better rhythm"


def test_a_second_window_does_not_overwrite_the_first_unseen(desk: Desk) -> None:
    old = desk.form(summary="From the phone")
    desk.coach.post(f"{desk.url}/draft", data=desk.form(summary="From the desk"))
    answer = desk.coach.post(f"{desk.url}/draft", data=old)
    assert answer.status_code == 409 and "another window" in answer.text and "From the phone" in answer.text
    assert desk.analysis().summary == "From the desk"
    assert desk.coach.post(f"{desk.url}/draft", data=old, headers={"Accept": "application/json"}).status_code == 409


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"film_again_weeks": "99"}, 422),
        ({"film_again_weeks": "soon"}, 422),
        ({"summary": "x" * 5000}, 422),
        ({"seen-not-an-id": "x"}, 422),
    ],
)
def test_what_cannot_be_right_is_refused_and_shown_again(desk: Desk, typed: dict[str, str], status: int) -> None:
    desk.add("hip-drop")
    answer = desk.coach.post(f"{desk.url}/draft", data=desk.form(**{"summary": "kept"} | typed))
    assert answer.status_code == status and (typed.get("summary") or "kept") in answer.text
    assert desk.analysis().summary == ""


def test_an_unknown_issue_or_a_foreign_drill_is_refused(desk: Desk) -> None:
    finding = desk.add("hip-drop")
    assert desk.coach.post(f"{desk.url}/findings", data=desk.form(issue="flat-feet-9")).status_code == 422
    data = desk.form(**{f"seen-{finding}": "x", f"drill-{finding}": "no-such-drill"})
    assert desk.coach.post(f"{desk.url}/draft", data=data).status_code == 422


def test_nothing_or_an_empty_finding_is_not_sent(desk: Desk) -> None:
    assert desk.coach.post(f"{desk.url}/delivery").status_code == 409
    desk.add("hip-drop")
    answer = desk.coach.post(f"{desk.url}/delivery")
    assert answer.status_code == 409 and "Say what you see" in answer.text
    assert not desk.analysis().is_delivered


def test_after_delivery_nothing_changes(desk: Desk) -> None:
    finding = desk.add("hip-drop")
    desk.write(finding, "Left side sinks")
    desk.coach.post(f"{desk.url}/delivery")
    for path in ("draft", "findings", f"findings/{finding}/removal", f"findings/{finding}/position"):
        answer = desk.coach.post(f"{desk.url}/{path}", data=desk.form(issue="bounce", **{f"seen-{finding}": "Other"}))
        assert answer.status_code == 409, path
    assert "Left side sinks" in desk.runner.get(desk.url).text
    assert list(desk.findings()) == [finding]


def test_a_cancelled_review_is_not_sent(desk: Desk) -> None:
    desk.write(desk.add("hip-drop"), "Left side sinks")
    desk.at.change(status=BookingStatus.CANCELLED, ended_at=clock.now())
    assert desk.coach.post(f"{desk.url}/delivery").status_code == 409


def test_only_the_two_of_them_find_it(desk: Desk) -> None:
    finding = desk.add("hip-drop")
    desk.write(finding, "Left side sinks")
    for person in (desk.at.stranger, desk.at.staff):
        browser = desk.at.browser(person)
        for path in ("", "/write", "/preview"):
            assert browser.get(f"{desk.url}{path}").status_code == 404
        for path in ("draft", "findings", "delivery", f"findings/{finding}/removal"):
            assert browser.post(f"{desk.url}/{path}", data=desk.form()).status_code == 404
    for path in ("draft", "findings", "delivery", f"findings/{finding}/removal"):
        assert desk.runner.post(f"{desk.url}/{path}", data=desk.form()).status_code == 404
    assert desk.runner.post(f"/bookings/{desk.at.booking}/analysis").status_code == 403
    desk.coach.post(f"{desk.url}/delivery")
    assert desk.at.browser(desk.at.stranger).get(desk.url).status_code == 404


def test_the_report_is_written_in_the_readers_language(desk: Desk) -> None:
    desk.write(desk.add("hip-drop"), "Left side sinks", "hip-hike")
    desk.coach.post(f"{desk.url}/delivery")
    assert "pas un diagnostic" in desk.runner.get(f"/fr{desk.url}").text
