"""A coach's own promotion codes: made, counted, ended."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace import clock
from marketplace.coaches import queries as coaches
from marketplace.coaches.models import Coach
from marketplace.db import current_session
from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.shared import my_coach, today_of
from marketplace.errors import Invalid
from marketplace.promotions import queries, service
from marketplace.promotions.forms import CodeForm
from marketplace.scheduling.walltime import instant_of, start_of
from marketplace.web.app import reads, writes
from marketplace.web.auth import role
from marketplace.web.forms import parse


@bp.get("/coach/offers/codes")
@reads
@role("coach")
def codes() -> ResponseReturnValue:
    """Her codes with how often each is used, and the form for another."""
    session, coach, now = current_session(), my_coach(), clock.now()
    offers = coaches.offers(session, coach.id)
    found = queries.of_coach(session, coach.id)
    alive = [each for each in found if not _is_over(each[0].ended_at, each[0].valid_until, now)]
    return render_template(
        "desk/codes.html",
        coach=coach,
        today=today_of(coach),
        last_days={each.id: _last_day(coach, each.valid_until) for each, _uses in alive if each.valid_until},
        alive=alive,
        over=[each for each in found if each not in alive],
        offers=[(str(each.id), each.title) for each in offers if each.price],
        titles={str(each.id): each.title for each in coaches.offers(session, coach.id, withdrawn=True)},
    )


@bp.post("/coach/offers/codes")
@writes(again=codes)
@role("coach")
def make_code() -> ResponseReturnValue:
    """Make a code."""
    coach, form = my_coach(), parse(CodeForm)
    by_percent = form.takes == "percent"
    draft = service.Draft(
        code=form.code,
        percent=form.percent if by_percent else None,
        amount=None if by_percent else form.amount,
        currency=None if by_percent else coach.currency,
        valid_until=_end_of(coach, form.until) if form.until else None,
        most_uses=form.most_uses,
        most_each=form.most_each,
        offers=tuple(form.offers),
    )
    made = service.create(current_session(), coach.id, draft)
    flash(_("Runners can use %(code)s from now on.", code=made.code), "good")
    return redirect(url_for("desk.codes"), 303)


@bp.post("/coach/offers/codes/<uuid:promotion_id>/end")
@writes()
@role("coach")
def end_code(promotion_id: UUID) -> ResponseReturnValue:
    """Let nobody use it any more."""
    ended = service.end(current_session(), promotion_id, coach_id=my_coach().id)
    flash(_("%(code)s can't be used any more. What is booked with it stays.", code=ended.code), "good")
    return redirect(url_for("desk.codes"), 303)


def _end_of(coach: Coach, last: date) -> datetime:
    """The instant at which a local day of hers ends. Invalid `date-past` for a day that is over."""
    if last < today_of(coach):
        raise Invalid("date-past", field="until")
    return instant_of(start_of(coach.timezone, last + timedelta(days=1)))


def _last_day(coach: Coach, until: datetime) -> date:
    """The local day of hers in whose last moment a code ends."""
    return (until - timedelta(microseconds=1)).astimezone(ZoneInfo(coach.timezone)).date()


def _is_over(ended_at: datetime | None, valid_until: datetime | None, now: datetime) -> bool:
    return ended_at is not None or (valid_until is not None and valid_until <= now)
