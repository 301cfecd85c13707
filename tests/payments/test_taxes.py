"""Taxes within a price: rates by province and day, numbers by their format, splits to the cent."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.payments import taxes
from marketplace.payments.taxes import Rate

PROVINCES = ("AB", "BC", "MB", "NB", "NL", "NS", "NT", "NU", "ON", "PE", "QC", "SK", "YT")
NOW = date(2026, 11, 26)
prices = st.integers(0, 100_000_00)


def percents(province: str, on: date = NOW) -> dict[str, str]:
    return {rate.tax: str(rate.percent) for rate in taxes.rates(province, on)}


@given(price=prices, province=st.sampled_from(PROVINCES), on=st.dates(date(2017, 1, 1), date(2030, 1, 1)))
def test_a_price_is_split_to_the_cent_and_each_tax_is_its_per_cent_of_the_rest(
    price: int, province: str, on: date
) -> None:
    rates = taxes.rates(f"CA-{province}", on)
    net, parts = taxes.split(price, rates)
    assert rates and net + sum(part.amount for part in parts) == price
    exact_net = Decimal(price) * 100 / (100 + sum(rate.percent for rate in rates))
    for part in parts:
        assert abs(part.amount - exact_net * part.percent / 100) <= Decimal("0.5")
    assert abs(net - exact_net) <= 1


@given(price=prices)
def test_without_a_rate_all_of_the_price_is_the_coachs(price: int) -> None:
    assert taxes.split(price, ()) == (price, ())


def test_rates_are_those_of_the_province_and_the_day() -> None:
    assert percents("CA-ON") == {"HST": "13"}
    assert percents("CA-QC") == {"GST": "5", "QST": "9.975"}
    assert percents("CA-AB") == percents("CA-BC") == {"GST": "5"}
    assert percents("CA-NB") == percents("CA-NL") == percents("CA-PE") == {"HST": "15"}
    assert percents("CA-NS", date(2025, 3, 31)) == {"HST": "15"}
    assert percents("CA-NS", date(2025, 4, 1)) == {"HST": "14"}
    assert percents("GB") == percents("") == percents("US") == {}


def test_ninety_five_dollars_in_ontario_and_in_quebec() -> None:
    net, (hst,) = taxes.split(9500, taxes.rates("CA-ON", NOW))
    assert (net, hst.amount) == (8407, 1093)
    net, (gst, qst) = taxes.split(9500, taxes.rates("CA-QC", NOW))
    assert (net, gst.amount, qst.amount) == (8263, 413, 824)


def test_a_tax_is_charged_only_under_a_number() -> None:
    found = taxes.rates("CA-QC", NOW)
    assert taxes.charged(found, {"gst_hst": "", "qst": ""}) == ()
    assert taxes.charged(found, {"gst_hst": "1", "qst": ""}) == (Rate("GST", Decimal(5)),)
    assert taxes.charged(found, {"gst_hst": "1", "qst": "2"}) == found
    assert taxes.charged(taxes.rates("CA-ON", NOW), {"gst_hst": "1"}) == taxes.rates("CA-ON", NOW)


def test_what_happens_on_a_screen_is_supplied_where_the_runner_is() -> None:
    assert taxes.supplied_in(online=True, payer="CA-QC", coach="CA-ON") == "CA-QC"
    assert taxes.supplied_in(online=True, payer="", coach="CA-ON") == "CA-ON"
    assert taxes.supplied_in(online=True, payer="GB", coach="CA-ON") == "GB"
    assert taxes.supplied_in(online=False, payer="CA-QC", coach="CA-ON") == "CA-ON"


@pytest.mark.parametrize(
    ("address", "province"),
    [
        (("CA", None, "K1S 5B6"), "CA-ON"),
        (("CA", None, "h2x1y4"), "CA-QC"),
        (("CA", "NS", "K1S"), "CA-NS"),
        (("CA", None, "X0A 0H0"), "CA-NU"),
        (("CA", None, "X1A 1A1"), "CA-NT"),
        (("CA", None, None), ""),
        (("GB", None, "SW1"), "GB"),
        ((None, None, "K1S"), ""),
    ],
)
def test_a_province_by_its_postal_code(address: tuple[str | None, ...], province: str) -> None:
    assert taxes.province_of(*address) == province


def test_numbers_by_their_format() -> None:
    assert taxes.gst_hst_number(" 12345 6789-rt0001 ") == "123456789 RT0001"
    assert taxes.gst_hst_number("123456789") is None and taxes.gst_hst_number("123456789 RC0001") is None
    assert taxes.qst_number("1234567890tq0001") == "1234567890 TQ0001"
    assert taxes.qst_number("123456789 TQ0001") is None
    assert taxes.vat_number("GB 123 4567 89") == "GB123456789" and taxes.vat_number("GB12345678") is None
    assert taxes.vat_number("fr-12 345678901") == "FR12345678901" and taxes.vat_number("DE1234567890") is None
    assert taxes.vat_number("51 824 753 556") == "51824753556" and taxes.vat_number("hello there") is None


def test_every_rate_says_where_it_comes_from() -> None:
    assert {region for row in taxes._table() for region in row["in"]} == {f"CA-{each}" for each in PROVINCES}
    assert all(len(row["source"]) > 20 and row["since"] < NOW for row in taxes._table())
