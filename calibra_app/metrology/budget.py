"""The uncertainty budget, row by row, with each row's share."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from calibra_app.metrology.coverage import (
    Contribution,
    Coverage,
    combined_standard_uncertainty,
    coverage_factor,
    effective_degrees_of_freedom,
)
from calibra_app.metrology.quantity import MetrologyError

# Stored with every measurement result. It changes only together with a figure, and then with
# a marked entry in the change log (ISO/IEC 17025:2017, 7.11.2).
ENGINE_VERSION: Final = "1.1.0"

SIGNIFICANT_SHARE: Final = 0.05


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """One input quantity: what is known of it, from where, and what it contributes.

    `spread` is what the source states (an s, a half-width, a full U); `spread / divisor` is the
    standard uncertainty in `unit`; `sensitivity_coefficient` turns it into the measurand's unit.
    """

    symbol: str
    title: str
    source: str
    evaluation: str
    distribution: str
    spread: float
    divisor: float
    unit: str
    sensitivity_coefficient: float = 1.0
    degrees_of_freedom: float = math.inf

    @property
    def standard_uncertainty(self) -> float:
        """Return the standard uncertainty of the input quantity, in its own unit."""
        return self.spread / self.divisor

    @property
    def contribution(self) -> float:
        """Return |c·u|, in the unit of the measurand."""
        return abs(self.sensitivity_coefficient * self.standard_uncertainty)


@dataclass(frozen=True, slots=True)
class UncertaintyBudget:
    """A whole budget: its rows and what they amount to, in the unit of the measurand."""

    rows: tuple[BudgetRow, ...]
    unit: str
    combined_standard_uncertainty: float
    degrees_of_freedom: float
    coverage_factor: float
    coverage_probability: float

    @property
    def expanded_uncertainty(self) -> float:
        """Return U = k·u_c, not rounded."""
        return self.coverage_factor * self.combined_standard_uncertainty

    def share(self, row: BudgetRow) -> float:
        """Return the part of the combined variance that a row brings, 0 to 1."""
        total = self.combined_standard_uncertainty
        return (row.contribution / total) ** 2 if total else 0.0

    @property
    def biggest(self) -> BudgetRow:
        """Return the row that contributes most."""
        return max(self.rows, key=lambda row: row.contribution)


def evaluate_budget(
    rows: Sequence[BudgetRow], unit: str, coverage: Coverage | None = None
) -> UncertaintyBudget:
    """Combine the rows of a budget whose input quantities are independent.

    Args:
        rows: At least one; contributions in the unit of the measurand.
        unit: The unit of the measurand.
        coverage: How k is found; 95.45 % by Student's t where nothing is said.

    Raises:
        MetrologyError: There is no row, or a row is negative or not finite.

    Source:
        JCGM 100:2008 (GUM), 5.1 and annex G; EA-4/02 M:2022, clause 4.

    Example:
        >>> rows = [BudgetRow("d", "resolution", "display", "B", "rectangular", 0.5, 3**0.5, "mm")]
        >>> round(evaluate_budget(rows, "mm").expanded_uncertainty, 3)
        0.577
    """
    if not rows:
        raise MetrologyError("a budget needs at least one row")
    for row in rows:
        if not (0 <= row.spread < math.inf and row.divisor > 0):
            raise MetrologyError(f"the row “{row.title}” is not a contribution")
    terms = [Contribution(row.contribution, row.degrees_of_freedom) for row in rows]
    degrees = effective_degrees_of_freedom(terms)
    chosen = coverage or Coverage()
    return UncertaintyBudget(
        tuple(rows),
        unit,
        combined_standard_uncertainty(terms),
        degrees,
        coverage_factor(chosen, degrees),
        chosen.probability,
    )
