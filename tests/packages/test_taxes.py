"""Taxes in a package, and in what goes back of it: on the runner's receipt, and in the coach's file."""

from sqlmodel import Session

from marketplace.bookings import service as bookings
from marketplace.desk import queries as desk
from marketplace.packages import service
from marketplace.payments import receipt_queries as receipts
from marketplace.payments import service as payments
from marketplace.payments.models import Refund
from tests.packages.world import World

HST = 13


def tax_in(amount: int) -> int:
    return round(amount * HST / (100 + HST))


def test_what_goes_back_of_a_package_has_its_taxes_used_or_not(session: Session) -> None:
    world = World(session)
    payments.register(session, world.coach.id, address="", gst_hst="123456789 RT0001", qst="", vat="")
    package = world.bought()
    world.finish(booking := world.use())
    payments.refund(
        session, package.order_id, amount=5000, key="c", reason="complaint", by="staff", reference_id=booking.id
    )
    service.return_unused(session, package.id, by=world.runner)
    bill = receipts.bill(session, package.order_id, world.runner.id)
    assert bill.days == {package.id: [booking.starts_at]}
    assert {(each.amount, bill.tax_in(each).amount) for each in bill.refunds} == {
        (5000, tax_in(5000)),
        (16667, tax_in(16667)),
    }


def test_the_coachs_file_names_the_sessions_of_a_package_and_takes_their_taxes_back(session: Session) -> None:
    world = World(session)
    payments.register(session, world.coach.id, address="", gst_hst="123456789 RT0001", qst="", vat="")
    package = world.bought()
    world.finish(booking := world.use())
    bookings.cancel(session, world.use().id, by=world.runner)
    refund = payments.refund(
        session, package.order_id, amount=5000, key="c", reason="complaint", by="staff", reference_id=booking.id
    )
    assert isinstance(refund, Refund)
    sent(session, refund)
    charge, earned, back = list(desk.movements(session, world.coach))
    assert (charge.kind, charge.paid, charge.taxes) == ("charge", 25001, {"HST": tax_in(25001)})
    assert (earned.kind, earned.share, earned.fee) == ("earned", 8334 - 1250, 1250)
    assert (back.kind, back.given_back, back.taxes) == ("refund", 5000, {"HST": -tax_in(5000)})
    assert earned.booking == back.booking == booking
    assert earned.runner and earned.line == back.line == charge.line


def sent(session: Session, refund: Refund) -> None:
    """What Stripe's yes does."""
    from marketplace.payments.answers import Sent
    from marketplace.payments.service.refunding import note_sent

    note_sent(session, refund, Sent("re_1", "succeeded", refund.amount, str(refund.id), refund.charge_id))
