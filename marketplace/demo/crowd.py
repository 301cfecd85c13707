"""A crowd of sample coaches, to see what a hundred thousand are like: rows written in bulk, as single ones would be.

A fifth of them, at most twenty thousand, work in one metropolis; the others in towns of the gazetteer, by size.
"""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from uuid import UUID

from flask import Flask
from sqlalchemy import select
from sqlmodel import Session, SQLModel, col

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.coaches.models import Coach, GoalSpecialism, Offer, Specialism
from marketplace.db import insert_many, transaction
from marketplace.demo import payouts
from marketplace.demo.members import Member, Row, id_of, members
from marketplace.matching.service import bulk
from marketplace.payments.models import PayoutAccount
from marketplace.places.models import CITY, Place
from marketplace.scheduling.models import Calendar, WeeklyWindow

MOST_IN_METROPOLIS = 20_000
METROPOLIS = "Toronto"
LEAST_POPULATION = 15_000
COUNTRIES = ("CA", "US")
AT_ONCE = 2_000


def plant(app: Flask, count: int, account_id: str | None = None) -> None:
    """Bring a crowd of `count` coaches up, beside whoever is there. Nothing is done where there is one.

    `account_id`: an account at the Stripe sandbox that theirs are copies of; without it they can't be paid out.
    """
    with app.app_context(), _seldom_collected():
        with transaction(write=False) as session:
            is_there = session.execute(select(col(User.id)).where(col(User.id) == id_of("user", 0))).first() is not None
            towns = [] if is_there else _towns(session, count)
        now = clock.now()
        planted = members(towns, count, now)
        while some := list(islice(planted, AT_ONCE)):
            with transaction() as session:
                _write(session, some, now)
            if account_id:
                payouts.copy(account_id, [str(each.account["stripe_account_id"]) for each in some])


@contextmanager
def _seldom_collected() -> Iterator[None]:
    """Python looks for cycles in what is new, and seldom: rows by the thousand make none, and looking takes a third."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


def _write(session: Session, members: Sequence[Member], now: datetime) -> None:
    facts = [each.facts for each in members]
    tables: list[tuple[type[SQLModel], list[Row]]] = [
        (User, [each.user for each in members]),
        (Coach, [each.coach.model_dump() for each in facts]),
        (Specialism, [_fixes(each.coach.id, fix) for each in facts for fix in each.fixes.items()]),
        (GoalSpecialism, [{"coach_id": each.coach.id, "goal": goal} for each in facts for goal in each.goals]),
        (Offer, [offer.model_dump() for each in facts for offer in each.sold]),
        (Calendar, [{"coach_id": each.coach.id, "timezone": each.coach.timezone} for each in facts]),
        (WeeklyWindow, [window for each in members for window in each.windows]),
        (PayoutAccount, [each.account for each in members]),
    ]
    for table, rows in tables:
        insert_many(session, table, rows)
    bulk(session, facts, now)


def _fixes(coach_id: UUID, fix: tuple[str, bool]) -> Row:
    return {"coach_id": coach_id, "issue": fix[0], "is_main": fix[1]}


def _towns(session: Session, count: int) -> list[tuple[Place, int]]:
    """Places, and how many coaches each has."""
    wanted = col(Place.kind) == CITY, col(Place.population) >= LEAST_POPULATION, col(Place.country).in_(COUNTRIES)
    places = session.scalars(select(Place).where(*wanted).order_by(col(Place.population).desc())).all()
    session.expunge_all()
    metropolis = next(place for place in places if place.name == METROPOLIS)
    others = [place for place in places if place is not metropolis]
    first = min(MOST_IN_METROPOLIS, count // 5)
    people = sum(place.population for place in others)
    shares = [(place, round((count - first) * place.population / people)) for place in others]
    return [(metropolis, count - sum(share for _, share in shares)), *shares]
