"""A package from buying to its last visit, in the books too."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlmodel import Session, col

from marketplace import clock
from marketplace.accounts import service as accounts
from marketplace.bookings import mails
from marketplace.bookings import service as bookings
from marketplace.coaches.cancelling import Policy
from marketplace.db import transaction
from marketplace.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from marketplace.jobs import Job, publish
from marketplace.money import Money
from marketplace.packages import queries, service
from marketplace.packages.models import Package
from marketplace.packages.service import ending
from marketplace.payments import ledger
from marketplace.payments import queries as orders
from marketplace.payments import service as payments
from marketplace.payments.models import Payment, PayoutAccount, Transfer
from tests import make
from tests.bookings.world import begin, pay_order, refunds, times
from tests.packages.world import World, check


@pytest.fixture
def world(session: Session) -> World:
    return World(session)


def told(session: Session) -> list[str]:
    jobs = select(Job).where(col(Job.name) == "packages.tell").order_by(col(Job.created_at), col(Job.id))
    return [job.payload["news"] for job in session.scalars(jobs)]


def refused(kind: str, error: type[DomainError] = Conflict):
    return pytest.raises(error, match=kind)


def test_what_is_paid_is_there_to_be_used_for_a_year(world: World, session: Session) -> None:
    package = world.order()
    assert queries.of_runner(session, world.runner.id) == []
    pay_order(session, package.order_id)
    publish(session, "payment.succeeded", order_id=package.order_id)
    assert package.bought_at and package.expires_at == package.bought_at + timedelta(days=365)
    held = queries.held(session, package)
    assert [each.value for each in held.credits] == [8334, 8334, 8333]
    assert world.balance(ledger.credits(package.id)) == 25001
    assert told(session) == ["bought"]
    check(session)


def test_paid_late_it_is_hers_all_the_same(world: World, session: Session) -> None:
    package = world.order()
    payment = orders.payment_of(session, package.order_id)
    payment.make(session, "expire", by="system")
    publish(session, "payment.expired", order_id=package.order_id)
    assert package.status == "unpaid"
    pay_order(session, package.order_id)
    assert world.left(package) == 3
    check(session)


def test_a_visit_pays_a_booking_at_once_and_from_there_on_it_is_an_ordinary_one(world: World, session: Session) -> None:
    package = world.bought()
    booking = world.use()
    assert (booking.status, booking.price, booking.order_id) == ("confirmed", 8334, package.order_id)
    assert (world.left(package), world.balance(ledger.held(booking.id))) == (2, 8334)
    check(session)
    world.finish(booking)
    assert world.balance(ledger.coach(world.coach.id)) == 8334 - 1250
    assert world.balance(ledger.FEE_INCOME) == 1250
    check(session)


def test_all_of_it_used_pays_coach_and_fee_to_the_cent_in_transfers_of_one_charge(
    world: World, session: Session
) -> None:
    package = world.bought()
    for _ in range(3):
        world.finish(world.use())
        check(session)
    sent = list(session.scalars(select(Transfer)))
    charge = orders.payment_of(session, package.order_id)
    assert {each.payment_id for each in sent} == {charge.id}
    assert sum(each.amount for each in sent) == world.balance(ledger.coach(world.coach.id))
    assert world.balance(ledger.coach(world.coach.id)) + world.balance(ledger.FEE_INCOME) == 25001
    with refused("no-credit-left"):
        world.use()


def test_each_booking_of_a_package_is_alone(world: World, session: Session) -> None:
    world.bought()
    first, second = world.use(), world.use()
    bookings.cancel(session, first.id, by=world.runner)
    assert second.status == "confirmed"
    check(session)


def test_cancelled_in_time_the_visit_returns_and_no_money_moves(world: World, session: Session) -> None:
    package = world.bought()
    booking = world.use()
    bookings.cancel(session, booking.id, by=world.runner)
    assert (world.left(package), refunds(session)) == (3, [])
    again = world.use()
    assert again.price == 8334
    check(session)


def test_what_is_cancelled_before_the_mail_of_its_booking_went_is_told_all_the_same(
    world: World, session: Session
) -> None:
    world.bought()
    booking = world.use()
    bookings.cancel(session, booking.id, by=world.runner)
    mails.tell(session, booking.id, "confirmed")
    (text,) = [
        job.payload["text"]
        for job in session.scalars(select(Job).where(col(Job.name) == "mail.send"))
        if job.payload["to"] == world.runner.email
    ]
    assert "booked, with a visit of your package." in text and "left, to be booked" not in text


def test_cancelled_late_the_coach_is_paid_and_the_visit_is_used(world: World, session: Session) -> None:
    package = world.bought()
    booking = world.use()
    booking.agree(Policy(24 * 30))
    bookings.cancel(session, booking.id, by=world.runner)
    assert (world.left(package), refunds(session)) == (2, [])
    assert world.balance(ledger.coach(world.coach.id)) == 8334 - 1250
    check(session)


def test_cancelled_by_the_coach_after_its_package_has_ended_it_goes_back_as_money(
    world: World, session: Session
) -> None:
    package = world.bought()
    booking = world.use()
    package.expires_at = clock.now()
    session.flush()
    bookings.cancel(session, booking.id, by=world.coach_user)
    assert refunds(session) == [8334]
    check(session)


def test_unused_visits_go_back_at_what_was_paid_for_each(world: World, session: Session) -> None:
    package = world.bought()
    world.use()
    assert service.return_unused(session, package.id, by=world.runner) == Money(8334 + 8333, "CAD")
    assert refunds(session) == [16667]
    check(session)
    with refused("no-credit-left"):
        service.return_unused(session, package.id, by=world.runner)
    with refused("no-credit-left"):
        world.use()


def test_a_visit_that_comes_back_after_the_others_went_goes_back_too(world: World, session: Session) -> None:
    package = world.bought()
    booking = world.use()
    service.return_unused(session, package.id, by=world.runner)
    bookings.cancel(session, booking.id, by=world.runner)
    service.return_unused(session, package.id, by=world.runner)
    assert sorted(refunds(session)) == [8334, 16667]
    check(session)


def test_a_complaint_about_a_visit_is_paid_back_of_the_packages_charge_and_no_more(
    world: World, session: Session
) -> None:
    package = world.bought()
    booking = world.use()
    world.finish(booking)
    asked = {"reason": "complaint", "by": "staff", "reference_id": booking.id}
    payments.refund(session, package.order_id, amount=8334, key="first", **asked)
    assert world.balance(ledger.coach(world.coach.id)) == 7084
    check(session)
    with refused("refund-too-much"):
        payments.refund(session, package.order_id, amount=1, key="second", **asked)


def dispute(session: Session, package: Package) -> Payment:
    payment = orders.payment_of(session, package.order_id)
    payment.disputed_at = clock.now()
    session.flush()
    return payment


def test_who_has_her_visit_back_has_nothing_to_complain_for(world: World, session: Session) -> None:
    package = world.bought()
    booking = world.use()
    begin(booking)
    bookings.report_absence(session, booking.id, by=world.runner)
    bookings.admit_absence(session, booking.id, by=world.coach_user)
    assert (booking.status, world.left(package)) == ("missed", 3)
    with refused("nothing-paid"):
        bookings.complain(session, booking.id, by=world.runner, words="nobody came")
    check(session)


def test_a_questioned_payment_freezes_its_visits(world: World, session: Session) -> None:
    package = world.bought()
    booking = world.use()
    payment = dispute(session, package)
    with refused("credits-frozen"):
        world.use()
    with refused("credits-frozen"):
        service.return_unused(session, package.id, by=world.runner)
    payment.disputed_at = None
    session.flush()
    assert world.use().status == booking.status
    check(session)


def test_another_package_serves_while_one_is_frozen(world: World, session: Session) -> None:
    frozen, other = world.bought(), world.bought()
    dispute(session, frozen)
    world.use()
    assert (world.left(frozen), world.left(other)) == (3, 2)


def test_ended_unused_visits_go_back_and_it_is_told_once(app, session: Session) -> None:
    world = World(session)
    package = world.bought()
    world.use()
    package.expires_at = clock.now()
    session.flush()
    ending.end(session, package.id)
    ending.end(session, package.id)
    assert (package.status, refunds(session), told(session)) == ("ended", [16667], ["bought", "ended"])
    check(session)


def test_leaving_gives_back_what_is_unused(world: World, session: Session) -> None:
    world.bought()
    accounts.close(session, world.runner.id)
    assert refunds(session) == [25001]
    check(session)


def test_a_coach_who_leaves_gives_back_what_she_sold(world: World, session: Session) -> None:
    world.bought()
    accounts.close(session, world.coach_user.id)
    assert refunds(session) == [25001]
    check(session)


def test_who_may_not_buy(world: World, session: Session) -> None:
    with refused("own-offer", Forbidden):
        world.order(by=world.coach_user)
    with refused("address-not-verified", Forbidden):
        world.order(by=make.user(session, verified_at=None))
    with refused("package-price-changed"):
        world.order(price=Money(1, "CAD"))
    world.coach.paused_at = clock.now()
    with refused("coach-away"):
        world.order()


def test_a_coach_who_cannot_be_paid_sells_none(session: Session) -> None:
    world = World(session)
    account = session.get_one(PayoutAccount, world.coach.id)
    account.payouts_enabled = False
    session.flush()
    with refused("coach-unpaid"):
        world.order()


def test_the_same_id_is_the_same_package_of_the_same_runner(world: World, session: Session) -> None:
    package = world.order()
    assert world.order(package_id=package.id) is package
    with refused("id-taken"):
        world.order(package_id=package.id, by=make.user(session))


def test_what_a_coach_sells(world: World, session: Session) -> None:
    mine = world.coach.user_id
    with refused("package-dearer", Invalid):
        service.offer_packages(session, mine, world.offer.id, {3: 28501})
    with refused("offer", NotFound):
        service.offer_packages(session, world.runner.id, world.offer.id, {3: 20000})
    package = world.bought()
    left = service.offer_packages(session, mine, world.offer.id, {5: 40000})
    assert [(each.visits, each.price) for each in left] == [(5, 40000)]
    assert (package.visits, package.price) == (3, 25001)


def test_a_visit_is_for_its_offer_only(world: World, session: Session) -> None:
    world.bought()
    other = make.offer(session, world.coach)
    with refused("no-credit-left"):
        world.use(offer_id=other.id, starts_at=times(session, other)[5])


MOVES = st.sampled_from(["use", "use", "use", "cancel", "late", "finish", "return", "end", "buy"])


@settings(max_examples=20)
@given(st.lists(MOVES, max_size=14))
def test_the_books_hold_whatever_is_done_with_packages(app, moves: list[str]) -> None:
    with app.app_context(), transaction() as session:
        world = World(session)
        packages, booked, ours = [world.bought()], [], world.balance(ledger.FEE_INCOME)
        for move in moves:
            try:
                with session.begin_nested():
                    _do(world, session, move, packages, booked)
            except Conflict:
                pass
            check(session)
        spent = sum(each.price for each in packages)
        kept = sum(world.balance(ledger.credits(each.id)) for each in packages)
        held = sum(world.balance(ledger.held(each.id)) for each in (*booked, *packages))  # refunds not sent among it
        earned = world.balance(ledger.coach(world.coach.id)) + world.balance(ledger.FEE_INCOME) - ours
        assert spent == kept + held + earned


def _do(world: World, session: Session, move: str, packages: list, booked: list) -> None:
    if move == "use":
        booked.append(world.use())
    elif move == "buy":
        packages.append(world.bought(10))
    elif move == "return":
        service.return_unused(session, packages[-1].id, by=world.runner)
    elif move == "end":
        ending.end(session, packages[0].id)
    elif confirmed := [each for each in booked if each.is_confirmed]:
        if move == "finish":
            world.finish(confirmed[0])
        else:
            confirmed[0].agree(Policy(24 * 60 if move == "late" else 0))
            bookings.cancel(session, confirmed[0].id, by=world.runner)


def test_an_unknown_package_is_not_found(world: World, session: Session) -> None:
    with refused("package", NotFound):
        service.return_unused(session, uuid4(), by=world.runner)
    package = world.bought()
    with refused("package", NotFound):
        service.return_unused(session, package.id, by=make.user(session))
