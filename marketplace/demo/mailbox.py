"""The demo's mail server and the folder it keeps mails in: real SMTP in, one JSON file a mail."""

import json
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from marketplace.db import new_id

KEPT = 500


class Mailbox:
    """Keeps each mail that arrives."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802
        """aiosmtpd's hook: a whole mail has come."""
        message = message_from_bytes(envelope.content, policy=default)
        path = self.folder / f"{new_id()}.json"
        part = path.with_suffix(".part")
        part.write_text(json.dumps(_kept(message, envelope.rcpt_tos), ensure_ascii=False), "utf-8")
        part.rename(path)
        return "250 Kept"


def serve(folder: Path, port: int) -> Controller:
    """Start the mail server in a thread; `.stop()` ends it."""
    controller = Controller(Mailbox(folder), hostname="127.0.0.1", port=port)
    controller.start()
    return controller


def mails(folder: Path) -> list[dict[str, Any]]:
    """What has come, the newest first."""
    files = sorted(folder.glob("*.json"), reverse=True)[:KEPT] if folder.exists() else []
    return [json.loads(file.read_text("utf-8")) for file in files]


def _kept(message: EmailMessage, to: list[str]) -> dict[str, Any]:
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    return {
        "to": ", ".join(to),
        "subject": str(message["Subject"]),
        "text": text.get_content() if text else "",
        "html": html.get_content() if html else "",
        "attachments": [
            {"name": file.get_filename(), "type": str(file["Content-Type"]), "text": _text(file)}
            for file in message.iter_attachments()
        ],
        "id": str(message["Message-ID"]),
        "sent_at": datetime.now(UTC).isoformat(),
    }


def _text(file: Any) -> str:
    content = file.get_content()
    return content if isinstance(content, str) else content.decode("utf-8", "replace")
