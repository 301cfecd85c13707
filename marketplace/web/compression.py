"""Text is sent compressed to whoever takes it: pages, JSON, our CSS and scripts."""

import gzip
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask, Response, request

LEAST_BYTES, LEVEL = 1024, 5
GZIP = "gzip"
HEAD, END = bytes((0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF)), bytes((3, 0))  # RFC 1952; a last block that is empty
KINDS = ("text/", "application/json", "application/problem+json", "image/svg+xml", "application/javascript")


def register(app: Flask) -> None:
    """Compress what is worth it, last of all."""
    app.after_request(_compressed)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a body as it is, and compressed so that it stands between any others."""

    plain: bytes
    packed: bytes

    @classmethod
    def of(cls, plain: bytes) -> "Piece":
        """Worth its work when it is sent many times."""
        packer = zlib.compressobj(LEVEL, wbits=-zlib.MAX_WBITS)
        return cls(plain, packer.compress(plain) + packer.flush(zlib.Z_FULL_FLUSH))

    @classmethod
    def once(cls, plain: bytes) -> "Piece":
        """For one answer, of less than 64 kB: nothing is compressed."""
        return cls(plain, struct.pack("<BHH", 0, len(plain), len(plain) ^ 0xFFFF) + plain)


def joined(pieces: Sequence[Piece]) -> Response:
    """A page of these pieces, compressed for whoever takes it."""
    if not request.accept_encodings[GZIP]:
        return Response(b"".join([each.plain for each in pieces]), mimetype="text/html")
    check = size = 0
    for each in pieces:
        check, size = zlib.crc32(each.plain, check), size + len(each.plain)
    body = b"".join([HEAD, *(each.packed for each in pieces), END, struct.pack("<LL", check, size)])
    return Response(body, mimetype="text/html", headers={"Content-Encoding": GZIP})


def _compressed(response: Response) -> Response:
    if not (response.mimetype or "").startswith(KINDS):
        return response
    response.vary.add("Accept-Encoding")
    whole = response.status_code == 200 and not (response.is_streamed and not response.direct_passthrough)
    if not whole or not request.accept_encodings[GZIP] or response.content_encoding:
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) >= LEAST_BYTES:
        response.set_data(gzip.compress(body, LEVEL, mtime=0))
        response.content_encoding = GZIP
        if etag := response.get_etag()[0]:
            response.set_etag(etag, weak=True)  # the same words in other bytes
    return response
