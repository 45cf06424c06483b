"""The law of propagation of uncertainty: sensitivities, correlation, second order."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from calibra_app.metrology.coverage import Contribution, effective_degrees_of_freedom
from calibra_app.metrology.distributions import Shape
from calibra_app.metrology.expression import Expression
from calibra_app.metrology.quantity import MetrologyError

_LOWEST: Final = 1e-140
_HIGHEST: Final = 1e140


@dataclass(frozen=True, slots=True)
class InputQuantity:
    """An input quantity with what is known of it.

    `half_width`, `beta` and `inexactness` describe the bounded distributions; linear
    propagation needs only the standard uncertainty.
    """

    name: str
    value: float
    standard_uncertainty: float
    degrees_of_freedom: float = math.inf
    shape: Shape = Shape.NORMAL
    half_width: float = 0.0
    beta: float = 0.0
    inexactness: float = 0.0
    readings: tuple[float, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Propagation:
    """One output quantity with its sensitivities and signed contributions c·u."""

    value: float
    combined_standard_uncertainty: float
    degrees_of_freedom: float
    sensitivities: Mapping[str, float]
    contributions: Mapping[str, float]


class Correlations:
    """Correlation coefficients between input quantities; what is not named is independent."""

    def __init__(self, named: Mapping[tuple[str, str], float] | None = None) -> None:
        """Take coefficients by pairs of names, each between -1 and 1.

        Raises:
            MetrologyError: A coefficient is out of range.
        """
        self._of: dict[frozenset[str], float] = {}
        for (one, other), coefficient in (named or {}).items():
            if not -1 <= coefficient <= 1:
                raise MetrologyError("correlations: a coefficient lies between -1 and 1")
            self._of[frozenset((one, other))] = coefficient

    def __bool__(self) -> bool:
        """Tell whether any two quantities are correlated."""
        return any(self._of.values())

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Return the pairs of names that are correlated."""
        return [
            (one, other)
            for (one, other), r in ((sorted(key), r) for key, r in self._of.items() if len(key) > 1)
            if r
        ]

    def between(self, one: str, other: str) -> float:
        """Return the coefficient of two quantities."""
        return 1.0 if one == other else self._of.get(frozenset((one, other)), 0.0)


def propagate(
    model: Expression,
    quantities: Sequence[InputQuantity],
    correlations: Correlations | None = None,
    *,
    second_order: bool = False,
    simultaneous: bool = False,
) -> Propagation:
    """Return value and combined standard uncertainty of a measurement function.

        u_c² = Σ_i Σ_j c_i c_j u_i u_j r_ij, and to second order, for independent quantities,
        plus Σ_i Σ_j (½ f_ij² + f_i f_ijj) u_i² u_j²

    Args:
        model: The measurement function.
        quantities: Its input quantities.
        correlations: What is not independent.
        second_order: Add the terms of second order.
        simultaneous: Quantities with readings were read in the same sets; together they are one
            term with the degrees of freedom of the sets.

    Raises:
        MetrologyError: The model names an unknown quantity, is not defined at the values, or
            second order is asked for correlated quantities.

    Source:
        JCGM 100:2008 (GUM), 5.1.2 with its note, 5.2.2.

    Example:
        >>> from calibra_app.metrology.expression import parse
        >>> inputs = [InputQuantity("V", 0.1, 0.001), InputQuantity("I", 0.015, 0.0005)]
        >>> round(propagate(parse("V/I"), inputs).combined_standard_uncertainty, 6)
        0.232007
    """
    values = values_of(model, quantities)
    pairs = correlations or Correlations()
    derivatives = derivatives_of(model)
    slopes = {
        quantity.name: derivatives[quantity.name]
        for quantity in quantities
        if quantity.name in derivatives and quantity.standard_uncertainty > 0
    }
    terms_known: dict[int, float] = {}
    sensitivities = {
        quantity.name: slopes[quantity.name](values, terms_known)
        if quantity.name in slopes
        else 0.0
        for quantity in quantities
    }
    contributions = {
        quantity.name: sensitivities[quantity.name] * quantity.standard_uncertainty
        for quantity in quantities
    }
    # The square of a contribution of extreme size would vanish or overflow: ratios then.
    largest = max((abs(term) for term in contributions.values()), default=0.0)
    scale = 1.0 if second_order or largest == 0 or _LOWEST < largest < _HIGHEST else largest
    terms = {name: term / scale for name, term in contributions.items()}
    variance = covariance_of(terms, terms, pairs)
    if second_order:
        if pairs:
            raise MetrologyError("second_order: only for uncorrelated input quantities")
        try:
            variance += _second_order(slopes, quantities, values, sensitivities)
        except (OverflowError, ValueError):
            raise MetrologyError("u_c: the contributions are too large to be added") from None
    if variance < 0:
        # Rounding may leave full compensation a hair below zero; second order may truly fail.
        squares = sum(term * term for term in terms.values())
        if variance < -1e-12 * squares or not pairs:
            raise MetrologyError("the second-order variance is negative: use Monte Carlo")
        variance = 0.0
    combined = math.sqrt(variance) * scale
    if not math.isfinite(combined):
        raise MetrologyError("u_c: the contributions are too large to be added")
    sets = [quantity for quantity in quantities if simultaneous and quantity.readings]
    parts = [
        Contribution(abs(contributions[quantity.name]), quantity.degrees_of_freedom)
        for quantity in quantities
        if quantity not in sets
    ]
    if sets:
        own = {quantity.name: contributions[quantity.name] for quantity in sets}
        together = math.sqrt(max(0.0, covariance_of(own, own, pairs)))
        parts.append(Contribution(together, min(one.degrees_of_freedom for one in sets)))
    degrees = effective_degrees_of_freedom(parts, combined) if parts else math.inf
    return Propagation(model(values, terms_known), combined, degrees, sensitivities, contributions)


@lru_cache(maxsize=64)
def derivatives_of(model: Expression) -> Mapping[str, Expression]:
    """Return the partial derivatives, remembered: while somebody types, only the numbers change."""
    return model.derivatives()


def values_of(model: Expression, quantities: Sequence[InputQuantity]) -> dict[str, float]:
    """Return the values by name, after checking that the model finds all it names.

    Raises:
        MetrologyError: A name is missing or given twice.
    """
    values = {quantity.name: quantity.value for quantity in quantities}
    if len(values) != len(quantities):
        raise MetrologyError("inputs: a name is given twice")
    missing = sorted(model.names - values.keys())
    if missing:
        raise MetrologyError(f"model: {', '.join(missing)} is not an input quantity")
    return values


def covariance_of(
    one: Mapping[str, float], other: Mapping[str, float], correlations: Correlations
) -> float:
    """Return the covariance of two outputs from their contributions c·u by input."""
    if not correlations:
        return math.fsum(one[name] * other[name] for name in one)
    return math.fsum(
        term * other[second] * correlations.between(first, second)
        for first, term in one.items()
        for second in other
    )


def _second_order(
    slopes: Mapping[str, Expression],
    quantities: Sequence[InputQuantity],
    values: Mapping[str, float],
    sensitivities: Mapping[str, float],
) -> float:
    variances = {
        quantity.name: quantity.standard_uncertainty * quantity.standard_uncertainty
        for quantity in quantities
        if quantity.name in slopes
    }
    total: list[float] = []
    for first, slope in slopes.items():
        # What is not among the derivatives is zero everywhere, and so is its own derivative.
        for second, mixed in slope.derivatives().items():
            if second not in slopes:
                continue
            third = mixed.derivative(second)(values) if sensitivities[first] else 0.0
            curvature = mixed(values)
            weight = 0.5 * curvature * curvature + sensitivities[first] * third
            total.append(weight * variances[first] * variances[second])
    return math.fsum(total)


def correlations_of_readings(quantities: Sequence[InputQuantity]) -> dict[tuple[str, str], float]:
    """Return the sample correlations of quantities that were read in simultaneous sets.

    Raises:
        MetrologyError: Two quantities were not read equally often.

    Source:
        JCGM 100:2008 (GUM), 5.2.3 and H.2, equation (17).
    """
    found: dict[tuple[str, str], float] = {}
    read = [quantity for quantity in quantities if quantity.readings]
    for index, one in enumerate(read):
        for other in read[index + 1 :]:
            if len(one.readings) != len(other.readings):
                raise MetrologyError(f"{one.name} and {other.name} were not read equally often")
            deviations = _deviations(one), _deviations(other)
            top = math.fsum(a * b for a, b in zip(*deviations, strict=True))
            bottom = math.hypot(*deviations[0]) * math.hypot(*deviations[1])
            found[one.name, other.name] = max(-1.0, min(1.0, top / bottom)) if bottom else 0.0
    return found


def _deviations(quantity: InputQuantity) -> list[float]:
    return [reading - quantity.value for reading in quantity.readings]
