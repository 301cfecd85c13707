"""What must be true of packages at any time; `marketplace doctor` asks, and so do the tests."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlmodel import Session, col

from marketplace.packages import queries
from marketplace.packages.models import Credit, Package
from marketplace.payments import ledger
from marketplace.payments import queries as books


def broken(session: Session) -> list[str]:
    """What is wrong with packages, in sentences; empty when nothing is."""
    return [*_worth_otherwise(session), *_split_otherwise(session)]


def _worth_otherwise(session: Session) -> Iterator[str]:
    """What the ledger has of a package's credits is what its unused visits are worth."""
    for (package_id, currency), worth in queries.worth_by_package(session).items():
        if (kept := -books.balance(session, ledger.credits(package_id), currency)) != worth:
            yield f"the unused visits of package {package_id} are worth {worth}, the books have {kept}"


def _split_otherwise(session: Session) -> Iterator[str]:
    """All visits of a package are there once it is paid, and are worth together what was paid."""
    count, total = func.count(col(Credit.id)), func.coalesce(func.sum(col(Credit.value)), 0)
    sums = select(Package, count, total).outerjoin(Credit, col(Credit.package_id) == col(Package.id))
    sums = sums.where(col(Package.bought_at).is_not(None)).group_by(col(Package.id))
    for package, visits, worth in session.execute(sums):
        if (visits, worth) != (package.visits, package.price):
            yield f"package {package.id} has {visits} visits worth {worth}, for {package.visits} worth {package.price}"
