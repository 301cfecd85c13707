"""The post: a thread that sends signed webhooks, again when nobody took them, and ends overdue sessions."""

import http.client
import json
import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from stripe import WebhookSignature

from marketplace.stripe_sandbox import sandbox, store

RETRY_SECONDS = (1, 5, 15, 60, 300, 1800, 7200)
TIMEOUT_SECONDS = 10
POLL_SECONDS = 0.5
AT_ONCE = 4


@dataclass(frozen=True)
class Letter:
    """One event for one listener."""

    number: int
    attempts: int
    url: str
    body: str
    signature: str


class Post:
    """Sends what is due, several at once. `WEBHOOK_RETRY_SECONDS` of the configuration replaces the usual waits."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.sandbox = sandbox.of(app)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox-post", daemon=True)
        self._senders = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sandbox-sender")

    def start(self) -> None:
        """Begin; what was under way when the sandbox last stopped is sent again."""
        with self.sandbox.store.transaction() as connection:
            connection.execute("UPDATE letters SET state = 'due' WHERE state = 'sending'")
        self._thread.start()

    def stop(self) -> None:
        """End, after what is being sent."""
        self._over.set()
        self.sandbox.news.set()
        self._thread.join()
        self._senders.shutdown()

    def _run(self) -> None:
        while not self._over.is_set():
            self.sandbox.news.clear()
            with self.sandbox.desk(quiet=True) as desk:
                letters = [] if desk.knob("webhooks_paused", False) else self._due(desk.connection)
            for letter in letters:
                self._senders.submit(self._send, letter)
            if not letters:
                self.sandbox.news.wait(POLL_SECONDS)

    def _due(self, connection: sqlite3.Connection) -> list[Letter]:
        rows = connection.execute(
            "SELECT * FROM letters WHERE state = 'due' AND due_at <= ? ORDER BY due_at, number",
            (time.time(),),
        ).fetchall()
        letters = [self._letter(connection, row) for row in rows]
        return [letter for letter in letters if letter is not None]

    def _letter(self, connection: sqlite3.Connection, row: sqlite3.Row) -> Letter | None:
        url, secret = self.app.config["WEBHOOK_URL"], self.app.config["WEBHOOK_SECRET"]
        state = "sending" if url else "nobody listens"
        connection.execute("UPDATE letters SET state = ? WHERE number = ?", (state, row["number"]))
        event = store.load(connection, row["event"])
        if not url or event is None:
            return None
        body = json.dumps(event, indent=2)
        return Letter(row["number"], row["attempts"], url, body, _signature(connection, body, secret))

    def _send(self, letter: Letter) -> None:
        answer = _posted(letter)
        taken = answer.startswith("2")
        waits: Any = self.app.config.get("WEBHOOK_RETRY_SECONDS", RETRY_SECONDS)
        again = not taken and letter.attempts < len(waits)
        with self.sandbox.store.transaction() as connection:
            connection.execute(
                "UPDATE letters SET state = ?, attempts = ?, last_answer = ?, due_at = ? WHERE number = ?",
                (
                    "taken" if taken else "due" if again else "given up",
                    letter.attempts + 1,
                    answer,
                    time.time() + (waits[letter.attempts] if again else 0),
                    letter.number,
                ),
            )


def _signature(connection: sqlite3.Connection, body: str, secret: str) -> str:
    """The `Stripe-Signature` header; knobs make it foreign or old."""
    foreign = int(store.knob(connection, "webhooks_badly_signed", 0))
    if foreign > 0:
        store.turn(connection, "webhooks_badly_signed", foreign - 1)
        secret = f"{secret} of somebody else"
    age = int(store.knob(connection, "webhook_signature_age_seconds", 0))
    return str(WebhookSignature.generate_signature_header(body, secret, int(time.time()) - age))


def _posted(letter: Letter) -> str:
    """Status of the listener's answer, or what went wrong on the way."""
    parts = urlsplit(letter.url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=TIMEOUT_SECONDS)
    headers = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": letter.signature}
    try:
        connection.request("POST", parts.path or "/", letter.body.encode(), headers)
        return str(connection.getresponse().status)
    except (OSError, http.client.HTTPException) as problem:
        return f"{type(problem).__name__}: {problem}"
    finally:
        connection.close()
