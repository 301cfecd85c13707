"""Each fault's test fails when its guard is taken out."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.journeys.conftest import ROOT
from tests.money.guards import GUARDS, Guard, page

SOME = [each for each in GUARDS if each.number == 2]
COPIED = ("marketplace", "tests", "templates", "pyproject.toml", "wsgi.py")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The site's code in a folder of its own; what it only reads is linked."""
    for each in ROOT.iterdir():
        if each.name in COPIED:
            kept = shutil.ignore_patterns("__pycache__")
            shutil.copytree(each, tmp_path / each.name, ignore=kept) if each.is_dir() else shutil.copy(each, tmp_path)
        elif each.name in ("migrations", "node_modules", "docs"):
            (tmp_path / each.name).symlink_to(each)
    return tmp_path


def test_the_page_of_faults_is_this_table() -> None:
    assert (ROOT / "docs" / "faults.md").read_text() == page()


def test_every_fault_has_a_guard_that_is_there() -> None:
    assert {each.number for each in GUARDS} == set(range(1, 26))
    for each in GUARDS:
        assert (ROOT / each.file).read_text().count(each.old) == 1, each


@pytest.mark.parametrize("guard", SOME, ids=lambda each: f"{each.number}")
def test_without_a_guard_its_test_fails(copy: Path, guard: Guard) -> None:
    fails_without(copy, guard)


@pytest.mark.chaos
@pytest.mark.parametrize("guard", GUARDS, ids=lambda each: f"{each.number}")
def test_without_any_guard_its_test_fails(copy: Path, guard: Guard) -> None:
    fails_without(copy, guard)


def fails_without(copy: Path, guard: Guard) -> None:
    assert _run(copy, guard) == 0, "the test passes with the guard"
    file = copy / guard.file
    file.write_text(file.read_text().replace(guard.old, guard.new))
    assert _run(copy, guard) == 1, "and fails without it"


def _run(copy: Path, guard: Guard) -> int:
    """Pytest's exit code: 0 passed, 1 failed; others mean that it could not run."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-o", "addopts=-p no:cacheprovider"]
    command += ["--basetemp", str(copy / "tmp"), guard.test]
    environment = os.environ | {"PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=copy, env=environment, capture_output=True).returncode
