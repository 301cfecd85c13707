"""The sample town as data: invented coaches of data/*.toml, and what they sell. Same file, same town."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from marketplace.coaches.cancelling import Preset
from marketplace.coaches.drafts import Certificate, OfferTerms, Profile
from marketplace.coaches.kinds import OfferKind, Setting
from marketplace.demo.people import address
from marketplace.places.names import plain

DATA = Path(__file__).parent / "data"
Week = dict[int, list[tuple[int, int]]]
WEEKDAYS = "MTWtFSs"


def _at(text: str) -> list[tuple[int, int]]:
    """Windows in minutes from "7:00-12:00 16:00-20:00"."""
    spans = [span.split("-") for span in text.split()]
    minutes = [[int(hours) * 60 + int(rest) for hours, rest in (time.split(":") for time in span)] for span in spans]
    return [(start, end) for start, end in minutes]


def _on(days: str, text: str) -> Week:
    return {WEEKDAYS.index(day): _at(text) for day in days}


HOURS: dict[str, Week] = {
    "full": _on("MTWtF", "7:00-12:00 16:00-20:00") | _on("S", "8:00-12:00"),
    "early": _on("MTWtF", "6:00-9:00") | _on("S", "7:00-11:00"),
    "mornings": _on("MTWtF", "8:00-12:00"),
    "days": _on("MTWtF", "9:00-17:00"),
    "school": _on("MTWtF", "9:15-14:30"),
    "lunch": _on("MTWtF", "11:30-13:30") | _on("W", "11:30-13:30 18:00-20:00"),
    "afternoons": _on("MTWtF", "13:00-18:00"),
    "evenings": _on("MTWt", "17:30-21:00") | _on("s", "16:00-20:00"),
    "split": _on("MWF", "6:30-9:00 17:00-20:00"),
    "midweek": _on("TWt", "10:00-16:00"),
    "weekends": _on("Ss", "8:00-16:00") | _on("W", "18:00-21:00"),
    "nights": _on("Tt", "20:00-24:00") | _on("WF", "0:00-1:00") | _on("s", "18:00-21:00"),
}


@dataclass(frozen=True)
class Sample:
    """One invented coach, ready to be planted."""

    email: str
    profile: Profile
    certificates: tuple[Certificate, ...]
    offers: tuple[OfferTerms, ...]
    week: Week
    reviews: int

    @property
    def chance(self) -> Random:
        """Her own source of chance: the same on every machine."""
        return Random(self.profile.name)  # noqa: S311  # nosec B311


@cache
def coaches() -> tuple[Sample, ...]:
    """All sixty, those around Ottawa first."""
    return tuple(_sample(raw) for file in ("ottawa", "elsewhere") for raw in read(file)["coach"])


def reviews() -> dict[str, Any]:
    """`runners`: names; `en` and `fr`: pairs of stars and words."""
    return read("reviews")


def _sample(raw: dict[str, Any]) -> Sample:
    chance = Random(raw["name"])  # noqa: S311  # nosec B311
    chosen = [issue.rstrip("*") for issue in raw["issues"]]
    profile = Profile(
        name=raw["name"],
        headline=raw["headline"],
        about=raw["about"].strip(),
        place=raw["place"],
        gender=raw["gender"],
        languages=tuple(raw["languages"]),
        issues=tuple(chosen),
        main_issues=tuple(issue.rstrip("*") for issue in raw["issues"] if issue.endswith("*")),
        goals=tuple(raw["goals"]),
        travel_km=chance.choice((10, 15, 20, 30)),
    )
    return Sample(
        email=raw.get("email") or address(raw["name"], "coaches.example"),
        profile=profile,
        certificates=tuple(Certificate(title=t, issuer=i, year=y) for t, i, y in raw["credentials"]),
        offers=tuple(offers(raw, chance)),
        week=HOURS[raw["hours"]],
        reviews=raw["reviews"],
    )


def offers(raw: dict[str, Any], chance: Random) -> list[OfferTerms]:
    """What somebody sells by the prices and lengths of a data file."""
    language = raw["languages"][0]
    terms = [_clip(raw["clip"], language, chance)] if "clip" in raw else []
    if "call" in raw:
        price, minutes = raw["call"]
        link = f"https://calls.example/{plain(raw['name']).replace(' ', '-')}"
        words = _words(language, "call", "call", chance)
        terms.append(_timed(OfferKind.VIDEO_CALL, price, minutes, chance, call_link=link, **words))
    if "visit" in raw:
        price, minutes, setting, meeting_point, exact_address, bad_weather = raw["visit"]
        where = {"meeting_point": meeting_point, "exact_address": exact_address, "bad_weather": bad_weather}
        words = _words(language, setting, "visit", chance) | {"setting": Setting(setting), "buffer_before": 15}
        terms.append(_timed(OfferKind.IN_PERSON, price, minutes, chance, **where, **words))
    return terms


def _clip(numbers: list[int], language: str, chance: Random) -> OfferTerms:
    price, hours, places = numbers
    words = _words(language, "clip", "clip", chance)
    kind = OfferKind.CLIP_REVIEW
    return OfferTerms(kind=kind, price=price * 100, turnaround_hours=hours, weekly_places=places, **words)


def _timed(kind: OfferKind, price: int, minutes: int, chance: Random, **more: Any) -> OfferTerms:
    return OfferTerms(
        kind=kind,
        price=price * 100,
        minutes=minutes,
        interval_minutes=chance.choice((30, 30, 60)) if minutes > 30 else 30,
        buffer_after=chance.choice((5, 10, 15)),
        lead_hours=chance.choice((4, 12, 24)),
        cancellation=chance.choice((Preset.FLEXIBLE, Preset.MODERATE, Preset.MODERATE, Preset.STRICT)),
        **more,
    )


def _words(language: str, title: str, details: str, chance: Random) -> dict[str, Any]:
    phrases = read("offers")[language]
    return {"title": chance.choice(phrases["titles"][title]), "details": chance.choice(phrases["details"][details])}


@cache
def read(name: str) -> dict[str, Any]:
    """A data file."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))
