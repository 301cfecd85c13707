"""What happens to packages by itself: they are paid or not, end after a year, and are told of by mail."""

from typing import Any
from uuid import UUID

from sqlmodel import Session

from marketplace.accounts.service.account import share
from marketplace.jobs import job, on
from marketplace.packages import mails, queries, service


@on("payment.succeeded")
def paid(session: Session, order_id: UUID) -> None:
    """The visits of a paid package are there, in the transaction that knows of the payment."""
    service.activate(session, order_id)


@on("payment.expired")
@on("payment.rejected")
def unpaid(session: Session, order_id: UUID) -> None:
    """A package that will not be paid, or was paid otherwise than agreed, is none."""
    service.lapse(session, order_id)


@on("dispute.lost")
def lost(session: Session, order_id: UUID, dispute_id: str) -> None:
    """What the payer's bank took back buys no visits."""
    service.lose(session, order_id, cause=dispute_id)


@on("refund.adopted")
def refunded(session: Session, order_id: UUID, stripe_refund_id: str) -> None:
    """What was refunded on Stripe's pages buys none either."""
    service.lose(session, order_id, cause=stripe_refund_id)


@on("account.closing")
def give_back(session: Session, user_id: UUID) -> None:
    """Who leaves gets her unused visits back, or her runners do."""
    service.return_all_of(session, user_id)


@share("packages")
def bought_by(session: Session, user_id: UUID) -> list[dict[str, Any]]:
    """The packages that a person has bought."""
    return [each.package.model_dump(mode="json") for each in queries.of_runner(session, user_id)]


@job("packages.end_due", transactional=False)
def end_due() -> None:
    """End the packages whose year is over."""
    service.end_due()


@job("packages.remind_due", transactional=False)
def remind_due() -> None:
    """Look for packages that end soon."""
    service.remind_due()


@job("packages.tell")
def tell(session: Session, package_id: str, news: str, given: int = 0) -> None:
    """Mail news of a package."""
    mails.tell(session, UUID(package_id), news, given)
