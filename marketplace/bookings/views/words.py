"""How refusals about bookings and times are said."""

from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from marketplace.bookings.views.blueprint import bp
from marketplace.bookings.wording import preset_line, preset_name, terms_line
from marketplace.coaches.cancelling import Preset
from marketplace.web.errors import words
from marketplace.web.filters import cents, clock_time, day_short

bp.app_template_global("terms_line")(terms_line)
bp.app_template_global("preset_line")(preset_line)
bp.app_template_global("preset_name")(preset_name)


@bp.app_template_global()
def presets() -> list[tuple[str, str, str]]:
    """The policies that a coach chooses from: value, name, what it says."""
    return [(preset.value, preset_name(preset), preset_line(preset)) for preset in Preset]


def closed_because(reason: str) -> str:
    """Why a time can't be booked, in a few words for a runner."""
    said = {
        "past": _("past"),
        "outside-hours": _("the coach does not work then"),
        "off-grid": _("no session starts then"),
        "outside-dates": _("not on sale then"),
        "too-far": _("too far ahead to be booked yet"),
        "too-soon": _("too soon for the coach"),
        "day-full": _("the coach’s day is full"),
        "week-full": _("the coach’s week is full"),
        "full": _("all seats are taken"),
        "yours": _("you have it already"),
        "skipped": _("the clocks skip that hour"),
        "time-off": _("the coach is away"),
        "holiday": _("a holiday"),
        "date-closed": _("the coach is closed that day"),
    }
    return said.get(reason, _("somebody has it"))


def _date(on: str) -> str:
    return day_short(date.fromisoformat(on))


def _changed(policy: Preset | None) -> str:
    return _(
        "The terms for cancelling have changed meanwhile: %(terms)s Nothing was charged; please look again.",
        terms=preset_line(policy),
    )


words(
    {
        "offer-changed": lambda **facts: _(
            "This offer has another length now, so the session can't be moved. It can be cancelled and booked anew."
        ),
        "too-many-holds": lambda **facts: _(
            "You keep %(most)s times unpaid already. Pay for one or let one go, then come back to this one.", **facts
        ),
        "time-gone": lambda **facts: _(
            "That time is gone: %(why)s. Please choose another one.", why=closed_because(str(facts.get("reason", "")))
        ),
        "time-yours": lambda **facts: _("You have that time already."),
        "time-past": lambda **facts: _("That time is past. Please choose another one."),
        "time-off-grid": lambda **facts: _("The coach has no session that starts then. Please choose an offered time."),
        "time-outside-hours": lambda **facts: _("The coach does not work then. Please choose an offered time."),
        "time-too-far": lambda **facts: _("That is too far ahead to be booked yet."),
        "time-needed": lambda **facts: _("Please choose a time."),
        "no-fixed-hour": lambda **facts: _("A clip review has no fixed time: you send a clip, the coach answers it."),
        "no-place-this-week": lambda **facts: _(
            "The coach has taken on all the clip reviews of this week. New places open on Monday."
        ),
        "series-clash": lambda clashes, **facts: _(
            "Nothing is held yet: %(dates)s. Choose another time for it or leave it out, and go on.",
            dates=", ".join(f"{_date(each['on'])} ({closed_because(each['reason'])})" for each in clashes),
        ),
        "series-empty": lambda **facts: _("A series has at least two sessions. Choose “Just once” for one."),
        "times-to-propose": lambda **facts: _("Please choose one to three times, each another than the present one."),
        "time-not-proposed": lambda **facts: _("That time was not proposed. Please choose one of those shown."),
        "week-has-times": lambda **facts: _("A time has freed in that week meanwhile. You can book it now."),
        "week-to-wait-for": lambda **facts: _("That week is past, or too far ahead to be booked yet."),
        "too-many-waits": lambda **facts: _(
            "You wait for %(most)s weeks already. Leave one of these lists, then come back to this one.", **facts
        ),
        "price-changed": lambda amount, currency, policy=None, policy_changed=False, **facts: (
            _(
                "The price has changed meanwhile: it is %(price)s now. Nothing was charged; please look again.",
                price=cents(amount, currency),
            )
            + (f" {_changed(policy)}" if policy_changed else "")
        ),
        "policy-changed": lambda policy, **facts: _changed(policy),
        "refund-changed": lambda amount, currency, **facts: _(
            "Time has gone on: cancelling gives %(money)s back now. Nothing is cancelled yet; please look again.",
            money=cents(amount, currency),
        ),
        "absence-reported": lambda **facts: _(
            "It is not settled yet whether both came to this session. Please answer that first, or wait for our staff."
        ),
        "no-absence": lambda **facts: _("That report was taken back meanwhile."),
        "too-late-to-object": lambda **facts: _(
            "The day to object is over. Write to us within a day of the decision, and we look at it."
        ),
        "not-begun": lambda **facts: _("The session has not begun yet. Please wait for its start."),
        "no-time-to-miss": lambda **facts: _("A clip review has no fixed time to come to."),
        "coach-away": lambda **facts: _("This coach takes no bookings at the moment."),
        "coach-unpaid": lambda **facts: _(
            "This coach can't be paid at the moment, so no paid session can be booked. Nothing was charged."
        ),
        "own-offer": lambda **facts: _("This is your own offer; you can't book yourself."),
        "address-not-verified": lambda **facts: _(
            "Please confirm your e-mail address first, by the link that we mailed you. Your chosen time is kept in it."
        ),
        "id-taken": lambda **facts: _(
            "A booking was made from this form before. Please choose a time again; nothing was charged now."
        ),
        "hold-over": lambda **facts: _(
            "The time was held for you long enough and is free again. Nothing was charged; you can choose it anew."
        ),
        "pain-screen-first": lambda **facts: _("Please answer the question about pain first."),
        "runner-only": lambda **facts: _("Only the runner can do this."),
        "sessions-to-come": lambda count, **facts: ngettext(
            "You still have %(num)d session to come. Please have or cancel it first.",
            "You still have %(num)d sessions to come. Please have or cancel them first.",
            count,
        ),
        "booking-over": lambda **facts: _("This booking is over."),
        "visit-started": lambda **facts: _("The session has begun; it can't be cancelled or moved any more."),
        "too-late-to-move": lambda **facts: _(
            "It is too late to move this session: the coach has kept the time for you."
        ),
        "no-time-to-move": lambda **facts: _("A clip review has no fixed time to move."),
        "seat-unpaid": lambda until, **facts: _(
            "Somebody’s seat is not paid yet; it is held until %(time)s. After that all can be moved.",
            time=clock_time(datetime.fromisoformat(until)),
        ),
        "seats-changed": lambda **facts: _("Somebody has just taken or left a seat. Please look again."),
        "move-impossible": lambda **facts: _("That was done already, or is no longer possible. Please look again."),
        "move-forbidden": lambda **facts: _("You may not do that with this booking."),
        "timezone": lambda **facts: _("This time zone is unknown. Names look like America/Toronto."),
        "range-of-days": lambda most, **facts: ngettext(
            "Please ask for one day at least and %(num)d day at most.",
            "Please ask for one day at least and %(num)d days at most.",
            most,
        ),
        "off-five-minutes": lambda **facts: _("Hours start and end on full five minutes."),
        "window-order": lambda **facts: _("Hours must have a beginning and another end."),
    }
)
