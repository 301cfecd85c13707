"""Sample people: everybody has proven the address and agreed to the terms."""

from sqlmodel import Session

from marketplace import clock
from marketplace.accounts import queries
from marketplace.accounts.models import User
from marketplace.pages.versions import TERMS_VERSION
from marketplace.places.names import plain


def person(session: Session, email: str, name: str, password_hash: str, **more: object) -> User:
    """The person of that address; made when there is none."""
    known = queries.by_email(session, email)
    if known:
        return known
    now = clock.now()
    values = {"email": email, "name": name, "password_hash": password_hash, "verified_at": now} | more
    agreed = {"terms_version": TERMS_VERSION, "terms_accepted_at": now, "created_at": now}
    user = User.model_validate(values | agreed)
    session.add(user)
    session.flush()
    return user


def address(name: str, domain: str) -> str:
    """ "Ada Alder" as ada.alder@domain."""
    return f"{plain(name).replace(' ', '.')}@{domain}"
