"""The distribution functions that uncertainty needs: normal, Student t, F, beta, binomial."""

import math
from collections.abc import Callable
from functools import lru_cache
from statistics import NormalDist
from typing import Final

from calibra_app.metrology.quantity import MetrologyError

NORMAL: Final = NormalDist()
_TINY: Final = 1e-300
_PRECISION: Final = 1e-16
_STEPS: Final = 2000
# Above, a difference of logarithms would cost digits, and a series in 1/nu is exact.
LARGE_DEGREES: Final = 1e5
_FARTHEST: Final = 1e72


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


def incomplete_beta(a: float, b: float, x: float) -> float:
    """Return the regularized incomplete beta function I_x(a, b).

    Source:
        DLMF 8.17.22, the continued fraction by the method of Lentz.

    Example:
        >>> round(incomplete_beta(2.0, 3.0, 0.5), 4)
        0.6875
    """
    if x <= 0:
        return 0.0
    if x >= 1:
        return 1.0
    if x > (a + 1) / (a + b + 2):
        return 1.0 - incomplete_beta(b, a, 1.0 - x)
    log_front = (
        math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    )
    return math.exp(log_front) * _beta_fraction(a, b, x) / a


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
    tail = 0.5 * incomplete_beta(
        degrees_of_freedom / 2, 0.5, degrees_of_freedom / (degrees_of_freedom + t * t)
    )
    return 1.0 - tail if t > 0 else tail


def _normal_equivalent(t: float, degrees_of_freedom: float) -> float:
    """Return the z of a normal quantity that has the probability of t (G. W. Hill, 1970)."""
    if math.isinf(degrees_of_freedom):
        return t
    a = degrees_of_freedom - 0.5
    b = 48.0 * a * a
    z = math.sqrt(a * math.log1p(t * t / degrees_of_freedom))
    tail = (4 * z**7 + 33 * z**5 + 240 * z**3 + 855 * z) / (10 * b * (b + 0.8 * z**4 + 100))
    return math.copysign(z + (z**3 + 3 * z) / b - tail, t)


def _from_normal(z: float, degrees_of_freedom: float) -> float:
    """Return the t that has the probability of z, for very many degrees of freedom.

    Source:
        R. A. Fisher and E. A. Cornish, Technometrics 2 (1960) 209.
    """
    nu = degrees_of_freedom
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    return z + first / nu + second / nu / nu


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
    if degrees_of_freedom > LARGE_DEGREES:
        return _from_normal(z, degrees_of_freedom)
    tail = 1.0 - probability

    def excess(t: float) -> float:
        share = degrees_of_freedom / (degrees_of_freedom + t * t)
        return tail - incomplete_beta(degrees_of_freedom / 2, 0.5, share)

    return find_root(excess, 0.0, max(4 * z, 10.0), grow=True)


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
