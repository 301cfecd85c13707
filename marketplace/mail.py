"""A mail is a job: `send_later` in the transaction that has news, SMTP by the worker."""

import smtplib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate
from urllib.parse import unquote, urlsplit

from flask import current_app
from sqlmodel import Session

from marketplace.db import new_id
from marketplace.jobs import enqueue, job
from marketplace.settings import Settings

SMTP_SECONDS = 20
LONGEST_LINE = 998  # RFC 5322


@dataclass(frozen=True)
class Attachment:
    """A text file in a mail; `type` is its media type with parameters (text/calendar; method=REQUEST)."""

    name: str
    type: str
    text: str


def send_later(
    session: Session,
    *,
    to: str,
    subject: str,
    text: str,
    html: str | None = None,
    attachments: Sequence[Attachment] = (),
    key: str | None = None,
    unsubscribe: str | None = None,
) -> None:
    """Send a mail after this transaction commits. The same `key` is never sent a second time.

    Its Message-ID is given here: sent again by a worker that was killed before it could note that it had sent it, it is
    the same mail, which mail servers and programs keep once.
    `unsubscribe`: the address at which its reader asks for no more of these, by a POST without anything else.
    """
    files = [asdict(file) for file in attachments]
    enqueue(
        session,
        "mail.send",
        key=key and f"mail:{key}",
        to=to,
        subject=subject,
        text=text,
        html=html,
        files=files,
        unsubscribe=unsubscribe,
        mail_id=str(new_id()),
    )


@job("mail.send", transactional=False)
def send(
    to: str,
    subject: str,
    text: str,
    html: str | None,
    files: list[dict[str, str]],
    unsubscribe: str | None = None,
    mail_id: str | None = None,
) -> None:
    """Hand one mail to the server of MAIL_URL."""
    settings: Settings = current_app.extensions["settings"]
    message = compose(settings.mail_from, to, subject, text, html, [Attachment(**file) for file in files])
    domain = settings.mail_from.rsplit("@", 1)[-1].strip("> ")
    message["Message-ID"] = f"<{mail_id or new_id()}@{domain}>"
    if unsubscribe:
        add_unsubscribe(message, unsubscribe)
    url = urlsplit(settings.mail_url)
    connect = smtplib.SMTP_SSL if url.scheme == "smtps" else smtplib.SMTP
    with connect(url.hostname or "localhost", url.port or 0, timeout=SMTP_SECONDS) as server:
        if url.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls()
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
        server.send_message(message)


def compose(
    sender: str, to: str, subject: str, text: str, html: str | None, attachments: Sequence[Attachment]
) -> EmailMessage:
    """The message as it is sent: text, HTML beside it, files after. Line breaks never reach a header."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, to, " ".join(subject.split())
    message["Date"] = formatdate()
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    if html:
        message.add_alternative(html, subtype="html")
    for file in attachments:
        kind, *parameters = [part.strip() for part in file.type.split(";")]
        named = dict(parameter.split("=", 1) for parameter in parameters if "=" in parameter)
        message.add_attachment(file.text, subtype=kind.split("/")[1], filename=file.name, params=named)
    return message


def add_unsubscribe(message: EmailMessage, url: str) -> None:
    """Let mail programs ask for no more of these: RFC 2369 and, by one press, RFC 8058.

    The address stays on one line: folded, it would be written as encoded words, which no mail program follows.
    """
    message.policy = message.policy.clone(max_line_length=LONGEST_LINE)
    message["List-Unsubscribe"] = f"<{url}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
