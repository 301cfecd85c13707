"""Attaching, watching and deleting clips, as the two people of a booking and as others."""

import io
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from marketplace import jobs
from marketplace.bookings.states import BookingStatus
from marketplace.clips import queries
from marketplace.clips.models import Clip
from marketplace.clips.views import attaching
from marketplace.coaches.kinds import OfferKind
from marketplace.db import transaction
from tests.clips.scene import Scene, scene


@pytest.fixture
def review(app: Flask) -> Scene:
    """A confirmed clip review."""
    return scene(app)


def send(browser: FlaskClient, at: Scene, content: bytes, **fields: Any) -> Any:
    """Upload a file under a name and media type that claim too much."""
    as_json = fields.pop("as_json", False)
    values = {"id": str(uuid4()), "view": "back", "note": "easy pace"} | fields
    data = values | {"file": (io.BytesIO(content), "../evil.html", "text/html")}
    headers = {"Accept": "application/json"} if as_json else {"Accept": "text/html,*/*;q=0.8"}
    return browser.post(f"/bookings/{at.booking}/clip", data=data, headers=headers)


def attached(at: Scene, video: Path) -> str:
    """The address of a clip just attached."""
    answer = send(at.browser(at.runner), at, video.read_bytes(), as_json=True)
    assert answer.status_code == 201, answer.text
    return str(answer.json["url"])


def clips(at: Scene) -> list[Clip]:
    with at.app.app_context(), transaction(write=False) as session:
        return list(queries.of_booking(session, at.booking))


def files(at: Scene) -> list[Path]:
    folder = at.app.extensions["storage"].folder
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_runner_attaches_her_clip_and_both_watch_it(review: Scene, video: Path) -> None:
    browser = review.browser(review.runner)
    answer = send(browser, review, video.read_bytes())
    assert answer.status_code == 303
    (clip,) = clips(review)
    assert (clip.size, clip.view, clip.note) == (video.stat().st_size, "back", "easy pace")
    assert [path.stat().st_size for path in files(review)] == [clip.size]
    assert f"/clips/{clip.id}/file" in browser.get(answer.location).text
    review.change(opened_at=clip.created_at)
    coach = review.browser(review.coach)
    assert coach.get(f"/clips/{clip.id}/file").data == video.read_bytes()


def test_the_answer_is_labelled_by_us_and_stays_private(review: Scene, video: Path) -> None:
    url = attached(review, video)
    answer = review.browser(review.runner).get(f"{url}/file")
    assert answer.content_type == "video/mp4"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith('inline; filename="runsight-')
    assert "private" in answer.headers["Cache-Control"] and "evil" not in str(answer.headers)


def test_nobody_else_finds_it(review: Scene, video: Path) -> None:
    url = attached(review, video)
    for person in (review.stranger, review.staff):
        for path in (url, f"{url}/file"):
            assert review.browser(person).get(path).status_code == 404
        assert review.browser(person).post(f"{url}/deletion").status_code == 404
    assert review.app.test_client().get(f"{url}/file").status_code == 302


def test_a_stranger_cannot_attach_and_the_coach_may_not(review: Scene, video: Path) -> None:
    assert send(review.browser(review.stranger), review, video.read_bytes()).status_code == 404
    assert send(review.browser(review.coach), review, video.read_bytes()).status_code == 403
    assert not files(review) and not clips(review)


def test_the_coach_opens_a_clip_review_before_she_sees_it(review: Scene, video: Path) -> None:
    url = attached(review, video)
    coach = review.browser(review.coach)
    page = coach.get(url)
    assert "Open the clip and start" in page.text and "<video" not in page.text
    assert coach.get(f"{url}/file").status_code == 403


def test_the_coach_of_a_call_sees_it_at_once(app: Flask, video: Path) -> None:
    call = scene(app, kind=OfferKind.VIDEO_CALL)
    assert "<video" in call.browser(call.coach).get(attached(call, video)).text


def test_an_unpaid_booking_takes_no_clip(app: Flask, video: Path) -> None:
    hold = scene(app, status=BookingStatus.HELD)
    answer = send(hold.browser(hold.runner), hold, video.read_bytes(), as_json=True)
    assert answer.status_code == 409 and not files(hold)


def test_what_is_no_video_is_refused_in_words_and_nothing_is_kept(review: Scene) -> None:
    answer = send(review.browser(review.runner), review, b"<script>alert(1)</script>")
    assert answer.status_code == 422
    assert "could not find a video" in answer.text and "easy pace" in answer.text
    answer = send(review.browser(review.runner), review, b"<script>", as_json=True)
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")
    assert "could not find a video" in answer.json["title"]
    assert not files(review) and not clips(review)


def test_a_form_without_a_file_is_refused(review: Scene) -> None:
    browser = review.browser(review.runner)
    answer = browser.post(f"/bookings/{review.booking}/clip", data={"id": str(uuid4()), "file": (io.BytesIO(b""), "")})
    assert answer.status_code == 422


def test_a_file_that_is_too_large_is_refused_before_it_is_stored(
    review: Scene, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attaching, "MOST_BYTES", 1000)
    answer = send(review.browser(review.runner), review, video.read_bytes())
    assert answer.status_code == 422 and "larger than" in answer.text
    assert not files(review)


def test_the_same_form_sent_twice_is_one_clip_and_one_file(review: Scene, video: Path) -> None:
    clip_id = str(uuid4())
    browser = review.browser(review.runner)
    answers = [send(browser, review, video.read_bytes(), id=clip_id, as_json=True) for _ in range(2)]
    assert [answer.json["id"] for answer in answers] == [clip_id, clip_id]
    assert len(files(review)) == len(clips(review)) == 1


def test_a_fifth_clip_finds_no_room(review: Scene, video: Path) -> None:
    for _ in range(4):
        attached(review, video)
    answer = send(review.browser(review.runner), review, video.read_bytes())
    assert answer.status_code == 409 and "There are 4 clips already" in answer.text
    assert len(files(review)) == 4


def test_a_form_from_elsewhere_is_refused_before_its_file_is_read(review: Scene, video: Path) -> None:
    review.app.config["WTF_CSRF_ENABLED"] = True
    answer = send(review.browser(review.runner), review, video.read_bytes())
    assert answer.status_code == 400
    assert not files(review)


def test_our_own_form_carries_its_token(review: Scene, video: Path) -> None:
    review.app.config["WTF_CSRF_ENABLED"] = True
    browser = review.browser(review.runner)
    page = browser.get(f"/bookings/{review.booking}/clip").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    assert send(browser, review, video.read_bytes(), csrf_token=token).status_code == 303


def test_a_link_is_attached_and_shown_as_what_it_is(review: Scene) -> None:
    browser = review.browser(review.runner)
    data = {"id": str(uuid4()), "link": "https://video.example/me-running"}
    answer = browser.post(f"/bookings/{review.booking}/clip/link", data=data)
    page = browser.get(answer.location).text
    assert 'href="https://video.example/me-running" rel="noopener noreferrer nofollow"' in page
    assert browser.get(f"{answer.location}/file").status_code == 404


def test_a_bad_link_is_refused_and_shown_again(review: Scene) -> None:
    data = {"id": str(uuid4()), "link": "javascript:alert(1)"}
    answer = review.browser(review.runner).post(f"/bookings/{review.booking}/clip/link", data=data)
    assert answer.status_code == 422 and "starts with https://" in answer.text


def test_parts_of_a_clip(review: Scene, video: Path) -> None:
    url, content = attached(review, video) + "/file", video.read_bytes()
    browser = review.browser(review.runner)
    part = browser.get(url, headers={"Range": "bytes=100-199"})
    assert (part.status_code, part.data) == (206, content[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(content)}"
    assert part.content_length == 100
    rest = browser.get(url, headers={"Range": "bytes=100-"})
    assert (rest.status_code, rest.data) == (206, content[100:])
    beyond = browser.get(url, headers={"Range": f"bytes={len(content)}-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(content)}")
    assert browser.get(url, headers={"Range": "chapters=1-2"}).status_code == 200


def test_conditions_on_a_clip(review: Scene, video: Path) -> None:
    url, size = attached(review, video) + "/file", video.stat().st_size
    browser = review.browser(review.runner)
    tag = browser.get(url).headers["ETag"]
    assert browser.get(url, headers={"If-None-Match": tag}).status_code == 304
    same = {"Range": "bytes=0-9", "If-Range": tag}
    assert browser.get(url, headers=same).status_code == 206
    assert browser.get(url, headers=same | {"If-Range": '"other"'}).status_code == 200
    head = browser.head(url)
    assert (head.status_code, head.content_length, head.data) == (200, size, b"")
    assert head.headers["Accept-Ranges"] == "bytes"


def test_a_runner_deletes_her_clip_and_its_file(review: Scene, video: Path) -> None:
    url = attached(review, video)
    assert review.browser(review.runner).post(f"{url}/deletion").status_code == 303
    with review.app.app_context():
        jobs.run_due()
    assert not files(review) and not clips(review)


def test_a_clip_stays_while_the_coach_is_at_work(review: Scene, video: Path) -> None:
    url = attached(review, video)
    (clip,) = clips(review)
    review.change(opened_at=clip.created_at)
    answer = review.browser(review.runner).post(f"{url}/deletion")
    assert answer.status_code == 409 and "writing the answer" in answer.text
    assert review.browser(review.coach).post(f"{url}/deletion").status_code == 403
    assert len(files(review)) == 1


def test_an_unknown_clip_is_not_found(review: Scene) -> None:
    browser = review.browser(review.runner)
    assert browser.get(f"/clips/{UUID(int=0)}").status_code == 404
    assert browser.get("/clips/none/file").status_code == 404
