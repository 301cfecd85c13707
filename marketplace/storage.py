"""Where clips live: a folder of this machine, named by STORAGE_URL or inside DATA_DIR."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, BinaryIO, Protocol
from urllib.parse import unquote, urlsplit

from marketplace.errors import Invalid
from marketplace.settings import Settings

CHUNK = 1 << 20


class Readable(Protocol):
    """Anything one can read bytes from: an upload's stream, a file."""

    def read(self, size: int = -1, /) -> bytes: ...


class Storage:
    """Files under keys of our own making (never names that somebody typed)."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, key: str, stream: Readable, *, most_bytes: int) -> int:
        """Stream into place, whole or not at all; its size in bytes. Invalid `too-large` past the limit."""
        path = self._path(key)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f"{path.name}.part")
        try:
            with part.open("wb") as file:
                size = _copy(stream, file, most_bytes)
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
        return size

    def open(self, key: str) -> BinaryIO:
        """The file for reading, seekable; FileNotFoundError when there is none."""
        return self._path(key).open("rb")

    def path(self, key: str) -> Path:
        """Where a program may read it."""
        return self._path(key)

    def chunks(self, key: str, start: int, end: int) -> Iterator[bytes]:
        """Bytes start..end, the last one included."""
        with self.open(key) as file:
            file.seek(start)
            left = end - start + 1
            while left > 0 and (chunk := file.read(min(CHUNK, left))):
                left -= len(chunk)
                yield chunk

    def delete(self, key: str) -> None:
        """Remove it; nothing happens when it is gone already."""
        self._path(key).unlink(missing_ok=True)

    def older_than(self, instant: datetime) -> Iterator[str]:
        """The keys of all files, those of unfinished uploads too, that were last written before `instant`."""
        for path in self.folder.rglob("*"):
            if path.is_file() and path.stat().st_mtime < instant.timestamp():
                yield path.relative_to(self.folder).as_posix()

    def _path(self, key: str) -> Path:
        path = (self.folder / key).resolve()
        if not path.is_relative_to(self.folder.resolve()):
            raise ValueError("a key outside the storage")
        return path


def _copy(stream: Readable, file: IO[bytes], most_bytes: int) -> int:
    size = 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > most_bytes:
            raise Invalid("too-large", field="file", most_bytes=most_bytes)
        file.write(chunk)
    return size


def from_settings(settings: Settings) -> Storage:
    """The storage that the settings name."""
    if settings.storage_url:
        return Storage(Path(unquote(urlsplit(settings.storage_url).path)))
    return Storage(settings.data_dir / "clips")
