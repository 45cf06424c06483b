"""What is known of an instrument, read from stored plain data with a sentence for each gap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias, cast

from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.rounding import decimal_of

PlainData: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Parameters:
    """Parameters by name; numbers are stored as decimal text."""

    values: PlainData

    def over(self, defaults: PlainData) -> "Parameters":
        """Return these parameters with a procedure's defaults beneath them."""
        return Parameters({**defaults, **self.values})

    def text(self, name: str, otherwise: str | None = None) -> str:
        """Return a text.

        Raises:
            MetrologyError: It is not given and there is no default.
        """
        value = self.values.get(name, otherwise)
        if value is None:
            raise MetrologyError(f"{name}: expected a value among the instrument's parameters")
        return str(value)

    def decimal(self, name: str, otherwise: str | None = None) -> Decimal:
        """Return a number as a decimal, trailing zeros kept.

        Raises:
            MetrologyError: It is not given, or is not a number.
        """
        return decimal_of(self.text(name, otherwise), name)

    def number(self, name: str, otherwise: str | None = None) -> float:
        """Return a number for computation."""
        return float(self.decimal(name, otherwise))

    def whole(self, name: str, otherwise: str | None = None) -> int:
        """Return a whole number."""
        return int(self.decimal(name, otherwise))

    def has(self, name: str) -> bool:
        """Tell whether a parameter is given."""
        return self.values.get(name) is not None

    def decimals(self, name: str) -> tuple[Decimal, ...]:
        """Return a list of numbers.

        Raises:
            MetrologyError: It is not given, is not a list, or holds something else.
        """
        return tuple(decimal_of(str(item), name) for item in self._list(name))

    def records(self, name: str) -> "tuple[Parameters, ...]":
        """Return a list of records.

        Raises:
            MetrologyError: It is not given or holds something else.
        """
        items = self._list(name)
        if not all(isinstance(item, Mapping) for item in items):
            raise MetrologyError(f"{name}: expected a list of records")
        return tuple(Parameters(cast("PlainData", item)) for item in items)

    def _list(self, name: str) -> Sequence[object]:
        value = self.values.get(name)
        if isinstance(value, str) or not isinstance(value, Sequence):
            raise MetrologyError(f"{name}: expected a list among the instrument's parameters")
        return cast("Sequence[object]", value)
