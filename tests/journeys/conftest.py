"""The whole demo, started as a user starts it, and a browser in front of it."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page

from tests.conftest import free_ports

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "runsight-demo"
START_SECONDS = 300


@dataclass
class Site:
    """A running demo."""

    url: str
    data_dir: Path
    environment: dict[str, str]

    def command(self, *words: str) -> str:
        """What `marketplace …` prints on this demo's data."""
        command = [sys.executable, "-m", "marketplace.cli", *words]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=True, cwd=ROOT)
        return done.stdout

    def mails(self, to: str = "", subject: str = "") -> list[dict[str, Any]]:
        """What has come to the demo's mailbox, the newest first."""
        with urllib.request.urlopen(f"{self.url}/demo/mail.json") as answer:
            mails = json.load(answer)["mails"]
        return [mail for mail in mails if to in mail["to"] and re.search(subject, mail["subject"])]

    def refunds(self) -> list[dict[str, Any]]:
        """What the Stripe sandbox has refunded, the newest first."""
        settings = dict(line.split("=", 1) for line in (self.data_dir / "settings.env").read_text().splitlines())
        asked = urllib.request.Request(f"{settings['STRIPE_API_BASE']}/v1/refunds?limit=100")
        asked.add_header("Authorization", f"Bearer {settings['STRIPE_SECRET_KEY']}")
        with urllib.request.urlopen(asked) as answer:
            found: list[dict[str, Any]] = json.load(answer)["data"]
        return found

    def make_past(self, statement: str, *values: object) -> None:
        """Change what is written: instants in `values` are as the database keeps them."""
        plain = [each.strftime("%Y-%m-%d %H:%M:%S.%f") if isinstance(each, datetime) else each for each in values]
        with sqlite3.connect(self.data_dir / "runsight.sqlite3", timeout=30) as database:
            database.execute(statement, plain)

    def ask_for(self, job: str) -> None:
        """Let the worker do a job now that comes round by itself."""
        columns = "id, name, payload, status, run_at, attempts, created_at"
        now = datetime.now(UTC)
        row = (uuid4().hex, job, "{}", "ready", now, 0, now)
        self.make_past(f"INSERT INTO job ({columns}) VALUES (?, ?, ?, ?, ?, ?, ?)", *row)

    def mail(self, to: str, subject: str) -> dict[str, Any]:
        """The newest such mail, waited for."""
        return eventually(lambda: self.mails(to, subject)[0])


def start(data_dir: Path, port: int, **environment: str) -> subprocess.Popen[str]:
    """Start `marketplace demo` there."""
    values = {"DATA_DIR": str(data_dir), "PORT": str(port), "PYTHONUNBUFFERED": "1"} | environment
    command = [sys.executable, "-m", "marketplace.cli", "demo"]
    return subprocess.Popen(
        command, env=os.environ | values, cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def wait_until_ready(process: subprocess.Popen[str]) -> str:
    """The address after `Ready:`."""
    until, seen = time.monotonic() + START_SECONDS, ""
    assert process.stdout
    for line in process.stdout:
        seen += line
        if found := re.match(r"Ready: (\S+)", line):
            return found[1]
        assert time.monotonic() < until, seen
    raise AssertionError(f"The demo ended before it was ready:\n{seen}")


def stop(process: subprocess.Popen[str]) -> int:
    """Ctrl-C, and the exit code."""
    process.send_signal(signal.SIGINT)
    return process.wait(30)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo on a fresh folder; journeys share it and each brings its own people where it changes things."""
    if running := os.environ.get("SITE_URL"):  # a demo of this DATA_DIR that runs already, while one writes journeys
        yield Site(running, Path(os.environ["DATA_DIR"]), dict(os.environ))
        return
    data_dir = tmp_path_factory.mktemp("demo")
    port = free_ports(3)
    process = start(data_dir, port)
    try:
        url = wait_until_ready(process)
        yield Site(url, data_dir, os.environ | {"DATA_DIR": str(data_dir), "PORT": str(port)})
    finally:
        stop(process)


@pytest.fixture
def visit(site: Site, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a window of its own for somebody: `visit("/path", as_="coach@example.com", width=360)`.

    A page's script error or an answer of 500 fails the test.
    """
    contexts, wrong = [], []

    def open_window(path: str = "/", *, as_: str | None = None, width: int = 1280, **options: Any) -> Page:
        context = browser.new_context(
            base_url=site.url, viewport={"width": width, "height": 900}, timezone_id="America/Toronto", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("response", lambda answer: answer.status >= 500 and wrong.append(f"{answer.status} {answer.url}"))
        if as_:
            sign_in(page, as_)
        page.goto(path)
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert not wrong


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Through the form, as a person does."""
    page.goto("/sign-in")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def sign_up(site: Site, page: Page, name: str, kind: str) -> Page:
    """A new person, kind-…@example.com, from the page that registers her: confirmed by the mail's link."""
    email = f"{kind}-{uuid4().hex[:8]}@example.com"
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill("a long enough password")
    page.get_by_label(re.compile("I accept|agree", re.I)).check()
    page.get_by_role("button", name="Make my account").click()
    mail = site.mail(email, "")
    page.goto(re.search(rf"{site.url}\S+", mail["text"])[0])  # type: ignore[index]
    page.get_by_role("button", name="Confirm").click()
    return page


def eventually(look: Callable[[], Any], seconds: float = 20) -> Any:
    """What `look` finds once it finds something true; fails after `seconds`."""
    until = time.monotonic() + seconds
    while True:
        try:
            if found := look():
                return found
        except (IndexError, AssertionError):
            pass
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.2)
