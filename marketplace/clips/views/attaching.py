"""Attaching a clip: the page, the file as it streams in, or a link.

The file's form is read as it arrives (`incoming`), so this view checks the CSRF token itself, before the first byte of
the file is stored. A browser with script asks for JSON and shows progress; one without sends the form as it is.
"""

from uuid import UUID

from flask import Response, current_app, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.exceptions import RequestEntityTooLarge

from marketplace.accounts.sessions import me
from marketplace.bookings import queries as bookings
from marketplace.bookings.models import Booking
from marketplace.bookings.states import Actor
from marketplace.clips import queries, service
from marketplace.clips.forms import ClipForm, LinkForm
from marketplace.clips.incoming import IncomingFile, IncomingForm
from marketplace.clips.judging import judge
from marketplace.clips.models import Clip
from marketplace.clips.policy import MOST_CLIPS
from marketplace.clips.service import Stored
from marketplace.clips.video import MOST_BYTES
from marketplace.clips.views.blueprint import bp, storage
from marketplace.db import current_session, new_id, transaction
from marketplace.errors import Conflict, DomainError, Invalid
from marketplace.knowledge import catalogue
from marketplace.web.app import own_transaction, reads, shown_again, writes
from marketplace.web.auth import signed_in
from marketplace.web.errors import problem, word
from marketplace.web.forms import parse
from marketplace.web.security import MOST_BODY, csrf


@bp.get("/bookings/<uuid:booking_id>/clip")
@reads
@signed_in
def attach(booking_id: UUID) -> ResponseReturnValue:
    """Where the runner adds a clip, with what she added before."""
    session = current_session()
    booking = bookings.visible(session, booking_id, me())
    by = queries.part_of(session, booking, me())
    clips = queries.of_booking(session, booking_id)
    return render_template(
        "clips/attach.html",
        booking=booking,
        parties=bookings.parties(session, booking),
        clips=[queries.Seen(clip, booking, by) for clip in clips],
        may_attach=booking.holds_its_time and by is Actor.RUNNER and len(clips) < MOST_CLIPS,
        filming=catalogue.filming(),
        suggested=_suggested(booking),
        new_id=new_id(),
        most_bytes=MOST_BYTES,
    )


@bp.post("/bookings/<uuid:booking_id>/clip")
@own_transaction
@signed_in
def send(booking_id: UUID) -> ResponseReturnValue:
    """Receive a file, keep it if it is a video, and attach it."""
    request.max_content_length = MOST_BYTES + MOST_BODY
    try:
        clip = _receive(booking_id)
    except RequestEntityTooLarge:
        return _refused(Invalid("too-large", field="file", most_bytes=MOST_BYTES), booking_id)
    except (Invalid, Conflict) as refusal:
        return _refused(refusal, booking_id)
    return _attached(clip)


csrf.exempt(send)


@bp.post("/bookings/<uuid:booking_id>/clip/link")
@writes(again=attach)
@signed_in
def send_link(booking_id: UUID) -> ResponseReturnValue:
    """Attach a link."""
    form = parse(LinkForm)
    clip = service.attach_link(
        current_session(), booking_id, clip_id=form.id, by=me(), link=form.link, about=form.about
    )
    return _attached(clip)


def _receive(booking_id: UUID) -> Clip:
    with transaction(write=False) as session:
        service.may_attach(session, booking_id, by=me())
    incoming = IncomingForm(request.stream, request.content_type or "")
    request.form = ImmutableMultiDict(incoming.fields)
    if current_app.config["WTF_CSRF_ENABLED"]:
        csrf.protect()
    form = parse(ClipForm)
    if incoming.file is None or not incoming.file.name:
        raise Invalid("no-file", field="file")
    stored = _store(incoming.file)
    attached = None
    try:
        with transaction() as session:
            attached = service.attach_file(session, booking_id, clip_id=form.id, by=me(), file=stored, about=form.about)
    finally:
        if attached is None or attached.storage_key != stored.key:
            storage().delete(stored.key)
    return attached


def _store(file: IncomingFile) -> Stored:
    """Stream it into place and look inside; what is no video does not stay."""
    key = new_id().hex
    kept = False
    try:
        size = storage().save(key, file, most_bytes=MOST_BYTES)
        if not size:
            raise Invalid("no-video", field="file")
        stored = Stored(key, size, judge(storage().path(key)), file.name)
        kept = True
        return stored
    finally:
        if not kept:
            storage().delete(key)


def _attached(clip: Clip) -> ResponseReturnValue:
    flash(_("Your clip is with this session."), "good")
    url = url_for("clips.show", clip_id=clip.id)
    if _wants_json():
        answer: Response = jsonify(id=str(clip.id), url=url)
        return answer, 201
    return redirect(url, 303)


def _refused(refusal: DomainError, booking_id: UUID) -> ResponseReturnValue:
    if _wants_json():
        errors = getattr(refusal, "fields", None) or {refusal.field or "": word(refusal)}
        return problem(refusal.status, " ".join(errors.values()), kind=refusal.kind, errors=errors)
    return shown_again(attach, refusal, booking_id=booking_id)


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"


def _suggested(booking: Booking) -> str:
    """The view that shows the first of her issues best."""
    known = [catalogue.issue(each).best_view for each in booking.issues if each in catalogue.issue_ids()]
    return known[0] if known else "back"
