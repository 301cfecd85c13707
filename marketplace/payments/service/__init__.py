"""What is done with money. Functions that take no session speak to Stripe and use transactions of their own."""

from marketplace.payments.queries import Sums, money_of, refunded_for
from marketplace.payments.queries import payment_of as status_of
from marketplace.payments.service.accounts import can_be_paid, look_at_account, open_account
from marketplace.payments.service.checkout import abandon, begin_checkout
from marketplace.payments.service.crediting import issue_credits, refund_credits, restore_credit, spend_credit
from marketplace.payments.service.disputing import look_at_dispute
from marketplace.payments.service.earning import complete, keep, release, retry_transfer
from marketplace.payments.service.orders import Line, open_order
from marketplace.payments.service.refunding import look_at_refund, refund, retry_refund, send_refund
from marketplace.payments.service.settling import settle
from marketplace.payments.service.sweeping import release_due, sweep
from marketplace.payments.service.taking import take_event, take_in

__all__ = [
    "Line",
    "Sums",
    "abandon",
    "begin_checkout",
    "can_be_paid",
    "complete",
    "issue_credits",
    "keep",
    "look_at_account",
    "look_at_dispute",
    "look_at_refund",
    "money_of",
    "open_account",
    "open_order",
    "refund",
    "refund_credits",
    "refunded_for",
    "release",
    "release_due",
    "restore_credit",
    "retry_refund",
    "retry_transfer",
    "send_refund",
    "settle",
    "spend_credit",
    "status_of",
    "sweep",
    "take_event",
    "take_in",
]
