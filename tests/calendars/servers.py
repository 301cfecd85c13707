"""Servers of calendars on this machine: a real Radicale, and one that answers as odd as a test wants."""

import subprocess
import sys
import threading
import time
import urllib.request
import warnings
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.conftest import free_port

USER, PASSWORD = "iris", "up-hill-9"


class Radicale:
    """A real CalDAV server with one account, seen by another client than ours."""

    def __init__(self, folder: Path) -> None:
        self.port, self.folder = free_port(), folder
        self.url = f"http://127.0.0.1:{self.port}"
        (folder / "users").write_text(f"{USER}:{PASSWORD}\n")

    def start(self) -> None:
        """Serve, and wait until it does."""
        options = {
            "server-hosts": f"127.0.0.1:{self.port}",
            "auth-type": "htpasswd",
            "auth-htpasswd-filename": str(self.folder / "users"),
            "auth-htpasswd-encryption": "plain",
            "auth-delay": "0",
            "storage-filesystem-folder": str(self.folder / "collections"),
            "logging-level": "error",
        }
        words = [part for name, value in options.items() for part in (f"--{name}", value)]
        self.process = subprocess.Popen([sys.executable, "-m", "radicale", "--config", "", *words])
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                with urllib.request.urlopen(f"{self.url}/.web/", timeout=5):
                    return
            except OSError:
                time.sleep(0.1)
        raise AssertionError("Radicale did not start")

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait(10)

    def principal(self) -> Any:
        """The account, by the client of the caldav library."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import caldav

            return caldav.DAVClient(self.url, username=USER, password=PASSWORD).principal()


def event(uid: str, starts_at: datetime, hours: float = 1, *more: str) -> str:
    """One event as iCalendar lines."""
    ends_at = starts_at + timedelta(hours=hours)
    lines = [f"UID:{uid}", "DTSTAMP:20260101T000000Z", f"DTSTART:{stamp(starts_at)}", f"DTEND:{stamp(ends_at)}"]
    return "\r\n".join(["BEGIN:VEVENT", *lines, f"SUMMARY:{uid}", *more, "END:VEVENT"])


def calendar(*events: str, about: str = "") -> bytes:
    """A whole calendar."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Tests//EN", *([about] if about else [])]
    return "\r\n".join([*head, *events, "END:VCALENDAR", ""]).encode()


def stamp(at: datetime) -> str:
    """An instant as iCalendar writes it."""
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


Answering = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Counts what is asked and leaves the answer to the test."""

    protocol_version = "HTTP/1.1"
    server: "OddServer"

    def answer(self) -> None:
        """Whatever is asked."""
        self.body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append((self.command, self.path, dict(self.headers)))
        try:
            self.server.answering(self)
        except OSError:
            self.close_connection = True

    do_GET = do_PUT = do_DELETE = do_PROPFIND = do_REPORT = answer

    def log_message(self, *_arguments: Any) -> None:
        """Say nothing."""

    def send(self, body: bytes = b"", status: int = 200, **headers: str) -> None:
        """A whole answer."""
        self.send_response(status)
        usual = {"Content_Type": "text/calendar", "Content_Length": str(len(body)), "Connection": "close"}
        for name, value in (usual | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.close_connection = True
        self.wfile.write(body)

    def stream(self, pieces: Iterator[bytes], **headers: str) -> None:
        """An answer made on the fly, without a length."""
        self.send_response(200)
        for name, value in ({"Content_Type": "text/calendar"} | headers).items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        for piece in pieces:
            self.wfile.write(piece)
            self.server.sent += len(piece)


class OddServer(ThreadingHTTPServer):
    """Answers by `answering`, which a test sets."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.sent = 0
        self.answering: Answering = lambda handler: handler.send(calendar())
        self.url = f"http://127.0.0.1:{self.server_port}"


def busy_at(*times: datetime) -> Answering:
    """An answer with an event at each of these times."""
    body = calendar(*(event(f"{number}", at) for number, at in enumerate(times)))
    return lambda handler: handler.send(body)


@contextmanager
def odd_server() -> Iterator[OddServer]:
    """One that lives as long as the block."""
    server = OddServer()
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def bomb(megabytes: int) -> bytes:
    """A few bytes that unpack to many. The sum at its end is wrong: nobody should read that far."""
    packer = zlib.compressobj(wbits=31)
    head = packer.compress(b"BEGIN:VCALENDAR\r\n") + packer.flush(zlib.Z_FULL_FLUSH)
    piece = packer.compress(b"X" * 1024 * 1024) + packer.flush(zlib.Z_FULL_FLUSH)
    return head + piece * megabytes + packer.flush()
