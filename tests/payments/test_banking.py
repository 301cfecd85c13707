"""What Stripe does with our balance by itself, and charges that it keeps in another currency than they came in."""

from datetime import timedelta

from marketplace import clock
from marketplace.db import transaction
from marketplace.payments import invariants, ledger, queries, service
from tests.payments.test_without_us import balance, disputed
from tests.payments.test_without_us import refunds as refunded


def soon():
    return clock.now() + timedelta(minutes=1)


def test_a_payout_and_a_fee_of_stripes_are_written_down_once(shop):  # 4
    shop.paid()
    shop.browser.knobs(take_fee="cad", pay_out="cad")
    assert {each.kind for each in service.differences(until=soon())} == {"payout", "stripe_fee"}
    for _ in range(2):
        assert service.compare(until=soon()) == 0
    assert service.differences(until=soon()) == []
    assert balance(shop, ledger.BANK) == 9500 - 306 - 200
    assert (balance(shop, ledger.STRIPE), balance(shop, ledger.STRIPE_FEES)) == (0, 506)
    shop.check()


def test_what_we_add_ourselves_is_our_banks(shop):
    shop.browser.knobs(top_up="cad")
    service.compare(until=soon())
    assert (balance(shop, ledger.BANK), balance(shop, ledger.STRIPE)) == (-1_000_000, 1_000_000)
    shop.check()


def test_two_payouts_and_two_fees_of_one_amount_are_two(shop):
    for _ in range(2):
        shop.paid()
        shop.browser.knobs(take_fee="cad", pay_out="cad")
    service.compare()
    assert balance(shop, ledger.BANK) == 2 * (9500 - 306 - 200)
    shop.check()


def test_a_payout_that_does_not_arrive_is_ours_at_stripe_again(shop):
    shop.paid()
    shop.browser.knobs(pay_out="cad")
    payout = shop.stripe._client.v1.payouts.list().data[0].id
    service.look_at_payout(payout)
    shop.browser.knobs(fail_payout=payout)
    service.look_at_payout(payout)
    assert (balance(shop, ledger.BANK), balance(shop, ledger.STRIPE)) == (0, 9500 - 306)
    shop.check()


def test_the_event_of_a_payout_is_enough(shop, site):
    shop.paid()
    shop.work()
    shop.browser.knobs(pay_out="cad")
    for _ in range(100):
        shop.work()
        if balance(shop, ledger.BANK):
            break
    assert balance(shop, ledger.BANK) == 9500 - 306
    shop.check()


def test_what_stripe_converts_into_another_currency_goes_back_whole(shop, heard):  # 20
    shop.browser.knobs(settles_in="usd")
    order_id = shop.paid()
    assert shop.payment(order_id).status == "rejected"
    shop.work()
    assert refunded(shop) == [(9500, "paid-otherwise", "sent")]
    assert [event for event, _ in heard] == ["payment.rejected"]
    with transaction(write=False) as session:
        assert queries.balance(session, ledger.STRIPE_FEES, "CAD") == 0  # the fee is of the other currency
        assert invariants.broken(session) == []
        (found,) = invariants.unlike_stripe(session, shop.stripe)
    assert found == "our books have 0 USD at Stripe, Stripe has -405"
    assert {each.currency for each in service.differences(until=soon())} == {"CAD", "USD"}


def test_a_dispute_that_stripe_books_in_another_currency_is_of_what_was_charged(shop):  # 24
    order_id = shop.paid()
    shop.browser.knobs(settles_in="usd")
    dispute = disputed(shop, order_id)
    shop.browser.knobs(lose_dispute=dispute)
    service.look_at_dispute(dispute)
    assert refunded(shop) == [(9500, "dispute", "sent")]
    assert balance(shop, ledger.held(shop.reference(order_id))) == 0
    assert balance(shop, ledger.STRIPE_FEES) == 306
