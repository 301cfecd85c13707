"""The ledger's rules: what each thing that happens to money writes. Pure; all amounts in minor units.

Lines are signed: plus is what we have or have spent (`stripe`, `bank`, `stripe_fees`, `disputes`, `losses`,
`promotions`), minus is what we owe or have earned (`held:<what was bought>`, `credits:<package>`, `coach:<id>`,
`fee_income`). The lines of an entry sum to zero, and the account `stripe` is at every time the sum of Stripe's balance
transactions.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

STRIPE, STRIPE_FEES, FEE_INCOME = "stripe", "stripe_fees", "fee_income"
DISPUTES, LOSSES = "disputes", "losses"
BANK = "bank"
"""What Stripe has paid out to our own bank, less what came from there."""
PROMOTIONS = "promotions"
"""What our own codes cost us beyond our share."""

ADDED_BACK = "added-back:"
"""How the sources of entries begin by which what we had added is ours again; the thing sold and a number follow."""


def held(reference: object) -> str:
    """The account of money kept until what was bought is done."""
    return f"held:{reference}"


def coach(coach_id: object) -> str:
    """The account of what a coach has earned and not been sent."""
    return f"coach:{coach_id}"


def credits(package_id: object) -> str:
    """The account of the visits of a package that are paid and not used."""
    return f"credits:{package_id}"


def spent_source(reference: object) -> str:
    """What names the entry by which a visit of a package pays for a booking."""
    return f"credit-used:{reference}"


def charge_source(charge_id: str) -> str:
    """What names the entry of a charge."""
    return f"charge:{charge_id}"


def earned_source(reference: object) -> str:
    """What names the entry of a thing that is done."""
    return f"earned:{reference}"


@dataclass(frozen=True)
class Entry:
    """One thing that happened to money. `source` names it and is used once."""

    source: str
    lines: Mapping[str, int]

    def __post_init__(self) -> None:
        if sum(self.lines.values()):
            raise ValueError(f"{self.source} does not balance")


@dataclass(frozen=True)
class Drawn:
    """Where a refund's money comes from: what is held, then what the coach earned and what we took of it."""

    held: int
    coach: int
    fee: int

    @property
    def total(self) -> int:
        """The whole refund."""
        return self.held + self.coach + self.fee


def fee_of(part: int, *, whole: int, fee: int) -> int:
    """The platform's share of a part of a payment, in the proportion of the whole; rounded half up."""
    return 0 if whole == 0 else (2 * part * fee + whole) // (2 * whole)


def added_to(part: int, *, whole: int, added: int, kept: int = 100) -> int:
    """What we add to the coach's share of a part of a payment, in minor units.

    Where a code of ours left nothing to pay, as many per cent of it as are `kept`.
    """
    return fee_of(part, whole=whole, fee=added) if whole else fee_of(kept, whole=100, fee=added)


def draw(amount: int, *, held_now: int, whole: int, fee: int, before: int = 0) -> Drawn:
    """Where `amount` comes from when `held_now` of a payment of `whole` (our share `fee`) is still held.

    `before`: what coach and fee have given back already; the parts of several refunds sum to those of one.
    """
    from_held = min(amount, held_now)
    rest = amount - from_held
    from_fee = fee_of(before + rest, whole=whole, fee=fee) - fee_of(before, whole=whole, fee=fee)
    return Drawn(from_held, rest - from_fee, from_fee)


def charged(charge_id: str, parts: Mapping[str, int], stripe_fee: int) -> Entry:
    """Money came in; `parts` is the amount of each thing bought."""
    amount = sum(parts.values())
    lines = [(STRIPE, amount - stripe_fee), (STRIPE_FEES, stripe_fee)]
    return _entry(charge_source(charge_id), [*lines, *((held(what), -part) for what, part in parts.items())])


def earned(reference: object, coach_id: object, amount: int, fee: int, added: int = 0) -> Entry:
    """What was bought is done: what was held is the coach's, less our share; what we add for a code of ours too."""
    lines = [(held(reference), amount), (coach(coach_id), fee - amount - added), (FEE_INCOME, -fee)]
    return _entry(earned_source(reference), [*lines, (PROMOTIONS, added)])


def added_back(name: object, coach_id: object, added: int) -> Entry:
    """A runner gets money back of what the coach had earned: what we had added to it is ours again."""
    return _entry(f"{ADDED_BACK}{name}", [(coach(coach_id), added), (PROMOTIONS, -added)])


def moved(source: str, origin: str, to: str, amount: int) -> Entry:
    """What we owe is owed under another name: no money moves."""
    return _entry(source, [(origin, amount), (to, -amount)])


def refunded(name: object, reference: object, coach_id: object, drawn: Drawn) -> Entry:
    """Money went back to the runner."""
    return _entry(f"refund:{name}", _drawn(reference, coach_id, drawn, 1))


def bounced(name: object, reference: object, coach_id: object, drawn: Drawn) -> Entry:
    """A refund that had been sent came back from the runner's bank."""
    return _entry(f"refund-failed:{name}", _drawn(reference, coach_id, drawn, -1))


def transferred(name: object, coach_id: object, amount: int) -> Entry:
    """A coach was sent her share."""
    return _entry(f"transfer:{name}", [(coach(coach_id), amount), (STRIPE, -amount)])


def moved_by_stripe(transaction_id: str, account: str, net: int, fee: int) -> Entry:
    """Stripe moved our balance by `net` without a charge: out to `account` or in from it, and kept `fee` of it."""
    return _entry(f"own:{transaction_id}", [(STRIPE, net), (STRIPE_FEES, fee), (account, -net - fee)])


def disputed(dispute_id: str, amount: int, fee: int) -> Entry:
    """The payer's bank took a charge back, and Stripe a fee."""
    return _entry(f"dispute:{dispute_id}", [(STRIPE, -amount - fee), (DISPUTES, amount), (STRIPE_FEES, fee)])


def taken_back(name: object, coach_id: object, amount: int) -> Entry:
    """What a coach had been sent came back from her account."""
    return _entry(f"reversal:{name}", [(STRIPE, amount), (coach(coach_id), -amount)])


def written_off(name: object, coach_id: object, amount: int) -> Entry:
    """What she could not give back is our loss."""
    return _entry(f"written-off:{name}", [(LOSSES, amount), (coach(coach_id), -amount)])


def won(dispute_id: str, amount: int, fee: int, *, after_loss: bool = False) -> Entry:
    """The bank gave it back, and Stripe that much of its fee; after a loss, paid by all, it makes up for one."""
    lines = [(STRIPE, amount + fee), (LOSSES if after_loss else DISPUTES, -amount), (STRIPE_FEES, -fee)]
    return _entry(f"dispute-won:{dispute_id}", lines)


def lost(dispute_id: str, amount: int, coach_id: object, parts: Mapping[UUID, Drawn]) -> Entry:
    """It stays away: each thing bought pays its part, as in a refund; what is more than all of them is a loss."""
    lines = [(DISPUTES, -amount), (LOSSES, amount - sum(drawn.total for drawn in parts.values()))]
    for what, drawn in parts.items():
        lines += [(held(what), drawn.held), (coach(coach_id), drawn.coach), (FEE_INCOME, drawn.fee)]
    return _entry(f"dispute-lost:{dispute_id}", lines)


def _drawn(reference: object, coach_id: object, drawn: Drawn, sign: int) -> list[tuple[str, int]]:
    return [
        (STRIPE, -sign * drawn.total),
        (held(reference), sign * drawn.held),
        (coach(coach_id), sign * drawn.coach),
        (FEE_INCOME, sign * drawn.fee),
    ]


def _entry(source: str, lines: Iterable[tuple[str, int]]) -> Entry:
    sums: dict[str, int] = {}
    for account, amount in lines:
        sums[account] = sums.get(account, 0) + amount
    return Entry(source, {account: amount for account, amount in sums.items() if amount})
