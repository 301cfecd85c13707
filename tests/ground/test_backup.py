"""A copy of everything in one file, and back; also by a Python whose tarfile has no filters."""

import io
import tarfile
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from marketplace import backup, create_app, storage
from marketplace.accounts.models import User
from marketplace.db import transaction
from marketplace.errors import Invalid
from tests import make
from tests.conftest import test_settings


def test_people_and_clips_come_back_and_nothing_is_written_outside(app, tmp_path: Path) -> None:
    settings, file = app.extensions["settings"], tmp_path / "all.tar"
    with app.app_context(), transaction() as session:
        email = make.user(session).email
    storage.from_settings(settings).save("clips/a.mp4", io.BytesIO(b"moving"), most_bytes=6)
    backup.save(settings, file)
    with tarfile.open(file, "a") as tar:
        outside = tarfile.TarInfo("../../outside")
        tar.addfile(outside, io.BytesIO())
    other = test_settings(tmp_path / "other")
    (tmp_path / "other").mkdir()
    backup.restore(other, file)
    with create_app(other).app_context(), transaction(write=False) as session:
        assert session.scalars(select(col(User.email))).all() == [email]
    assert (storage.from_settings(other).folder / "clips/a.mp4").read_bytes() == b"moving"
    assert not list(tmp_path.parent.rglob("outside"))


@pytest.mark.parametrize("content", [b"", b"no tar at all"])
def test_what_is_no_backup_is_refused(app, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(Invalid, match="not-a-backup"):
        backup.restore(app.extensions["settings"], tmp_path / "file")
