"""Global risk: how often a decision rule accepts bad items and rejects good ones."""

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from calibra_app.metrology.expression import Array
from calibra_app.metrology.probability import find_root, normal_probability, normal_quantile
from calibra_app.metrology.quantity import MetrologyError

REACH: Final = 9.0
NODES, WEIGHTS = np.polynomial.legendre.leggauss(48)


@dataclass(frozen=True, slots=True)
class Population:
    """Items as they come in, N(mean, u), their tolerance and the measurement, N(0, u)."""

    mean: float
    item_uncertainty: float
    measurement_uncertainty: float
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class GlobalRisk:
    """Joint probabilities of false acceptance and false rejection."""

    false_acceptance: float
    false_rejection: float
    conditional_false_acceptance: float
    in_tolerance: float
    guard_band: float


def item_uncertainty(in_tolerance: float, half_width: float) -> float:
    """Return u of items of which a part lies within a symmetric tolerance.

    Example:
        >>> round(item_uncertainty(0.95, 1.0), 4)
        0.5102
    """
    if not 0 < in_tolerance < 1 or not half_width > 0:
        raise MetrologyError("itp: expected a number between 0 and 1 and a tolerance")
    return half_width / normal_quantile(0.5 + in_tolerance / 2)


def global_risk(population: Population, guard_band: float = 0.0) -> GlobalRisk:
    """Return the risks of accepting within the tolerance drawn in by a guard band.

    Raises:
        MetrologyError: There is no limit, limits are reversed, or an uncertainty is not positive.

    Source:
        JCGM 106:2012, 9.3 and 9.5, equations (18) to (20).

    Example:
        >>> risk = global_risk(Population(0.0, item_uncertainty(0.95, 1.0), 0.125, -1.0, 1.0))
        >>> round(100 * risk.false_acceptance, 3), round(100 * risk.false_rejection, 3)
        (0.858, 1.554)
    """
    _check(population)
    low = -math.inf if population.lower is None else population.lower
    high = math.inf if population.upper is None else population.upper
    accepted = low + guard_band, high - guard_band
    mean, spread = population.mean, population.item_uncertainty

    def standard(limit: float) -> float:
        return (limit - mean) / spread

    inside = normal_probability(standard(high)) - normal_probability(standard(low))
    if accepted[0] > accepted[1]:
        return GlobalRisk(0.0, inside, 0.0, inside, guard_band)
    ends = mean - REACH * spread, mean + REACH * spread
    in_and_accepted = _accepted(population, max(low, ends[0]), min(high, ends[1]), accepted)
    out_and_accepted = _accepted(population, ends[0], min(low, ends[1]), accepted) + _accepted(
        population, max(high, ends[0]), ends[1], accepted
    )
    total = in_and_accepted + out_and_accepted
    return GlobalRisk(
        out_and_accepted,
        max(0.0, inside - in_and_accepted),
        out_and_accepted / total if total else 0.0,
        inside,
        guard_band,
    )


def guard_band_for(population: Population, target: float) -> float:
    """Return the narrowest guard band that keeps false acceptance at or below a target.

    Raises:
        MetrologyError: The target is not a probability.
    """
    if not 0 < target < 1:
        raise MetrologyError("target_pfa: expected a number between 0 and 1")
    if global_risk(population).false_acceptance <= target:
        return 0.0
    widest = REACH * (population.measurement_uncertainty + population.item_uncertainty)
    if population.lower is not None and population.upper is not None:
        widest = (population.upper - population.lower) / 2
    return find_root(
        lambda width: target - global_risk(population, width).false_acceptance, 0.0, widest
    )


def _check(population: Population) -> None:
    if population.lower is None and population.upper is None:
        raise MetrologyError("lower, upper: expected at least one limit")
    if (
        population.lower is not None
        and population.upper is not None
        and population.lower >= population.upper
    ):
        raise MetrologyError("lower: expected a limit below the upper one")
    if not population.item_uncertainty > 0 or not population.measurement_uncertainty > 0:
        raise MetrologyError("u_0, u_m: expected positive numbers")


def _accepted(
    population: Population, start: float, end: float, accepted: tuple[float, float]
) -> float:
    """Integrate density times probability of acceptance from start to end."""
    if not start < end:
        return 0.0
    spread, noise = population.item_uncertainty, population.measurement_uncertainty
    # Break where the integrand bends: at the acceptance limits, and on the scale of either u.
    step = min(spread, noise)
    marks = {start, end}
    for centre, width in ((population.mean, spread), (accepted[0], step), (accepted[1], step)):
        if math.isfinite(centre):
            marks.update(centre + multiple * width for multiple in (-6, -3, -1, 0, 1, 3, 6))
    edges = sorted(mark for mark in marks if start <= mark <= end)
    total = 0.0
    for left, right in pairwise(edges):
        centre, half = (left + right) / 2, (right - left) / 2
        x = centre + half * NODES
        density = np.exp(-0.5 * ((x - population.mean) / spread) ** 2)
        chance = _between(x, accepted, noise)
        total += half * float(WEIGHTS @ (density * chance))
    return total / (spread * math.sqrt(2 * math.pi))


def _between(x: Array, accepted: tuple[float, float], noise: float) -> Array:
    return np.array(
        [
            normal_probability((accepted[1] - value) / noise)
            - normal_probability((accepted[0] - value) / noise)
            for value in x.tolist()
        ]
    )
