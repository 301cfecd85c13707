"""The kinds of things we know: frozen records, each text in English and French."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Kind = Literal["form", "strength", "pain"]
ViewId = Literal["side", "back", "front"]
Urgency = Literal["doctor", "soon", "emergency"]
Basis = Literal["study (abstract read)", "secondary source", "general knowledge"]


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages."""

    en: str
    fr: str

    def in_language(self, language: str) -> str:
        """The French text for "fr", else the English one."""
        return self.fr if language == "fr" else self.en


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement comes from, and what of it was read (`basis`). A citation is the same in both languages."""

    id: str
    title: Words
    url: str | None
    finding: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Threshold:
    """A figure that people quote, with how strong its source is."""

    label: Words
    value: Words
    sources: tuple[str, ...]
    strength: Words


@dataclass(frozen=True, slots=True)
class Figure:
    """How to draw the issue: the view and the angles in degrees of the parametric runner; `mark` is what to stress."""

    view: Literal["rear", "side"]
    mark: str
    angles: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Drill:
    """An exercise; `level` 1 is for everybody, 2 follows when 1 is easy."""

    id: str
    name: Words
    how: Words
    dose: Words
    why: Words
    level: int
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """Something that a runner wants fixed: how it looks, what is known, what helps, when to be careful.

    `measure`: what a coach looks at. `auto_measure`: what a program could, in English and for us. `note`: what is said
    beside the figures, if anything.
    """

    id: str
    name: Words
    line: Words
    kind: Kind
    views: tuple[ViewId, ...]
    best_view: ViewId
    measure: Words
    thresholds: tuple[Threshold, ...]
    auto_measure: str
    drills: tuple[str, ...]
    cues: tuple[Words, ...]
    cautions: tuple[Words, ...]
    note: Words | None
    companions: tuple[str, ...]
    figure: Figure


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A sign that wants a doctor or physiotherapist before a coach."""

    id: str
    name: Words
    line: Words
    urgency: Urgency


@dataclass(frozen=True, slots=True)
class View:
    """A side to film from."""

    id: ViewId
    name: Words
    how: Words


@dataclass(frozen=True, slots=True)
class Filming:
    """How to film oneself so that a coach sees something."""

    views: tuple[View, ...]
    rules: tuple[Words, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Distance:
    """A race distance; `metres` is None where the word covers many."""

    id: str
    name: Words
    metres: int | None


@dataclass(frozen=True, slots=True)
class Want:
    """Something that a runner may ask a coach for."""

    id: str
    name: Words
