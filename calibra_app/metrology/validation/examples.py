"""The worked examples that ship with the engine: question, expected answer, source, tolerance.

Every file beside this one has the form of `calibra-metrology-cases/1`, so the same file can be
given to the engine from outside. What a source prints stands in `published`; `expected` was
computed with at least two independent tools, and `tolerance` says how far an answer may lie off.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, cast

from calibra_app.metrology.cases import FORM
from calibra_app.metrology.validation.wording import coverage_words, model_words, shown

FILES: Final = ("annexes.json", "cases.json")

# What belongs to the answer; the engine is given the rest.
ANSWERS: Final = frozenset({"expected", "tolerance", "published", "confidence", "notes", "tools"})

KIND_TITLES: Final[Mapping[str, str]] = {
    "budget": "Uncertainty budgets",
    "monte_carlo": "Propagation of distributions",
    "line_fit": "Calibration lines",
    "anova": "Analysis of variance",
    "welch": "Effective degrees of freedom",
    "weighted_mean": "Weighted means",
    "conformity": "Statements of conformity",
    "global_risk": "Global risk",
    "guf_validation": "Validation by Monte Carlo",
    "rounding": "Rounding",
    "report": "Reported results",
    "cmc_floor": "Calibration and measurement capability",
    "score": "Scores of comparisons",
    "interval": "Calibration intervals",
    "control_chart": "Control charts",
    "units": "Units",
    "drift": "Drift of standards",
}

# What the fields of an example that ask the question are called.
_ASKED: Final[Mapping[str, str]] = {
    "model": "Measurement model",
    "coverage": "Coverage",
    "correlations": "Correlations",
    "correlate_readings": "Readings in simultaneous sets",
    "second_order": "Second-order terms",
    "trials": "Trials",
    "seed": "Seed",
}


@dataclass(frozen=True, slots=True)
class Printed:
    """One number as its source prints it."""

    field: str
    text: str

    @property
    def half_unit(self) -> float:
        """Return half a unit of the last printed digit: what rounding alone may hide.

        Example:
            >>> Printed("k", "2.09").half_unit
            0.005
        """
        digits, _, power = self.text.lower().partition("e")
        decimals = len(digits.partition(".")[2])
        return 0.5 * 10.0 ** (int(power or 0) - decimals)


@dataclass(frozen=True, slots=True)
class Example:
    """One worked example."""

    name: str
    title: str
    kind: str
    source: str
    question: Mapping[str, Any]
    expected: Mapping[str, Any]
    tolerance: Mapping[str, Mapping[str, float]]
    printed: tuple[Printed, ...]
    is_published: bool
    notes: str = ""
    tools: tuple[str, ...] = ()
    """What `expected` was computed with."""

    @property
    def group(self) -> str:
        """Return the heading under which examples of this kind stand."""
        return KIND_TITLES.get(self.kind, self.kind)

    @property
    def inputs(self) -> tuple[Mapping[str, Any], ...]:
        """Return the input quantities of a measurement model; empty for other kinds."""
        return tuple(self.question.get("inputs", ()))

    def asked(self) -> Iterator[tuple[str, str]]:
        """Yield what is asked, besides the input quantities, as words and value."""
        given = {
            name: value
            for name, value in self.question.items()
            if name not in {"id", "title", "kind", "source", "inputs", "input", "want"}
        }
        given |= cast("dict[str, Any]", self.question.get("input", {}))
        for name, value in given.items():
            tell = {"coverage": coverage_words, "model": model_words}.get(name, shown)
            told = tell(value)
            yield _ASKED.get(name, name.replace("_", " ")), told

    def tolerance_at(self, path: str, expected: float) -> float:
        """Return how far an answer may lie off at a place such as `contributions.V`."""
        words = path.split(".")
        places = (".".join(words[:length]) for length in range(len(words), 0, -1))
        allowed = next((self.tolerance[place] for place in places if place in self.tolerance), None)
        if allowed is None:
            allowed = self.tolerance.get("*", {})
        return max(allowed.get("rel", 0.0) * abs(expected), allowed.get("abs", 0.0))


@cache
def worked_examples() -> tuple[Example, ...]:
    """Return every example, grouped by kind in the order of the headings."""
    found = [_example(case) for name in FILES for case in cases_of(name)]
    order = list(KIND_TITLES)
    return tuple(sorted(found, key=lambda example: order.index(example.kind)))


def all_cases() -> dict[str, Any]:
    """Return every case with its answer as one document, which the engine takes as it is."""
    cases = [case for name in FILES for case in cases_of(name)]
    return {"form": FORM, "title": "Worked examples of Calibra", "cases": cases}


def cases_of(name: str) -> list[dict[str, Any]]:
    """Return the cases of one file, with their answers, as they stand there."""
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return cast("list[dict[str, Any]]", json.loads(text)["cases"])


def _example(case: Mapping[str, Any]) -> Example:
    printed = tuple(
        Printed(str(row["field"]), str(row["printed"]))
        for row in cast("list[dict[str, Any]]", case["published"])
    )
    question = {name: value for name, value in case.items() if name not in ANSWERS}
    return Example(
        name=str(case["id"]),
        title=str(case["title"]),
        kind=str(case["kind"]),
        source=str(case["source"]),
        question=question | {"want": list(case["expected"])},
        expected=cast("Mapping[str, Any]", case["expected"]),
        tolerance=cast("Mapping[str, Mapping[str, float]]", case["tolerance"]),
        printed=printed,
        is_published=case["confidence"] == "published",
        notes=str(case.get("notes", "")),
        tools=tuple(cast("list[str]", case.get("tools", []))),
    )
