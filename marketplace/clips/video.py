"""What counts as a runner's video. Pure: facts in, a verdict out.

The facts come from the content (see `probe`); the name and media type that the uploader's machine gave count for
nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marketplace.errors import Invalid

MOST_BYTES = 500 * 1024 * 1024
MOST_SECONDS = 10 * 60
LEAST_PIXELS, MOST_PIXELS = 64, 8192
"""Of one side of the picture."""
MOST_AREA = 7680 * 4320
LEAST_FRAMES = 2
"""A photo has one; some phones keep photos in a video's container."""


@dataclass(frozen=True, slots=True)
class Video:
    """A video as we know it after looking inside."""

    media_type: str
    codec: str
    seconds: float
    width: int  # pixels
    height: int
    frames_per_second: float


def judged(facts: Mapping[str, Any]) -> Video:
    """The video that the probe's facts describe. Invalid `no-video`, `too-long` or `odd-picture` otherwise."""
    width, height = int(facts.get("width") or 0), int(facts.get("height") or 0)
    seconds = float(facts.get("seconds") or 0)
    if int(facts.get("frames") or 0) < LEAST_FRAMES or seconds <= 0:
        raise Invalid("no-video", field="file")
    if seconds > MOST_SECONDS:
        raise Invalid("too-long", field="file", minutes=MOST_SECONDS // 60)
    if not (LEAST_PIXELS <= width <= MOST_PIXELS and LEAST_PIXELS <= height <= MOST_PIXELS):
        raise Invalid("odd-picture", field="file", width=width, height=height)
    if width * height > MOST_AREA:
        raise Invalid("odd-picture", field="file", width=width, height=height)
    codec = str(facts.get("codec", ""))
    rate = min(1000.0, max(0.0, float(facts.get("frames_per_second") or 0)))
    return Video(media_type(str(facts.get("container", ""))), codec, seconds, width, height, rate)


def media_type(container: str) -> str:
    """The media type that we serve a container with. Invalid `no-video` for one that we don't take."""
    names = set(container.split(","))
    if names & {"mov", "mp4"}:
        return "video/mp4"  # QuickTime too: browsers play it under this type only
    if "webm" in names:
        return "video/webm"
    if "avi" in names:
        return "video/x-msvideo"
    if "mpegts" in names:
        return "video/mp2t"
    raise Invalid("no-video", field="file")


def file_ending(kind: str) -> str:
    """The ending of a file of that media type, for somebody who saves it."""
    return {"video/mp4": ".mp4", "video/webm": ".webm", "video/x-msvideo": ".avi", "video/mp2t": ".ts"}.get(kind, "")


def plays_everywhere(codec: str) -> bool:
    """Whether browsers in general can show it; others may need it downloaded."""
    return codec in ("h264", "vp8", "vp9", "libvpx", "libvpx-vp9", "av1", "libdav1d")
