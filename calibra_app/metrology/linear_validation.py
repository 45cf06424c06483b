"""Validation of a linear result by Monte Carlo, to the digits that count."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from calibra_app.metrology.coverage import Coverage, Method, coverage_factor
from calibra_app.metrology.expression import Expression
from calibra_app.metrology.monte_carlo import (
    SEED,
    Interval,
    StableSimulation,
    half_digit_of,
    simulate_until_stable,
)
from calibra_app.metrology.propagation import Correlations, InputQuantity, Propagation, propagate
from calibra_app.metrology.quantity import MetrologyError

_FRACTION: Final = 0.2


@dataclass(frozen=True, slots=True)
class Validation:
    """Whether the linear result agrees with Monte Carlo to the stated digits."""

    delta: Decimal
    low: Decimal
    high: Decimal

    @property
    def validated(self) -> bool:
        """Tell whether both ends agree within delta."""
        return self.low <= self.delta and self.high <= self.delta


def validate(
    uncertainty: Decimal,
    digits: int,
    linear: tuple[Decimal, Decimal],
    simulated: tuple[Decimal, Decimal],
) -> Validation:
    """Compare a linear coverage interval with one by Monte Carlo.

    Args:
        uncertainty: The standard uncertainty u, positive.
        digits: How many of its digits count.
        linear: The ends y ± U of the linear result.
        simulated: The ends of the interval by Monte Carlo.

    Source:
        JCGM 101:2008, 8.1 with 7.9.2.

    Example:
        >>> ends = (Decimal("0.9588"), Decimal("1.0412")), (Decimal("0.9592"), Decimal("1.0409"))
        >>> validate(Decimal("0.021"), 2, *ends).validated
        True
    """
    if not uncertainty > 0 or digits < 1:
        raise MetrologyError("u: expected a positive number and at least one digit")
    delta = half_digit_of(uncertainty, digits)
    return Validation(delta, abs(linear[0] - simulated[0]), abs(linear[1] - simulated[1]))


@dataclass(frozen=True, slots=True)
class LinearValidation:
    """A linear result beside the trials that judge it."""

    linear: Propagation
    expanded_uncertainty: float
    trials: StableSimulation
    validation: Validation

    @property
    def validated(self) -> bool:
        """Tell whether the linear result may be used: it agrees, and the trials are enough."""
        return self.trials.stable and self.validation.validated


def validate_linear(
    model: Expression,
    quantities: Sequence[InputQuantity],
    correlations: Correlations | None = None,
    *,
    digits: int = 2,
    probability: float = 0.95,
    second_order: bool = False,
    seed: int = SEED,
) -> LinearValidation:
    """Compute a coverage interval both ways and say whether the linear one is as good.

    The linear interval is y ± U with k by Student's t; that of the trials is probabilistically
    symmetric, with as many trials as a fifth of the numerical tolerance asks for.

    Raises:
        MetrologyError: As `propagate` and `simulate_until_stable`; there is no uncertainty.

    Source:
        JCGM 101:2008, clause 8.
    """
    linear = propagate(model, quantities, correlations, second_order=second_order)
    u = linear.combined_standard_uncertainty
    if u == 0:
        raise MetrologyError("u: the linear result has no uncertainty to compare")
    way = Coverage(Method.T, probability, truncate=False)
    expanded = coverage_factor(way, linear.degrees_of_freedom) * u
    trials = simulate_until_stable(
        model,
        quantities,
        correlations,
        digits=digits,
        probability=probability,
        interval=Interval.SYMMETRIC,
        fraction=_FRACTION,
        seed=seed,
    )
    # The digits are those of u by trials: a linear u may be wrong altogether.
    spread = trials.simulation.standard_deviation
    if not 0 < spread < math.inf:
        raise MetrologyError("u: the trials show no uncertainty to compare")
    low, high = trials.simulation.symmetric
    compared = validate(
        Decimal(spread),
        digits,
        (Decimal(linear.value - expanded), Decimal(linear.value + expanded)),
        (Decimal(low), Decimal(high)),
    )
    return LinearValidation(linear, expanded, trials, compared)
