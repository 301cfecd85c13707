"""Files that are videos and files that are not."""

from pathlib import Path

import av
import pytest

from marketplace.demo import clips


@pytest.fixture(scope="session")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Four seconds of a drawn runner, as MP4."""
    path = tmp_path_factory.mktemp("video") / "runner.mp4"
    clips.from_behind(path)
    return path


def film(path: Path, *, frames: int = 5, rate: int = 1, size: int = 128, codec: str = "mpeg4") -> Path:
    """A grey video; `rate` in frames a second."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width = stream.height = size
        stream.pix_fmt = "yuv420p"
        for number in range(frames):
            frame = av.VideoFrame(size, size, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes((128,)) * plane.buffer_size)
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def sound(path: Path) -> Path:
    """A second of silence in a video's container."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        for number in range(40):
            frame = av.AudioFrame(format="fltp", layout="mono", samples=1024)
            frame.rate, frame.pts = 44100, number * 1024
            frame.planes[0].update(bytes(frame.planes[0].buffer_size))
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path
