"""What happened to a booking, in plain words: who, what and when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from marketplace.accounts.sessions import me
from marketplace.bookings.models import BookingEvent
from marketplace.bookings.queries import Parties
from marketplace.bookings.states import Actor
from marketplace.web.filters import when


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened."""

    at: datetime
    words: str


def told(events: Sequence[BookingEvent], parties: Parties) -> list[Line]:
    """The history of a booking for its page; what only the books care about is left out."""
    lines = [(event.at, _words(event, parties)) for event in events]
    return [Line(at, words) for at, words in lines if words]


def _words(event: BookingEvent, parties: Parties) -> str:
    facts = {"old": when(event.from_start), "new": when(event.to_start)} if event.from_start and event.to_start else {}
    if event.by_user_id == me().id and event.move in (own := _own(facts)):
        return own[event.move]
    names = {Actor.RUNNER: parties.runner.name, Actor.COACH: parties.coach.name}
    facts |= {"who": names.get(Actor(event.by), _("Our staff")), "runner": parties.runner.name}
    return _others(facts).get(event.move, "")


def _own(facts: dict[str, str]) -> dict[str, str]:
    """What the reader did herself."""
    return {
        "hold": _("You chose this time."),
        "abandon": _("You let it go."),
        "cancel": _("You cancelled."),
        "reschedule": _("You moved it from %(old)s to %(new)s.", **facts) if facts else _("You moved it."),
        "propose": _("You proposed other times."),
        "accept": _("You agreed to another time."),
        "decline": _("You kept the time as it was."),
        "withdraw": _("You took your proposal back."),
        "report": _("You said that the other side did not come."),
        "admit": _("You agreed that you did not come."),
        "object": _("You objected."),
        "retract": _("You took your report back."),
        "complain": _("You complained."),
        "answer-complaint": _("You answered the complaint."),
        "withdraw-complaint": _("You took the complaint back."),
    }


def _others(facts: dict[str, str]) -> dict[str, str]:
    """What the other side did, or nobody."""
    moved = (
        _("%(who)s moved it from %(old)s to %(new)s.", **facts) if "old" in facts else _("%(who)s moved it.", **facts)
    )
    return {
        "hold": _("%(who)s chose this time.", **facts),
        "confirm": _("It was confirmed."),
        "confirm-late": _("It was confirmed."),
        "abandon": _("%(who)s let it go.", **facts),
        "expire": _("It was not paid in time."),
        "give-back": _("The payment went back."),
        "cancel": _("%(who)s cancelled.", **facts),
        "reschedule": moved,
        "propose": _("%(who)s proposed other times.", **facts),
        "accept": _("%(who)s agreed to another time.", **facts),
        "decline": _("%(who)s kept the time as it was.", **facts),
        "withdraw": _("%(who)s took the proposal back.", **facts),
        "lapse": _("The proposal ended."),
        "complete": _("It is done."),
        "tell-late": _("The answer was late; all of the money was offered back."),
        "report": _("%(who)s said that the other side did not come.", **facts),
        "admit": _("%(who)s agreed to not having come.", **facts),
        "object": _("%(who)s objected.", **facts),
        "retract": _("%(who)s took the report back.", **facts),
        "count": _("Nobody objected within the day."),
        "uphold": _("Our staff decided that it counts as missed."),
        "dismiss": _("Our staff decided that both came."),
        "miss-runner": _("It counts as missed by the runner."),
        "miss-coach": _("It counts as missed by the coach."),
        "complain": _("%(who)s complained.", **facts)
        if facts["who"] == facts["runner"]
        else _("A complaint was taken up."),
        "answer-complaint": _("%(who)s answered the complaint.", **facts),
        "withdraw-complaint": _("%(who)s took the complaint back.", **facts),
        "dismiss-complaint": _("We decided: nothing is paid back."),
        "uphold-complaint": _("We decided: money is paid back."),
    }
