"""The writing page's one large form, and the draft it stands for.

Fields of a finding carry its id: `seen-<id>`, `cue-<id>`, `drill-<id>` (each ticked drill), `dose-<id>-<drill>`.
"""

from uuid import UUID

from flask import request
from pydantic import Field, ValidationError

from marketplace.analysis.drafts import LEAST_WEEKS, MOST_WEEKS, DraftText, DrillText, FindingText
from marketplace.web.forms import Form, FormRefused, sentences


class DrillFields(Form):
    """A ticked drill."""

    drill: str = Field(max_length=60)
    dose: str = Field("", max_length=200)


class FindingFields(Form):
    """What was typed into one finding."""

    id: UUID
    seen: str = Field("", max_length=2000)
    cue: str = Field("", max_length=300)
    drills: list[DrillFields] = []


class DraftFields(Form):
    """The whole page."""

    summary: str = Field("", max_length=4000)
    film_again_weeks: int | None = Field(None, ge=LEAST_WEEKS, le=MOST_WEEKS)
    findings: list[FindingFields] = Field([], max_length=50)
    editor: str = Field("", max_length=40)
    step: int = Field(0, ge=0, le=2**31 - 1)
    base: int = Field(0, ge=0, le=2**31 - 1)


def posted_draft() -> DraftText:
    """The draft of the posted page. Raises FormRefused with the fields' names as the page has them."""
    ids = [name.removeprefix("seen-") for name in request.form if name.startswith("seen-")]
    plain = {
        name: request.form.get(name, "").strip() for name in ("summary", "film_again_weeks", "editor", "step", "base")
    }
    given = {name: value for name, value in plain.items() if value}
    try:
        fields = DraftFields.model_validate(given | {"findings": [_finding(each) for each in ids]})
    except ValidationError as error:
        raise FormRefused({_named(name, ids): text for name, text in sentences(error).items()}) from None
    findings = tuple(_text(each) for each in fields.findings)
    return DraftText(fields.summary, fields.film_again_weeks, findings, fields.editor, fields.step, fields.base)


def _finding(finding_id: str) -> dict[str, object]:
    drills = request.form.getlist(f"drill-{finding_id}")
    return {
        "id": finding_id,
        "seen": request.form.get(f"seen-{finding_id}", ""),
        "cue": request.form.get(f"cue-{finding_id}", ""),
        "drills": [{"drill": each, "dose": request.form.get(f"dose-{finding_id}-{each}", "")} for each in drills],
    }


def _text(fields: FindingFields) -> FindingText:
    drills = tuple(DrillText(each.drill, each.dose) for each in fields.drills)
    return FindingText(fields.id, fields.seen, fields.cue, drills)


def _named(place: str, ids: list[str]) -> str:
    """ "findings.0.seen" -> "seen-<id>"."""
    parts = place.split(".")
    if parts[0] != "findings" or len(parts) < 3:
        return place
    return f"{'drill' if parts[2] == 'drills' else parts[2]}-{ids[int(parts[1])]}"
