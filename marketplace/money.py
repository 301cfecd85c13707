"""Money: an integer of minor units and a currency. Nothing is ever added across currencies."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal


@dataclass(frozen=True, order=False, slots=True)
class Money:
    """`amount` in minor units (cents) of `currency` (ISO 4217, upper case)."""

    amount: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        return Money(self.amount + self._same(other).amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.amount - self._same(other).amount, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.amount, self.currency)

    def __bool__(self) -> bool:
        return self.amount != 0

    def percent(self, rate: Decimal | int) -> "Money":
        """That share of it, rounded half to even to a whole minor unit."""
        exact = Decimal(self.amount) * Decimal(rate) / 100
        return Money(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)), self.currency)

    def split(self, weights: Sequence[int]) -> list["Money"]:
        """Parts in proportion to `weights` that sum to the whole; odd cents go to the first parts."""
        total = sum(weights)
        if total <= 0 or min(weights) < 0:
            raise ValueError("weights must be non-negative and not all zero")
        parts = [self.amount * weight // total for weight in weights]
        for index in [i for i, weight in enumerate(weights) if weight][: self.amount - sum(parts)]:
            parts[index] += 1
        return [Money(part, self.currency) for part in parts]

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise ValueError(f"{other.currency} is not {self.currency}")
        return other
