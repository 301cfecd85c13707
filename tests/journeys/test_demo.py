"""The demo starts and stops as a user expects, and says in one line why it can't."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from marketplace.demo import start as demo
from tests.conftest import free_ports
from tests.journeys.conftest import ROOT, Site, eventually, start, stop, wait_until_ready

pytestmark = pytest.mark.browser


def test_ctrl_c_leaves_no_process_and_a_second_start_keeps_the_data(site: Site, tmp_path: Path) -> None:
    """A copy of the site's folder is started again: quickly, with its mails and people, and leaves nothing."""
    site.command("backup", str(tmp_path / "town.tar"))
    data_dir = tmp_path / "data"
    data_dir.mkdir()
    (data_dir / "settings.env").write_text((site.data_dir / "settings.env").read_text())
    environment = os.environ | {"DATA_DIR": str(data_dir)}
    for words in (["db", "upgrade"], ["restore", "--yes", str(tmp_path / "town.tar")]):
        command = [sys.executable, "-m", "marketplace.cli", *words]
        subprocess.run(command, env=environment, cwd=ROOT, check=True, capture_output=True)
    process = start(data_dir, free_ports(3))
    wait_until_ready(process)
    family = _descendants(process.pid)
    assert len(family) >= 4
    assert stop(process) == 0
    eventually(lambda: not [pid for pid in family if _lives(pid)])


def test_a_taken_port_is_named() -> None:
    port = free_ports(3)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port + 1))
        taken.listen()
        assert _refusal(PORT=str(port)).startswith(f"The demo can't start: port {port + 1} can't be used")


def test_a_port_that_is_none_is_named() -> None:
    assert "PORT must be a number" in _refusal(PORT="many")


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "can't be written to" in _refusal(DATA_DIR=str(tmp_path / "file" / "data"), PORT=str(free_ports(3)))


def test_missing_browser_code_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("marketplace.web.assets.NODE_MODULES", tmp_path)
    assert demo.main(str(free_ports(3)), str(tmp_path)) == 1
    assert "Browser code is missing" in capsys.readouterr().err


@pytest.mark.parametrize("missing,said", [("npm", "Node with npm is needed"), ("network", "no network?")])
def test_set_up_says_what_is_missing(missing: str, said: str, tmp_path: Path) -> None:
    """`make demo`'s set-up in a checkout of its own, without Node, or without a network."""
    for name in ("scripts", "requirements", "pyproject.toml", "package.json", "package-lock.json"):
        subprocess.run(["cp", "-r", str(ROOT / name), str(tmp_path)], check=True)
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("sh", "dirname", "pwd", "touch", "rm", "grep", "tail", "head", "env", "id", "python3"):
        (tools / tool).symlink_to(_where(tool))
    environment = {"PATH": str(tools), "HOME": str(tmp_path), "PYTHON": sys.executable}
    if missing == "network":
        (tools / "npm").write_text("#!/bin/sh\nexit 0\n")
        (tools / "npm").chmod(0o755)
        nowhere = "http://127.0.0.1:9"
        environment |= {
            "PIP_INDEX_URL": nowhere,
            "PIP_RETRIES": "0",
            "PIP_NO_CACHE_DIR": "1",
            "PIP_CONFIG_FILE": "/dev/null",
        }
    command = ["sh", str(tmp_path / "scripts" / "setup.sh"), "run"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode != 0
    assert said in done.stderr.strip().splitlines()[-1]


def _where(tool: str) -> str:
    return subprocess.run(["sh", "-c", f"command -v {tool}"], capture_output=True, text=True, check=True).stdout.strip()


def _refusal(**environment: str) -> str:
    """The one line that a start in this environment ends with."""
    values = {"DATA_DIR": str(Path(ROOT) / "var" / "none"), "PORT": "1"} | environment
    command = [sys.executable, "-m", "marketplace.cli", "demo"]
    done = subprocess.run(command, env=os.environ | values, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    (line,) = done.stderr.strip().splitlines()
    return line


def _descendants(pid: int) -> list[int]:
    parents: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parents[int(folder.name)] = int((folder / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
    found, fresh = [], [pid]
    while fresh:
        found += fresh
        fresh = [child for child, parent in parents.items() if parent in fresh]
    return found


def _lives(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
