"""A program of its own, run by `judging` in a process with limits: looks into one file and prints what it is as JSON.

Only the containers named here are tried, and nothing outside the file is opened. It imports nothing of the product, so
that it starts quickly and has no secret in its memory. Exit code 1 when the file can't be read as a video.
"""

import contextlib
import json
import resource
import sys
from typing import Any

CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts"
ENOUGH_FRAMES = 3
MOST_PACKETS = 400
MOST_MEMORY_BYTES = 3 * 1024**3
MOST_CPU_SECONDS = 20


def limit() -> None:
    """Hold this process to its share of memory and time; it may write no file."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_SECONDS, MOST_CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def look(path: str) -> dict[str, Any]:
    """What the file says of itself, and how many of its first frames could really be decoded."""
    import av

    options = {"format_whitelist": CONTAINERS, "protocol_whitelist": "file"}
    with av.open(f"file:{path}", options=options, metadata_errors="replace") as container:
        stream = next(s for s in container.streams.video if not _is_cover(s))
        stream.codec_context.thread_count = 1
        frames = _first_frames(container, stream)
        facts = {
            "container": container.format.name,
            "codec": stream.codec_context.name,
            "frames_per_second": float(stream.average_rate or stream.guessed_rate or 0),
            "frames": len(frames),
        }
        if frames:
            facts["width"], facts["height"] = frames[0]
        told = container.duration / av.time_base if container.duration else None
    return facts | {"seconds": told or _measured(path, options)}


def _is_cover(stream: Any) -> bool:
    return bool(stream.disposition & stream.disposition.__class__.attached_pic)


def _first_frames(container: Any, stream: Any) -> list[tuple[int, int]]:
    """Width and height, as shown, of the first frames that can be decoded, up to ENOUGH_FRAMES."""
    import av

    sizes: list[tuple[int, int]] = []
    for count, packet in enumerate(container.demux(stream)):
        if count > MOST_PACKETS or len(sizes) >= ENOUGH_FRAMES:
            break
        with contextlib.suppress(av.error.InvalidDataError):
            sizes += [_shown(frame) for frame in packet.decode()]
    return sizes


def _shown(frame: Any) -> tuple[int, int]:
    """A phone held upright stores its pictures lying, with a turn of 90 degrees beside them."""
    return (frame.height, frame.width) if frame.rotation % 180 else (frame.width, frame.height)


def _measured(path: str, options: dict[str, str]) -> float:
    """The length of a file that doesn't tell it (as browsers record them), by its packets; nothing is decoded."""
    import av

    end = 0.0
    with av.open(f"file:{path}", options=options, metadata_errors="replace") as container:
        for packet in container.demux(video=0):
            if packet.pts is not None and packet.time_base:
                end = max(end, float((packet.pts + (packet.duration or 0)) * packet.time_base))
    return end


if __name__ == "__main__":
    limit()
    try:
        print(json.dumps(look(sys.argv[1])))  # noqa: T201  (its answer)
    except Exception as error:  # whatever the libraries make of a broken file
        print(repr(error)[:300], file=sys.stderr)  # noqa: T201
        sys.exit(1)
