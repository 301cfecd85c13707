"""Accounts of the sample coaches at Stripe, here the sandbox: opened by the site's own calls, finished as she would."""

import json
from collections.abc import Sequence
from http.client import HTTPConnection
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from flask import current_app
from sqlalchemy import select
from sqlmodel import col

from marketplace.accounts.models import User
from marketplace.coaches.models import Coach
from marketplace.db import transaction
from marketplace.payments import service as payments
from marketplace.payments.models import PayoutAccount
from marketplace.places.models import Place
from marketplace.settings import Settings
from marketplace.web.languages import absolute_url

SECONDS = 20


def open_all() -> None:
    """Open and finish an account for every coach who can't be paid yet."""
    for coach_id, email, country in _unpaid():
        back = absolute_url("matching.start")
        page = payments.open_account(coach_id, email=email, country=country, return_url=back, refresh_url=back)
        _finish(page)
        with transaction(write=False) as session:
            account_id = session.get_one(PayoutAccount, coach_id).stripe_account_id
        payments.look_at_account(str(account_id))


def copy(account_id: str, ids: Sequence[str]) -> None:
    """Give the sandbox accounts with those ids, like the one that is there."""
    settings: Settings = current_app.extensions["settings"]
    where = urlsplit(settings.stripe_api_base)
    connection = HTTPConnection(where.hostname or "", where.port, timeout=SECONDS)
    try:
        wish = json.dumps({"copy_account": {"account": account_id, "ids": ids}})
        connection.request("POST", "/knobs", wish, {"Content-Type": "application/json"})
        connection.getresponse().read()
    finally:
        connection.close()


def _unpaid() -> Sequence[tuple[UUID, str, str]]:
    """Coach, address and country of each."""
    who = select(col(Coach.id), col(User.email), col(Place.country))
    who = who.join(User, col(User.id) == col(Coach.user_id)).join(Place, col(Place.id) == col(Coach.place_id))
    who = who.outerjoin(PayoutAccount, col(PayoutAccount.coach_id) == col(Coach.id))
    with transaction(write=False) as session:
        rows = session.execute(who.where(col(PayoutAccount.payouts_enabled).is_not(True))).all()
    return [(row[0], row[1], row[2]) for row in rows]


def _finish(page: str) -> None:
    """Press "finish" on the set-up page; the way back that it answers with is not taken."""
    where = urlsplit(page)
    connection = HTTPConnection(where.hostname or "", where.port, timeout=SECONDS)
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", where.path, urlencode({"answer": "finish"}), headers)
        connection.getresponse().read()
    finally:
        connection.close()
