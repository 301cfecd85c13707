"""Statutory holidays by the place of a coach."""

from datetime import date

import pytest

from marketplace.scheduling import holidays


@pytest.mark.parametrize(
    ("code", "on", "is_one"),
    [
        ("CA-ON", date(2026, 12, 25), True),
        ("CA-ON", date(2026, 2, 16), True),  # Family Day
        ("CA-QC", date(2026, 2, 16), False),
        ("CA-QC", date(2026, 6, 24), True),
        ("CA-ON", date(2026, 6, 24), False),
        ("FR", date(2026, 7, 14), True),
        ("XX", date(2026, 12, 25), False),
    ],
)
def test_each_region_has_its_own(code: str, on: date, is_one: bool) -> None:
    assert (on in holidays.between(code, on, on)) is is_one


@pytest.mark.parametrize(
    ("country", "region", "code"),
    [("CA", "ON", "CA-ON"), ("CA", "??", "CA"), ("US", "NY", "US-NY"), ("FR", None, "FR"), ("ZZ", None, None)],
)
def test_a_place_has_a_code(country: str, region: str | None, code: str | None) -> None:
    assert holidays.code_of(country, region) == code
