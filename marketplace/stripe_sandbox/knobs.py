"""Knobs: everything that goes wrong in the world, on request. JSON for tests, a page for people."""

import json
from collections.abc import Callable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from marketplace.stripe_sandbox import accounts, disputes, faults, payouts, refunds, transfers
from marketplace.stripe_sandbox.desk import Desk
from marketplace.stripe_sandbox.refusals import Refusal
from marketplace.stripe_sandbox.sandbox import here
from marketplace.stripe_sandbox.shapes import Thing

bp = Blueprint("knobs", __name__)

# a knob with a number of times, a number, a yes or no, or a word; its resting position
SETTINGS: dict[str, int | float | bool | str] = {
    "clock_shift_seconds": 0,
    "webhooks_dropped": 0,
    "webhooks_doubled": 0,
    "webhooks_badly_signed": 0,
    "webhook_delay_seconds": 0.0,
    "webhook_signature_age_seconds": 0,
    "webhooks_shuffled": False,
    "webhooks_paused": False,
    "refunds_pending": 0,
    "reversals_refused": 0,
    "settles_in": "",  # the one currency in which the platform has a balance; none: in every currency
}


def _close(won: bool) -> Callable[[Desk, str], Thing]:
    return lambda desk, dispute_id: disputes.close(desk, dispute_id, won=won)


def _of_charge(act: Callable[[Desk, str, int | None], Thing]) -> Callable[[Desk, str], Thing]:
    """An act on what is left of a charge ("ch_1"), or on a part of it in minor units ("ch_1 2500")."""

    def run(desk: Desk, value: str) -> Thing:
        charge_id, _, part = value.strip().partition(" ")
        if part and not part.strip().isdecimal():
            raise Refusal(f"{part} is no number of cents.")
        return act(desk, charge_id, int(part) if part else None)

    return run


def _refund(desk: Desk, charge_id: str, amount: int | None) -> Thing:
    return refunds.create(desk, {"charge": charge_id} | ({} if amount is None else {"amount": amount}))


# something that happens at once to the object named
ACTS: dict[str, Callable[[Desk, Any], Any]] = {
    "copy_account": accounts.copy,
    "finish_account": accounts.finish,
    "disable_account": accounts.disable,
    "ask_account": accounts.ask,
    "deauthorize_account": accounts.deauthorize,
    "fail_refund": lambda desk, refund_id: refunds.settle(desk, refund_id, failed=True),
    "settle_refund": lambda desk, refund_id: refunds.settle(desk, refund_id, failed=False),
    "refund_charge": _of_charge(_refund),
    "reverse_transfer": lambda desk, transfer_id: transfers.reverse(desk, transfer_id, {}),
    "pay_out": payouts.pay_out,
    "fail_payout": payouts.fail,
    "take_fee": payouts.take_fee,
    "top_up": payouts.top_up,
    "dispute_charge": _of_charge(disputes.open_one),
    "inquire_charge": _of_charge(disputes.inquire),
    "resolve_charge": _of_charge(disputes.resolve),
    "block_charge": _of_charge(disputes.block),
    "escalate_dispute": disputes.escalate,
    "win_dispute": _close(True),
    "lose_dispute": _close(False),
    "appeal_dispute": disputes.appeal,
    "send_again": lambda desk, event_id: _send_again(desk, event_id),
}
PART = "; a part of it by “ch_… 2500”, in cents"
HINTS = {
    "refund_charge": "as somebody does on Stripe’s dashboard" + PART,
    "reverse_transfer": "as somebody does on Stripe’s dashboard",
    "pay_out": "all that is available in a currency, to our own bank; give the currency instead of an id",
    "fail_payout": "our bank sends it back",
    "top_up": "10 000 of our own into the balance; give the currency instead of an id",
    "take_fee": "Stripe takes a fee of its own; give the currency instead of an id",
    "dispute_charge": "the money goes, and comes back when it is won; several of parts are possible" + PART,
    "inquire_charge": "the bank asks, and no money moves unless it escalates (warning_needs_response)" + PART,
    "resolve_charge": "given back by a rule before there is a dispute (prevented)" + PART,
    "block_charge": "dropped before there is a dispute, no money moves (prevented)",
    "escalate_dispute": "an inquiry becomes a dispute",
    "win_dispute": "or close an inquiry (warning_closed)",
    "appeal_dispute": "a lost one is open again (appeal_needs_response); then win or lose it",
}
"""What the page says beside an act."""


@bp.get("/knobs")
def show() -> ResponseReturnValue:
    """Where the knobs stand, the last calls and deliveries."""
    with here().desk() as desk:
        state = _state(desk)
    if request.accept_mimetypes.best == "application/json":
        return state
    return render_template("sandbox/knobs.html", state=state, settings=SETTINGS, acts=ACTS, hints=HINTS)


@bp.post("/knobs")
def turn() -> ResponseReturnValue:
    """Turn knobs: `{"fail": {...}}`, `{"reset": true}`, settings by name, acts with the id they act on."""
    wishes = request.get_json() if request.is_json else _from_form()
    for name, value in wishes.items():
        _turn(name, value)
    if not request.is_json:
        return redirect(url_for("knobs.show"), 303)
    with here().desk() as desk:
        return _state(desk)


def _turn(name: str, value: Any) -> None:
    if name == "fail":
        faults.plan(here(), value)
        return
    with here().desk() as desk:
        if name == "reset":
            _reset(desk)
        elif name in SETTINGS:
            desk.turn(name, type(SETTINGS[name])(value))
        elif name in ACTS:
            ACTS[name](desk, value)
        else:
            raise Refusal(f"There is no knob {name}.", status=404)


def _from_form() -> dict[str, Any]:
    """One form is one knob: its name and its value; a fault's value is JSON."""
    name, value = request.form.get("knob", ""), request.form.get("value", "")
    if name in SETTINGS and isinstance(SETTINGS[name], bool):
        return {name: value == "true"}
    try:
        is_number = not isinstance(SETTINGS.get(name, ""), str)
        return {name: json.loads(value) if name == "fail" else float(value) if is_number else value}
    except ValueError:
        raise Refusal(f"{value} is no value for {name}.") from None


def _reset(desk: Desk) -> None:
    for name, resting in SETTINGS.items():
        desk.turn(name, resting)
    desk.turn("faults", [])
    desk.connection.execute("DELETE FROM calls")


def _send_again(desk: Desk, event_id: str) -> None:
    """Deliver an event once more, as Stripe's dashboard does."""
    desk.get("event", event_id)
    desk.connection.execute("UPDATE letters SET state = 'due', attempts = 0 WHERE event = ?", (event_id,))


def _state(desk: Desk) -> Thing:
    calls = desk.connection.execute("SELECT method, path, key, status FROM calls ORDER BY number DESC LIMIT 200")
    deliveries = desk.connection.execute(
        "SELECT event, state, attempts, last_answer, json_extract(body, '$.type') AS type"
        " FROM letters JOIN things ON things.id = letters.event ORDER BY letters.number DESC LIMIT 200"
    )
    return {
        "settings": {name: desk.knob(name, resting) for name, resting in SETTINGS.items()},
        "faults": desk.knob("faults", []),
        "calls": [dict(row) for row in calls],
        "deliveries": [dict(row) for row in deliveries],
        "now": desk.now,
    }
