"""/sitemap.xml with its parts, and /robots.txt: every page that search engines may keep, and none besides.

A part is written some rows at a time, each in a read of its own, so that a million coaches are never held at once and
a slow reader holds no transaction.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import ceil
from typing import Any

from flask import Response, abort, current_app, stream_with_context
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from marketplace.db import current_session, transaction
from marketplace.guides import queries, sitemaps
from marketplace.guides.views.blueprint import bp
from marketplace.knowledge import catalogue
from marketplace.matching.queries import towns
from marketplace.settings import Settings
from marketplace.web.app import own_transaction, reads
from marketplace.web.auth import public
from marketplace.web.indexing import in_each_language, is_indexed
from marketplace.web.languages import LANGUAGES

PAGES_A_PART = sitemaps.MOST_ADDRESSES // len(LANGUAGES)
AT_ONCE = 1000
KINDS = ("pages", "issues", "coaches", "towns")


@bp.get("/robots.txt")
@reads
@public
def robots() -> ResponseReturnValue:
    """What programs need not look at; pages that are no search engine's say so themselves."""
    barred = "".join(f"Disallow: {path}\n" for path in ("/api/", "/webhooks/", "/metrics"))
    return Response(f"User-agent: *\n{barred}\nSitemap: {_base_url()}/sitemap.xml\n", mimetype="text/plain")


@bp.get("/sitemap.xml")
@reads
@public
def sitemap() -> ResponseReturnValue:
    """The index of the parts."""
    parts = [(kind, number) for kind in KINDS for number in range(1, _parts(current_session(), kind) + 1)]
    return _xml(sitemaps.index(_base_url() + f"/sitemap-{kind}-{number}.xml" for kind, number in parts))


@bp.get(f"/sitemap-<any({', '.join(KINDS)}):kind>-<int(min=1):number>.xml")
@own_transaction
@public
def part(kind: str, number: int) -> ResponseReturnValue:
    """One part: its pages in each language, with the day of their last change where that is known."""
    if number > _read(_parts, kind):
        abort(404)
    entries = {"pages": _pages, "issues": _issues, "coaches": _coaches, "towns": _towns}[kind]
    return _xml(stream_with_context(_whole(entries((number - 1) * PAGES_A_PART))))


def _parts(session: Session, kind: str) -> int:
    """How many files hold the pages of that kind; there is always one."""
    count = {"coaches": queries.count_coaches, "towns": queries.count_towns}.get(kind)
    return max(1, ceil(count(session) / PAGES_A_PART)) if count else 1


def _whole(entries: Iterable[str]) -> Iterator[str]:
    yield sitemaps.SET_BEGINS
    yield from entries
    yield sitemaps.SET_ENDS


def _pages(_offset: int) -> Iterator[str]:
    """Every marked page whose address has no part that varies."""
    rules = (rule for rule in current_app.url_map.iter_rules() if not rule.arguments and is_indexed(rule.endpoint))
    for rule in sorted(rules, key=lambda rule: rule.rule):
        yield sitemaps.entry(in_each_language(rule.endpoint))


def _issues(_offset: int) -> Iterator[str]:
    for each in catalogue.issue_ids():
        yield sitemaps.entry(in_each_language("guides.issue", issue_id=each), catalogue.REVISED_ON)


def _coaches(offset: int) -> Iterator[str]:
    for slug, changed_at in _batches(_read(queries.coach_before, offset), queries.coaches_after):
        yield sitemaps.entry(in_each_language("matching.profile", slug=slug), changed_at.date())


def _towns(offset: int) -> Iterator[str]:
    cells = _read(towns.coached_cells)
    for town in _batches(_read(queries.town_before, offset), queries.towns_after, cells):
        yield sitemaps.entry(in_each_language("guides.town", **town))


def _batches(last: Any, after: Callable[..., tuple[Any, Sequence[Any]]], *more: Any) -> Iterator[Any]:
    """What comes after a key, as much as a part holds; `after` gives some rows and the key of the last it looked at."""
    for _batch in range(PAGES_A_PART // AT_ONCE):
        last, found = _read(after, last, AT_ONCE, *more)
        yield from found
        if last is None:
            return


def _read(query: Callable[..., Any], *given: Any) -> Any:
    with transaction(write=False) as session:
        return query(session, *given)


def _xml(body: str | Iterable[str]) -> Response:
    return Response(body, mimetype="application/xml")


def _base_url() -> str:
    settings: Settings = current_app.extensions["settings"]
    return settings.base_url
