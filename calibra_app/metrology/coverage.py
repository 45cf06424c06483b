"""Effective degrees of freedom, coverage factor, expanded uncertainty."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np

from calibra_app.metrology.expression import Array
from calibra_app.metrology.probability import normal_quantile, t_factor
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.student import t_factors, whole_t_factors

PROBABILITY: Final = 0.9545
_HAIR: Final = 1 + 1e-12


class Method(StrEnum):
    """How the coverage factor is found."""

    FIXED = "fixed"
    NORMAL = "normal"
    T = "t"
    RECTANGULAR = "rectangular"
    TRAPEZOIDAL = "trapezoidal"


@dataclass(frozen=True, slots=True)
class Contribution:
    """One term of a combined uncertainty, in the unit of the measurand."""

    standard_uncertainty: float
    degrees_of_freedom: float = math.inf


@dataclass(frozen=True, slots=True)
class Coverage:
    """The choice of a coverage factor; the laboratory's own is 95.45 % by Student's t."""

    method: Method = Method.T
    probability: float = PROBABILITY
    factor: float = 2.0
    truncate: bool = True
    half_widths: tuple[float, float] = (1.0, 1.0)


def combined_standard_uncertainty(contributions: Sequence[Contribution]) -> float:
    """Return the root sum of squares of independent contributions.

    Source:
        JCGM 100:2008 (GUM), 5.1.2, equation (10).

    Example:
        >>> combined_standard_uncertainty([Contribution(3.0), Contribution(4.0)])
        5.0
    """
    return math.hypot(*(term.standard_uncertainty for term in contributions))


def effective_degrees_of_freedom(
    contributions: Sequence[Contribution], combined: float | None = None
) -> float:
    """Return the effective degrees of freedom by Welch and Satterthwaite.

        nu_eff = u_c(y)^4 / sum_i( u_i(y)^4 / nu_i )

    Args:
        contributions: The terms u_i(y), at least one, all in the unit of the measurand.
        combined: u_c where it is not the root sum of squares (correlated input quantities).

    Returns:
        nu_eff, dimensionless; infinite where every term is taken as exactly known. Not
        truncated to an integer.

    Raises:
        MetrologyError: There is no term, a term is negative, or its degrees of freedom are
            not positive.

    Source:
        JCGM 100:2008 (GUM), G.4.1, equation (G.2b).

    Example:
        >>> round(effective_degrees_of_freedom([Contribution(3.0, 4), Contribution(4.0)]), 2)
        30.86
    """
    if not contributions:
        raise MetrologyError("a combined uncertainty needs at least one contribution")
    for term in contributions:
        if not term.standard_uncertainty >= 0 or not term.degrees_of_freedom > 0:
            raise MetrologyError(f"not a contribution: {term}")
    total = combined_standard_uncertainty(contributions) if combined is None else combined
    if total == 0:
        return math.inf
    # Ratios first: a fourth power of a nanometre in metres would underflow.
    penalty = sum(
        (term.standard_uncertainty / total) ** 4 / term.degrees_of_freedom for term in contributions
    )
    return math.inf if penalty == 0 else 1.0 / penalty


def coverage_factor(coverage: Coverage, degrees_of_freedom: float = math.inf) -> float:
    """Return the coverage factor k.

    Args:
        coverage: The method, with its probability.
        degrees_of_freedom: nu_eff; used by Student's t alone.

    Raises:
        MetrologyError: The probability is out of range, or truncation leaves no freedom.

    Source:
        JCGM 100:2008 (GUM), G.3, G.6.4; EA-4/02 M:2022, annex E and S9.14, S10.13.

    Example:
        >>> round(coverage_factor(Coverage(), 22.85), 3)
        2.12
    """
    if coverage.method is Method.FIXED:
        if not coverage.factor > 0:
            raise MetrologyError("a coverage factor is positive")
        return coverage.factor
    if not 0 < coverage.probability < 1:
        raise MetrologyError("a coverage probability lies between 0 and 1")
    if coverage.method is Method.NORMAL:
        return normal_quantile(0.5 + coverage.probability / 2)
    if coverage.method is Method.RECTANGULAR:
        return coverage.probability * math.sqrt(3.0)
    if coverage.method is Method.TRAPEZOIDAL:
        return _trapezoidal_factor(coverage)
    return t_factor(coverage.probability, _whole(degrees_of_freedom, coverage))


def coverage_factors(coverage: Coverage, degrees_of_freedom: Array) -> Array:
    """Return the coverage factors k for a whole column of nu_eff.

    Raises:
        MetrologyError: The probability is out of range.

    Example:
        >>> coverage_factors(Coverage(), np.array([22.85, math.inf])).round(2).tolist()
        [2.12, 2.0]
    """
    if coverage.method is not Method.T:
        return np.full(len(degrees_of_freedom), coverage_factor(coverage))
    if not 0 < coverage.probability < 1:
        raise MetrologyError("a coverage probability lies between 0 and 1")
    if not coverage.truncate:
        return t_factors(coverage.probability, degrees_of_freedom)
    whole = np.floor(degrees_of_freedom * _HAIR)
    return whole_t_factors(coverage.probability, np.maximum(whole, 1.0))


def _whole(degrees_of_freedom: float, coverage: Coverage) -> float:
    if not coverage.truncate or math.isinf(degrees_of_freedom):
        return degrees_of_freedom
    # 19 that binary arithmetic left at 18.999999999999996 is 19; 18.999 is 18. By its formula
    # nu_eff is never below the smallest nu; it may fall below 1 only by correlation.
    return max(1.0, float(math.floor(degrees_of_freedom * _HAIR)))


def _trapezoidal_factor(coverage: Coverage) -> float:
    one, other = coverage.half_widths
    if one < 0 or other < 0 or one + other == 0:
        raise MetrologyError("two half-widths, not both zero, make a trapezium")
    beta = abs(one - other) / (one + other)
    p = coverage.probability
    spread = math.sqrt((1 + beta**2) / 6)
    # Below p = 2·beta/(1 + beta) the interval ends on the flat top of the trapezium.
    if p <= 2 * beta / (1 + beta):
        return p * (1 + beta) / 2 / spread
    return (1 - math.sqrt((1 - p) * (1 - beta**2))) / spread
