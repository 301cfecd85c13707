"""The running sandbox: its store, its clock, and who is to be told when something happened."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from flask import Flask, current_app, has_request_context, request

from marketplace.stripe_sandbox import checkout, store
from marketplace.stripe_sandbox.desk import Desk

FILE = "stripe_sandbox.sqlite3"
NAME = "stripe_sandbox"


class Sandbox:
    """Everything of one sandbox that outlives a request."""

    def __init__(self, data_dir: Path) -> None:
        self.store = store.Store(data_dir / FILE)
        self.news = threading.Event()

    @contextmanager
    def desk(self, key: str | None = None, *, quiet: bool = False) -> Iterator[Desk]:
        """One transaction, at the sandbox's time; sessions whose time has come end first. Wakes the post."""
        base = request.host_url.rstrip("/") if has_request_context() else ""
        with self.store.transaction() as connection:
            shift = int(store.knob(connection, "clock_shift_seconds", 0))
            desk = Desk(connection, int(time.time()) + shift, base, key=key)
            checkout.expire_overdue(desk)
            yield desk
        if not quiet:
            self.news.set()


def of(app: Flask) -> Sandbox:
    """The sandbox of an application."""
    return cast(Sandbox, app.extensions[NAME])


def here() -> Sandbox:
    """The sandbox that this request is about."""
    return of(current_app)
