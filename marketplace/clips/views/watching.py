"""Watching a clip: its page, its bytes in parts, and its end."""

from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from marketplace.accounts.sessions import me
from marketplace.bookings import queries as bookings
from marketplace.clips import queries, ranges, service
from marketplace.clips.models import Clip
from marketplace.clips.video import file_ending
from marketplace.clips.views.blueprint import bp, storage
from marketplace.db import current_session
from marketplace.errors import Forbidden, NotFound
from marketplace.web.app import reads, writes
from marketplace.web.auth import signed_in

MEDIA_POLICY = "default-src 'none'; media-src 'self'; sandbox"


@bp.get("/clips/<uuid:clip_id>")
@reads
@signed_in
def show(clip_id: UUID) -> ResponseReturnValue:
    """The clip with a player, for the two of them."""
    session = current_session()
    seen = queries.visible(session, clip_id, me())
    others = [clip for clip in queries.of_booking(session, seen.booking.id) if clip.id != clip_id]
    parties = bookings.parties(session, seen.booking)
    return render_template(
        "clips/show.html", seen=seen, clip=seen.clip, booking=seen.booking, parties=parties, others=others
    )


@bp.get("/clips/<uuid:clip_id>/file")
@reads
@signed_in
def file(clip_id: UUID) -> ResponseReturnValue:
    """The bytes, whole or in part."""
    seen = queries.visible(current_session(), clip_id, me())
    if seen.must_open_first:
        raise Forbidden("open-first")
    if not seen.clip.storage_key or not storage().path(seen.clip.storage_key).exists():
        raise NotFound("clip")
    return _bytes(seen.clip)


@bp.post("/clips/<uuid:clip_id>/deletion")
@writes(again=show)
@signed_in
def delete(clip_id: UUID) -> ResponseReturnValue:
    """Delete one's own clip for good."""
    booking = service.delete(current_session(), clip_id, by=me())
    flash(_("The clip is deleted, and so is its file."), "good")
    return redirect(url_for("bookings.show", booking_id=booking.id), 303)


def _bytes(clip: Clip) -> Response:
    """200, 206, 304 or 416, as the request's conditions and range ask. A clip's content never changes."""
    size, key, tag = clip.size or 0, clip.storage_key or "", clip.id.hex
    if request.if_none_match.contains(tag):
        return _with_headers(Response(status=304), clip, tag)
    wanted = request.headers.get("Range") if request.method == "GET" else None
    if request.headers.get("If-Range", f'"{tag}"') != f'"{tag}"':
        wanted = None
    try:
        part = ranges.asked(wanted, size)
    except ranges.Unsatisfiable:
        return _with_headers(Response(status=416, headers={"Content-Range": f"bytes */{size}"}), clip, tag)
    start, end = part or (0, size - 1)
    chunks = storage().chunks(key, start, end) if request.method == "GET" else iter(())
    answer = Response(chunks, status=206 if part else 200)
    answer.content_length = end - start + 1
    if part:
        answer.headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    return _with_headers(answer, clip, tag)


def _with_headers(answer: Response, clip: Clip, tag: str) -> Response:
    answer.mimetype = clip.media_type
    answer.set_etag(tag)
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["Content-Disposition"] = f'inline; filename="runsight-{tag[-8:]}{file_ending(clip.media_type)}"'
    answer.headers["Content-Security-Policy"] = MEDIA_POLICY
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
