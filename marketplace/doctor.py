"""`marketplace doctor`: what is wrong with this installation, in sentences."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from urllib.parse import urlsplit

from sqlalchemy import func, select, text
from sqlmodel import col

from marketplace import storage
from marketplace.admin.service import wrong_in_books
from marketplace.db import db, transaction
from marketplace.jobs import Job, JobStatus
from marketplace.migrating import alembic
from marketplace.payments import invariants, service
from marketplace.payments.answers import StripeError
from marketplace.payments.gateway import stripe
from marketplace.settings import Settings
from marketplace.web import assets


def findings(settings: Settings) -> list[str]:
    """All that is wrong; empty when all is well."""
    checks: list[Callable[[Settings], Iterator[str]]] = [_database, _storage, _services, _browser_code, _books]
    return [line for check in checks for line in check(settings)]


def _database(_settings: Settings) -> Iterator[str]:
    try:
        with db.engine.connect() as connection:
            connection.execute(text("select 1"))
    except Exception as error:
        yield f"DATABASE_URL: the database does not answer ({type(error).__name__})"
        return
    if alembic().needs_upgrade():
        yield "The database is behind the code: run `marketplace db upgrade`"


def _storage(settings: Settings) -> Iterator[str]:
    folder = storage.from_settings(settings).folder
    parent = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    if not os.access(parent, os.W_OK):
        yield f"STORAGE_URL: clips can't be written to {folder}"


def _services(settings: Settings) -> Iterator[str]:
    for name, url, port in (("MAIL_URL", settings.mail_url, 25), ("STRIPE_API_BASE", settings.stripe_api_base, 443)):
        parts = urlsplit(url)
        try:
            with socket.create_connection((parts.hostname or "", parts.port or port), timeout=5):
                pass
        except OSError as error:
            yield f"{name}: {parts.hostname}:{parts.port or port} does not answer ({error.strerror or error})"


def _browser_code(_settings: Settings) -> Iterator[str]:
    for file in assets.missing():
        yield f"Browser code is missing: {file} (run `npm ci`)"


def _books(_settings: Settings) -> Iterator[str]:
    if list(_database(_settings)):
        return
    with transaction(write=False) as session:
        yield from wrong_in_books(session)
        dead = session.execute(select(func.count()).where(col(Job.status) == JobStatus.DEAD)).scalar_one()
    if dead:
        yield f"{dead} jobs failed for good; staff can see and send them again"
    yield from _unlike_stripe()


def _unlike_stripe() -> Iterator[str]:
    """Where our books and Stripe's differ; that it does not answer is said elsewhere."""
    with suppress(StripeError):
        with transaction(write=False) as session:
            unlike = invariants.unlike_stripe(session, stripe())
        yield from unlike
        for each in service.differences():
            yield f"{each.source}: our books have {each.ours} {each.currency}, Stripe has {each.theirs}"
