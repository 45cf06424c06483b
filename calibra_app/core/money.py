"""Exact amounts in one currency each."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Self

CENT = Decimal("0.01")


class CurrencyMismatch(ValueError):
    """Two amounts of different currencies were put together."""


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount of money; arithmetic keeps every digit until `rounded`."""

    amount: Decimal
    currency: str

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Self:
        """Return the amount given as text, whole number or decimal."""
        return cls(Decimal(amount), currency)

    def __add__(self, other: "Money") -> "Money":
        """Return the sum; raise CurrencyMismatch where the currencies differ."""
        return Money(self.amount + self._same(other).amount, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        """Return the difference; raise CurrencyMismatch where the currencies differ."""
        return Money(self.amount - self._same(other).amount, self.currency)

    def __mul__(self, factor: Decimal | int) -> "Money":
        """Return the amount times a pure number."""
        return Money(self.amount * factor, self.currency)

    def percent(self, rate: Decimal) -> "Money":
        """Return that many hundredths of the amount, unrounded."""
        return Money(self.amount * rate / 100, self.currency)

    def rounded(self) -> "Money":
        """Return the amount in whole cents, halves away from zero."""
        return Money(self.amount.quantize(CENT, ROUND_HALF_UP), self.currency)

    def _same(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            message = f"{self.currency} and {other.currency} do not add up"
            raise CurrencyMismatch(message)
        return other
