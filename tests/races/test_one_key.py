"""Two requests under one Idempotency-Key at one instant: one thing is done."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from marketplace.bookings.models import Booking
from marketplace.coaches.kinds import OfferKind
from marketplace.db import transaction
from tests import make
from tests.programs import token_of

pytestmark = pytest.mark.both_databases
AT_ONCE = 4


def test_one_key_books_one_clip_review(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        offer = make.offer(session, make.coach(session), OfferKind.CLIP_REVIEW)
        runner = make.user(session)
    headers = {"Authorization": f"Bearer {token_of(app, runner)}", "Idempotency-Key": "once"}
    gate = Barrier(AT_ONCE)

    def book() -> int:
        return app.test_client().post("/api/v1/bookings", json={"offer": str(offer.id)}, headers=headers).status_code

    def book_at_once(_number: int) -> int:
        gate.wait()
        return book()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        statuses = set(pool.map(book_at_once, range(AT_ONCE)))
    assert 201 in statuses and statuses <= {201, 409}
    assert book() == 201
    with app.app_context(), transaction(write=False) as session:
        assert session.scalar(select(func.count()).select_from(Booking)) == 1
