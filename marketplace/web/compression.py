"""Text is sent compressed to whoever takes it: pages, JSON, our CSS and scripts."""

import gzip

from flask import Flask, Response, request

LEAST_BYTES = 1024
KINDS = ("text/", "application/json", "application/problem+json", "image/svg+xml", "application/javascript")


def register(app: Flask) -> None:
    """Compress what is worth it, last of all."""
    app.after_request(_compressed)


def _compressed(response: Response) -> Response:
    if not (response.mimetype or "").startswith(KINDS):
        return response
    response.vary.add("Accept-Encoding")
    whole = response.status_code == 200 and not (response.is_streamed and not response.direct_passthrough)
    if not whole or not request.accept_encodings["gzip"] or response.content_encoding:
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) >= LEAST_BYTES:
        response.set_data(gzip.compress(body, 5, mtime=0))
        response.content_encoding = "gzip"
        if etag := response.get_etag()[0]:
            response.set_etag(etag, weak=True)  # the same words in other bytes
    return response
