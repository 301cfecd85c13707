"""Filling the place tables, and the data that goes in."""

import subprocess
import sys
import time
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update
from sqlmodel import Session, col

from marketplace.places import service
from marketplace.places.gazetteer import Gazetteer
from marketplace.places.gazetteer.canada import split
from marketplace.places.models import Place, PlaceName


@pytest.mark.both_databases
def test_a_second_import_changes_nothing_and_mends_what_differs(session: Session, gazetteer: Gazetteer) -> None:
    count = service.import_gazetteer(session, gazetteer)
    assert count == session.scalar(select(func.count()).select_from(Place)) == len(gazetteer.places)
    session.execute(update(Place).where(col(Place.name) == "Kanata").values(population=1))
    session.add(PlaceName(folded="atlantis", place_id=6094817, weight=1))
    session.flush()

    assert service.import_gazetteer(session, gazetteer) == count
    rows = session.execute(select(Place.__table__).order_by(col(Place.id))).all()  # type: ignore[attr-defined]
    assert list(map(tuple, rows)) == [tuple(gazetteer.places[row[0]]) for row in rows]
    assert session.scalar(select(func.count()).select_from(PlaceName)) == len(gazetteer.names)
    assert session.get(PlaceName, ("atlantis", 6094817)) is None


def test_the_names_of_postal_areas_are_split() -> None:
    assert split("Ottawa (The Glebe / Ottawa South)") == ("Ottawa", ["The Glebe", "Ottawa South"])
    assert split("Nepean (Barrhaven)") == ("Nepean", ["Barrhaven"])
    assert split("Stittsville") == ("Stittsville", [])


def test_the_sample_is_sound(gazetteer: Gazetteer) -> None:
    assert {len(str(place_id)) for place_id in gazetteer.places} & {1, 2, 3, 4, 5} == set()
    for row in gazetteer.places.values():
        assert -90 <= row.latitude <= 90 and -180 <= row.longitude <= 180
        assert row.name and len(row.name) <= 120 and len(row.region) <= 10 and len(row.country) == 2
    assert all(ZoneInfo(zone) for zone in {row.timezone for row in gazetteer.places.values()})
    named = {place_id for _, place_id in gazetteer.names}
    assert named == set(gazetteer.places)


def test_the_whole_gazetteer_is_read_in_a_minute_and_a_gigabyte() -> None:
    started = time.monotonic()
    program = "from pathlib import Path; from marketplace.places.gazetteer import read; print(len(read().places));"
    program += "print(Path('/proc/self/status').read_text().split('VmHWM:')[1].split()[0])"  # ru_maxrss is the parent's
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)
    places, kilobytes = map(int, done.stdout.split())
    assert places > 140_000
    assert time.monotonic() - started < 60
    assert kilobytes < 1_000_000
