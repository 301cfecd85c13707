"""Brings the demo's data up: tables, gazetteer, sample town, sample clips. What is there already is left alone."""

import os
import sys
import time
from collections.abc import Callable

from sqlalchemy import func, select

from marketplace import create_app
from marketplace.db import transaction
from marketplace.migrating import alembic
from marketplace.places import service as places
from marketplace.places.gazetteer import read
from marketplace.places.models import Place
from marketplace.settings import read_settings


def main() -> int:
    """Prepare DATA_DIR; the exit code."""
    app = create_app(read_settings())
    with app.app_context():
        if alembic().needs_upgrade():
            alembic().upgrade()
        with transaction(write=False) as session:
            filled = session.execute(select(func.count()).select_from(Place)).scalar_one() > 0
        if not filled:
            _timed("gazetteer", _import_places)
        from marketplace.demo import crowd, town

        town.plant(app)
        if count := int(os.environ.get("COACHES", "0")):
            _timed(f"{count} more coaches", lambda: crowd.plant(app, count, town.account_of(town.COACH)))
    return 0


def _import_places() -> None:
    gazetteer = read()
    with transaction() as session:
        places.import_gazetteer(session, gazetteer)


def _timed(what: str, step: Callable[[], None]) -> None:
    started = time.monotonic()
    step()
    print(f"{what}: {time.monotonic() - started:.0f} s", flush=True)


if __name__ == "__main__":
    sys.exit(main())
