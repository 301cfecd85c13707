"""What is done with money. Functions that take no session speak to Stripe and use transactions of their own."""

from marketplace.payments.queries import refunded_for, was_rejected
from marketplace.payments.service.accounts import can_be_paid, look_at_account, open_account
from marketplace.payments.service.adopting import look_at_refund
from marketplace.payments.service.banking import look_at_payout
from marketplace.payments.service.checkout import abandon, begin_checkout
from marketplace.payments.service.comparing import Difference, compare, compare_in_turn, differences
from marketplace.payments.service.crediting import issue_credits, refund_credits, restore_credit, spend_credit
from marketplace.payments.service.disputing import look_at_charge, look_at_dispute, send_evidence
from marketplace.payments.service.earning import COOLING, complete, let_go, release, retry_transfer, stop
from marketplace.payments.service.orders import TO_PAY, Line, open_order
from marketplace.payments.service.recalling import look_at_transfer
from marketplace.payments.service.receipting import register
from marketplace.payments.service.refunding import refund, retry_refund, send_refund
from marketplace.payments.service.reversing import retry_reversal, send_reversal, write_off
from marketplace.payments.service.settling import settle
from marketplace.payments.service.sweeping import release_due, sweep
from marketplace.payments.service.taking import take_event, take_in

__all__ = [
    "COOLING",
    "TO_PAY",
    "Difference",
    "Line",
    "abandon",
    "begin_checkout",
    "can_be_paid",
    "compare",
    "compare_in_turn",
    "complete",
    "differences",
    "issue_credits",
    "let_go",
    "look_at_account",
    "look_at_charge",
    "look_at_dispute",
    "look_at_payout",
    "look_at_refund",
    "look_at_transfer",
    "open_account",
    "open_order",
    "refund",
    "refund_credits",
    "register",
    "refunded_for",
    "release",
    "release_due",
    "restore_credit",
    "retry_refund",
    "retry_reversal",
    "retry_transfer",
    "send_evidence",
    "send_refund",
    "send_reversal",
    "settle",
    "spend_credit",
    "stop",
    "sweep",
    "take_event",
    "take_in",
    "was_rejected",
    "write_off",
]
