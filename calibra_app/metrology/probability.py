"""The distribution functions that uncertainty needs: normal, Student t, F, beta, binomial."""

import math
from collections.abc import Callable
from functools import lru_cache
from statistics import NormalDist
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from calibra_app.metrology.quantity import MetrologyError

Many = TypeVar("Many", float, NDArray[np.float64])
NORMAL: Final = NormalDist()
_TINY: Final = 1e-300
_PRECISION: Final = 1e-16
_STEPS: Final = 2000
# Above, a difference of logarithms would cost digits, and a series in 1/nu is exact.
LARGE_DEGREES: Final = 1e5
_FARTHEST: Final = 1e72
_BEYOND: Final = 1e3
_LARGE_ARGUMENT: Final = 20.0
_ENOUGH_FOR_START: Final = 4.0
_CLOSE: Final = 1e-12
_LARGEST_LOG: Final = 350.0
_STIRLING: Final = (
    1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156,
)  # fmt: skip
# Where z²/ν is smaller, five terms of the series give Student's t to the last digits.
_SERIES_FROM: Final = 1000.0


def normal_probability(z: float) -> float:
    """Return the probability that a standard normal quantity lies at or below z.

    Example:
        >>> normal_probability(0.0)
        0.5
    """
    return 0.5 * math.erfc(-z / math.sqrt(2.0))


def normal_quantile(probability: float) -> float:
    """Return the z below which a standard normal quantity lies with the given probability.

    Raises:
        MetrologyError: The probability does not lie strictly between 0 and 1.

    Example:
        >>> round(normal_quantile(0.975), 4)
        1.96
    """
    if not 0 < probability < 1:
        raise MetrologyError("a probability lies between 0 and 1")
    return NORMAL.inv_cdf(probability)


def incomplete_beta(a: float, b: float, x: float, rest: float | None = None) -> float:
    """Return the regularized incomplete beta function I_x(a, b).

    Args:
        a: Positive.
        b: Positive.
        x: Between 0 and 1.
        rest: 1 − x where it is known to more digits than x near 1 leaves.

    Source:
        DLMF 8.17.22, the continued fraction by the method of Lentz.

    Example:
        >>> round(incomplete_beta(2.0, 3.0, 0.5), 4)
        0.6875
    """
    if x <= 0:
        return 0.0
    remainder = 1.0 - x if rest is None else rest
    if remainder <= 0:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - incomplete_beta(b, a, remainder, x)
    log_front = a * _log(x, remainder) + b * _log(remainder, x) - _log_beta(a, b)
    return math.exp(log_front) * _beta_fraction(a, b, x) / a


def _log(x: float, rest: float) -> float:
    return math.log(x) if x < rest else math.log1p(-rest)


def _log_beta(a: float, b: float) -> float:
    """Return ln B(a, b); the difference of two large log-gammas would leave few digits.

    Source:
        DLMF 5.11.1 (the series of Stirling) for what remains of a ratio of gammas.
    """
    small, large = min(a, b), max(a, b)
    if large < _LARGE_ARGUMENT:
        return math.lgamma(small) + math.lgamma(large) - math.lgamma(small + large)
    rise = (
        (large - 0.5) * math.log1p(small / large)
        + small * (math.log(small + large) - 1.0)
        + _stirling(small + large)
        - _stirling(large)
    )
    return math.lgamma(small) - rise


def _stirling(x: float) -> float:
    """Return ln Γ(x) − (x − ½) ln x + x − ½ ln 2π for a large x."""
    square = 1.0 / (x * x)
    total = 0.0
    for coefficient in reversed(_STIRLING):
        total = total * square + coefficient
    return total / x


def _beta_fraction(a: float, b: float, x: float) -> float:
    c = 1.0
    d = 1.0 / _away_from_zero(1.0 - (a + b) * x / (a + 1.0))
    value = d
    for step in range(1, _STEPS):
        even = step * (b - step) * x / ((a + 2 * step - 1) * (a + 2 * step))
        d = 1.0 / _away_from_zero(1.0 + even * d)
        c = _away_from_zero(1.0 + even / c)
        value *= d * c
        odd = -(a + step) * (a + b + step) * x / ((a + 2 * step) * (a + 2 * step + 1))
        d = 1.0 / _away_from_zero(1.0 + odd * d)
        c = _away_from_zero(1.0 + odd / c)
        change = d * c
        value *= change
        if abs(change - 1.0) < _PRECISION:
            break
    return value


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def t_probability(t: float, degrees_of_freedom: float) -> float:
    """Return the probability that Student's t lies at or below t.

    Args:
        t: The value, dimensionless.
        degrees_of_freedom: Positive, not necessarily an integer; may be infinite.

    Example:
        >>> round(t_probability(2.015, 5), 4)
        0.95
    """
    if degrees_of_freedom > LARGE_DEGREES:
        return normal_probability(_normal_equivalent(t, degrees_of_freedom))
    ratio = t * t / degrees_of_freedom
    tail = 0.5 * incomplete_beta(
        degrees_of_freedom / 2, 0.5, 1.0 / (1.0 + ratio), ratio / (1.0 + ratio)
    )
    return 1.0 - tail if t > 0 else tail


def _normal_equivalent(t: float, degrees_of_freedom: float) -> float:
    """Return the z of a normal quantity that has the probability of t (G. W. Hill, 1970)."""
    if math.isinf(degrees_of_freedom) or abs(t) > _BEYOND:
        return t
    a = degrees_of_freedom - 0.5
    b = 48.0 * a * a
    z = math.sqrt(a * math.log1p(t * t / degrees_of_freedom))
    tail = (4 * z**7 + 33 * z**5 + 240 * z**3 + 855 * z) / (10 * b * (b + 0.8 * z**4 + 100))
    return math.copysign(z + (z**3 + 3 * z) / b - tail, t)


@lru_cache(maxsize=8192)
def t_factor(probability: float, degrees_of_freedom: float) -> float:
    """Return the k for which [-k, k] holds Student's t with the given probability.

    Args:
        probability: The two-sided coverage probability, 0 < p < 1.
        degrees_of_freedom: nu > 0; infinite gives the normal factor.

    Raises:
        MetrologyError: The probability or the degrees of freedom are out of range.

    Source:
        JCGM 100:2008 (GUM), G.3 and table G.2.

    Example:
        >>> round(t_factor(0.9545, 4), 3), round(t_factor(0.95, 10), 3)
        (2.869, 2.228)
    """
    if not 0 < probability < 1:
        raise MetrologyError("a coverage probability lies between 0 and 1")
    if not degrees_of_freedom > 0:
        raise MetrologyError("degrees of freedom are positive")
    z = normal_quantile(0.5 + probability / 2)
    if degrees_of_freedom >= series_from(probability):
        return t_series(z, degrees_of_freedom)
    start = t_series(z, degrees_of_freedom) if degrees_of_freedom > _ENOUGH_FOR_START else z
    return _t_at_tail(1.0 - probability, degrees_of_freedom, start)


def _t_at_tail(tail: float, degrees_of_freedom: float, start: float) -> float:
    """Return the t beyond which, on both sides, the tail lies.

    The steps are Newton's on ln(tail) over ln(t), which is concave: none can run away.
    """
    half = degrees_of_freedom / 2
    log_scale = -_log_beta(half, 0.5) - 0.5 * math.log(degrees_of_freedom)
    log_t = math.log(start)
    for _ in range(_STEPS):
        t = math.exp(log_t)
        ratio = t * t / degrees_of_freedom
        found = incomplete_beta(half, 0.5, 1.0 / (1.0 + ratio), ratio / (1.0 + ratio))
        if not found > 0:
            break
        density = math.exp(log_scale - (half + 0.5) * math.log1p(ratio))
        step = math.log(found / tail) * found / (2.0 * t * density)
        log_t += step
        if abs(step) < _CLOSE:
            return math.exp(log_t)
        if log_t > _LARGEST_LOG:
            break
    raise MetrologyError("there is no value that fulfils the condition")


def series_from(probability: float) -> float:
    """Return the degrees of freedom from which the series gives k to the last digits."""
    return _SERIES_FROM * max(1.0, normal_quantile(0.5 + probability / 2) ** 2)


def t_series(z: float, degrees_of_freedom: Many) -> Many:
    """Return Student's t from the normal quantile, for many degrees of freedom.

    Source:
        Abramowitz and Stegun, 26.7.5.
    """
    s = z * z
    terms = (
        1.0,
        (s + 1) / 4,
        ((5 * s + 16) * s + 3) / 96,
        (((3 * s + 19) * s + 17) * s - 15) / 384,
        ((((79 * s + 776) * s + 1482) * s - 1920) * s - 945) / 92160,
    )
    total = terms[-1] / degrees_of_freedom
    for term in terms[3:0:-1]:
        total = (total + term) / degrees_of_freedom
    return z * (total + terms[0])


def find_root(
    function: Callable[[float], float], low: float, high: float, *, grow: bool = False
) -> float:
    """Return where an increasing function passes through zero, by bracketing secants.

    Raises:
        MetrologyError: The function does not change its sign between the two ends.

    Example:
        >>> round(find_root(lambda x: x * x - 2, 0.0, 2.0), 9)
        1.414213562
    """
    below, above = function(low), function(high)
    while grow and above < 0 and high < _FARTHEST:
        low, below = high, above
        high *= 4
        above = function(high)
    if below > 0 or above < 0:
        raise MetrologyError("there is no value that fulfils the condition")
    # The Illinois variant of regula falsi; a halving step whenever it stalls.
    for step in range(400):
        if below == 0:
            return low
        if above == 0:
            return high
        guess = high - above * (high - low) / (above - below)
        if step % 3 == 2 or not low < guess < high:  # noqa: PLR2004
            guess = 0.5 * (low + high)
        if not low < guess < high:
            break
        value = function(guess)
        if value < 0:
            low, below = guess, value
            above *= 0.5
            above = function(high) if step % 3 == 2 else above  # noqa: PLR2004
        else:
            high, above = guess, value
        if high - low <= 4e-16 * max(abs(low), abs(high)):
            break
    return 0.5 * (low + high)


def f_probability(ratio: float, numerator: float, denominator: float) -> float:
    """Return the probability that an F ratio lies at or below the given one.

    Example:
        >>> round(f_probability(4.0662, 3, 8), 4)
        0.95
    """
    if ratio <= 0:
        return 0.0
    scaled = numerator * ratio
    return incomplete_beta(numerator / 2, denominator / 2, scaled / (scaled + denominator))


def f_quantile(probability: float, numerator: float, denominator: float) -> float:
    """Return the F ratio that is not exceeded with the given probability.

    Example:
        >>> round(f_quantile(0.95, 3, 8), 4)
        4.0662
    """
    if not 0 < probability < 1:
        raise MetrologyError("a probability lies between 0 and 1")
    return find_root(
        lambda ratio: f_probability(ratio, numerator, denominator) - probability,
        0.0,
        10.0,
        grow=True,
    )


def beta_quantile(probability: float, a: float, b: float) -> float:
    """Return the x for which I_x(a, b) equals the probability.

    Example:
        >>> round(beta_quantile(0.5, 2.0, 2.0), 6)
        0.5
    """
    return find_root(lambda x: incomplete_beta(a, b, x) - probability, 0.0, 1.0)


def chi_square_quantile(probability: float, degrees_of_freedom: float) -> float:
    """Return the chi-square value that is not exceeded with the given probability.

    Example:
        >>> round(chi_square_quantile(0.95, 2), 4)
        5.9915
    """
    if not 0 < probability < 1:
        raise MetrologyError("a probability lies between 0 and 1")
    return find_root(
        lambda x: lower_gamma(degrees_of_freedom / 2, x / 2) - probability, 0.0, 10.0, grow=True
    )


def lower_gamma(a: float, x: float) -> float:
    """Return the regularized lower incomplete gamma function P(a, x).

    Source:
        DLMF 8.11.4 (series) and 8.9.2 (continued fraction).

    Example:
        >>> round(lower_gamma(1.0, 1.0), 6)
        0.632121
    """
    if x <= 0:
        return 0.0
    front = math.exp(a * math.log(x) - x - math.lgamma(a))
    if x < a + 1:
        term = total = 1.0 / a
        for step in range(1, _STEPS):
            term *= x / (a + step)
            total += term
            if term < total * _PRECISION:
                break
        return total * front
    b = x + 1.0 - a
    c = 1.0 / _TINY
    d = 1.0 / b
    value = d
    for step in range(1, _STEPS):
        an = -step * (step - a)
        b += 2.0
        d = 1.0 / _away_from_zero(an * d + b)
        c = _away_from_zero(b + an / c)
        change = d * c
        value *= change
        if abs(change - 1.0) < _PRECISION:
            break
    return 1.0 - front * value


def binomial_probability(successes: int, trials: int, probability: float) -> float:
    """Return the probability of at most so many successes in independent trials.

    Example:
        >>> round(binomial_probability(16, 20, 0.95), 6)
        0.015902
    """
    if successes >= trials:
        return 1.0
    if successes < 0:
        return 0.0
    return incomplete_beta(trials - successes, successes + 1, 1.0 - probability)
