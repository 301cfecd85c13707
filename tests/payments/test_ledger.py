"""The ledger's rules balance, whatever the amounts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.payments import ledger

amounts = st.integers(min_value=1, max_value=1_000_000)


@given(whole=amounts, percent=st.integers(0, 50), data=st.data())
def test_a_refund_is_drawn_whole_and_from_what_is_held_first(whole, percent, data):
    fee = whole * percent // 100
    held = data.draw(st.integers(0, whole))
    amount = data.draw(st.integers(1, whole))
    drawn = ledger.draw(amount, held_now=held, whole=whole, fee=fee)
    assert drawn.total == amount
    assert drawn.held == min(amount, held)
    assert min(drawn.coach, drawn.fee) >= 0


@given(whole=amounts, percent=st.integers(0, 50), data=st.data())
def test_several_refunds_take_from_coach_and_fee_what_one_of_all_would(whole, percent, data):
    fee, before, coach, ours = whole * percent // 100, 0, 0, 0
    while before < whole:
        part = data.draw(st.integers(max(1, (whole - before) // 3), whole - before))
        drawn = ledger.draw(part, held_now=0, whole=whole, fee=fee, before=before)
        assert min(drawn.coach, drawn.fee) >= 0
        before, coach, ours = before + part, coach + drawn.coach, ours + drawn.fee
    assert (coach, ours) == (whole - fee, fee)


@given(whole=amounts, percent=st.integers(0, 50))
def test_the_fee_of_the_whole_is_the_whole_fee(whole, percent):
    fee = whole * percent // 100
    assert ledger.fee_of(whole, whole=whole, fee=fee) == fee
    assert ledger.fee_of(0, whole=whole, fee=fee) == 0


@given(
    parts=st.dictionaries(st.sampled_from("abc"), amounts, min_size=1), stripe_fee=st.integers(0, 100), data=st.data()
)
def test_a_life_from_charge_to_transfer_leaves_nothing_held_or_owed(parts, stripe_fee, data):
    entries = [ledger.charged("ch", parts, stripe_fee)]
    for what, part in parts.items():
        back = data.draw(st.integers(0, part))
        fee = ledger.fee_of(part - back, whole=part, fee=part * 15 // 100)
        entries.append(ledger.refunded(what, what, "c", ledger.Drawn(back, 0, 0)))
        entries.append(ledger.earned(what, "c", part - back, fee))
        entries.append(ledger.transferred(what, "c", part - back - fee))
    sums: dict[str, int] = {}
    for entry in entries:
        assert sum(entry.lines.values()) == 0
        for account, amount in entry.lines.items():
            sums[account] = sums.get(account, 0) + amount
    assert sum(sums.get(ledger.held(what), 0) for what in parts) == 0
    assert sums.get(ledger.coach("c"), 0) == 0
    assert sums.get(ledger.STRIPE, 0) == -sums.get(ledger.FEE_INCOME, 0) - stripe_fee


def test_a_bounced_refund_undoes_its_entry():
    drawn = ledger.Drawn(500, 300, 60)
    there, back = ledger.refunded("r", "b", "c", drawn), ledger.bounced("r", "b", "c", drawn)
    assert {account: -amount for account, amount in there.lines.items()} == back.lines


@given(amount=amounts, held=st.integers(0, 1_000_000), fee=st.integers(0, 2000))
def test_a_dispute_won_is_as_if_it_had_not_been_and_a_lost_one_takes_what_is_held_first(amount, held, fee):
    opened, won = ledger.disputed("d", amount, fee), ledger.won("d", amount, fee)
    assert {account: -value for account, value in opened.lines.items()} == won.lines
    drawn = ledger.draw(min(amount, held), held_now=held // 2, whole=max(held, 1), fee=held // 10)
    lost = ledger.lost("d", amount, "c", {"b": drawn})
    assert lost.lines.get("held:b", 0) == drawn.held
    assert lost.lines.get("coach:c", 0) == drawn.coach
    assert lost.lines.get(ledger.LOSSES, 0) == amount - drawn.total


def test_an_entry_that_does_not_balance_is_refused():
    with pytest.raises(ValueError, match="does not balance"):
        ledger.Entry("charge:x", {"stripe": 1})
