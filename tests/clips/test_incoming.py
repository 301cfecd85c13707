"""A form with a large file is read as it arrives."""

import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from marketplace.clips.incoming import CHUNK, IncomingForm
from marketplace.errors import Invalid


class Slow(io.RawIOBase):
    """A body that comes in pieces of a given size, as from a phone."""

    def __init__(self, body: bytes, piece: int) -> None:
        self.body, self.piece, self.at = body, piece, 0

    def read(self, size: int = -1, /) -> bytes:
        found = self.body[self.at : self.at + min(self.piece, size if size >= 0 else self.piece)]
        self.at += len(found)
        return found


HEAD = b'--b\r\nContent-Disposition: form-data; name="file"; filename="C:\\\\clip.mp4"\r\n'


def form(content: bytes, *, piece: int = 10**9, **fields: str) -> IncomingForm:
    values = MultiDict(fields)
    values.add("file", FileStorage(io.BytesIO(content), filename="clip.mov"))  # type: ignore[arg-type]
    boundary, body = encode_multipart(values)
    return IncomingForm(Slow(body, piece), f"multipart/form-data; boundary={boundary}")  # type: ignore[arg-type]


@given(st.binary(min_size=1, max_size=3000), st.integers(1, 500), st.integers(1, 700))
def test_the_file_comes_out_as_it_went_in_whatever_the_pieces(content: bytes, piece: int, step: int) -> None:
    incoming = form(content, piece=piece, note="tired legs", view="back")
    assert dict(incoming.fields) == {"note": "tired legs", "view": "back"}
    assert incoming.file and incoming.file.name == "clip.mov"
    read = b"".join(iter(lambda: incoming.file.read(step), b""))  # type: ignore[union-attr]
    assert read == content


@pytest.mark.parametrize("tail", [b"\r", b"\n", b"\r\n", b"\r\n-", b"\r\n--", b"\r\n--b"[:5], b"--b--"])
def test_a_file_may_end_like_a_boundary_begins(tail: bytes) -> None:
    for piece in range(1, 90):
        incoming = form(b"abc" + tail, piece=piece)
        assert incoming.file and incoming.file.read() == b"abc" + tail


def test_an_empty_file_is_empty() -> None:
    body = HEAD + b"Content-Type: video/mp4\r\n\r\n\r\n--b--\r\n"
    incoming = IncomingForm(io.BytesIO(body), "multipart/form-data; boundary=b")
    assert incoming.file and incoming.file.read(10) == b""


@given(st.binary(max_size=300), st.integers(1, 50))
def test_no_body_breaks_more_than_its_own_request(body: bytes, piece: int) -> None:
    stream = Slow(body, piece)
    with pytest.raises(Invalid, match="broken-upload"):
        incoming = IncomingForm(stream, "multipart/form-data; boundary=b")
        if incoming.file:
            incoming.file.read()
        raise Invalid("broken-upload")


def test_fields_are_there_before_the_file_is_read() -> None:
    content = bytes(5 * CHUNK)
    incoming = form(content, piece=CHUNK, csrf_token="t")
    assert incoming.fields["csrf_token"] == "t"
    assert incoming._body._stream.at <= 2 * CHUNK  # type: ignore[attr-defined]


def test_a_large_file_needs_only_a_few_chunks_of_memory() -> None:
    incoming = form(bytes(64 * CHUNK), piece=CHUNK)
    tracemalloc.start()
    while incoming.file and incoming.file.read(CHUNK):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * CHUNK


def test_a_body_that_breaks_off_is_refused_at_that_place() -> None:
    values = MultiDict([("file", FileStorage(io.BytesIO(bytes(3 * CHUNK)), filename="clip.mov"))])
    boundary, body = encode_multipart(values)
    incoming = IncomingForm(io.BytesIO(body[:CHUNK]), f"multipart/form-data; boundary={boundary}")
    with pytest.raises(Invalid, match="broken-upload"):
        while incoming.file and incoming.file.read(CHUNK):
            pass


@pytest.mark.parametrize("kind", ["", "text/plain", "multipart/form-data", "application/x-www-form-urlencoded"])
def test_what_is_no_such_form_is_refused(kind: str) -> None:
    with pytest.raises(Invalid, match="broken-upload"):
        IncomingForm(io.BytesIO(b"x=1"), kind)


def test_an_endless_field_is_refused() -> None:
    with pytest.raises(Invalid, match="broken-upload"):
        form(b"", note="x" * 100_000)


def test_a_form_of_many_fields_is_refused() -> None:
    with pytest.raises(Invalid, match="broken-upload"):
        form(b"", **{f"f{number}": "1" for number in range(60)})
