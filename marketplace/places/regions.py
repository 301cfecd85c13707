"""Provinces, states and countries as people write them after a town's name. Pure data and look-ups.

Region codes are the postal ones of Canada, the United States and Australia and the ISO 3166-2 ones of
Great Britain and France; elsewhere GeoNames' own code stands, without a name.
"""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from babel import Locale


class Qualifier(NamedTuple):
    """A country, or one region of it; `region` is empty for the whole country."""

    country: str
    region: str = ""


_CANADA = """
AB Alberta|Alta; BC British Columbia|Colombie-Britannique; MB Manitoba|Man;
NB New Brunswick|Nouveau-Brunswick;
NL Newfoundland and Labrador|Newfoundland|Nfld|Terre-Neuve|Terre-Neuve-et-Labrador;
NS Nova Scotia|Nouvelle-Écosse; NT Northwest Territories|Territoires du Nord-Ouest|Northwest Territory|NWT;
NU Nunavut|Nunavut Territory; ON Ontario|Ont; PE Prince Edward Island|Île-du-Prince-Édouard|PEI;
QC Quebec|Québec|Que|PQ; SK Saskatchewan|Sask; YT Yukon|Yukon Territory
"""
_UNITED_STATES = """
AL Alabama; AK Alaska; AZ Arizona; AR Arkansas; CA California|Calif|Californie; CO Colorado; CT Connecticut;
DE Delaware; DC District of Columbia; FL Florida|Floride; GA Georgia|Géorgie; HI Hawaii; ID Idaho;
IL Illinois; IN Indiana; IA Iowa; KS Kansas; KY Kentucky; LA Louisiana|Louisiane; ME Maine; MD Maryland;
MA Massachusetts|Mass; MI Michigan; MN Minnesota; MS Mississippi; MO Missouri; MT Montana; NE Nebraska;
NV Nevada; NH New Hampshire; NJ New Jersey; NM New Mexico|Nouveau-Mexique; NY New York|New York State;
NC North Carolina|Caroline du Nord; ND North Dakota|Dakota du Nord; OH Ohio; OK Oklahoma; OR Oregon;
PA Pennsylvania|Pennsylvanie|Penn; RI Rhode Island; SC South Carolina|Caroline du Sud;
SD South Dakota|Dakota du Sud; TN Tennessee|Tenn; TX Texas|Tex; UT Utah; VT Vermont; VA Virginia|Virginie;
WA Washington|Washington State|Wash; WV West Virginia|Virginie-Occidentale; WI Wisconsin; WY Wyoming;
PR Puerto Rico|Porto Rico; VI Virgin Islands; GU Guam; AS American Samoa; MP Northern Mariana Islands
"""
_BRITAIN = "ENG England|Angleterre; SCT Scotland|Écosse; WLS Wales|Pays de Galles; NIR Northern Ireland"
_AUSTRALIA = """
ACT Australian Capital Territory; NSW New South Wales; NT Northern Territory; QLD Queensland;
SA South Australia; TAS Tasmania; VIC Victoria; WA Western Australia
"""
_FRANCE = """
ARA Auvergne-Rhône-Alpes; BFC Bourgogne-Franche-Comté; BRE Bretagne|Brittany; CVL Centre-Val de Loire;
COR Corse|Corsica; GES Grand Est; HDF Hauts-de-France; IDF Île-de-France; NOR Normandie|Normandy;
NAQ Nouvelle-Aquitaine; OCC Occitanie; PDL Pays de la Loire; PAC Provence-Alpes-Côte d'Azur|Provence
"""
_TABLES = {"CA": _CANADA, "US": _UNITED_STATES, "GB": _BRITAIN, "AU": _AUSTRALIA, "FR": _FRANCE}
_COUNTRY_WORDS = {
    "uk": "GB", "great britain": "GB", "britain": "GB", "grande bretagne": "GB", "angleterre": "GB",
    "usa": "US", "us": "US", "america": "US", "united states of america": "US", "etats unis": "US",
    "holland": "NL", "hollande": "NL", "korea": "KR", "czech republic": "CZ",
}  # fmt: skip

# GeoNames' first-level codes where they differ from the codes that people know.
GEONAMES_CODES: dict[str, dict[str, str]] = {
    "CA": dict(
        zip(
            ("01", "02", "03", "04", "05", "07", "08", "09", "10", "11", "12", "13", "14"),
            ("AB", "BC", "MB", "NB", "NL", "NS", "ON", "PE", "QC", "SK", "YT", "NT", "NU"),
            strict=True,
        )
    ),
    "AU": dict(
        zip(
            ("01", "02", "03", "04", "05", "06", "07", "08"),
            ("ACT", "NSW", "NT", "QLD", "SA", "TAS", "VIC", "WA"),
            strict=True,
        )
    ),
    "FR": dict(
        zip(
            ("84", "27", "53", "24", "94", "44", "32", "11", "28", "75", "76", "52", "93"),
            ("ARA", "BFC", "BRE", "CVL", "COR", "GES", "HDF", "IDF", "NOR", "NAQ", "OCC", "PDL", "PAC"),
            strict=True,
        )
    ),
}


def region_name(country: str, code: str) -> str:
    """The English name of a region, empty when we know none."""
    return _region_names().get((country, code), "")


def region_code(country: str, name: str) -> str:
    """The code for a region's name as a data set spells it, empty when unknown."""
    options = (q for q in qualifiers(_words(name)) if q.country == country and q.region)
    return next(options, Qualifier("")).region


@cache
def country_name(code: str, language: str = "en") -> str:
    """The name of a country in a language, the code itself when there is none."""
    return str(Locale.parse(language).territories.get(code, code))


def qualifiers(folded: str) -> frozenset[Qualifier]:
    """What a folded word after a name may mean: "ca" is California or Canada, "on" is Ontario."""
    return _meanings().get(folded, frozenset())


@cache
def _region_names() -> dict[tuple[str, str], str]:
    return {(country, code): words[0] for country, code, words in _entries()}


@cache
def _meanings() -> dict[str, frozenset[Qualifier]]:
    """Every word for a region or country, in English and French, with all it may mean."""
    meanings: dict[str, set[Qualifier]] = {}
    for country, code, words in _entries():
        for word in (code, *words):
            meanings.setdefault(_words(word), set()).add(Qualifier(country, code))
    for language in ("en", "fr"):
        for code, name in Locale.parse(language).territories.items():
            if re.fullmatch("[A-Z]{2}", code) and code not in ("ZZ", "XA", "XB", "EU", "EZ", "UN", "QO"):
                for word in (code, name):
                    meanings.setdefault(_words(word), set()).add(Qualifier(code))
    for word, code in _COUNTRY_WORDS.items():
        meanings.setdefault(word, set()).add(Qualifier(code))
    return {word: frozenset(options) for word, options in meanings.items()}


def _entries() -> list[tuple[str, str, list[str]]]:
    """(country, region code, names), the English name first."""
    entries = []
    for country, table in _TABLES.items():
        for entry in table.split(";"):
            code, words = entry.strip().split(" ", 1)
            entries.append((country, code, words.split("|")))
    return entries


def _words(text: str) -> str:
    """Folded like names, which may not be imported here: no name of a region is abbreviated with "St"."""
    text = unicodedata.normalize("NFKD", text.casefold().replace("'", "").replace("’", ""))
    return " ".join(re.sub(r"[^a-z0-9]", " ", re.sub(r"[\u0300-\u036f]", "", text)).split())
