"""Links that open a web calendar with a visit filled in: Google's and Outlook's. Pure."""

from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from marketplace.bookings.ics import Entry

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.live.com/calendar/0/deeplink/compose"
OFFICE = "https://outlook.office.com/calendar/0/deeplink/compose"


def google(entry: Entry) -> str:
    """Google Calendar's form for a new event; it reads UTC."""
    times = "/".join(f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}" for at in (entry.starts_at, entry.ends_at))
    return _link(
        GOOGLE,
        action="TEMPLATE",
        text=entry.summary,
        dates=times,
        details=entry.description,
        location=entry.location,
    )


def outlook(entry: Entry, *, at_work: bool = False) -> str:
    """Outlook's form for a new event, of a private account or of one at work."""
    return _link(
        OFFICE if at_work else OUTLOOK,
        path="/calendar/action/compose",
        rru="addevent",
        subject=entry.summary,
        startdt=_iso(entry.starts_at),
        enddt=_iso(entry.ends_at),
        body=entry.description,
        location=entry.location,
    )


def _iso(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _link(address: str, **values: str) -> str:
    return f"{address}?{urlencode({name: value for name, value in values.items() if value}, quote_via=quote)}"
