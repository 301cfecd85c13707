"""How money, times, distances are written: Jinja filters, and plain functions for mails."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel import dates, numbers
from flask import Flask
from flask_babel import get_locale

from marketplace.money import Money
from marketplace.web.forms import field_error, form_errors, typed_value, typed_values
from marketplace.web.languages import viewer_zone


def money(value: Money) -> str:
    """ "$95" or "$95.50", with the currency's code where the sign alone could be another's."""
    pattern = "¤#,##0" if _locale() == "en_CA" else "#,##0\xa0¤"
    if value.amount % 100:
        pattern = pattern.replace("0", "0.00", 1)
    return numbers.format_currency(
        value.amount / 100, value.currency, format=pattern, locale=_locale(), currency_digits=False
    )


def cents(amount: int, currency: str) -> str:
    """Minor units of a currency, written as `money` writes it."""
    return money(Money(amount, currency))


def exact(value: Money) -> str:
    """ "95.00 CAD": for receipts and books, where nothing is to be guessed."""
    return numbers.format_currency(
        value.amount / 100, value.currency, format="#,##0.00\xa0¤¤", locale=_locale(), currency_digits=False
    )


def percent(value: Decimal) -> str:
    """ "9.975%"; "9,975 %" in French."""
    return numbers.format_decimal(value, format="0.###", locale=_locale()) + ("%" if _locale() == "en_CA" else "\xa0%")


def when(instant: datetime, zone: str | ZoneInfo | None = None) -> str:
    """ "Tue, Dec 1, 18:00" in the viewer's zone or in `zone` (an IANA name)."""
    return f"{day_short(instant, zone)}, {clock_time(instant, zone)}"


def when_short(instant: datetime, zone: str | ZoneInfo | None = None) -> str:
    """ "Tue 18:00": for times within a week."""
    return dates.format_datetime(_local(instant, zone), "EEE HH:mm", locale=_locale())


def clock_time(instant: datetime, zone: str | ZoneInfo | None = None) -> str:
    """ "18:00"."""
    return dates.format_datetime(_local(instant, zone), "HH:mm", locale=_locale())


def day(value: date | datetime, zone: str | ZoneInfo | None = None) -> str:
    """ "Tuesday, December 1"."""
    local = _local(value, zone) if isinstance(value, datetime) else value
    return dates.format_date(local, "EEEE d MMMM" if _locale() == "fr_CA" else "EEEE, MMMM d", locale=_locale())


def day_short(value: date | datetime, zone: str | ZoneInfo | None = None) -> str:
    """ "Tue, Dec 1"."""
    local = _local(value, zone) if isinstance(value, datetime) else value
    return dates.format_skeleton("MMMEd", local, locale=_locale())


def long_day(value: date | datetime, zone: str | ZoneInfo | None = None) -> str:
    """ "December 1, 2026"."""
    local = _local(value, zone) if isinstance(value, datetime) else value
    return dates.format_date(local, "long", locale=_locale())


def month_name(first: date) -> str:
    """ "November 2026", of a month's first day."""
    return dates.format_skeleton("yMMMM", first, locale=_locale())


def day_of_year(value: str) -> str:
    """ "December 1" of "12-01"."""
    return dates.format_skeleton("MMMMd", date.fromisoformat(f"2024-{value}"), locale=_locale())


def zone_name(instant: datetime, zone: str | ZoneInfo | None = None) -> str:
    """ "Eastern Standard Time": the name of the zone at that instant."""
    return dates.get_timezone_name(_local(instant, zone), locale=_locale())


def kilometres(value: float) -> str:
    """ "2.4 km" under ten, whole kilometres above."""
    digits = "0.#" if value < 10 else "0"
    return f"{numbers.format_decimal(value, format=digits, locale=_locale())}\N{NO-BREAK SPACE}km"


def _local(instant: datetime, zone: str | ZoneInfo | None) -> datetime:
    zone = ZoneInfo(zone) if isinstance(zone, str) else zone or viewer_zone()
    return instant.astimezone(zone)


def _locale() -> str:
    locale = get_locale()
    return "fr_CA" if locale and locale.language == "fr" else "en_CA"


def register(app: Flask) -> None:
    """Make them known to templates."""
    days = (day, day_short, long_day, day_of_year, month_name)
    filters: dict[str, Any] = {
        f.__name__: f
        for f in (money, cents, exact, percent, when, when_short, clock_time, *days, zone_name, kilometres)
    }
    app.jinja_env.filters.update(filters)
    app.jinja_env.globals.update(
        field_error=field_error,
        form_errors=form_errors,
        typed_value=typed_value,
        typed_values=typed_values,
        viewer_zone=viewer_zone,
    )
