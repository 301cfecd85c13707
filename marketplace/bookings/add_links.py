"""Links that open a calendar on the web with a visit filled in. Pure.

Times are written in UTC, so that each calendar shows them in its owner's zone. Blanks are written %20: Outlook shows
a + as it is. Nothing is sent anywhere before somebody follows a link.
"""

from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from marketplace.bookings.ics import Entry

GOOGLE = "https://calendar.google.com/calendar/render"
OUTLOOK = "https://outlook.live.com/calendar/0/deeplink/compose"
MICROSOFT_365 = "https://outlook.office.com/calendar/0/deeplink/compose"


def google(entry: Entry) -> str:
    """Google Calendar's page for a new entry."""
    between = "/".join(f"{each.astimezone(UTC):%Y%m%dT%H%M%SZ}" for each in (entry.starts_at, entry.ends_at))
    fields = {"action": "TEMPLATE", "text": entry.summary, "dates": between}
    return _filled(GOOGLE, fields | {"location": entry.location, "details": entry.description})


def outlook(entry: Entry, page: str = OUTLOOK) -> str:
    """Outlook's page for a new entry: of a private address, or with MICROSOFT_365 of one at work or school."""
    fields = {"path": "/calendar/action/compose", "rru": "addevent", "subject": entry.summary}
    fields |= {"startdt": _iso(entry.starts_at), "enddt": _iso(entry.ends_at), "location": entry.location}
    return _filled(page, fields | {"body": " · ".join(entry.description.splitlines())})  # it keeps no line breaks


def _iso(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _filled(page: str, fields: dict[str, str]) -> str:
    return f"{page}?{urlencode({name: text for name, text in fields.items() if text}, quote_via=quote)}"
