"""The engine run through every worked example: expected beside computed, and a verdict.

ISO/IEC 17025:2017, 7.11.2, asks a laboratory to validate its software before use. This is that
validation as arithmetic; who ran it and when is written down by whoever asks for it.
"""

import importlib.metadata
import math
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final, cast

from calibra_app.metrology.budget import ENGINE_VERSION
from calibra_app.metrology.cases import evaluate_case
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.validation.examples import Example, worked_examples

# What the engine computes with besides its own code; a test holds the list to its imports.
LIBRARIES: Final = ("numpy",)

Evaluate = Callable[[object], Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One figure: what was expected, what the engine computed, and how far they lie apart.

    `deviation` and `tolerance` are None where the answer is a word or a yes.
    """

    field: str
    expected: str
    computed: str
    deviation: float | None
    tolerance: float | None
    agrees: bool
    printed: str = ""
    as_printed: bool = True
    """Whether the computed figure, rounded, is the printed one."""

    @property
    def share(self) -> float | None:
        """Return the deviation in parts of the tolerance; None where there is neither."""
        if self.deviation is None or self.tolerance is None:
            return None
        if self.tolerance == 0:
            return 0.0 if self.deviation == 0 else math.inf
        return self.deviation / self.tolerance


@dataclass(frozen=True, slots=True)
class ExampleResult:
    """One example with its figures; `error` is the sentence of an example that was refused."""

    example: Example
    comparisons: tuple[Comparison, ...]
    error: str = ""

    @property
    def agrees(self) -> bool:
        """Say whether every figure lies within its tolerance."""
        return not self.error and all(row.agrees for row in self.comparisons)

    @property
    def worst(self) -> float:
        """Return the largest deviation in parts of its tolerance."""
        return max((abs(row.share) for row in self.comparisons if row.share is not None), default=0)


@dataclass(frozen=True, slots=True)
class ValidationReport:
    """What the engine made of all examples, and what it ran on."""

    results: tuple[ExampleResult, ...]
    engine_version: str = ENGINE_VERSION
    versions: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def agreeing(self) -> int:
        """Return the number of examples that agree."""
        return sum(result.agrees for result in self.results)

    @property
    def figures(self) -> int:
        """Return the number of figures that were compared."""
        return sum(len(result.comparisons) for result in self.results)

    @property
    def agrees(self) -> bool:
        """Say whether every example agrees."""
        return self.agreeing == len(self.results)

    @property
    def verdict(self) -> str:
        """Return the outcome in a sentence."""
        total = len(self.results)
        if self.agrees:
            return f"{total} of {total} worked examples agree within their tolerances."
        return f"{total - self.agreeing} of {total} worked examples do not agree."

    def grouped(self) -> Iterator[tuple[str, tuple[ExampleResult, ...]]]:
        """Yield the results under the heading of each kind."""
        for title, members in groupby(self.results, key=lambda result: result.example.group):
            yield title, tuple(members)


def validate_engine(
    examples: Sequence[Example] | None = None, evaluate: Evaluate = evaluate_case
) -> ValidationReport:
    """Run worked examples through the engine and compare every figure.

    Args:
        examples: Which ones; all that ship with the engine where nothing is said.
        evaluate: What answers a question; the engine as cases ask it.

    Example:
        >>> validate_engine(worked_examples()[:3]).agreeing
        3
    """
    chosen = worked_examples() if examples is None else examples
    results = tuple(_result(example, evaluate) for example in chosen)
    return ValidationReport(results, versions=versions_here())


def versions_here() -> dict[str, str]:
    """Return the versions of the interpreter and of the libraries that the engine computes with."""
    found = {"Python": platform.python_version()}
    return found | {name: importlib.metadata.version(name) for name in LIBRARIES}


def _result(example: Example, evaluate: Evaluate) -> ExampleResult:
    try:
        answer = evaluate(example.question)
    except MetrologyError as error:
        return ExampleResult(example, (), str(error))
    return ExampleResult(example, tuple(_compared(example, "", example.expected, answer)))


def _compared(
    example: Example, path: str, expected: object, computed: object
) -> Iterator[Comparison]:
    if isinstance(expected, Mapping):
        held = _named(computed)
        for name, value in cast("Mapping[str, object]", expected).items():
            inner = f"{path}.{name}" if path else name
            yield from _compared(example, inner, value, held.get(name))
    elif isinstance(expected, list):
        items = cast("list[object]", computed) if isinstance(computed, list) else []
        wanted = cast("list[object]", expected)
        if len(items) == len(wanted):
            for index, (one, other) in enumerate(zip(wanted, items, strict=True)):
                yield from _compared(example, f"{path}.{index}", one, other)
        else:
            yield Comparison(path, _text(wanted), _text(items), None, None, agrees=False)
    elif _is_number(expected):
        yield _figure(example, path, float(cast("float", expected)), computed)
    else:
        same = computed == expected
        yield Comparison(path, _text(expected), _text(computed), None, None, agrees=same)


def _figure(example: Example, path: str, expected: float, computed: object) -> Comparison:
    if not _is_number(computed):
        return Comparison(path, _text(expected), _text(computed), None, None, agrees=False)
    value = float(cast("float", computed))
    deviation = value - expected
    tolerance = example.tolerance_at(path, expected)
    printed = next((row for row in example.printed if row.field == path), None)
    return Comparison(
        path,
        _text(expected),
        _text(computed),
        deviation,
        tolerance,
        agrees=abs(deviation) <= tolerance,
        printed=printed.text if printed else "",
        as_printed=printed is None
        # A source may print more digits than double precision holds.
        or abs(value - float(printed.text)) <= max(printed.half_unit * (1 + 1e-9), tolerance),
    )


def _named(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, Mapping) else {}


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.12g}"
    if isinstance(value, list):
        return ", ".join(_text(item) for item in cast("list[object]", value)) or "none"
    return "nothing" if value is None else str(value)
