"""A form with a large file, read as it arrives: first its fields, then the file as a stream (RFC 7578).

Nothing is spooled: what is read from the stream is what the network has brought, so memory stays at a few chunks and
the file is written once, straight into the storage. Fields count only when they stand before the file.
"""

from collections.abc import Iterator

from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_options_header

from marketplace.errors import Invalid
from marketplace.storage import Readable

CHUNK = 256 * 1024
MOST_FIELDS = 40
MOST_FIELD_BYTES = 64 * 1024
MOST_HEADER_BYTES = 8 * 1024
BROKEN = (OSError, ValueError, HTTPException)
"""What a stream raises when the sender goes away."""


class IncomingForm:
    """A multipart/form-data body under way. `fields` is complete, `file` at its first byte or None.

    Raises Invalid `broken-upload` for what is no such form, and wherever the body breaks off.
    """

    def __init__(self, stream: Readable, content_type: str) -> None:
        kind, parameters = parse_options_header(content_type)
        boundary = parameters.get("boundary", "").encode("latin-1", "replace")
        if kind != "multipart/form-data" or not boundary:
            raise _broken()
        self._body = _Body(stream)
        self._delimiter = b"\r\n--" + boundary
        self.fields: MultiDict[str, str] = MultiDict()
        self.file: IncomingFile | None = None
        self._read_fields()

    def _read_fields(self) -> None:
        for _ in self._body.until(self._delimiter):  # what stands before the first part
            pass
        while self._body.take(2) != b"--":
            name, file_name = self._part()
            content = self._body.until(self._delimiter)
            if file_name is not None:
                self.file = IncomingFile(file_name, content)
                return
            self.fields.add(name, _whole(content, MOST_FIELD_BYTES).decode("utf-8", "replace"))
            if len(self.fields) > MOST_FIELDS:
                raise _broken()

    def _part(self) -> tuple[str, str | None]:
        """The name of the part that begins here, and the file's name if it is one."""
        lines = _whole(self._body.until(b"\r\n\r\n"), MOST_HEADER_BYTES).decode("utf-8", "replace").split("\r\n")
        headers = dict(line.lower().split(":", 1)[:1] + line.split(":", 1)[1:] for line in lines if ":" in line)
        kind, parameters = parse_options_header(headers.get("content-disposition"))
        if kind != "form-data" or "name" not in parameters:
            raise _broken()
        return parameters["name"], parameters.get("filename")


class IncomingFile:
    """A file on its way. `name` is what the sender calls it: to be shown, never to be used as a path."""

    def __init__(self, name: str, content: Iterator[bytes]) -> None:
        self.name = name
        self._content = content
        self._left = b""

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes, at least one until the end; all that is left with a negative size."""
        if size < 0:
            return self._left + b"".join(self._content)
        found = self._left or next(self._content, b"")
        self._left = found[size:]
        return found[:size]


class _Body:
    """The bytes of the body, as many as have come and are not yet taken."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._bytes = bytearray(b"\r\n")  # so that the first delimiter looks like the others

    def until(self, mark: bytes) -> Iterator[bytes]:
        """What comes before `mark`, in pieces that are never empty; the mark itself is passed over."""
        while (at := self._bytes.find(mark)) < 0:
            sure = len(self._bytes) - len(mark) + 1
            if sure > 0:
                yield self.take(sure)
            self._fetch()
        if at:
            yield self.take(at)
        self.take(len(mark))

    def take(self, count: int) -> bytes:
        """The next `count` bytes."""
        while len(self._bytes) < count:
            self._fetch()
        taken = bytes(self._bytes[:count])
        del self._bytes[:count]
        return taken

    def _fetch(self) -> None:
        try:
            come = self._stream.read(CHUNK)
        except BROKEN:
            raise _broken() from None
        if not come:
            raise _broken()
        self._bytes += come


def _whole(pieces: Iterator[bytes], most: int) -> bytes:
    whole = bytearray()
    for piece in pieces:
        whole += piece
        if len(whole) > most:
            raise _broken()
    return bytes(whole)


def _broken() -> Invalid:
    return Invalid("broken-upload", field="file")
