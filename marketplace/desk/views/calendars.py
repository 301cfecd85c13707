"""Calendars kept elsewhere: those that block her time, the one that her sessions are written into, her own feed."""

from typing import Any
from uuid import UUID

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace import clock
from marketplace.bookings.views.feed import my_feed
from marketplace.calendars import queries, service
from marketplace.calendars.forms import AccountForm, AddressForm, ChoiceForm
from marketplace.calendars.wording import said
from marketplace.db import current_session, new_id
from marketplace.desk.views.blueprint import bp
from marketplace.desk.views.shared import my_coach
from marketplace.web.app import reads, writes
from marketplace.web.auth import role
from marketplace.web.forms import parse


@bp.get("/coach/calendars")
@reads
@role("coach")
def calendars() -> ResponseReturnValue:
    """What is read and written, how it stands, and the forms for more."""
    session, coach, now = current_session(), my_coach(), clock.now()
    sources = queries.sources(session, coach.id)
    accounts = [
        {"account": each, "sources": [one for one in sources if one.account_id == each.id]}
        for each in queries.accounts(session, coach.id)
    ]
    return render_template(
        "desk/calendars.html",
        coach=coach,
        now=now,
        sources=sources,
        addresses=[each for each in sources if each.account_id is None],
        accounts=accounts,
        blocking=queries.blocking(session, coach.id, now),
        recently=queries.recently,
        said=said,
        write_trouble=queries.write_trouble(session, coach.id),
        waits=any(each.waits for each in sources) or any(_is_looked_for(each["account"]) for each in accounts),
        feed_url=my_feed(),
        new_source=new_id(),
        new_account=new_id(),
        writes=next((each.id for each in sources if each.writes), ""),
    )


@bp.post("/coach/calendars/addresses")
@writes(again=calendars)
@role("coach")
def add_calendar() -> ResponseReturnValue:
    """Read one more ICS address."""
    form = parse(AddressForm)
    service.add_address(
        current_session(),
        my_coach().id,
        source_id=form.id,
        address=form.address,
        name=form.name,
        settings=current_app.extensions["settings"],
    )
    flash(_("Added. We are reading it now."), "good")
    return redirect(url_for("desk.calendars"), 303)


@bp.post("/coach/calendars/accounts")
@writes(again=calendars)
@role("coach")
def add_calendar_account() -> ResponseReturnValue:
    """Look for the calendars of one more account, or of one that has a new password."""
    form = parse(AccountForm)
    service.add_account(
        current_session(),
        my_coach().id,
        **form.model_dump(),
        settings=current_app.extensions["settings"],
    )
    flash(_("Added. We are looking for its calendars now."), "good")
    return redirect(url_for("desk.calendars"), 303)


@bp.post("/coach/calendars")
@writes(again=calendars)
@role("coach")
def choose_calendars() -> ResponseReturnValue:
    """Keep which calendars block, and which one is written into."""
    form = parse(ChoiceForm)
    service.choose(current_session(), my_coach().id, blocks=set(form.blocks), writes=form.writes)
    flash(_("Saved."), "good")
    return redirect(url_for("desk.calendars"), 303)


@bp.post("/coach/calendars/<uuid:source_id>/reading")
@writes()
@role("coach")
def read_calendar(source_id: UUID) -> ResponseReturnValue:
    """Read it now."""
    service.read_now(current_session(), my_coach().id, source_id)
    return redirect(url_for("desk.calendars"), 303)


@bp.post("/coach/calendars/<uuid:source_id>/removal")
@writes()
@role("coach")
def remove_calendar(source_id: UUID) -> ResponseReturnValue:
    """Read it no more."""
    service.remove_source(current_session(), my_coach().id, source_id)
    flash(_("Removed. What it blocked is open again."), "good")
    return redirect(url_for("desk.calendars"), 303)


@bp.post("/coach/calendars/accounts/<uuid:account_id>/removal")
@writes()
@role("coach")
def remove_calendar_account(account_id: UUID) -> ResponseReturnValue:
    """Forget the account and its password."""
    service.remove_account(current_session(), my_coach().id, account_id)
    flash(_("Removed, with its password. What it blocked is open again."), "good")
    return redirect(url_for("desk.calendars"), 303)


def _is_looked_for(account: Any) -> bool:
    return account.found_at is None and account.trouble is None
