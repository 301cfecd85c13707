"""Headers that a browser holds us to, CSRF on every form, and the limit on a request's size."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from marketplace.settings import Settings
from marketplace.web.assets import HASHED

csrf = CSRFProtect()
MOST_BODY = 2 * 1024 * 1024
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=(self)",
}


def register(app: Flask, settings: Settings) -> None:
    """Cookies, CSRF, Content-Security-Policy by nonce."""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-session" if settings.secure else "session",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        MAX_CONTENT_LENGTH=MOST_BODY,
        MAX_FORM_MEMORY_SIZE=MOST_BODY,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    if count := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    csrf.init_app(app)
    tiles = _source(settings.map_tiles_url) if settings.map_tiles_url else ""
    app.jinja_env.globals["csp_nonce"] = csp_nonce

    fixed = HEADERS | ({"Strict-Transport-Security": "max-age=31536000"} if settings.secure else {})

    @app.after_request
    def _headers(response: Response) -> Response:
        wanted = fixed | {"Content-Security-Policy": policy(tiles)}
        if request.endpoint not in HASHED:
            wanted["Cache-Control"] = "private, no-cache"
            response.headers.add("Vary", "Cookie")
        given = {name.lower() for name, _value in response.headers}
        response.headers.extend([each for each in wanted.items() if each[0].lower() not in given])
        return response


def _source(address: str) -> str:
    """Where a page may load map tiles from: the server of an address with {s} for any of its names."""
    parts = urlsplit(address)
    return f"{parts.scheme or 'https'}://{parts.netloc.replace('{s}', '*')}"


def csp_nonce() -> str:
    """This answer's nonce for our own inline scripts."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def policy(tiles: str) -> str:
    """The Content-Security-Policy of a page."""
    own = f"'self' 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else "'self'"
    return (
        f"default-src 'self'; script-src {own}; style-src {own}; img-src 'self' data: {tiles};"
        " media-src 'self' blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action *"
    )
