"""Events on their way out, and what the knobs do to the post."""

import random
import sqlite3
import time
from collections.abc import Callable

import stripe

from marketplace.stripe_sandbox import store
from marketplace.stripe_sandbox.shapes import Thing

API_VERSION = stripe.api_version


def send_out(connection: sqlite3.Connection, event: Thing, take: Callable[[str], bool]) -> None:
    """Add the deliveries of an event, as the knobs for dropped, doubled, late and shuffled webhooks say."""
    if take("webhooks_dropped"):
        return
    late = float(store.knob(connection, "webhook_delay_seconds", 0))
    if store.knob(connection, "webhooks_shuffled", False):
        late += random.uniform(0, 1)  # nosec B311  # no secret
    copies = 2 if take("webhooks_doubled") else 1
    for _ in range(copies):
        connection.execute("INSERT INTO letters (event, due_at) VALUES (?, ?)", (event["id"], time.time() + late))
