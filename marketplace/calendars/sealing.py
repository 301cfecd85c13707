"""Secret addresses and passwords at rest: sealed by a key that is made of SECRET_KEY."""

import base64
import hashlib
import json

from marketplace.calendars.trouble import Trouble


def seal(secret_key: str, **facts: str) -> str:
    """The facts as a text that says nothing to whoever lacks the key."""
    from cryptography.fernet import Fernet  # 7 MB that only a process which seals or reads one should have

    return Fernet(_key(secret_key)).encrypt(json.dumps(facts).encode()).decode()


def unseal(secret_key: str, sealed: str) -> dict[str, str]:
    """What was sealed; Trouble `key-changed` where SECRET_KEY is another one by now."""
    from cryptography.fernet import Fernet, InvalidToken

    try:
        facts: dict[str, str] = json.loads(Fernet(_key(secret_key)).decrypt(sealed.encode()))
    except InvalidToken:
        raise Trouble("key-changed") from None
    return facts


def _key(secret_key: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"calendars\x00" + secret_key.encode()).digest())
