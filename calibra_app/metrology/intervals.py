"""Calibration intervals: proposals from history, always for a person to approve."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from calibra_app.metrology.probability import beta_quantile, binomial_probability, find_root
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.rounding import exact

LONGEST: Final = 1e9
GREATEST_ORDER: Final = 9
GRID: Final = 256
MOST_CALIBRATIONS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class ReliabilityTest:
    """The result of method A3."""

    observed: float
    rejection_confidence: float
    reliability_interval: tuple[float, float]
    interval: float


def interval_by_test(
    in_tolerance: int,
    calibrations: int,
    target: float,
    interval: float,
    confidence: float,
    *,
    greatest_change: float = 2.0,
) -> ReliabilityTest:
    """Return the interval after a test of the observed reliability against the target.

    R₀ = x/n, Q = 1 − 2·B(x; n, R); new interval = old·10^((R₀ − R)·Q), within a factor, changed
    only where R₀ < R and Q exceeds the confidence.

    Raises:
        MetrologyError: A count or a probability is out of range.

    Source:
        NCSLI RP-1, method A3; ILAC-G24:2022.
    """
    if not 1 <= calibrations <= MOST_CALIBRATIONS:
        raise MetrologyError(f"calibrations: expected a count of 1 to {MOST_CALIBRATIONS}")
    if not 0 <= in_tolerance <= calibrations:
        raise MetrologyError("in_tolerance: expected a count up to the number of calibrations")
    _check_probability("target", target)
    _check_probability("ci", confidence)
    if not interval > 0 or not greatest_change >= 1:
        raise MetrologyError("interval: expected a positive number, max_change at least 1")
    observed = in_tolerance / calibrations
    rejection = 1.0 - 2.0 * binomial_probability(in_tolerance, calibrations, target)
    tail = (1.0 - confidence) / 2
    low = (
        beta_quantile(tail, in_tolerance, calibrations - in_tolerance + 1) if in_tolerance else 0.0
    )
    high = (
        beta_quantile(1 - tail, in_tolerance + 1, calibrations - in_tolerance)
        if in_tolerance < calibrations
        else 1.0
    )
    proposed = interval
    if observed < target and rejection > confidence:
        factor = 10.0 ** ((observed - target) * rejection)
        proposed = interval * min(max(factor, 1 / greatest_change), greatest_change)
    return ReliabilityTest(observed, rejection, (low, high), proposed)


def exponential_interval(failures: float, total_time: float, target: float) -> float:
    """Return −ln(target)/λ with λ = failures/time; infinite without a failure.

    Example:
        >>> round(exponential_interval(-math.log(0.88) , 12.0, 0.95), 1)
        4.8
    """
    _check_probability("target", target)
    if not total_time > 0 or failures < 0:
        raise MetrologyError("failures, total_time: expected positive numbers")
    return -math.log(target) * total_time / failures if failures else math.inf


def failure_rate(
    times: Sequence[float], calibrations: Sequence[float], in_tolerance: Sequence[float]
) -> float:
    """Return λ of an exponential reliability, by maximum likelihood.

    Args:
        times: Intervals since the calibration before, positive.
        calibrations: How many were calibrated after each interval.
        in_tolerance: How many of them were in tolerance.

    Raises:
        MetrologyError: The lists differ in length or hold impossible counts.

    Source:
        NCSLI RP-1, method S2.

    Example:
        >>> round(failure_rate([12.0], [100], [88]), 6) == round(-math.log(0.88) / 12, 6)
        True
    """
    rows = list(zip(times, calibrations, in_tolerance, strict=False))
    if not rows or not len(times) == len(calibrations) == len(in_tolerance):
        raise MetrologyError("t, n, in_tolerance: expected equally many values")
    if any(t <= 0 or n <= 0 or not 0 <= x <= n for t, n, x in rows):
        raise MetrologyError("t, n, in_tolerance: a time or a count is out of range")
    if all(x == n for _, n, x in rows):
        return 0.0
    if all(x == 0 for _, _, x in rows):
        raise MetrologyError("in_tolerance: nothing ever was, so no rate can be found")

    def slope(logarithm: float) -> float:
        rate = math.exp(logarithm)
        # The derivative of the log-likelihood, sign turned so that it increases.
        return math.fsum(x * t - (n - x) * t / math.expm1(min(rate * t, 700.0)) for t, n, x in rows)

    longest, shortest = max(times), min(times)
    return math.exp(find_root(slope, math.log(1e-12 / longest), math.log(700.0 / shortest)))


def staircase(
    interval: float,
    errors: Sequence[float],
    maximum_permissible_error: float,
    *,
    increase_below: float,
    increase: float,
    decrease: float,
    shortest: float,
    longest: float,
) -> list[float]:
    """Return the interval after each calibration: shorter after a failure, longer after a good one.

    Source:
        ILAC-G24:2022, method 1 (staircase).

    Example:
        >>> staircase(12.0, [0.2, 1.4], 1.0, increase_below=0.5, increase=1.5, decrease=0.6,
        ...           shortest=1.0, longest=24.0)
        [18.0, 10.799999999999999]
    """
    if not maximum_permissible_error > 0 or not interval > 0:
        raise MetrologyError("mpe, interval: expected positive numbers")
    # Compared as decimals: 0.07 is not above 0.7 times 0.1.
    limit = exact(maximum_permissible_error)
    good = exact(increase_below) * limit
    intervals: list[float] = []
    for error in errors:
        size = abs(exact(error))
        if size > limit:
            interval *= decrease
        elif size <= good:
            interval *= increase
        interval = min(max(interval, shortest), longest)
        intervals.append(interval)
    return intervals


@dataclass(frozen=True, slots=True)
class DriftPolynomial:
    """The fitted drift of method variables data, and when u reaches its target."""

    coefficients: tuple[float, ...]
    scatter: float
    interval: float


def interval_by_variables(
    times: Sequence[float],
    drifts: Sequence[float],
    order: int,
    initial_uncertainty: float,
    target: float,
) -> DriftPolynomial:
    """Return when the uncertainty of a predicted drift reaches its target.

    The drift is a polynomial without constant term; u(t)² = u0² + s² + fit variance at t.

    Raises:
        MetrologyError: There are too few points for the order, or the target is never reached.

    Source:
        NCSLI RP-1, variables data method.
    """
    number = len(times)
    if not 1 <= order <= GREATEST_ORDER:
        raise MetrologyError(f"order: expected 1 to {GREATEST_ORDER}")
    if number != len(drifts) or number <= order:
        raise MetrologyError("t, delta: expected equally many, more than the order")
    if min(times) < 0:
        raise MetrologyError("t: expected times since the calibration before, not negative")
    # Days to the third power beside days would cost digits: time is counted in the longest.
    longest = max(times) or 1.0
    exponents = np.arange(1, order + 1)
    matrix = (np.asarray(times, dtype=float) / longest)[:, np.newaxis] ** exponents
    if np.linalg.matrix_rank(matrix) < order:
        raise MetrologyError("t: too few different times for the order")
    coefficients, *_ = np.linalg.lstsq(matrix, np.asarray(drifts, dtype=float), rcond=None)
    residuals = np.asarray(drifts, dtype=float) - matrix @ coefficients
    variance = float(residuals @ residuals) / (number - order)
    inverse = np.linalg.inv(matrix.T @ matrix)

    def excess(time: float) -> float:
        powers = (time / longest) ** exponents
        spread = variance * float(powers @ inverse @ powers)
        return initial_uncertainty**2 + variance + spread - target**2

    start = excess(0.0)
    if start >= 0:
        interval = 0.0
    elif variance == 0:
        interval = math.inf
    else:
        end = max(times)
        while excess(end) < 0 and end < LONGEST:
            end *= 2
        # A bent line may be uncertain between its points: the first time counts.
        steps = [end * step / GRID for step in range(GRID + 1)]
        first = next((step for step in range(1, GRID) if excess(steps[step]) >= 0), GRID)
        interval = find_root(excess, steps[first - 1], steps[first])
    slopes = coefficients / longest**exponents
    return DriftPolynomial(tuple(map(float, slopes)), math.sqrt(variance), interval)


def _check_probability(name: str, value: float) -> None:
    if not 0 < value < 1:
        raise MetrologyError(f"{name}: expected a number between 0 and 1")
