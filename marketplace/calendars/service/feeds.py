"""Secret addresses of feeds: made anew, and known again."""

from hashlib import sha256
from uuid import UUID

from itsdangerous import BadData, URLSafeSerializer
from sqlmodel import Session

from marketplace.accounts.models import User
from marketplace.calendars.models import Feed
from marketplace.errors import NotFound


def renew_feed(session: Session, user_id: UUID) -> Feed:
    """Give a person an address for her feed; one that she had before is dead from now on."""
    feed = session.get(Feed, user_id)
    if feed is None:
        feed = Feed(user_id=user_id)
        session.add(feed)
    else:
        feed.number += 1
    session.flush()
    return feed


def feed_token(secret: str, feed: Feed) -> str:
    """The secret part of its address; nobody can make one from what the database has."""
    token = _serializer(secret).dumps([feed.user_id.hex, feed.number])
    return token if isinstance(token, str) else token.decode()


def owner_of(session: Session, secret: str, token: str) -> User:
    """Whose feed the token opens; NotFound when it is forged, renewed since, or its owner has left."""
    try:
        user_id, number = _serializer(secret).loads(token)
        feed = session.get(Feed, UUID(user_id))
    except (BadData, ValueError, TypeError, AttributeError):
        raise NotFound("feed") from None
    if feed is None or feed.number != number:
        raise NotFound("feed")
    owner = session.get_one(User, feed.user_id)
    if owner.closed_at is not None:
        raise NotFound("feed")
    return owner


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="calendars.feed", signer_kwargs={"digest_method": sha256})
