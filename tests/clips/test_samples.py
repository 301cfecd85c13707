"""The drawn runners that the demo films."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from marketplace.clips import queries
from marketplace.clips.judging import judge
from marketplace.db import transaction
from marketplace.demo import clips
from tests.clips.scene import scene


@pytest.mark.parametrize("film", [clips.from_behind, clips.from_the_side])
def test_a_sample_is_a_small_video_made_quickly(film: Callable[[Path], None], tmp_path: Path) -> None:
    path = tmp_path / "sample.mp4"
    began = time.process_time()
    film(path)
    assert time.process_time() - began < 5
    assert path.stat().st_size < 500_000
    video = judge(path)
    assert (video.media_type, video.width, video.height) == ("video/mp4", 360, 640)


def test_both_are_attached_to_a_booking(app: Flask) -> None:
    at = scene(app)
    with app.app_context():
        clips.attach(at.booking)
        with transaction(write=False) as session:
            assert [clip.view for clip in queries.of_booking(session, at.booking)] == ["back", "side"]
