"""From an order to paid, whoever brings the news and however often; the numbers are those of the list of faults."""

from datetime import timedelta

import pytest

from marketplace import clock
from marketplace.errors import Conflict, NotFound
from marketplace.payments import service
from marketplace.payments.answers import Purchase
from marketplace.payments.models import Payment, Refund
from tests.payments.conftest import at_once

SESSIONS = "/v1/checkout/sessions"


def test_an_order_is_paid_and_the_books_hold_the_money(shop, heard):
    order_id = shop.order()
    service.settle(shop.pay(order_id))
    payment = shop.payment(order_id)
    assert (payment.status, payment.charged, payment.fee) == ("paid", 9500, 1425)
    assert payment.charge_id.startswith("ch_")
    assert heard == [("payment.succeeded", order_id)]
    shop.check()


def test_a_payment_is_booked_at_stripe_before_anybody_asks_for_its_fee(shop):
    order_id = shop.order()
    service.settle(shop.pay(order_id))
    intents = shop.stripe._client.v1.payment_intents
    assert intents.retrieve(shop.payment(order_id).payment_intent_id).capture_method == "automatic"
    assert shop.stripe_fees() > 0


def test_what_costs_nothing_is_paid_without_stripe(shop, heard):
    order_id = shop.order(0)
    assert shop.payment(order_id).status == "paid"
    assert heard == [("payment.succeeded", order_id)]
    assert shop.refund(order_id, 0) is None
    assert shop.earn(order_id) is None
    shop.check()


def test_settling_again_changes_nothing(shop, heard):  # 1, 2
    order_id = shop.order()
    session_id = shop.pay(order_id)
    for _ in range(3):
        service.settle(session_id)
    assert heard == [("payment.succeeded", order_id)]
    shop.check()


@pytest.mark.both_databases
def test_three_settle_at_once_and_one_does_it(shop, heard):  # 7
    order_id = shop.order()
    session_id = shop.pay(order_id)
    assert at_once(shop.app, *[lambda: service.settle(session_id)] * 3) == [None] * 3
    assert heard == [("payment.succeeded", order_id)]
    shop.check()


def test_a_payment_that_nobody_told_of_is_found_by_the_sweeper(shop, heard):  # 3, 4
    order_id = shop.order()
    shop.pay(order_id)
    service.sweep()
    assert heard == []
    shop.change(Payment, called_at=clock.now() - timedelta(minutes=3))
    service.sweep()
    assert heard == [("payment.succeeded", order_id)]


def test_an_open_page_is_left_alone_by_the_sweeper(shop):
    order_id = shop.order()
    url = shop.begin(order_id)
    shop.change(Payment, called_at=clock.now() - timedelta(minutes=3))
    service.sweep()
    assert shop.begin(order_id) == url


def test_a_crash_before_the_call_leaves_an_order_that_can_be_paid_or_ends(shop, heard):  # 10
    first, second = shop.order(), shop.order()
    shop.change(Payment, called_at=clock.now())
    service.settle(shop.pay(first))
    shop.change(Payment, expires_at=clock.now() - timedelta(seconds=1))
    service.sweep()
    assert heard == [("payment.succeeded", first), ("payment.expired", second)]


def test_a_crash_after_the_call_makes_no_second_session(shop):  # 11, 14
    order_id = shop.order()
    shop.browser.knobs(fail={"path": SESSIONS, "status": 500, "when": "after"})
    with shop.in_a_hurry(), pytest.raises(Conflict) as refused:
        shop.begin(order_id)
    assert refused.value.kind == "stripe-away"
    assert shop.payment(order_id).checkout_session_id is None
    service.settle(shop.pay(order_id))
    assert len(shop.stripe.find_checkouts(str(shop.payment(order_id).id), since=shop.payment(order_id).created_at)) == 1
    shop.check()


def test_a_session_that_only_stripe_remembers_is_found_when_the_hold_is_over(shop, heard):  # 11
    order_id = shop.order()
    shop.browser.knobs(fail={"path": SESSIONS, "status": 500, "when": "after"})
    with pytest.raises(Conflict):
        shop.begin(order_id)
    payment = shop.payment(order_id)
    (lost,) = shop.stripe.find_checkouts(str(payment.id), since=payment.created_at)
    shop.change(Payment, expires_at=clock.now() - timedelta(seconds=1))
    service.sweep()
    assert shop.stripe.retrieve_checkout(lost.id).status == "expired"
    assert heard == [("payment.expired", order_id)]


@pytest.mark.parametrize("fault", [{"status": 500}, {"status": 409}, {"status": 429}, {"delay_seconds": 1.5}])
def test_stripe_away_for_a_moment_is_said_and_the_next_try_works(shop, fault):  # 14
    order_id = shop.order()
    shop.browser.knobs(fail={"path": SESSIONS, **fault})
    with shop.in_a_hurry(), pytest.raises(Conflict) as refused:
        shop.begin(order_id)
    assert refused.value.kind == "stripe-away"
    service.settle(shop.pay(order_id))
    assert shop.payment(order_id).status == "paid"
    shop.check()


def test_a_declined_card_and_an_unfinished_challenge_leave_the_order_open(shop, heard):  # 15
    order_id = shop.order()
    service.settle(shop.pay(order_id, "4000 0000 0000 0002"))
    service.settle(shop.pay(order_id, "4000 0025 0000 3155"))
    assert shop.payment(order_id).status == "pending"
    service.settle(shop.pay(order_id))
    assert heard == [("payment.succeeded", order_id)]
    shop.check()


def test_a_challenge_that_is_abandoned_ends_with_the_hold(shop, heard):  # 15
    order_id = shop.order()
    shop.pay(order_id, "4000 0025 0000 3155")
    shop.change(Payment, expires_at=clock.now() - timedelta(seconds=1))
    service.sweep()
    assert heard == [("payment.expired", order_id)]


@pytest.mark.both_databases
def test_a_double_click_two_tabs_and_the_back_button_lead_to_one_page(shop):  # 17
    order_id = shop.order()
    first, second = at_once(shop.app, lambda: shop.begin(order_id), lambda: shop.begin(order_id))
    assert first == second == shop.begin(order_id)
    service.settle(shop.pay(order_id))
    with pytest.raises(Conflict) as refused:
        shop.begin(order_id)
    assert refused.value.kind == "already-paid"


def test_going_back_to_the_page_after_paying_settles_instead(shop, heard):  # 17
    order_id = shop.order()
    shop.pay(order_id)
    with pytest.raises(Conflict) as refused:
        shop.begin(order_id)
    assert refused.value.kind == "already-paid"
    assert heard == [("payment.succeeded", order_id)]


def sessions(shop, order_id):
    """The sessions of an order at Stripe by status, whoever remembers them."""
    payment = shop.payment(order_id)
    found = shop.stripe.find_checkouts(str(payment.id), since=payment.created_at)
    return sorted(checkout.status for checkout in found)


def in_french(order_id, email="runner@example.com"):
    to = "http://localhost/fr/"
    return service.begin_checkout(order_id, success_url=to, cancel_url=to, customer_email=email)


@pytest.mark.both_databases
def test_two_tabs_in_two_languages_lead_to_one_page(shop):  # 17
    order_id = shop.order()
    acts = [lambda: shop.begin(order_id), lambda: in_french(order_id)] * 2
    urls = at_once(shop.app, *acts)
    assert len(set(urls)) == 1 and urls[0].startswith(shop.browser.pages)
    assert sessions(shop, order_id) == ["open"]
    assert service.abandon(order_id) is True
    assert sessions(shop, order_id) == ["expired"]


def test_tabs_that_differ_in_more_never_leave_two_pages_open(shop):  # 17
    order_id = shop.order()
    acts = [lambda n=n: in_french(order_id, f"runner{n}@example.com") for n in range(3)]
    urls = {url for url in at_once(shop.app, *acts) if isinstance(url, str)}
    assert len(urls) == 1
    assert sessions(shop, order_id).count("open") == 1


def test_a_session_that_came_too_late_is_ended_and_the_remembered_one_handed_out(shop):
    order_id = shop.order()
    create = shop.stripe.create_checkout
    others = []

    class Slow:
        """Stripe as it answers when another attempt was made and remembered during the call."""

        def __getattr__(self, name):
            return getattr(stripe, name)

        def create_checkout(self, purchase, *, key):
            made = create(purchase, key=key)
            if not others:
                others.append(None)
                shop.change(Payment, attempt=2, success_url=None, cancel_url=None)
                others[0] = in_french(order_id)
            return made

    stripe = shop.stripe
    shop.app.extensions["stripe"] = Slow()
    assert shop.begin(order_id) == others[0]
    assert sessions(shop, order_id) == ["expired", "open"]


def test_a_session_that_only_stripe_remembers_ends_when_another_takes_its_place(shop):  # 11
    order_id = shop.order()
    shop.browser.knobs(fail={"path": SESSIONS, "status": 500, "when": "after"})
    with pytest.raises(Conflict):
        shop.begin(order_id)
    in_french(order_id, "another@example.com")
    assert shop.payment(order_id).attempt == 2
    assert sessions(shop, order_id) == ["expired", "open"]


def test_a_try_after_a_lost_answer_gets_the_page_that_was_made(shop):  # 11
    order_id = shop.order()
    shop.browser.knobs(fail={"path": SESSIONS, "status": 500, "when": "after"})
    with pytest.raises(Conflict):
        shop.begin(order_id)
    assert in_french(order_id).startswith(shop.browser.pages)
    assert shop.payment(order_id).attempt == 1
    assert sessions(shop, order_id) == ["open"]


def test_a_page_opened_late_gets_stripes_thirty_minutes(shop):
    order_id = shop.order(minutes=12)
    shop.begin(order_id)
    payment = shop.payment(order_id)
    assert payment.expires_at - clock.now() > timedelta(minutes=30)


def test_money_that_comes_after_the_end_is_told_as_success_for_the_booking_to_judge(shop, heard):  # 18
    order_id = shop.order()
    session_id = shop.pay(order_id)
    shop.change(Payment, status="expired")
    service.settle(session_id)
    assert shop.payment(order_id).status == "paid"
    assert heard == [("payment.succeeded", order_id)]
    shop.check()


def test_giving_up_just_after_paying_is_paying(shop, heard):  # 19
    order_id = shop.order()
    shop.pay(order_id)
    assert service.abandon(order_id) is False
    assert heard == [("payment.succeeded", order_id)]


@pytest.mark.both_databases
def test_giving_up_and_paying_at_once_end_in_the_same_story(shop):  # 19
    order_id = shop.order()
    session_id = shop.open_page(order_id)
    gave_up, _ = at_once(shop.app, lambda: service.abandon(order_id), lambda: shop.pay_on(session_id))
    service.settle(session_id)
    status = shop.payment(order_id).status
    assert (gave_up, status) in [(True, "expired"), (False, "paid")]
    shop.check()


def test_giving_up_closes_stripes_page(shop):
    order_id = shop.order()
    session_id = shop.open_page(order_id)
    assert service.abandon(order_id) is True
    assert service.abandon(order_id) is True
    assert shop.stripe.retrieve_checkout(session_id).status == "expired"
    with pytest.raises(Conflict) as refused:
        shop.begin(order_id)
    assert refused.value.kind == "payment-over"


def test_nothing_is_given_up_while_stripe_cannot_be_asked(shop):
    order_id = shop.order()
    session_id = shop.open_page(order_id)
    shop.browser.knobs(fail={"path": f"{SESSIONS}/{session_id}", "method": "GET", "status": 500})
    with pytest.raises(Conflict):
        service.abandon(order_id)
    assert shop.payment(order_id).status == "pending"


def test_a_session_that_stripe_does_not_know_is_said_and_leaves_the_order_as_it_is(shop):
    order_id = shop.order()
    shop.begin(order_id)
    shop.change(Payment, checkout_session_id="cs_test_of_somebody_else")
    for act in (service.abandon, shop.begin):
        with pytest.raises(Conflict) as refused:
            act(order_id)
        assert refused.value.kind == "stripe-away"
    assert shop.payment(order_id).status == "pending"


@pytest.mark.parametrize("changed", [{"amount": 9000}, {"currency": "USD"}])
def test_money_that_is_not_what_was_agreed_goes_back_whole(shop, heard, changed):  # 20
    order_id = shop.order()
    session_id = shop.pay(order_id)
    shop.change(Payment, fee=0, **changed)
    service.settle(session_id)
    shop.work()
    assert shop.payment(order_id).status == "rejected"
    (refund,) = shop.all(Refund)
    assert (refund.amount, refund.status, refund.reason) == (9500, "sent", "paid-otherwise")
    assert [event for event, _ in heard] == ["payment.rejected"]
    assert shop.stripe.balance_totals() == {"CAD": -shop.stripe_fees()}
    shop.check()


def test_a_second_charge_for_one_order_goes_back_whole(shop):
    order_id = shop.order()
    first, payment = shop.pay(order_id), shop.payment(order_id)
    address, over = f"{shop.address}/", payment.expires_at.replace(microsecond=0)
    lines = (("Form review", 9500),)
    stray = Purchase(str(payment.id), str(order_id), lines, "CAD", "r@example.com", address, address, over)
    second = shop.pay_on(shop.stripe.create_checkout(stray, key=f"stray:{order_id}").id)
    for session_id in (first, second, first, second):
        service.settle(session_id)
    shop.work()
    (refund,) = shop.all(Refund)
    assert (refund.amount, refund.status, refund.reason) == (9500, "sent", "paid-twice")
    shop.check()


def test_a_session_that_is_not_ours_is_not_found(shop):
    with pytest.raises(NotFound):
        service.settle("cs_test_of_somebody_else")
