"""Drawn values of input quantities: each by its distribution, correlated ones jointly."""

import math
from collections.abc import Mapping, Sequence

import numpy as np

from calibra_app.metrology.distributions import Shape
from calibra_app.metrology.expression import Array
from calibra_app.metrology.propagation import Correlations, InputQuantity
from calibra_app.metrology.quantity import MetrologyError

_CONTRADICTION = -1e-9
_JOINT_SHAPES = (Shape.NORMAL, Shape.T, Shape.READINGS)


class Draws:
    """The source of drawn values of a set of input quantities.

    Correlated quantities are jointly normal. Those whose degrees of freedom are finite and the
    same for all that hang together are jointly t (one chi-square for the group, so that they keep
    their correlation); where the degrees of freedom differ, each is a t of its own whose scores
    are correlated.
    """

    def __init__(
        self, quantities: Sequence[InputQuantity], correlations: Correlations, seed: int
    ) -> None:
        """Prepare the draws; the same seed gives the same values in the same blocks.

        Raises:
            MetrologyError: A correlated quantity is neither normal nor t, or the coefficients
                contradict each other.

        Source:
            JCGM 101:2008, 6.4; JCGM 102:2011, 5.3.2 (multivariate t).
        """
        self._quantities = quantities
        self._generator = np.random.default_rng(seed)
        self._groups = _groups(quantities, correlations)
        self._factor = _factor(quantities, correlations)

    def block(self, size: int) -> dict[str, Array]:
        """Return the next values of all quantities, by name.

        Raises:
            MetrologyError: A distribution is so wide that a value is not finite.
        """
        joint = self._joint_scores(size)
        scales: dict[int, Array] = {}
        with np.errstate(all="ignore"):
            drawn = {
                one.name: self._one(one, size, joint.get(one.name), scales)
                for one in self._quantities
            }
            for name, values in drawn.items():
                # The sum tells in one go whether anything is not finite.
                if not math.isfinite(values.sum()):
                    raise MetrologyError(f"{name}: its distribution is too wide to draw from")
        return drawn

    def _joint_scores(self, size: int) -> Mapping[str, Array]:
        if not self._factor:
            return {}
        names, factor = self._factor
        scores = factor @ self._generator.standard_normal((len(names), size))
        return dict(zip(names, scores, strict=True))

    def _one(
        self, quantity: InputQuantity, size: int, score: Array | None, scales: dict[int, Array]
    ) -> Array:
        shape, half, generator = quantity.shape, quantity.half_width, self._generator
        if shape is Shape.CONSTANT or quantity.standard_uncertainty == 0:
            return np.full(size, quantity.value)
        if math.isfinite(quantity.degrees_of_freedom):
            deviation = generator.standard_normal(size) if score is None else score
            deviation /= self._scale(quantity, size, scales)
            deviation *= quantity.standard_uncertainty
        elif shape is Shape.RECTANGULAR:
            deviation = generator.uniform(-half, half, size)
        elif shape is Shape.TRIANGULAR:
            deviation = generator.random(size)
            deviation -= generator.random(size)
            deviation *= half
        elif shape is Shape.ARCSINE:
            deviation = generator.random(size)
            deviation *= 2.0 * math.pi
            deviation = np.sin(deviation, deviation)
            deviation *= half
        elif shape is Shape.TRAPEZOIDAL:
            wide, narrow = half * (1 + quantity.beta) / 2, half * (1 - quantity.beta) / 2
            deviation = generator.uniform(-wide, wide, size)
            deviation += generator.uniform(-narrow, narrow, size)
        elif shape is Shape.CTRAP:
            deviation = generator.uniform(-quantity.inexactness, quantity.inexactness, size)
            deviation += half
            deviation *= generator.uniform(-1.0, 1.0, size)
        elif shape is Shape.EXPONENTIAL:
            return generator.exponential(quantity.value, size)
        else:
            deviation = generator.standard_normal(size) if score is None else score
            deviation *= quantity.standard_uncertainty
        deviation += quantity.value
        return deviation

    def _scale(self, quantity: InputQuantity, size: int, scales: dict[int, Array]) -> Array:
        group = self._groups.get(quantity.name)
        if group is not None and group in scales:
            return scales[group]
        degrees = quantity.degrees_of_freedom
        scale = self._generator.chisquare(degrees, size)
        scale /= degrees
        scale = np.sqrt(scale, scale)
        if group is not None:
            scales[group] = scale
        return scale


def _correlated(quantities: Sequence[InputQuantity], correlations: Correlations) -> list[str]:
    paired = {name for pair in correlations.pairs for name in pair}
    return [one.name for one in quantities if one.name in paired]


def _groups(quantities: Sequence[InputQuantity], correlations: Correlations) -> dict[str, int]:
    """Return the number of the group by name, for quantities that are jointly t."""
    group = {name: index for index, name in enumerate(_correlated(quantities, correlations))}
    for one, other in correlations.pairs:
        if one in group and other in group:
            low, high = sorted((group[one], group[other]))
            group = {name: low if number == high else number for name, number in group.items()}
    degrees: dict[int, set[float]] = {}
    for quantity in quantities:
        if quantity.name in group:
            degrees.setdefault(group[quantity.name], set()).add(quantity.degrees_of_freedom)
    return {name: number for name, number in group.items() if len(degrees[number]) == 1}


def _factor(
    quantities: Sequence[InputQuantity], correlations: Correlations
) -> tuple[list[str], Array] | None:
    names = _correlated(quantities, correlations)
    if not names:
        return None
    for quantity in quantities:
        if quantity.name in names and quantity.shape not in _JOINT_SHAPES:
            raise MetrologyError(f"{quantity.name}: a correlated quantity is normal or t")
    matrix = np.array([[correlations.between(one, other) for other in names] for one in names])
    roots, vectors = np.linalg.eigh(matrix)
    if roots.min() < _CONTRADICTION:
        raise MetrologyError("correlations: the coefficients contradict each other")
    return names, np.asarray(vectors * np.sqrt(np.clip(roots, 0.0, None)), dtype=np.float64)
