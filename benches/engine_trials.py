"""Monte Carlo of the engine beside bare numpy: sampling, the model, sorting, both intervals."""

import math
import tracemalloc
from collections.abc import Callable

import numpy as np

from benches.engine_rows import Row, in_blocks, row, row_of_memory
from calibra_app.metrology.distributions import Shape
from calibra_app.metrology.expression import parse
from calibra_app.metrology.monte_carlo import BLOCK, Simulation, simulate
from calibra_app.metrology.propagation import InputQuantity

TRIALS = 1_000_000
MANY_TRIALS = 10_000_000
PROBABILITY = 0.95
BLOCKS = 11
AT_MOST = 1.3
MODEL = "a*b + c*d"
NOTE = (
    f"Monte Carlo: {TRIALS:,} trials of {MODEL} with a and c normal, b rectangular, d a t with 9"
    " degrees of freedom; mean, standard deviation, symmetric and shortest 95 % interval on both"
    f" sides. Bare numpy draws all trials at once, or in blocks of {BLOCK:,} as Calibra does, and"
    " sorts all values. Calibra keeps the lowest and the highest 5 % of the values, where both"
    " ends of an interval lie, and sorts these: the same order statistics, exactly. Peaks of memory"
    " by tracemalloc, in runs of their own."
)


def monte_carlo_rows() -> list[Row]:
    """Return the rows of time and of memory."""
    _agree()
    what = f"{TRIALS:,} Monte Carlo trials, shortest interval"
    rows = [
        row(what, peer, in_blocks(_by_calibra, bare, BLOCKS, 1), at_most=AT_MOST)
        for peer, bare in (
            ("numpy, all at once, sorted", _bare),
            ("numpy in blocks, sorted", _bare_in_blocks),
        )
    ]
    bare = _peak(_bare)
    many = f"{MANY_TRIALS:,} trials: peak of memory"
    rows.append(
        row_of_memory(f"{TRIALS:,} trials: peak of memory", _peak(_by_calibra), "numpy", bare)
    )
    rows.append(row_of_memory(many, _peak(lambda: _by_calibra(MANY_TRIALS)), "", 0.0))
    return rows


def _by_calibra(trials: int = TRIALS) -> Simulation:
    quantities = [
        InputQuantity("a", 1.0, 0.1),
        InputQuantity("b", 2.0, 0.2 / math.sqrt(3.0), shape=Shape.RECTANGULAR, half_width=0.2),
        InputQuantity("c", 0.5, 0.01),
        InputQuantity("d", 3.0, 0.05, 9.0),
    ]
    return simulate(parse(MODEL), quantities, trials=trials, probability=PROBABILITY)


def _sample(generator: np.random.Generator, size: int) -> np.ndarray:
    a = generator.normal(1.0, 0.1, size)
    b = generator.uniform(1.8, 2.2, size)
    c = generator.normal(0.5, 0.01, size)
    d = 3.0 + 0.05 * generator.standard_t(9, size)
    return a * b + c * d


def _bare() -> tuple[float, ...]:
    return _figures(_sample(np.random.default_rng(17025), TRIALS))


def _bare_in_blocks() -> tuple[float, ...]:
    generator = np.random.default_rng(17025)
    values = np.empty(TRIALS)
    for start in range(0, TRIALS, BLOCK):
        values[start : start + BLOCK] = _sample(generator, BLOCK)
    return _figures(values)


def _figures(values: np.ndarray) -> tuple[float, ...]:
    values.sort()
    covered = int(PROBABILITY * TRIALS)
    low = (TRIALS - covered) // 2
    place = np.argmin(values[covered:] - values[:-covered])
    return (
        values.mean(),
        values.std(ddof=1),
        values[low],
        values[low + covered],
        values[place],
        values[place + covered],
    )


def _agree() -> None:
    """Compare both sides before they are timed.

    Raises:
        ValueError: They differ by more than such trials may.
    """
    found = _by_calibra()
    ours = (found.mean, found.standard_deviation, *found.symmetric, *found.shortest)
    if not np.allclose(ours, _bare(), rtol=0, atol=0.08 * found.standard_deviation):
        raise ValueError("Calibra and numpy differ")


def _peak(deed: Callable[[], object]) -> float:
    deed()
    tracemalloc.start()
    deed()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6
