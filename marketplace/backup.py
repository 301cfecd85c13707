"""Back up and restore: one tar with the database and the clips."""

import shutil
import sqlite3
import subprocess  # nosec B404
import tarfile
import tempfile
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import make_url

from marketplace import storage
from marketplace.errors import Invalid
from marketplace.settings import Settings

DATABASE, CLIPS = "database", "clips"


def save(settings: Settings, file: Path) -> None:
    """Write `file`, whole or not at all; the site may go on running."""
    part = file.with_name(f"{file.name}.part")
    with tempfile.TemporaryDirectory() as folder:
        dump = Path(folder) / DATABASE
        _dump(settings, dump)
        with tarfile.open(part, "w") as tar:
            tar.add(dump, DATABASE)
            clips = storage.from_settings(settings).folder
            if clips.exists():
                tar.add(clips.resolve(), CLIPS)
    part.replace(file)


def restore(settings: Settings, file: Path) -> None:
    """Replace database and clips by what `file` holds. Web and worker must be stopped."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            with tarfile.open(file) as tar:
                _unpack(tar, Path(folder).resolve())
        except tarfile.TarError:
            raise Invalid("not-a-backup", file=str(file)) from None
        dump = Path(folder) / DATABASE
        if not dump.exists():
            raise Invalid("not-a-backup", file=str(file))
        _load(settings, dump)
        store = storage.from_settings(settings)
        for clip in (Path(folder) / CLIPS).rglob("*"):
            if clip.is_file():
                with clip.open("rb") as stream:
                    key = clip.relative_to(Path(folder) / CLIPS).as_posix()
                    store.save(key, stream, most_bytes=clip.stat().st_size)


def _unpack(tar: tarfile.TarFile, folder: Path) -> None:
    """The files of a tar that has nothing else. Python before 3.11.4, Debian's among them, has no filter for this."""
    for member in tar:
        path = (folder / member.name).resolve()
        if member.issym() or not path.is_relative_to(folder):
            raise tarfile.TarError(member.name)
        if stream := tar.extractfile(member):
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as copy:
                shutil.copyfileobj(stream, copy)


def _sqlite_path(settings: Settings) -> str | None:
    url = make_url(settings.database)
    return url.database if url.get_backend_name() == "sqlite" else None


def _postgres(settings: Settings) -> str:
    return make_url(settings.database).set(drivername="postgresql").render_as_string(hide_password=False)


def _dump(settings: Settings, target: Path) -> None:
    if path := _sqlite_path(settings):
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
        return
    subprocess.run(["pg_dump", "-Fc", "-f", str(target), _postgres(settings)], check=True)  # noqa: S603, S607  # nosec


def _load(settings: Settings, dump: Path) -> None:
    if path := _sqlite_path(settings):
        with closing(sqlite3.connect(dump)) as source, closing(sqlite3.connect(path)) as target:
            source.backup(target)
        return
    command = ["pg_restore", "--clean", "--if-exists", "-d", _postgres(settings), str(dump)]
    subprocess.run(command, check=True)  # noqa: S603  # nosec
