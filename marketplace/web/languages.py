"""English has no prefix, French is under /fr/. The prefix is taken off before routing and put back by url_for."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel import support
from flask import Flask, current_app, g, has_request_context, request
from flask_babel import Babel, force_locale, get_domain, get_locale

from marketplace.settings import Settings
from marketplace.web.auth import person

LANGUAGES = ("en", "fr")


class LanguagePrefix:
    """WSGI: moves /fr from the path to SCRIPT_NAME, so that routes know nothing of it and links keep it."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        path: str = environ.get("PATH_INFO", "")
        if path == "/fr" or path.startswith("/fr/"):
            environ["PATH_INFO"] = path[3:] or "/"
            environ["SCRIPT_NAME"] = environ.get("SCRIPT_NAME", "") + "/fr"
            environ["runsight.language"] = "fr"
        return self.app(environ, start_response)


def register(app: Flask) -> None:
    """Choose the language by the address, the zone by the person."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "translations"
    Babel(app, locale_selector=_language_of_request, timezone_selector=_zone_of_request)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext=lambda text: _catalogue().ugettext(text),
        ngettext=lambda one, many, number: _catalogue().ungettext(one, many, number),
        newstyle=True,
    )
    app.wsgi_app = LanguagePrefix(app.wsgi_app)  # type: ignore[method-assign]
    app.context_processor(lambda: {"language": language(), "other_language_url": other_url()})


def language() -> str:
    """The language of what is being worded: "en" or "fr"."""
    locale = get_locale()
    return locale.language if locale else "en"


def other_url() -> str | None:
    """This page in the other language; None where no page is being answered."""
    if not has_request_context():
        return None
    query = f"?{urlencode(list(request.args.items(multi=True)))}" if request.args else ""
    return f"{'/fr' if language() == 'en' else ''}{request.path}{query}"


def absolute_url(endpoint: str, *, in_language: str = "en", **values: Any) -> str:
    """A link for a mail: the address of `endpoint` under BASE_URL, needing no request."""
    settings: Settings = current_app.extensions["settings"]
    adapter = current_app.url_map.bind("")
    return settings.base_url + ("/fr" if in_language == "fr" else "") + adapter.build(endpoint, values)


def full_url(endpoint: str, **values: Any) -> str:
    """The absolute address of a page in the language of what is being worded."""
    return absolute_url(endpoint, in_language=language(), **values)


@contextmanager
def speaking(in_language: str) -> Iterator[None]:
    """Word what is inside in that language, whoever is asking."""
    with force_locale(in_language if in_language in LANGUAGES else "en"):
        yield


def viewer_zone() -> ZoneInfo:
    """The zone that times are shown in: the person's, else the browser's as its cookie says, else that of the place
    that the page is about, else Toronto's."""
    return ZoneInfo(_zone_of_request() or "America/Toronto")


def about_place(timezone: str) -> None:
    """This page is about a place of that zone: whose own is not known yet is taken to live there."""
    g.place_zone = timezone


def _catalogue() -> support.NullTranslations:
    """The sentences of the language that is spoken, read once: a page asks for some seventy of them."""
    spoken = language()
    if spoken not in _catalogues:
        _catalogues[spoken] = get_domain().get_translations()
    return _catalogues[spoken]


_catalogues: dict[str, support.NullTranslations] = {}


def _language_of_request() -> str:
    return request.environ.get("runsight.language", "en") if has_request_context() else "en"


def _zone_of_request() -> str | None:
    if not has_request_context():
        return None
    if someone := person():
        return someone.timezone
    return _known_zone(request.cookies.get("timezone", "")) or g.get("place_zone")


def _known_zone(name: str) -> str | None:
    try:
        return ZoneInfo(name).key if name else None
    except (KeyError, ValueError, OSError):
        return None
