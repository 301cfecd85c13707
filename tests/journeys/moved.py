"""Web server, worker and mailbox as they run in earnest, under a clock that a test moves (libfaketime)."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import requests
from flask import Flask
from sqlalchemy import select
from sqlmodel import col

from marketplace import create_app
from marketplace.accounts.models import User
from marketplace.db import transaction
from marketplace.demo import mailbox
from marketplace.jobs import RECURRING_KEY, Job, JobStatus
from marketplace.settings import Settings
from marketplace.worker import RECURRING
from tests.conftest import free_ports, test_settings
from tests.journeys.conftest import ROOT, eventually

ABOUT_NOW = timedelta(minutes=2)
SEEN_AFTER = 1.1  # seconds: every process reads the clock's file again with the next whole second


@dataclass
class Moved:
    """The running site. `app` is the test's own door to its database, by the real clock."""

    app: Flask
    url: str
    folder: Path
    clock: Path

    def move_to(self, instant: datetime) -> None:
        """Set the servers' clock; from there it runs on."""
        part = self.clock.with_suffix(".part")
        part.write_text(f"{instant.timestamp() - time.time():+.3f}")  # an offset, so that all processes agree
        part.rename(self.clock)
        time.sleep(SEEN_AFTER)

    def wait_for_sweep(self, job: str, instant: datetime) -> None:
        """Until the worker has done that recurring job of that instant, and all that it asked for."""
        key = f"{RECURRING_KEY}{job}:{int(instant.timestamp()) // RECURRING[job]}"

        def done() -> bool:
            with self.app.app_context(), transaction(write=False) as session:
                swept = session.scalar(select(col(Job.status)).where(col(Job.key) == key))
                due = col(Job.run_at) <= instant + ABOUT_NOW
                waits = select(col(Job.id)).where(col(Job.status) != JobStatus.DONE, due)
                return bool(swept == JobStatus.DONE and session.scalar(waits) is None)

        eventually(done, seconds=40)

    def mails(self, to: User) -> list[dict[str, Any]]:
        """What somebody has got, the first one first."""
        return [mail for mail in mailbox.mails(self.folder / "mail")[::-1] if mail["to"] == to.email]

    def browser(self, person: User, password: str) -> requests.Session:
        """A browser in which she has signed in through the form."""
        browser = requests.Session()
        form = browser.get(f"{self.url}/sign-in").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', form)
        assert token
        sent = {"email": person.email, "password": password, "csrf_token": token[1]}
        answer = browser.post(f"{self.url}/sign-in", data=sent, headers={"Referer": self.url})
        assert answer.ok and "/sign-in" not in answer.url
        return browser


@contextmanager
def running(empty: Path, folder: Path, starts_at: datetime, **changes: Any) -> Iterator[Moved]:
    """Start it all on a copy of an empty database, at that instant; `changes` are of the settings."""
    shutil.copy(empty, folder / "runsight.sqlite3")
    port = free_ports(2)
    url = f"http://127.0.0.1:{port}"
    settings = test_settings(folder, base_url=url, mail_url=f"smtp://127.0.0.1:{port + 1}", **changes)
    site = Moved(create_app(settings), url, folder, folder / "clock")
    site.move_to(starts_at)
    post = mailbox.serve(folder / "mail", port + 1)
    programs = [("run", "--port", str(port), "--workers", "1"), ("worker",)]
    command = [sys.executable, "-m", "marketplace.cli"]
    servers = [
        subprocess.Popen([*command, *words], cwd=ROOT, env=environment(settings, site.clock), start_new_session=True)
        for words in programs
    ]
    try:
        eventually(lambda: _answers(url, servers), seconds=60)
        yield site
    finally:
        for server in servers:
            server.terminate()
        for server in servers:
            _end(server)
        post.stop()


def environment(settings: Settings, clock: Path, **more: str) -> dict[str, str]:
    """The settings, and the library that moves the wall clock alone: waits and files keep their real times."""
    _forget_the_killed()
    command = ["faketime", "-m", "-f", "+0", "printenv", "LD_PRELOAD"]
    preload = subprocess.run(command, capture_output=True, text=True, check=True)
    values = {name.upper(): str(value) for name, value in settings.model_dump(exclude={"mode"}).items()}
    moving = {"LD_PRELOAD": preload.stdout.strip(), "FAKETIME_TIMESTAMP_FILE": str(clock)}
    moving |= {"FAKETIME_CACHE_DURATION": "0", "FAKETIME_DONT_FAKE_MONOTONIC": "1", "NO_FAKE_STAT": "1"}
    moving |= {"FAKETIME_FORCE_MONOTONIC_FIX": "0"}  # a fix for an older glibc; on this one threads wait half a second
    home = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONPATH": str(ROOT)}
    return home | {"RUNSIGHT_MODE": "test", "PYTHONDONTWRITEBYTECODE": "1"} | values | moving | more


def _forget_the_killed() -> None:
    """Remove what killed processes have left in memory: where one is of the same number, the clock can't be moved."""
    for left in Path("/dev/shm").glob("*faketime_s*"):
        if not Path("/proc", left.name.rpartition("_")[2]).exists():
            left.unlink(missing_ok=True)


def _answers(url: str, servers: list[subprocess.Popen[bytes]]) -> bool:
    if any(server.poll() is not None for server in servers):
        raise RuntimeError("a server did not start")
    try:
        return requests.get(f"{url}/readyz", timeout=5).ok
    except requests.ConnectionError:
        return False


def _end(server: subprocess.Popen[bytes]) -> None:
    try:
        server.wait(15)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def at(text: str) -> datetime:
    """An instant written in UTC: "2027-03-14 07:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
