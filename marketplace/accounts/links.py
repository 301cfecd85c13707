"""Links in mails that prove an address: signed, for one purpose, for a while. Pure."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from marketplace.errors import Invalid


def make(secret: str, purpose: str, *, expires_at: datetime, **facts: str) -> str:
    """A token that carries `facts` readably; nobody without the secret can make or change one."""
    token = _serializer(secret, purpose).dumps(facts | {"until": int(expires_at.timestamp())})
    return token if isinstance(token, str) else token.decode()


def read(secret: str, purpose: str, token: str, *, now: datetime) -> dict[str, str]:
    """The facts of a token made for this purpose; Invalid `link-dead` when forged, foreign or too old."""
    try:
        facts: dict[str, Any] = _serializer(secret, purpose).loads(token)
    except BadData:
        raise Invalid("link-dead") from None
    if facts.pop("until") < now.timestamp():
        raise Invalid("link-dead")
    return facts


def fingerprint(password_hash: str) -> str:
    """Ties a link to one password: it dies when the password is set anew."""
    return sha256(password_hash.encode()).hexdigest()[:16]


def _serializer(secret: str, purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt=f"accounts.{purpose}", signer_kwargs={"digest_method": sha256})
