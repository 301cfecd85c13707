"""Files without a clip go, and clips of bookings that came to nothing."""

import io
import os
from datetime import timedelta

from flask import Flask

from marketplace import clock, jobs
from marketplace.accounts import service as accounts
from marketplace.bookings.states import BookingStatus
from marketplace.clips import jobs as clip_jobs
from marketplace.clips import queries, service
from marketplace.clips.service import About, Stored
from marketplace.clips.video import Video
from marketplace.db import new_id, transaction
from tests.clips.scene import booked, people

VIDEO = Video("video/mp4", "h264", 4.0, 360, 640, 30.0)


def test_what_nobody_needs_is_swept(app: Flask) -> None:
    storage = app.extensions["storage"]
    for key in ("wanted", "unwanted", "stray", "fresh"):
        storage.save(key, io.BytesIO(b"video"), most_bytes=10)
    (storage.folder / "broken-off.part").write_bytes(b"vid")
    old = (clock.now() - timedelta(days=2)).timestamp()
    for key in ("wanted", "unwanted", "stray", "broken-off.part"):
        os.utime(storage.folder / key, (old, old))
    with app.app_context():
        with transaction() as session:
            stays, over = booked(session), booked(session)
            for booking, key in ((stays, "wanted"), (over, "unwanted")):
                runner, _coach = people(session, booking)
                file = Stored(key, 5, VIDEO)
                service.attach_file(session, booking.id, clip_id=new_id(), by=runner, file=file, about=About())
            over.status, over.ended_at = BookingStatus.EXPIRED, clock.now() - timedelta(days=8)
        clip_jobs.sweep()
        jobs.run_due()
        with transaction(write=False) as session:
            assert queries.of_booking(session, stays.id)
            assert not queries.of_booking(session, over.id)
    assert {path.name for path in storage.folder.iterdir()} == {"wanted", "fresh"}


def test_who_leaves_leaves_no_clip_behind(app: Flask) -> None:
    storage = app.extensions["storage"]
    for key in ("hers", "another's"):
        storage.save(key, io.BytesIO(b"video"), most_bytes=10)
    with app.app_context():
        with transaction() as session:
            hers, other = booked(session), booked(session)
            for booking, key in ((hers, "hers"), (other, "another's")):
                runner, _coach = people(session, booking)
                file = Stored(key, 5, VIDEO)
                service.attach_file(session, booking.id, clip_id=new_id(), by=runner, file=file, about=About())
            hers.status = BookingStatus.COMPLETED
            session.flush()
            accounts.close(session, hers.runner_id)
        jobs.run_due()
        with transaction(write=False) as session:
            assert not queries.of_booking(session, hers.id)
            assert queries.of_booking(session, other.id)
    assert {path.name for path in storage.folder.iterdir()} == {"another's"}
