"""Student's t for whole columns of effective degrees of freedom."""

import math
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.polynomial import chebyshev

from calibra_app.metrology.expression import Array
from calibra_app.metrology.probability import normal_quantile, series_from, t_factor, t_series

# Over 1/ν, ln k is so smooth that this degree within each piece leaves an error of some 1e-14.
_PIECES: Final = (0.0, 1 / 32, 1 / 5, 1.0)
_DEGREE: Final = 22
_LOWEST: Final = 1.0


def t_factors(probability: float, degrees_of_freedom: Array) -> Array:
    """Return the coverage factors k for a column of degrees of freedom.

    Args:
        probability: The two-sided coverage probability, 0 < p < 1.
        degrees_of_freedom: nu > 0; need not be integers and may be infinite.

    Returns:
        The figures of `t_factor`, to some 1e-13 of their value.

    Example:
        >>> t_factors(0.95, np.array([10.0, math.inf])).round(3).tolist()
        [2.228, 1.96]
    """
    factors = np.empty(len(degrees_of_freedom))
    limit = series_from(probability)
    far = degrees_of_freedom >= limit
    factors[far] = _series(probability, degrees_of_freedom[far])
    near = ~far & (degrees_of_freedom >= _LOWEST)
    inverse = 1.0 / degrees_of_freedom[near]
    logarithms = np.empty(len(inverse))
    pieces = np.searchsorted(_PIECES[1:-1], inverse)
    for piece in range(len(_PIECES) - 1):
        here = pieces == piece
        if here.any():
            low, high = _ends(piece, limit)
            scaled = (2.0 * inverse[here] - low - high) / (high - low)
            logarithms[here] = chebyshev.chebval(scaled, _logarithm(probability, piece))
    factors[near] = np.exp(logarithms)
    for index in np.flatnonzero(~far & ~near):
        factors[index] = t_factor(probability, float(degrees_of_freedom[index]))
    return factors


def whole_t_factors(probability: float, degrees_of_freedom: Array) -> Array:
    """Return the coverage factors k for degrees of freedom that are integers, or infinite.

    Each is the figure of `t_factor` itself, found once and then looked up.

    Example:
        >>> whole_t_factors(0.95, np.array([10.0, math.inf])).round(3).tolist()
        [2.228, 1.96]
    """
    known = _known(probability)
    last = len(known) - 1
    index = np.minimum(degrees_of_freedom, last).astype(np.intp)
    factors: Array = known.take(index)
    if not factors.min(initial=math.inf) > 0:
        for degrees in np.unique(index[factors == 0]):
            if degrees < last:
                known[degrees] = t_factor(probability, float(degrees))
        factors = known.take(index)
        far = index == last
        factors[far] = _series(probability, degrees_of_freedom[far])
    return factors


def _series(probability: float, degrees_of_freedom: Array) -> Array:
    return t_series(normal_quantile(0.5 + probability / 2), degrees_of_freedom)


@lru_cache(maxsize=8)
def _known(probability: float) -> Array:
    """Return k by degrees of freedom, 0 where nobody asked yet; the last stands for all more."""
    return np.zeros(math.ceil(series_from(probability)) + 1)


def _ends(piece: int, limit: float) -> tuple[float, float]:
    return max(_PIECES[piece], 1.0 / limit), _PIECES[piece + 1]


@lru_cache(maxsize=32)
def _logarithm(probability: float, piece: int) -> Array:
    low, high = _ends(piece, series_from(probability))

    scaled = chebyshev.chebpts1(_DEGREE + 1)
    inverse = 0.5 * (low + high + scaled * (high - low))
    logarithms = [math.log(t_factor(probability, 1.0 / float(each))) for each in inverse]
    return np.asarray(chebyshev.chebfit(scaled, logarithms, _DEGREE), dtype=np.float64)
