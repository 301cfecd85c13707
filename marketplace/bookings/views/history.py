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
    lines = [(event.at, _words(event, _who(event, parties))) for event in events]
    return [Line(at, words) for at, words in lines if words]


def _who(event: BookingEvent, parties: Parties) -> str:
    """The person's name, as the other side knows her; for the reader herself "You"."""
    if event.by_user_id == me().id:
        return _("You")
    if event.by == Actor.RUNNER:
        return parties.runner.name
    return parties.coach.name if event.by == Actor.COACH else _("Our staff")


def _words(event: BookingEvent, who: str) -> str:
    if event.from_start and event.to_start:
        times = {"old": when(event.from_start), "new": when(event.to_start)}
        return _("%(who)s moved it from %(old)s to %(new)s.", who=who, **times)
    said = {
        "hold": _("%(who)s chose it.", who=who),
        "confirm": _("It was confirmed."),
        "confirm-late": _("It was confirmed."),
        "abandon": _("%(who)s let it go.", who=who),
        "expire": _("It was not paid in time."),
        "give-back": _("The payment went back."),
        "cancel": _("%(who)s cancelled it.", who=who),
        "reschedule": _("%(who)s moved it.", who=who),
        "propose": _("%(who)s proposed other times.", who=who),
        "decline": _("%(who)s kept the time as it was.", who=who),
        "withdraw": _("%(who)s took the proposal back.", who=who),
        "lapse": _("The proposal ended."),
        "complete": _("It was done."),
    }
    return said.get(event.move, "")
