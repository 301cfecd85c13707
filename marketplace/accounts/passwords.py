"""How passwords are kept: argon2id, with OWASP's least cost (19 MiB, 2 rounds, 1 lane).

Slow on purpose: never inside a write transaction.
"""

from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1, type=Type.ID)


def hashed(password: str) -> str:
    """The hash to keep."""
    return _hasher.hash(password)


def matches(password: str, password_hash: str | None) -> bool:
    """Whether this is the password; the same work when there is no hash to compare with."""
    try:
        return _hasher.verify(password_hash or _nobodys(), password) and password_hash is not None
    except InvalidHashError:
        return matches(password, None)
    except VerificationError:
        return False


def is_outdated(password_hash: str) -> bool:
    """Whether it was made at another cost than today's."""
    return _hasher.check_needs_rehash(password_hash)


@cache
def _nobodys() -> str:
    return hashed("nobody's password")
