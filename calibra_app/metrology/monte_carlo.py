"""Propagation of distributions by Monte Carlo, and the validation of the linear result by it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

import numpy as np

from calibra_app.metrology.distributions import Shape
from calibra_app.metrology.expression import Array, Expression
from calibra_app.metrology.propagation import Correlations, InputQuantity, values_of
from calibra_app.metrology.quantity import MetrologyError

SEED: Final = 17025
BLOCK: Final = 100_000
FEWEST_TRIALS: Final = 100
MOST_TRIALS: Final = 10_000_000


@dataclass(frozen=True, slots=True)
class Simulation:
    """What the trials say about the output quantity; the seed makes it repeatable."""

    mean: float
    standard_deviation: float
    symmetric: tuple[float, float]
    shortest: tuple[float, float]
    trials: int
    seed: int


def simulate(
    model: Expression,
    quantities: Sequence[InputQuantity],
    correlations: Correlations | None = None,
    *,
    trials: int = 1_000_000,
    probability: float = 0.95,
    seed: int = SEED,
) -> Simulation:
    """Return mean, standard deviation and coverage intervals of the output quantity.

    The trials run in blocks, so that memory grows with the output alone.

    Raises:
        MetrologyError: The number of trials or the probability is out of range, the model is
            not defined somewhere, or correlated quantities are not normal.

    Source:
        JCGM 101:2008, clauses 5 to 7; intervals by 7.7.
    """
    if not FEWEST_TRIALS <= trials <= MOST_TRIALS:
        raise MetrologyError(f"trials: expected {FEWEST_TRIALS} to {MOST_TRIALS}")
    if not 0 < probability < 1:
        raise MetrologyError("coverage.p: a probability lies between 0 and 1")
    values_of(model, quantities)
    generator = np.random.default_rng(seed)
    pairs = correlations or Correlations()
    outputs = np.empty(trials)
    start = 0
    for size in _blocks(trials):
        drawn = draw(quantities, pairs, generator, size)
        outputs[start : start + size] = model.of_many(drawn)
        start += size
    mean = float(outputs.mean())
    deviation = float(outputs.std(ddof=1))
    outputs.sort()
    return Simulation(
        mean,
        deviation,
        symmetric_interval(outputs, probability),
        shortest_interval(outputs, probability),
        trials,
        seed,
    )


def _blocks(trials: int) -> Iterator[int]:
    for start in range(0, trials, BLOCK):
        yield min(BLOCK, trials - start)


def draw(
    quantities: Sequence[InputQuantity],
    correlations: Correlations,
    generator: np.random.Generator,
    size: int,
) -> dict[str, Array]:
    """Return drawn values of all input quantities, by name."""
    joint = _joint_scores(quantities, correlations, generator, size)
    return {
        quantity.name: _draw_one(quantity, generator, size, joint.get(quantity.name))
        for quantity in quantities
    }


def _joint_scores(
    quantities: Sequence[InputQuantity],
    correlations: Correlations,
    generator: np.random.Generator,
    size: int,
) -> Mapping[str, Array]:
    if not correlations:
        return {}
    names = [
        quantity.name
        for quantity in quantities
        if any(
            other.name != quantity.name and correlations.between(quantity.name, other.name)
            for other in quantities
        )
    ]
    for quantity in quantities:
        if quantity.name in names and quantity.shape not in (
            Shape.NORMAL,
            Shape.T,
            Shape.READINGS,
        ):
            raise MetrologyError(f"{quantity.name}: a correlated quantity is normal or t")
    matrix = np.array(
        [[correlations.between(one, other) for other in names] for one in names], dtype=float
    )
    roots, vectors = np.linalg.eigh(matrix)
    if roots.min(initial=0.0) < -1e-9:  # noqa: PLR2004
        raise MetrologyError("correlations: the coefficients contradict each other")
    factor = vectors * np.sqrt(np.clip(roots, 0.0, None))
    scores = factor @ generator.standard_normal((len(names), size))
    return dict(zip(names, scores, strict=True))


def _draw_one(
    quantity: InputQuantity, generator: np.random.Generator, size: int, score: Array | None
) -> Array:
    shape, half = quantity.shape, quantity.half_width
    if shape is Shape.CONSTANT or quantity.standard_uncertainty == 0:
        return np.full(size, quantity.value)
    if math.isfinite(quantity.degrees_of_freedom):
        degrees = quantity.degrees_of_freedom
        normal = generator.standard_normal(size) if score is None else score
        scale = np.sqrt(generator.chisquare(degrees, size) / degrees)
        return quantity.value + quantity.standard_uncertainty * normal / scale
    if shape is Shape.RECTANGULAR:
        deviation = half * generator.uniform(-1.0, 1.0, size)
    elif shape is Shape.TRIANGULAR:
        deviation = half * (generator.random(size) - generator.random(size))
    elif shape is Shape.ARCSINE:
        deviation = half * np.sin(2.0 * math.pi * generator.random(size))
    elif shape is Shape.TRAPEZOIDAL:
        wide, narrow = half * (1 + quantity.beta) / 2, half * (1 - quantity.beta) / 2
        deviation = wide * generator.uniform(-1.0, 1.0, size) + narrow * generator.uniform(
            -1.0, 1.0, size
        )
    elif shape is Shape.CTRAP:
        edge = half + quantity.inexactness * generator.uniform(-1.0, 1.0, size)
        deviation = edge * generator.uniform(-1.0, 1.0, size)
    elif shape is Shape.EXPONENTIAL:
        return generator.exponential(quantity.value, size)
    else:
        normal = generator.standard_normal(size) if score is None else score
        deviation = quantity.standard_uncertainty * normal
    return quantity.value + deviation


def symmetric_interval(ordered: Array, probability: float) -> tuple[float, float]:
    """Return the interval that leaves equal parts of the trials below and above.

    Source:
        JCGM 101:2008, 7.7.2.
    """
    number = len(ordered)
    covered = _covered(number, probability)
    low = max(0, (number - covered) // 2)
    return float(ordered[low]), float(ordered[min(low + covered, number - 1)])


def shortest_interval(ordered: Array, probability: float) -> tuple[float, float]:
    """Return the shortest interval that holds the part of the trials.

    Source:
        JCGM 101:2008, 7.7.4.
    """
    number = len(ordered)
    covered = min(_covered(number, probability), number - 1)
    lengths = ordered[covered:] - ordered[: number - covered]
    low = int(np.argmin(lengths))
    return float(ordered[low]), float(ordered[low + covered])


def _covered(number: int, probability: float) -> int:
    return math.floor(probability * number + 0.5)


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
    # 0.0996 with two digits is written 0.10: the place moves with the rounding.
    place = uncertainty.adjusted() - digits + 1
    if uncertainty.quantize(Decimal(1).scaleb(place)).adjusted() > uncertainty.adjusted():
        place += 1
    delta = Decimal("0.5").scaleb(place)
    return Validation(delta, abs(linear[0] - simulated[0]), abs(linear[1] - simulated[1]))
