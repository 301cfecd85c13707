"""What staff see of a package, and what speaks for its charge: the sessions that its visits paid belong to it."""

from sqlalchemy import update
from sqlmodel import Session

from marketplace import clock
from marketplace.admin import evidence, queries
from marketplace.jobs import Job, JobStatus, enqueue
from marketplace.packages.models import Package
from marketplace.payments import queries as payments
from marketplace.payments.models_back import Dispute
from tests.packages.world import World


def disputed(session: Session, package: Package) -> queries.Proof:
    payment = payments.payment_of(session, package.order_id)
    given = {"amount": package.price, "currency": "CAD", "reason": "fraudulent"}
    session.add(Dispute(id="du_1", payment_id=payment.id, charge_id=payment.charge_id, opened_at=clock.now(), **given))
    session.flush()
    return queries.proof(session, "du_1")


def test_an_order_of_a_package_is_told_with_its_sessions_its_moves_and_all_entries(session: Session) -> None:
    world = World(session)
    package = world.bought()
    world.finish(booking := world.use())
    told = queries.told(session, package.order_id)
    assert [each.id for each, *_ in told.booked] == [booking.id]
    assert {"pay", "credit-use"} <= {event.move for event in told.events if event.subject_id == package.id}
    kinds = [entry.source.partition(":")[0] for entry, _lines in told.entries]
    assert kinds == ["charge", "credits-issued", "credit-used", "earned"]
    for wanted in (str(booking.id), str(package.id), payments.payment_of(session, package.order_id).payment_intent_id):
        assert [row.order.id for row in queries.found_orders(session, wanted or "")] == [package.order_id]


def test_the_bank_is_told_of_the_sessions_of_a_package(session: Session) -> None:
    world = World(session)
    package = world.bought()
    world.finish(booking := world.use())
    assert booking.starts_at
    for key in (f"mail:bookings:{booking.id}:confirmed:runner", f"mail:packages:{package.id}:bought_runner"):
        enqueue(session, "mail.send", key=key)
    session.execute(update(Job).values(status=JobStatus.DONE))
    proof = disputed(session, package)
    given = evidence.for_stripe(proof)
    assert given.service_on == f"{booking.starts_at:%Y-%m-%d}"
    assert "Of the price comes back" in given.policy and "Unused visits" in given.policy
    assert "session completed" in given.everything
    assert [each.booking.id for each in proof.delivered] == [booking.id]
    assert len(proof.mails) == 2


def test_a_package_that_nobody_has_used_has_terms_too(session: Session) -> None:
    proof = disputed(session, World(session).bought())
    assert "Unused visits" in evidence.for_stripe(proof).policy
