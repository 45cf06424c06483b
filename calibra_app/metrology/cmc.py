"""Calibration and measurement capability: the smallest uncertainty a laboratory may report."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from calibra_app.metrology.quantity import MetrologyError, convert
from calibra_app.metrology.rounding import exact


class Combination(StrEnum):
    """How the absolute and the relative part of a CMC are put together."""

    SUM = "sum"
    RSS = "rss"


@dataclass(frozen=True, slots=True)
class Cmc:
    """One row of the scope: a range of a quantity and the U achieved there.

    `absolute` is in `uncertainty_unit`; `relative` is a plain number (1e-5 is 10 ppm) of the
    value; the range is in `unit`.
    """

    absolute: float = 0.0
    relative: float = 0.0
    combine: Combination = Combination.SUM
    range_min: float = -math.inf
    range_max: float = math.inf
    unit: str = ""
    uncertainty_unit: str = ""
    function: str = ""

    def holds(self, value: float, unit: str, function: str = "") -> bool:
        """Tell whether a value lies in this row's range; both ends belong to it."""
        if self.function and function and self.function != function:
            return False
        number = convert(value, unit, self.unit) if unit != self.unit else value
        return self.range_min <= number <= self.range_max

    def uncertainty_at(self, value: float, unit: str, result_unit: str) -> float:
        """Return the CMC at a value, in the unit of the result."""
        number = convert(value, unit, self.unit) if unit != self.unit else value
        relative = self.relative * abs(number)
        if self.relative and self.uncertainty_unit != self.unit:
            relative = convert(relative, self.unit, self.uncertainty_unit, difference=True)
        total = (
            math.hypot(self.absolute, relative)
            if self.combine is Combination.RSS
            else self.absolute + relative
        )
        return convert(total, self.uncertainty_unit, result_unit, difference=True)


@dataclass(frozen=True, slots=True)
class FlooredUncertainty:
    """An expanded uncertainty after the comparison with the CMC."""

    cmc: float | None
    expanded_uncertainty: float
    floored: bool

    @property
    def in_scope(self) -> bool:
        """Tell whether the scope has a row for this value."""
        return self.cmc is not None


def find_cmc(rows: Sequence[Cmc], value: float, unit: str, function: str = "") -> Cmc | None:
    """Return the row of the scope that holds the value, or None outside the scope.

    Example:
        >>> row = Cmc(0.005, range_min=0, range_max=100, unit="V", uncertainty_unit="V")
        >>> find_cmc([row], 600.0, "V") is None
        True
    """
    return next((row for row in rows if row.holds(value, unit, function)), None)


def floor_at_cmc(
    expanded_uncertainty: float, row: Cmc | None, value: float, unit: str, result_unit: str
) -> FlooredUncertainty:
    """Raise an expanded uncertainty to the CMC where it is smaller.

    Source:
        ILAC-P14:09/2020, 5.4.

    Example:
        >>> row = Cmc(6.0, unit="V", uncertainty_unit="mV")
        >>> floor_at_cmc(5.0, row, 10.0, "V", "mV").expanded_uncertainty
        6.0
    """
    if not expanded_uncertainty >= 0:
        raise MetrologyError("U: expected a number, not negative")
    if row is None:
        return FlooredUncertainty(None, expanded_uncertainty, floored=False)
    floor = row.uncertainty_at(value, unit, result_unit)
    # Compared as decimals: 0.3 is not below 0.1 + 0.2.
    floored = exact(expanded_uncertainty) < exact(floor)
    return FlooredUncertainty(floor, floor if floored else expanded_uncertainty, floored)
