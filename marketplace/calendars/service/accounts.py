"""What a coach does with her calendars elsewhere: add, choose, have read, remove. Each waits for a job to call out."""

import hashlib
from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import Session, col

from marketplace import clock, db
from marketplace.calendars import dav, queries
from marketplace.calendars.addresses import normal, split
from marketplace.calendars.models import Account, Entry, Feed, Source
from marketplace.calendars.outgoing import Way
from marketplace.calendars.reading import host_of
from marketplace.calendars.sealing import seal, unseal
from marketplace.calendars.service import writing
from marketplace.calendars.trouble import Trouble
from marketplace.coaches import queries as coaches
from marketplace.db import new_id, transaction
from marketplace.errors import Conflict, Invalid
from marketplace.jobs import enqueue, publish
from marketplace.scheduling import service as scheduling
from marketplace.scheduling.models import Busy
from marketplace.settings import Settings

MOST_ADDRESSES, MOST_ACCOUNTS = 20, 5


def add_address(
    session: Session, coach_id: UUID, *, source_id: UUID, address: str, name: str, settings: Settings
) -> Source:
    """Read this ICS address from now on. The same address again is the same calendar, sealed anew.

    Invalid `calendar-address` for what is none, `calendar-own` for a feed of ours; Conflict `calendars-many`.
    """
    url = _address(address)
    if host_of(url) == host_of(settings.base_url or "http://localhost") and "/calendar/" in url:
        raise Invalid("calendar-own", field="address")
    scheduling.lock(session, coach_id)
    hers = [each for each in queries.sources(session, coach_id) if each.account_id is None]
    key = address_key(url)
    known = next((each for each in hers if each.address_key == key), None)
    if known is None and len(hers) >= MOST_ADDRESSES:
        raise Conflict("calendars-many", most=MOST_ADDRESSES)
    source = known or _source(coach_id, url, name or host_of(url), settings, id=_unused(session, Source, source_id))
    source.sealed = seal(settings.secret_key, url=url)  # that of one known already may be of an older key
    session.add(source)
    session.flush()
    _ask(session, source)
    return source


def add_account(
    session: Session, coach_id: UUID, *, account_id: UUID, server: str, user: str, password: str, settings: Settings
) -> Account:
    """Look for the calendars of this account; known already, it is her new password. Errors as `add_address`."""
    url = _address(server, field="server")
    scheduling.lock(session, coach_id)
    hers = queries.accounts(session, coach_id)
    known = next((each for each in hers if (each.host, each.login) == (host_of(url), user)), None)
    if known is None and len(hers) >= MOST_ACCOUNTS:
        raise Conflict("calendars-many", most=MOST_ACCOUNTS)
    sealed = seal(settings.secret_key, url=url, user=user, password=password)
    account = known or Account(
        id=_unused(session, Account, account_id),
        coach_id=coach_id,
        host=host_of(url),
        login=user,
        sealed=sealed,
        created_at=clock.now(),
    )
    account.sealed, account.trouble, account.found_at = sealed, None, None
    session.add(account)
    session.flush()
    enqueue(session, "calendars.discover", account_id=account.id)
    for source in queries.sources(session, coach_id):
        if source.account_id == account.id and source.blocks:
            _ask(session, source)
    return account


def discover(account_id: UUID, settings: Settings) -> None:
    """Find an account's calendars. Its own transactions; what is wrong is kept for her page."""
    with transaction(write=False) as session:
        account = session.get(Account, account_id)
    if account is None:
        return
    try:
        facts = unseal(settings.secret_key, account.sealed)
        way = Way(settings.local_networks, (facts["user"], facts["password"]))
        found = dav.discover(facts["url"], way)
    except Trouble as trouble:
        with transaction() as session:
            if account := _locked_account(session, account_id):
                account.trouble = trouble.kind
        return
    with transaction() as session:
        if account := _locked_account(session, account_id):
            account.trouble, account.found_at, account.addresses = None, clock.now(), found.addresses
            _keep_found(session, account, found.calendars, settings)


def choose(session: Session, coach_id: UUID, *, blocks: Collection[UUID], writes: UUID | None) -> None:
    """Of the calendars of her accounts, those that block her time, and the one that her sessions are written into.

    Publishes `calendar.chosen` when that is another one, so that what is booked already is written too.
    """
    scheduling.lock(session, coach_id)
    hers = [each for each in queries.sources(session, coach_id) if each.account_id is not None]
    for source in hers:
        if source.blocks and source.id not in blocks:
            _stop_blocking(session, source)
        elif not source.blocks and source.id in blocks:
            source.blocks = True
            _ask(session, source)
    before = next((each for each in hers if each.writes), None)
    after = next((each for each in hers if each.id == writes), None)
    if before is after:
        return
    if before is not None:
        before.writes = False
        writing.take_out_all(session, before)
        session.flush()
    if after is not None:
        after.writes = True
        session.flush()
        publish(session, "calendar.chosen", coach_id=coach_id)


def read_now(session: Session, coach_id: UUID, source_id: UUID) -> None:
    """Have one of her calendars read as soon as can be."""
    _ask(session, queries.source(session, source_id, coach_id))


def remove_source(session: Session, coach_id: UUID, source_id: UUID) -> None:
    """Forget one of her ICS addresses; what it blocked is free again."""
    scheduling.lock(session, coach_id)
    _remove(session, [queries.source(session, source_id, coach_id)])


def remove_account(session: Session, coach_id: UUID, account_id: UUID) -> None:
    """Forget an account with its password and calendars. What was written into them stays there."""
    scheduling.lock(session, coach_id)
    account = queries.account(session, account_id, coach_id)
    _remove(session, [each for each in queries.sources(session, coach_id) if each.account_id == account.id])
    session.delete(account)


def forget_person(session: Session, user_id: UUID) -> None:
    """Nothing of her calendars stays when she leaves."""
    session.execute(delete(Feed).where(col(Feed.user_id) == user_id))
    coach = coaches.of_user(session, user_id)
    if coach is not None:
        _remove(session, queries.sources(session, coach.id))
        session.execute(delete(Account).where(col(Account.coach_id) == coach.id))


def address_key(url: str) -> str:
    """By which an address is known again while it is sealed."""
    return hashlib.sha256(url.encode()).hexdigest()


def _address(text: str, field: str = "address") -> str:
    try:
        url = normal(text)
        split(url)
    except Trouble:
        raise Invalid("calendar-address", field=field) from None
    return url


def _unused(session: Session, table: type[Account | Source], row_id: UUID) -> UUID:
    """The id that a form has chosen, or another one where a row has it: what was typed there was something else."""
    return row_id if session.get(table, row_id) is None else new_id()


def _source(coach_id: UUID, url: str, name: str, settings: Settings, **more: Any) -> Source:
    now = clock.now()
    values: dict[str, Any] = {
        "coach_id": coach_id,
        "name": name[:200],
        "host": host_of(url),
        "address_key": address_key(url),
    }
    return Source(**values | {"sealed": seal(settings.secret_key, url=url), "due_at": now, "asked_at": now} | more)


def _ask(session: Session, source: Source) -> None:
    source.asked_at = source.due_at = clock.now()
    enqueue(session, "calendars.read", source_id=source.id)


def _keep_found(session: Session, account: Account, found: Sequence[dav.Found], settings: Settings) -> None:
    """New calendars wait to be chosen; those that are gone there and not in use here go."""
    hers = {
        each.address_key: each for each in queries.sources(session, account.coach_id) if each.account_id == account.id
    }
    for url, name, zone in found:
        source = hers.pop(address_key(url), None)
        if source is None:
            source = _source(account.coach_id, url, name, settings, account_id=account.id, blocks=False)
            session.add(source)
        source.name, source.zone, source.due_at = name[:200], zone[:60], clock.now()
        source.sealed = seal(settings.secret_key, url=url)
    _remove(session, [each for each in hers.values() if not each.blocks and not each.writes])


def _stop_blocking(session: Session, source: Source) -> None:
    """Its busy times go; chosen again, it is read from the beginning."""
    source.blocks, source.etag, source.modified, source.digest, source.expanded_on = False, "", "", "", None
    source.failures, source.failing_since, source.trouble, source.mended_at = 0, None, None, None
    source.read_at = source.tried_at = None
    _free(session, source)


def _free(session: Session, source: Source) -> None:
    session.execute(delete(Busy).where(col(Busy.source_id) == source.id))
    scheduling.changed(session, source.coach_id)


def _remove(session: Session, sources: Sequence[Source]) -> None:
    for source in sources:
        _free(session, source)
        session.execute(delete(Entry).where(col(Entry.source_id) == source.id))
        session.delete(source)
    session.flush()


def _locked_account(session: Session, account_id: UUID) -> Account | None:
    found: Account | None = db.locked(session, select(Account).where(col(Account.id) == account_id))
    return found
