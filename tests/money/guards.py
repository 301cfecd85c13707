"""The faults of money, what guards against each, and the test that fails when that guard is taken out.

`docs/faults.md` is this table; `test_guards.py` takes each guard out of a copy of the site and runs the test there.
"""

from dataclasses import dataclass
from itertools import groupby

PAYMENTS, SERVICE = "marketplace/payments", "marketplace/payments/service"
PAYING, OUT = "tests/payments/test_paying.py", "tests/payments/test_money_out.py"
HOOKS, BACK = "tests/payments/test_webhooks.py", "tests/payments/test_taking_back.py"
ALONE = "tests/payments/test_without_us.py"
THERE = "tests/payments/test_reversals_at_stripe.py"


@dataclass(frozen=True)
class Guard:
    """`old` in `file` is the guard, `new` the same without it."""

    number: int
    fault: str
    guard: str
    file: str
    old: str
    new: str
    test: str


def _key(number: int, fault: str, test: str) -> Guard:
    what = "the idempotency key is made of the row and its attempt"
    old, new = 'return f"{self.__tablename__}:{self.id}:{self.attempt}"', 'return f"{self.__tablename__}:{new_id()}"'
    return Guard(number, fault, what, f"{PAYMENTS}/models_out.py", old, new, test)


CHARGED_ONCE = "the entry of a charge is looked for before anything is changed"
HAS_ENTRY = "if queries.has_entry(session, ledger.charge_source(charged.charge_id)):"
GUARDS = (
    Guard(
        1,
        "webhook before the return page",
        "the event is a reason to look, in a job of its own",
        f"{SERVICE}/taking.py",
        '    enqueue(session, "payments.take_event"',
        '    dict(session=session, name="payments.take_event"',
        f"{HOOKS}::test_the_sandbox_tells_and_the_site_confirms_before_anybody_returns",
    ),
    Guard(
        2,
        "return page before the webhook",
        CHARGED_ONCE,
        f"{SERVICE}/settling.py",
        HAS_ENTRY,
        "if False:",
        f"{PAYING}::test_settling_again_changes_nothing",
    ),
    Guard(
        3,
        "the payer never returns",
        "the sweeper settles what is open",
        f"{SERVICE}/sweeping.py",
        "            take(checkout)\n",
        "            pass\n",
        f"{PAYING}::test_a_payment_that_nobody_told_of_is_found_by_the_sweeper",
    ),
    Guard(
        4,
        "the webhook never comes",
        "sessions are looked at two minutes after they were asked for",
        f"{PAYMENTS}/queries/hanging.py",
        "unseen, or_(waiting, col(Payment.expires_at) < now)",
        "unseen, col(Payment.expires_at) < now",
        f"{PAYING}::test_a_payment_that_nobody_told_of_is_found_by_the_sweeper",
    ),
    Guard(
        5,
        "an event twice",
        "an event is stored under its own id",
        f"{SERVICE}/taking.py",
        ".on_conflict_do_nothing().returning",
        ".returning",
        f"{HOOKS}::test_a_doubled_event_is_stored_once",
    ),
    Guard(
        6,
        "an event many times at once",
        "the same, by a constraint of the database",
        f"{SERVICE}/taking.py",
        ".on_conflict_do_nothing().returning",
        ".returning",
        f"{HOOKS}::test_an_event_that_comes_fifty_times_at_once_is_stored_and_done_once",
    ),
    Guard(
        7,
        "webhook and return page at once",
        CHARGED_ONCE + ", under the lock of the payment",
        f"{SERVICE}/settling.py",
        HAS_ENTRY,
        "if False:",
        f"{PAYING}::test_three_settle_at_once_and_one_does_it",
    ),
    Guard(
        8,
        "events out of order",
        "what an event says is not believed",
        f"{SERVICE}/taking.py",
        '    look = LOOKS.get(thing.get("object", ""))\n',
        '    look = LOOKS.get(thing.get("object", ""))\n'
        "    with transaction(write=False) as session:\n"
        "        said = session.get_one(StripeEvent, event_id).type\n"
        '    if said.endswith("expired"):\n'
        "        from marketplace.jobs import publish\n"
        "        with transaction() as session:\n"
        '            publish(session, "payment.expired", order_id=None)\n',
        f"{HOOKS}::test_the_order_of_arrival_does_not_matter",
    ),
    Guard(
        9,
        "bad, old or foreign signature, changed body",
        "the signature is verified",
        f"{PAYMENTS}/stripe.py",
        "if not any(_signed(text, signature, secret) for secret in self._webhook_secrets):",
        "if False:",
        f"{HOOKS}::test_what_stripe_did_not_sign_is_refused_and_nothing_is_stored",
    ),
    Guard(
        10,
        "crash before the session call",
        "an order that is over ends, session or none",
        f"{SERVICE}/sweeping.py",
        "if over and payment.is_open and payment.expires_at < now:",
        "if False:",
        f"{PAYING}::test_a_crash_before_the_call_leaves_an_order_that_can_be_paid_or_ends",
    ),
    Guard(
        11,
        "crash after the session call, before the commit",
        "the same key makes the same session",
        f"{SERVICE}/checkout.py",
        'key=f"checkout:{payment_id}:{attempt}"',
        'key=f"checkout:{new_id()}"',
        f"{PAYING}::test_a_crash_after_the_call_makes_no_second_session",
    ),
    _key(
        12,
        "the same for a refund",
        f"{OUT}::test_a_refund_without_an_answer_is_sent_again_under_its_key_and_happens_once",
    ),
    _key(13, "the same for a transfer", f"{OUT}::test_a_transfer_without_an_answer_happens_once"),
    Guard(
        14,
        "time-out, 500, 409, 429, then success",
        "only a definite no is a refusal",
        f"{PAYMENTS}/stripe.py",
        "kind = Refused if isinstance(error, DEFINITE) else Unclear",
        "kind = Refused",
        f"{OUT}::test_a_transfer_without_an_answer_happens_once",
    ),
    Guard(
        15,
        "declined, then another card; 3-D Secure abandoned",
        "only a paid session brings a charge",
        f"{PAYMENTS}/stripe.py",
        'charged=_charged(session) if session.payment_status == "paid" else None',
        "charged=_charged(session)",
        f"{PAYING}::test_a_declined_card_and_an_unfinished_challenge_leave_the_order_open",
    ),
    Guard(
        16,
        "two runners, one time, one instant",
        "a visit owns its minutes: one claim for each granule",
        "marketplace/scheduling/service/calendar.py",
        "            session.execute(insert(Claim), rows)\n",
        "            del rows\n",
        "tests/bookings/test_race.py::test_claims_alone_keep_two_visits_apart",
    ),
    Guard(
        17,
        "double click, two tabs, back button",
        "what earlier attempts left open is ended",
        f"{SERVICE}/checkout.py",
        "            _end_others(order_id, made)\n",
        "",
        f"{PAYING}::test_a_session_that_only_stripe_remembers_ends_when_another_takes_its_place",
    ),
    Guard(
        18,
        "paid in the last second, after the time was sold again",
        "the time is taken again, or all goes back",
        "marketplace/bookings/service/paying.py",
        "                _retake(session, booking, offer, calendar.timezone, now)\n",
        "                pass\n",
        "tests/bookings/test_given_back.py::test_what_is_paid_after_the_hold_is_the_session_or_all_of_the_money_and_other_times",
    ),
    Guard(
        19,
        "expiry refused because it was just paid",
        "what was paid a moment ago is settled, not ended",
        f"{SERVICE}/checkout.py",
        "    elif checkout.charged:\n        take(checkout)\n",
        "",
        f"{PAYING}::test_giving_up_just_after_paying_is_paying",
    ),
    Guard(
        20,
        "price changed meanwhile; amount, currency or reference differ",
        "what came in is compared with what was agreed",
        f"{SERVICE}/settling.py",
        "checkout.reference) != agreed:",
        "checkout.reference) == ():",
        f"{PAYING}::test_money_that_is_not_what_was_agreed_goes_back_whole",
    ),
    Guard(
        21,
        "a refund that fails days later",
        "its failure is taken in, and it is tried again",
        f"{SERVICE}/adopting.py",
        "if seen.status in OVER and row.status == RefundStatus.SENT:",
        "if False:",
        f"{OUT}::test_a_refund_that_bounces_days_later_is_held_again_and_sent_anew",
    ),
    Guard(
        22,
        "cancelled twice",
        "a refund has a reason, and a reason one refund",
        f"{SERVICE}/refunding.py",
        "if known is not None or amount == 0:",
        "if amount == 0:",
        f"{OUT}::test_cancelled_twice_is_refunded_once",
    ),
    Guard(
        22,
        "cancelled while the share is on its way",
        "what was sent too much is reversed",
        f"{SERVICE}/earning.py",
        "        reversing.match(session, row, due)\n",
        "        pass\n",
        f"{BACK}::test_a_refund_after_the_transfer_takes_the_coachs_part_back",
    ),
    Guard(
        22,
        "a reversal called off while it is sent",
        "who decides reads reversals under their locks",
        f"{PAYMENTS}/queries/back.py",
        "    found = select(Reversal).where(col(Reversal.transfer_id) == transfer_id).order_by(col(Reversal.id))\n"
        "    return session.execute(found.with_for_update(), ",
        "    found = select(Reversal).where(col(Reversal.transfer_id) == transfer_id).order_by(col(Reversal.id))\n"
        "    return session.execute(found, ",
        f"{THERE}::test_a_reversal_is_not_called_off_while_it_is_being_sent",
    ),
    Guard(
        23,
        "reversal refused",
        "it is tried again once a day",
        f"{SERVICE}/sweeping.py",
        "_each(send_reversal, unsent) + _each(_take_back_anew, failed)",
        "_each(send_reversal, unsent)",
        f"{BACK}::test_a_refused_reversal_is_a_debt_in_the_books_and_tried_once_a_day",
    ),
    Guard(
        24,
        "dispute before the transfer",
        "a disputed payment's share is not sent",
        f"{SERVICE}/earning.py",
        "or payment.disputed_at or row.stopped_at:",
        "or row.stopped_at:",
        f"{OUT}::test_a_dispute_stops_the_transfer_and_a_won_one_lets_it_go",
    ),
    Guard(
        24,
        "refund made on Stripe's pages",
        "what went back without us is taken over",
        f"{SERVICE}/adopting.py",
        "            _adopt(session, seen)\n",
        "            pass\n",
        f"{ALONE}::test_a_refund_made_at_stripe_is_taken_over_once",
    ),
    Guard(
        24,
        "dispute after a transfer whose answer was lost",
        "a transfer that we know nothing of is taken in",
        f"{SERVICE}/recalling.py",
        "        earning.take_over_transfer(stripe().retrieve_transfer(stripe_transfer_id))\n",
        "        pass\n",
        f"{OUT}::test_a_transfer_whose_answer_was_lost_is_in_the_books_though_a_bank_stops_it_meanwhile",
    ),
    Guard(
        24,
        "refund refused for a dispute whose news never came",
        "the dispute is looked for, and the refund waits for the bank",
        f"{SERVICE}/disputing.py",
        "                refunding.wait(session, row.charge_id)\n",
        "                pass\n",
        "tests/payments/test_disputes.py::test_a_refund_refused_for_a_dispute_that_nobody_told_of_waits_for_the_bank",
    ),
    Guard(
        24,
        "reversal made on Stripe's pages",
        "what came back without us is taken over",
        f"{SERVICE}/recalling.py",
        "                _adopt(session, transfer, rows, each)\n",
        "                pass\n",
        f"{THERE}::test_a_reversal_made_at_stripe_is_taken_over_once",
    ),
    Guard(
        25,
        "the site was down for days",
        "after a day Stripe is asked what it did before it is asked to do it",
        f"{SERVICE}/sending.py",
        "if _key_may_be_forgotten(row) else None",
        "if False else None",
        f"{OUT}::test_after_a_day_a_refund_is_looked_for_before_it_is_sent_again",
    ),
)


def page() -> str:
    """The table as docs/faults.md has it."""
    lines = [HEAD, "| fault | guard | where | test that fails without it |", "|---|---|---|---|"]
    for number, guards in groupby(GUARDS, lambda each: each.number):
        for each in guards:
            test = each.test.replace("tests/", "").replace(".py::", ": ")
            file = each.file.removeprefix("marketplace/")
            lines.append(f"| {number} {each.fault} | {each.guard} | `{file}` | `{test}` |")
    return "\n".join(lines) + "\n"


HEAD = """# Faults that money survives

Each row's guard is taken out of a copy of the site by `tests/money/test_guards.py`, and its test must fail there: one
of them in `make test`, all in `make chaos`. The table is made from `tests/money/guards.py`, and a test compares them.
What happens in any order, and under kills, is in `tests/money/test_model.py` and `test_kills.py`.
"""
