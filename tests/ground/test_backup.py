"""A copy of everything in one file, and back; also by a Python whose tarfile has no filters."""

import io
import tarfile
import tempfile
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from marketplace import backup, create_app, storage
from marketplace.accounts.models import User
from marketplace.db import transaction
from marketplace.errors import Invalid
from marketplace.settings import Settings
from tests import make
from tests.conftest import test_settings


@pytest.fixture
def saved(app, tmp_path: Path) -> Path:
    """A backup of one person and one clip."""
    with app.app_context(), transaction() as session:
        make.user(session, email="ada@example.com")
    storage.from_settings(app.extensions["settings"]).save("clips/a.mp4", io.BytesIO(b"moving"), most_bytes=6)
    backup.save(app.extensions["settings"], tmp_path / "all.tar")
    return tmp_path / "all.tar"


@pytest.fixture
def empty(tmp_path: Path) -> Settings:
    """Where nothing is yet."""
    (tmp_path / "other").mkdir()
    return test_settings(tmp_path / "other")


def test_people_and_clips_come_back(saved: Path, empty: Settings) -> None:
    backup.restore(empty, saved)
    with create_app(empty).app_context(), transaction(write=False) as session:
        assert session.scalars(select(col(User.email))).all() == ["ada@example.com"]
    assert (storage.from_settings(empty).folder / "clips/a.mp4").read_bytes() == b"moving"


@pytest.mark.parametrize("name", ["../outside", "{}/outside", "link"])
def test_a_backup_with_anything_else_in_it_is_refused_whole(
    saved: Path, empty: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "inner").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "inner"))
    with tarfile.open(saved, "a") as tar:
        added = tarfile.TarInfo(name.format(tmp_path))
        added.type, added.linkname = (tarfile.SYMTYPE, "/etc/hosts") if name == "link" else (tarfile.REGTYPE, "")
        tar.addfile(added, io.BytesIO())
    with pytest.raises(Invalid, match="not-a-backup"):
        backup.restore(empty, saved)
    assert list((tmp_path / "other").iterdir()) == [] and not list(tmp_path.rglob("outside"))


@pytest.mark.parametrize("content", [b"", b"no tar at all"])
def test_what_is_no_backup_is_refused(app, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(Invalid, match="not-a-backup"):
        backup.restore(app.extensions["settings"], tmp_path / "file")
