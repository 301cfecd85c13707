"""Statutory holidays of a country's region, from the `holidays` library. Pure but for what the library knows."""

from datetime import date
from functools import lru_cache

COUNTRIES = ("CA", "US", "GB", "IE", "AU", "NZ", "FR", "BE", "CH")


def code_of(country: str, region: str | None) -> str | None:
    """What stands for the holidays of a place: "CA-ON", or the country alone; None where none are known."""
    if country not in COUNTRIES:
        return None
    code = f"{country}-{region}"
    return code if region and is_known(code) else country


@lru_cache(maxsize=200)
def is_known(code: str) -> bool:
    """Whether the holidays of a code can be told."""
    import holidays  # some megabytes, for those only who choose holidays

    country, _, region = code.partition("-")
    known = holidays.list_supported_countries()
    return country in COUNTRIES and country in known and (not region or region in known[country])


@lru_cache(maxsize=200)
def of_year(code: str, year: int, language: str = "en") -> dict[date, str]:
    """The names of a region's holidays by their dates, in "en", or in "fr" where the library has French for the
    country. A code that is not known has none."""
    if not is_known(code):
        return {}
    import holidays

    country, _, region = code.partition("-")
    told = getattr(holidays, country).supported_languages
    spoken = next((each for each in (language, f"{language}_{country}", "en_US") if each in told), None)
    return dict(holidays.country_holidays(country, subdiv=region or None, years=year, language=spoken))


def between(code: str, first: date, last: date, language: str = "en") -> dict[date, str]:
    """The same from one date to another, both counted, in order."""
    years = range(first.year, last.year + 1)
    found = {on: name for year in years for on, name in of_year(code, year, language).items() if first <= on <= last}
    return dict(sorted(found.items()))
