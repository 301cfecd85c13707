"""The worker: does due jobs, and asks for each recurring job once in its period."""

import signal
import threading
from datetime import datetime
from types import FrameType

from flask import Flask

from marketplace import clock, log
from marketplace.db import transaction
from marketplace.jobs import RECURRING_KEY, TASKS, enqueue, run_next

IDLE_SECONDS = 0.5
RECURRING: dict[str, int] = {  # job name -> period in seconds
    "bookings.sweep": 30,
    "bookings.complete": 60,
    "bookings.ask_waitlists": 60,
    "bookings.lapse": 300,
    "bookings.count_absences": 60,
    "bookings.tell_late_due": 300,
    "bookings.remind_due": 60,
    "clips.ask_due": 600,
    "payments.sweep": 60,
    "payments.release": 300,
    "packages.end_due": 3600,
    "packages.remind_due": 3600,
    "payments.compare": 6 * 3600,
    "admin.check_books": 24 * 3600,
    "matching.refresh": 20,
    "calendars.refresh": 15,
    "calendars.send_again": 3600,
    "kept.tell": 600,
    "kept.forget": 24 * 3600,
    "matching.forget_counts": 24 * 3600,
    "accounts.forget": 3600,
    "clips.sweep": 3600,
    "jobs.forget": 24 * 3600,
    "answers.forget": 24 * 3600,
}


def run(app: Flask) -> None:
    """Work until told to stop (SIGTERM, SIGINT)."""
    stop = threading.Event()

    def _stop(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    loop(app, stop)


def loop(app: Flask, stop: threading.Event) -> None:
    """Do jobs until `stop` is set. A database that is away for a while is waited for."""
    scheduled: dict[str, int] = {}
    while not stop.is_set():
        try:
            with app.app_context():
                schedule(scheduled, clock.now())
                busy = run_next()
        except Exception as error:  # the loop outlives whatever one turn meets
            log.error("worker turn failed", error=repr(error))
            stop.wait(2)
            continue
        if not busy:
            stop.wait(IDLE_SECONDS)


def schedule(scheduled: dict[str, int], now: datetime) -> None:
    """Enqueue each recurring job whose period has begun; several workers agree by the job's key."""
    slots = {name: int(now.timestamp()) // period for name, period in RECURRING.items() if name in TASKS}
    due = {name: slot for name, slot in slots.items() if scheduled.get(name) != slot}
    if not due:
        return
    with transaction() as session:
        for name, slot in due.items():
            enqueue(session, name, key=f"{RECURRING_KEY}{name}:{slot}")
    scheduled.update(due)


def start_thread(app: Flask) -> None:
    """Work beside a web process (WORKER_IN_WEB), for the smallest installations."""
    threading.Thread(target=loop, args=(app, threading.Event()), name="worker", daemon=True).start()
