"""The facts, read once from data/: look one up by id, or list them all in their fixed order."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from marketplace.knowledge.facts import (
    Distance,
    Drill,
    Figure,
    Filming,
    Issue,
    RedFlag,
    Source,
    Threshold,
    View,
    Want,
    Words,
)

REVISED_ON = date(2026, 11, 24)
"""When the facts were last gone through; told to readers and search engines."""

URGENCIES = ("emergency", "soon", "doctor")
DATA = Path(__file__).parent / "data"
Fact = TypeVar("Fact", Issue, Drill, RedFlag, Source, Distance, Want)


def all_issues() -> tuple[Issue, ...]:
    """Every issue. The order is fixed: new ones go last, since search keeps them as bits by position."""
    return tuple(_issues().values())


def issue(issue_id: str) -> Issue:
    """The issue with that id; KeyError when there is none."""
    return _issues()[issue_id]


def issue_ids() -> tuple[str, ...]:
    """The ids of all issues, in their fixed order."""
    return tuple(_issues())


def all_drills() -> tuple[Drill, ...]:
    """Every drill."""
    return tuple(_drills().values())


def drill(drill_id: str) -> Drill:
    """The drill with that id; KeyError when there is none."""
    return _drills()[drill_id]


def drills_for(issue_id: str) -> tuple[Drill, ...]:
    """The drills that go with an issue, the usual first choice first."""
    return tuple(drill(drill_id) for drill_id in issue(issue_id).drills)


def companions_of(issue_id: str) -> tuple[Issue, ...]:
    """The issues that often come with it: those that it names, then those that name it."""
    naming = (each.id for each in all_issues() if issue_id in each.companions)
    return tuple(issue(each) for each in dict.fromkeys([*issue(issue_id).companions, *naming]))


def sources_of(issue_id: str) -> tuple[Source, ...]:
    """What the figures and drills of an issue rest on, in the order in which they are told, each once."""
    of_figures = [name for each in issue(issue_id).thresholds for name in each.sources]
    of_drills = [name for each in drills_for(issue_id) for name in each.sources]
    return tuple(source(each) for each in dict.fromkeys([*of_figures, *of_drills]))


def all_red_flags() -> tuple[RedFlag, ...]:
    """Every red flag."""
    return tuple(_red_flags().values())


def red_flag(flag_id: str) -> RedFlag:
    """The red flag with that id; KeyError when there is none."""
    return _red_flags()[flag_id]


def urgent_first(flag_ids: Iterable[str]) -> list[RedFlag]:
    """Those red flags, emergencies before all others; KeyError for an unknown id."""
    return sorted(map(red_flag, flag_ids), key=lambda flag: URGENCIES.index(flag.urgency))


def source(source_id: str) -> Source:
    """The source with that id; KeyError when there is none."""
    return _sources()[source_id]


def all_distances() -> tuple[Distance, ...]:
    """Every distance that a goal may have, in the fixed order that search uses."""
    return tuple(_distances().values())


def distance(distance_id: str) -> Distance:
    """The distance with that id; KeyError when there is none."""
    return _distances()[distance_id]


def all_wants() -> tuple[Want, ...]:
    """Everything that a runner may ask for."""
    return tuple(_wants().values())


def want(want_id: str) -> Want:
    """The want with that id; KeyError when there is none."""
    return _wants()[want_id]


@cache
def filming() -> Filming:
    """The filming guide."""
    raw = _read("filming.json")
    views = tuple(View(v["id"], _words(v["name"]), _words(v["how"])) for v in raw["views"])
    return Filming(views, tuple(map(_words, raw["rules"])), raw["source"])


@cache
def disclaimers() -> Mapping[str, Words]:
    """What must be said where facts are shown: "aid", "review", "dose", "uninjured"."""
    return MappingProxyType({key: _words(text) for key, text in _read("goals.json")["disclaimers"].items()})


@cache
def _issues() -> Mapping[str, Issue]:
    return _by_id([_issue(raw) for raw in _read("issues.json")])


@cache
def _drills() -> Mapping[str, Drill]:
    return _by_id([_drill(raw) for raw in _read("drills.json")])


@cache
def _red_flags() -> Mapping[str, RedFlag]:
    flags = _read("red_flags.json")["flags"]
    return _by_id([RedFlag(f["id"], _words(f["name"]), _words(f["line"]), f["urgency"]) for f in flags])


@cache
def _sources() -> Mapping[str, Source]:
    return _by_id([Source(**(raw | {"title": _words(raw["title"])})) for raw in _read("sources.json")])


@cache
def _distances() -> Mapping[str, Distance]:
    return _by_id([Distance(d["id"], _words(d["name"]), d["metres"]) for d in _read("goals.json")["distances"]])


@cache
def _wants() -> Mapping[str, Want]:
    return _by_id([Want(w["id"], _words(w["name"])) for w in _read("goals.json")["wants"]])


def _issue(raw: dict[str, Any]) -> Issue:
    angles = dict(raw["figure"])
    figure = Figure(angles.pop("view"), angles.pop("mark"), MappingProxyType(angles))
    return Issue(
        id=raw["id"],
        name=_words(raw["name"]),
        line=_words(raw["line"]),
        kind=raw["kind"],
        views=tuple(raw["views"]),
        best_view=raw["best_view"],
        measure=_words(raw["measure"]),
        thresholds=tuple(map(_threshold, raw["thresholds"])),
        auto_measure=raw["auto_measure"],
        drills=tuple(raw["drills"]),
        cues=tuple(map(_words, raw["cues"])),
        cautions=tuple(map(_words, raw["cautions"])),
        note=_words(raw["note"]) if raw["note"] else None,
        companions=tuple(raw["companions"]),
        figure=figure,
    )


def _threshold(raw: dict[str, Any]) -> Threshold:
    texts = {key: _words(raw[key]) for key in ("label", "value", "strength")}
    return Threshold(sources=tuple(raw["sources"]), **texts)


def _drill(raw: dict[str, Any]) -> Drill:
    texts = {key: _words(raw[key]) for key in ("name", "how", "dose", "why")}
    return Drill(id=raw["id"], level=raw["level"], sources=tuple(raw["sources"]), **texts)


def _words(raw: dict[str, str] | str) -> Words:
    """Both texts; a plain one is the same in both languages."""
    return Words(raw, raw) if isinstance(raw, str) else Words(raw["en"], raw["fr"])


def _by_id(facts: Sequence[Fact]) -> Mapping[str, Fact]:
    return MappingProxyType({fact.id: fact for fact in facts})


def _read(name: str) -> Any:
    return json.loads((DATA / name).read_text(encoding="utf-8"))
