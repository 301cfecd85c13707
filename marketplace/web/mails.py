"""A mail from a template: `templates/<feature>/mail/<name>.txt`, its first line the subject, then the body.

The HTML part is made from the text: paragraphs, and links where a line is or ends with an address.
"""

import re
from collections.abc import Sequence
from html import escape, unescape
from typing import Any, Protocol
from urllib.parse import urlsplit

from flask import render_template
from sqlmodel import Session

from marketplace.mail import Attachment, send_later
from marketplace.web.languages import speaking

LONG_ADDRESS = 120
"""An address of more letters is shown by its host alone; the link leads to all of it."""


class Reader(Protocol):
    """Whom a mail is worded for."""

    email: str
    language: str
    timezone: str


def mail_to(
    session: Session,
    reader: Reader,
    template: str,
    *,
    key: str | None = None,
    attachments: Sequence[Attachment] = (),
    unsubscribe: str | None = None,
    **context: Any,
) -> None:
    """Word a mail in its reader's language and send it later. In the template `zone` is the reader's time zone.

    `unsubscribe`: see `send_later`; the template has it as `stop_url`.
    """
    with speaking(reader.language):
        context |= {"reader": reader, "zone": reader.timezone, "in_language": reader.language, "stop_url": unsubscribe}
        lines = render_template(template, **context)
    subject, _, body = lines.strip().partition("\n")
    body = re.sub(r"\s*\n\s*\n\s*", "\n\n", body.strip()) + "\n"
    send_later(
        session,
        to=reader.email,
        subject=subject,
        text=body,
        html=as_html(body),
        attachments=attachments,
        key=key,
        unsubscribe=unsubscribe,
    )


def as_html(text: str) -> str:
    """Paragraphs and links of a plain text."""
    linked = re.sub(r"https?://[^\s<>\"]+", _link, escape(text, quote=False))
    paragraphs = "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in linked.strip().split("\n\n"))
    style = "font:17px/1.5 system-ui,sans-serif;color:#1c1b19;max-width:36em;margin:24px auto;padding:0 16px"
    return f'<!doctype html><html><body style="{style}">{paragraphs}</body></html>'


def _link(found: re.Match[str]) -> str:
    address = found[0]
    shown = escape(urlsplit(unescape(address)).hostname or "") if len(address) > LONG_ADDRESS else address
    return f'<a href="{address}">{shown}</a>'
