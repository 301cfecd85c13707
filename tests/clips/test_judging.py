"""What is a video is told by its content alone."""

from pathlib import Path

import av
import pytest

from marketplace.clips.judging import judge
from marketplace.clips.video import judged
from marketplace.errors import Invalid
from tests.clips.conftest import film, sound

FACTS = {"container": "mov,mp4", "codec": "h264", "frames": 3, "seconds": 12.0, "width": 1080, "height": 1920}
PLAYLIST = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
PIXEL_GIF = bytes.fromhex("47494638396101000100800000ffffff00000021f90401000000002c00000000010001000002024401003b")


def test_a_phones_clip_is_a_video(video: Path) -> None:
    found = judge(video)
    assert (found.media_type, found.codec, found.width, found.height) == ("video/mp4", "h264", 360, 640)
    assert 4 < found.seconds < 5 and found.frames_per_second == 30


def test_the_name_counts_for_nothing(video: Path, tmp_path: Path) -> None:
    disguised = tmp_path / "holiday.txt"
    disguised.write_bytes(video.read_bytes())
    assert judge(disguised).media_type == "video/mp4"


@pytest.mark.parametrize(("name", "media_type"), [("a.webm", "video/webm"), ("a.avi", "video/x-msvideo")])
def test_other_containers_get_their_own_media_type(name: str, media_type: str, tmp_path: Path) -> None:
    codec = "libvpx" if name == "a.webm" else "mpeg4"
    assert judge(film(tmp_path / name, codec=codec)).media_type == media_type


@pytest.mark.parametrize(
    "content",
    [b"", b"hello", b"<svg xmlns='http://www.w3.org/2000/svg'/>", PLAYLIST.encode(), PIXEL_GIF, b"\0" * 100_000],
    ids=["empty", "text", "svg", "playlist", "gif", "zeros"],
)
def test_what_is_no_video_is_refused_whatever_it_is_called(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    with pytest.raises(Invalid, match="no-video"):
        judge(path)


def test_a_video_cut_in_its_middle_is_refused_when_its_index_is_missing(tmp_path: Path) -> None:
    whole = film(tmp_path / "whole.mp4", frames=50).read_bytes()  # the index stands at the end
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(Invalid, match="no-video"):
        judge(cut)


def test_pictures_overwritten_with_noise_are_refused(video: Path, tmp_path: Path) -> None:
    content = bytearray(video.read_bytes())
    start = content.index(b"mdat") + 4
    content[start:] = bytes(number * 73 % 251 for number in range(len(content) - start))
    noise = tmp_path / "noise.mp4"
    noise.write_bytes(content)
    with pytest.raises(Invalid, match="no-video"):
        judge(noise)


def test_sound_alone_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no-video"):
        judge(sound(tmp_path / "song.mp4"))


def test_a_photo_in_a_videos_container_is_no_video(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="no-video"):
        judge(film(tmp_path / "photo.mp4", frames=1))


def test_eleven_minutes_are_too_long(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="too-long") as refused:
        judge(film(tmp_path / "long.mp4", frames=661, size=64))
    assert refused.value.facts["minutes"] == 10


def test_a_recording_that_does_not_tell_its_length_is_measured(tmp_path: Path) -> None:
    content = film(tmp_path / "whole.webm", frames=7, codec="libvpx").read_bytes()
    at = content.index(b"\x44\x89\x88")  # Matroska's Duration with its eight bytes; a Void of eleven instead
    untold = tmp_path / "live.webm"
    untold.write_bytes(content[:at] + b"\xec\x89" + bytes(9) + content[at + 11 :])
    with av.open(str(untold)) as container:
        assert container.duration is None
    assert 6 < judge(untold).seconds < 8


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"frames": 1}, "no-video"),
        ({"seconds": None}, "no-video"),
        ({"container": "gif"}, "no-video"),
        ({"seconds": 600.5}, "too-long"),
        ({"width": 32}, "odd-picture"),
        ({"height": 9000}, "odd-picture"),
        ({"width": 8000, "height": 8000}, "odd-picture"),
        ({"width": None}, "odd-picture"),
    ],
)
def test_each_limit_refuses_by_its_name(change: dict[str, object], kind: str) -> None:
    with pytest.raises(Invalid, match=kind):
        judged(FACTS | change)
