"""Sales taxes that a price includes: which hold where and when (taxes.toml), and the split to the cent. Pure.

A province is written as ISO 3166-2 does ("CA-ON"); a place of another country by the country alone ("GB"); "" is not
known. Taxes are "GST", "HST", "QST"; who has no number for a tax charges none.
"""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

CANADA = "CA-"
UNTAXED = frozenset({"tip"})
"""Kinds of lines that are no price of a service: what a runner adds of her own will."""

# Canada Post: the first letter of a postal code
BY_POSTAL_LETTER = {
    "A": "NL", "B": "NS", "C": "PE", "E": "NB", "G": "QC", "H": "QC", "J": "QC", "K": "ON", "L": "ON", "M": "ON",
    "N": "ON", "P": "ON", "R": "MB", "S": "SK", "T": "AB", "V": "BC", "Y": "YT",
}  # fmt: skip
NUNAVUT = ("X0A", "X0B", "X0C")
REGISTRATION = {"GST": "gst_hst", "HST": "gst_hst", "QST": "qst"}
"""Under which of her numbers a coach charges a tax."""

# https://taxation-customs.ec.europa.eu (VIES) and gov.uk, what follows the country's two letters
VAT = {
    "AT": r"U\d{8}", "BE": r"[01]\d{9}", "DE": r"\d{9}", "EL": r"\d{9}", "ES": r"[0-9A-Z]\d{7}[0-9A-Z]", "FI": r"\d{8}",
    "FR": r"[0-9A-Z]{2}\d{9}", "GB": r"\d{9}(\d{3})?", "IE": r"\d[0-9A-Z]\d{5}[A-Z]{1,2}", "IT": r"\d{11}",
    "LU": r"\d{8}", "NL": r"\d{9}B\d{2}", "PT": r"\d{9}",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rate:
    """A tax, in per cent of the price before taxes."""

    tax: str
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Tax:
    """The part of a price that is a tax, in minor units."""

    tax: str
    percent: Decimal
    amount: int


def rates(province: str, on: date) -> tuple[Rate, ...]:
    """The taxes of a province on a day; none for a place outside Canada, or one that is not known."""
    latest: dict[str, tuple[date, Decimal]] = {}
    for row in _table():
        known = latest.get(row["tax"])
        if province in row["in"] and row["since"] <= on and (known is None or known[0] < row["since"]):
            latest[row["tax"]] = row["since"], row["percent"]
    return tuple(Rate(tax, percent) for tax, (_since, percent) in sorted(latest.items()))


def charged(found: Sequence[Rate], numbers: Mapping[str, str]) -> tuple[Rate, ...]:
    """Those of the taxes that a coach with these numbers ("gst_hst", "qst") charges."""
    return tuple(rate for rate in found if numbers.get(REGISTRATION[rate.tax]))


def split(price: int, found: Collection[Rate]) -> tuple[int, tuple[Tax, ...]]:
    """The price before taxes, and each tax in it; together exactly the price. Each tax is rounded half up."""
    whole = 100 + sum((rate.percent for rate in found), Decimal(0))
    taxes = tuple(Tax(rate.tax, rate.percent, _half_up(price * rate.percent / whole)) for rate in found)
    return price - sum(tax.amount for tax in taxes), taxes


def supplied_in(*, online: bool, payer: str, coach: str) -> str:
    """The province whose taxes hold: what happens on a screen is supplied where the runner is, else the coach's."""
    return payer if online and payer else coach


def province_of(country: str | None, region: str | None = None, postal_code: str | None = None) -> str:
    """The province of an address; where Canada's region is not said, by the postal code."""
    if not country:
        return ""
    if country != "CA":
        return country
    code = (region or "").upper() or _by_postal_code((postal_code or "").upper().replace(" ", ""))
    return f"{CANADA}{code}" if code else ""


def gst_hst_number(typed: str) -> str | None:
    """ "123456789 RT0001" as the Canada Revenue Agency gives it: business number, RT, account; else None."""
    return _number(typed, r"(\d{9})(RT\d{4})")


def qst_number(typed: str) -> str | None:
    """ "1234567890 TQ0001" as Revenu Québec gives it; else None."""
    return _number(typed, r"(\d{10})(TQ\d{4})")


def vat_number(typed: str) -> str | None:
    """A tax number of another country: with letters of the EU or Britain in front by their format; else None."""
    text = _bare(typed)
    if (form := VAT.get(text[:2])) is not None:
        return text if re.fullmatch(form, text[2:]) else None
    return text if re.fullmatch(r"(?=(.*\d){5})[A-Z0-9]{8,15}", text) else None


def _half_up(amount: Decimal) -> int:
    return int((amount * 2 + 1) // 2)


def _by_postal_code(code: str) -> str:
    if code.startswith("X"):
        return "NU" if code.startswith(NUNAVUT) else "NT" if len(code) > 2 else ""
    return BY_POSTAL_LETTER.get(code[:1], "")


def _number(typed: str, form: str) -> str | None:
    found = re.fullmatch(form, _bare(typed))
    return " ".join(found.groups()) if found else None


def _bare(typed: str) -> str:
    return re.sub(r"[\s.\-]", "", typed).upper()


@cache
def _table() -> Sequence[Mapping[str, Any]]:
    rows = tomllib.loads(Path(__file__).with_name("taxes.toml").read_text("utf-8"))["rate"]
    return [row | {"in": {CANADA + region for region in row["in"]}, "percent": Decimal(row["percent"])} for row in rows]
