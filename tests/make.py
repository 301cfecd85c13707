"""People, coaches and offers for tests: plain rows with ordinary values; name what matters, the rest is filled in."""

from itertools import count
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import SignedIn, User
from marketplace.coaches.kinds import CoachStatus, OfferKind
from marketplace.coaches.models import Coach, Offer, Specialism
from marketplace.db import transaction
from marketplace.payments.models import PayoutAccount
from marketplace.places.models import Place
from marketplace.scheduling.models import Calendar, WeeklyWindow

_number = count(1)
OTTAWA = {"id": 6094817, "name": "Ottawa", "region": "ON", "region_name": "Ontario", "country": "CA"}
LONG_AGO = UUID(int=0)  # the stamp of hours that nobody has changed lately


def place(session: Session, **changes: Any) -> Place:
    """Ottawa, or another place by its `id`; the same row when asked twice."""
    values = OTTAWA | {"latitude": 45.4112, "longitude": -75.6981, "timezone": "America/Toronto"} | changes
    found = session.get(Place, values["id"])
    if found is None:
        found = Place(kind="city", population=1_000_000, cell=0, **values)
        session.add(found)
        session.flush()
    return found


def user(session: Session, **changes: Any) -> User:
    """A verified person in Toronto's zone, reading English."""
    number = next(_number)
    values = {"email": f"person{number}@example.com", "name": f"Person {number}", "password_hash": "!"} | changes
    now = clock.now()
    one = User(**{"terms_version": "1", "terms_accepted_at": now, "created_at": now, "verified_at": now} | values)
    session.add(one)
    session.flush()
    return one


def coach(session: Session, *, issues: tuple[str, ...] = ("hip-drop",), payable: bool = True, **changes: Any) -> Coach:
    """An approved, payable coach in Ottawa who works every day from 9 to 17."""
    number, home = next(_number), place(session)
    person = user(session, name=f"Coach {number}", is_coach=True)
    values: dict[str, Any] = {"user_id": person.id, "slug": f"coach-{number}", "name": person.name}
    values |= {"status": CoachStatus.APPROVED, "place_id": home.id, "timezone": home.timezone, "currency": "CAD"}
    values |= {"latitude": home.latitude, "longitude": home.longitude, "languages": ["en"], "created_at": clock.now()}
    one = Coach(**values | changes)
    session.add(one)
    session.flush()
    session.add_all(Specialism(coach_id=one.id, issue=issue, is_main=not n) for n, issue in enumerate(issues))
    session.add(Calendar(coach_id=one.id, timezone=one.timezone, hours_stamp=LONG_AGO))
    session.flush()
    session.add_all(WeeklyWindow(coach_id=one.id, weekday=day, starts=540, ends=1020) for day in range(7))
    if payable:
        account = f"acct_test{number}"
        row = PayoutAccount(coach_id=one.id, stripe_account_id=account, updated_at=clock.now())
        row.payouts_enabled = True
        session.add(row)
    session.flush()
    return one


def offer(session: Session, of: Coach, kind: OfferKind = OfferKind.VIDEO_CALL, **changes: Any) -> Offer:
    """A 30-minute call for 95 dollars, or another kind; bookable from one hour ahead."""
    values: dict[str, Any] = {"kind": kind, "title": "Form review", "price": 9500, "currency": of.currency}
    if kind is OfferKind.CLIP_REVIEW:
        values |= {"turnaround_hours": 72, "weekly_places": 5}
    else:
        values |= {"minutes": 30, "interval_minutes": 30, "lead_hours": 1}
    one = Offer(coach_id=of.id, **values | changes)
    session.add(one)
    session.flush()
    return one


def signed_in(client: FlaskClient, user_id: UUID) -> FlaskClient:
    """The client as a browser in which that person has signed in; needs no transaction to be open."""
    app = client.application
    with app.app_context(), transaction() as session:
        browser = SignedIn(user_id=user_id, started_at=clock.now())
        session.add(browser)
        ticket = f"{user_id} {session.get_one(User, user_id).session_epoch} {browser.id}"
    with client.session_transaction() as cookie:
        cookie["_user_id"], cookie["_fresh"] = ticket, True
    return client
