"""Why a time can't be booked, in the coach's words: every reason, in English and in French, with what is behind it."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from sqlmodel import Session

from marketplace import clock
from marketplace.accounts.models import User
from marketplace.coaches.models import Coach, Offer
from marketplace.scheduling import service
from marketplace.scheduling.closed import Reason
from marketplace.scheduling.models import Busy, Visit
from marketplace.scheduling.service import Limits
from tests import make
from tests.bookings.world import confirmed, hold
from tests.desk.conftest import Desk
from tests.programs import Api, token_of

ZONE = ZoneInfo("America/Toronto")
SOON = date.fromordinal(clock.now().date().toordinal() + 10)
DAY = SOON - timedelta(days=SOON.weekday()) + timedelta(days=2)  # a Wednesday


def at(hour: int, minute: int = 0, on: date = DAY) -> datetime:
    return datetime.combine(on, time(hour, minute), ZONE)


Set = Callable[[Session, Coach, Offer, User], Any]


def taken(session: Session, coach: Coach, offer: Offer, runner: User) -> None:
    confirmed(session, offer, runner, at(10))


def kept_near(session: Session, coach: Coach, offer: Offer, runner: User) -> None:
    offer.buffer_after = 10
    session.flush()
    confirmed(session, offer, runner, at(10))


def elsewhere(session: Session, coach: Coach, offer: Offer, runner: User) -> None:
    service.set_limits(session, coach.id, Limits(travel_minutes=60))
    service.claim(session, coach.id, uuid4(), at(10), at(10, 30), place="the track")


def group(session: Session, coach: Coach, offer: Offer, runner: User) -> None:
    offer.seats = 2
    visit = service.claim(session, coach.id, uuid4(), at(10), at(10, 30))
    row = session.get_one(Visit, visit.id)
    row.offer_id, row.seats, row.seats_taken = offer.id, 2, 2
    session.flush()


def limited(**limits: int) -> Set:
    def set_(session: Session, coach: Coach, offer: Offer, runner: User) -> None:
        confirmed(session, offer, runner, at(10))
        service.set_limits(session, coach.id, Limits(**limits))

    return set_


def change(**values: Any) -> Set:
    def set_(session: Session, coach: Coach, offer: Offer, runner: User) -> None:
        for name, value in values.items():
            setattr(offer, name, value)
        session.flush()

    return set_


def holiday(session: Session, coach: Coach, offer: Offer, runner: User) -> None:
    service.set_limits(session, coach.id, Limits(holidays="CA-ON"))
    offer.window_days = 90


def away(session: Session, coach: Coach, offer: Offer, runner: User) -> None:
    service.take_time_off(session, coach.id, DAY - timedelta(days=1), DAY, "Boston")


def busy(session: Session, coach: Coach, offer: Offer, runner: User) -> None:
    session.add(Busy(coach_id=coach.id, source_id=uuid4(), starts_at=at(10), ends_at=at(11), title="Dentist"))


def near_busy(session: Session, coach: Coach, offer: Offer, runner: User) -> None:
    busy(session, coach, offer, runner)
    offer.buffer_before = 30
    session.flush()


def nothing(session: Session, coach: Coach, offer: Offer, runner: User) -> None:
    """Her plain hours, 9 to 17."""


CASES: list[tuple[Reason, Set, datetime, str, str]] = [
    (Reason.PAST, nothing, at(10, on=DAY - timedelta(days=60)), "past", "passée"),
    (Reason.FULL, group, at(10), "All 2 places", "Les 2 places"),
    (Reason.TIME_OFF, away, at(10), "Your note: “Boston”", "Boston"),
    (Reason.HOLIDAY, holiday, at(10, on=date(clock.now().year, 12, 25)), "Christmas Day", "Jour de Noël"),
    (Reason.DATE_CLOSED, lambda s, c, o, r: service.set_exception(s, c.id, DAY, []), at(10), "You closed", "fermé le"),
    (Reason.OUTSIDE_HOURS, nothing, at(16, 45), "09:00 – 17:00, and all 30 minutes", "09:00 – 17:00"),
    (Reason.OUTSIDE_HOURS, lambda s, c, o, r: service.set_week(s, c.id, {}), at(10), "no hours", "pas d’heures"),
    (Reason.OFF_GRID, nothing, at(10, 10), "nearest are at 10:00 and 10:30", "à 10:00 et à 10:30"),
    (Reason.OUTSIDE_DATES, change(book_until=DAY - timedelta(days=1)), at(10), "dates until", "jusqu’au"),
    (Reason.OUTSIDE_DATES, change(book_from=DAY + timedelta(days=1)), at(10), "dates from", "à partir du"),
    (Reason.TOO_FAR, change(window_days=3), at(10), "3 days ahead", "3 jours"),
    (Reason.TOO_SOON, change(lead_hours=336), at(10, on=DAY - timedelta(days=2)), "336 hours before", "336 heures"),
    (Reason.TAKEN, taken, at(10), "Robin, Live look", "Robin, Live look"),
    (Reason.TAKEN, lambda s, c, o, r: hold(s, o, r, at(10)), at(10), "not paid yet, until", "pas encore payé"),
    (Reason.BUSY, busy, at(10, 30), "Dentist", "Dentist"),
    (Reason.BUFFER, kept_near, at(10, 30), "what comes before it", "qui précède"),
    (Reason.BUFFER, kept_near, at(9, 30), "what comes after it", "qui suit"),
    (Reason.BUFFER, near_busy, at(11), "Dentist", "Dentist"),
    (Reason.TRAVEL, elsewhere, at(11), "the 60 minutes", "les 60 minutes"),
    (Reason.TOO_LONG, lambda s, c, o, r: service.set_limits(s, c.id, Limits(minutes_per_day=20)), at(10), "20", "20"),
    (
        Reason.DAY_FULL,
        limited(per_day=1),
        at(12),
        "for a day is reached: 1 session",
        "par jour est atteinte : 1 séance",
    ),
    (Reason.DAY_FULL, limited(minutes_per_day=45), at(12), "Of the 45 minutes a day", "Des 45 minutes"),
    (Reason.WEEK_FULL, limited(per_week=1), at(12, on=DAY + timedelta(days=1)), "for a week", "par semaine"),
    (Reason.WEEK_FULL, limited(minutes_per_week=45), at(12), "45 minutes a week", "par semaine, 30"),
]


Ask = Callable[..., Any]


@pytest.fixture
def asked(client: FlaskClient, desk: Desk) -> Ask:
    """Asks as the coach's program does: of her call at a moment, in a language."""
    headers = {"Authorization": f"Bearer {token_of(desk.app, desk.person)}"}

    def ask(moment: datetime, language: str = "") -> Any:
        query = {"offer": desk.call.id, "at": moment.isoformat()}
        return client.get(f"{language}/api/v1/coach/openings/closed", query_string=query, headers=headers).json

    return ask


def test_every_reason_has_a_case() -> None:
    assert {case[0] for case in CASES} == set(Reason)


@pytest.mark.parametrize("case", CASES, ids=[f"{case[0].value}-{n}" for n, case in enumerate(CASES)])
def test_each_reason_is_told_with_what_is_behind_it(
    asked: Ask, desk: Desk, case: tuple[Reason, Set, datetime, str, str]
) -> None:
    reason, prepare, moment, english, french = case
    with desk.rows() as session:
        offer, runner = desk.of(session, desk.call.id)
        offer.window_days = 60
        prepare(session, session.get_one(Coach, desk.coach.id), offer, runner)
    for language, said in (("", english), ("/fr", french)):
        answer = asked(moment, language)
        assert answer["open"] is False and answer["reason"] == reason.value
        assert said in answer["text"].replace("\N{NO-BREAK SPACE}:", " :"), answer["text"]
    page = desk.browser.get("/coach/calendar/closed", query_string=page_query(desk, moment)).json
    assert page["reason"] == reason.value and english in page["text"]
    shown = desk.browser.get("/coach/calendar", query_string=page_query(desk, moment)).text
    assert 'data-open="no"' in shown


def page_query(desk: Desk, moment: datetime) -> dict[str, str]:
    return {"offer": str(desk.call.id), "at": moment.replace(tzinfo=None).isoformat(timespec="minutes")}


def test_an_open_time_is_told_to_be_open(asked: Ask) -> None:
    assert asked(at(10)) == {"open": True, "reason": None, "text": "Open: this time can be booked."}


def test_seconds_past_the_minute_are_off_the_grid(asked: Ask) -> None:
    for hour in (3, 10):
        assert asked(at(hour) + timedelta(seconds=5))["reason"] == "off-grid"


def test_only_she_and_staff_may_ask(client: FlaskClient, desk: Desk) -> None:
    query = f"/coach/openings/closed?offer={desk.call.id}&at=2027-01-05T10:00:00-05:00"
    assert client.get(f"/api/v1{query}").status_code == 401
    with desk.rows() as session:
        other, staff = session.get_one(User, make.coach(session).user_id), make.user(session, is_staff=True)
    assert Api(client, token_of(desk.app, other))("GET", query).status_code == 404
    assert Api(client, token_of(desk.app, staff))("GET", query).status_code == 200


def test_odd_questions_are_refused(client: FlaskClient, desk: Desk) -> None:
    program = Api(client, token_of(desk.app, desk.person))
    path = "/coach/openings/closed"
    assert program("GET", f"{path}?offer={desk.review.id}&at=2027-01-05T10:00:00Z").status_code == 422
    assert program("GET", f"{path}?offer={uuid4()}&at=2027-01-05T10:00:00Z").status_code == 404
    assert program("GET", f"{path}?offer={desk.call.id}&at=2027-01-05T10:00:00").status_code == 422
    for query in ("", f"?offer={desk.review.id}&at=2027-01-05T10:00", f"?offer={desk.call.id}&at=never"):
        assert desk.browser.get(f"/coach/calendar/closed{query}").status_code == 404


def test_a_clip_review_is_no_choice_where_times_are_asked_for(desk: Desk) -> None:
    page = desk.browser.get("/coach/calendar").text
    assert "Live look" in page and "Clip answered" not in page
