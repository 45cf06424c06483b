"""A result with everything it was computed from, and the same result computed anew from that.

Why a file of its own form: whoever holds it and this program computes every figure again on a
machine that has never seen the laboratory, and is told figure by figure whether it is the same.
Each part of the file carries its digest, so what was changed afterwards is named as well.
"""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, Final, cast

from calibra_app.metrology.budget import ENGINE_VERSION
from calibra_app.metrology.cmc import Cmc, Combination
from calibra_app.metrology.conformity import DecisionRule
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.reference_standard import ReferenceStandard
from calibra_app.procedures.base import PlannedPoint, PointEvaluation
from calibra_app.procedures.registry import evaluate_point, hold_design

FORM: Final = "calibra-result/1"
# What the digest of the whole is taken over, besides `form` and `digests` themselves.
PARTS: Final = (
    "subject",
    "engine_version",
    "procedure",
    "parameters",
    "rule",
    "cmc",
    "standards",
    "environment",
    "points",
    "readings",
    "results",
)

# What another processor or library may make of the last bits of a number.
LAST_BITS: Final = 1e-13

Readings = Mapping[str, Sequence[Decimal]]


@dataclass(frozen=True, slots=True)
class Basis:
    """All that the engine looks at besides indications."""

    procedure_code: str
    budget_name: str
    model_key: str
    model_version: str
    points: Mapping[str, PlannedPoint]
    standards: Sequence[ReferenceStandard]
    environment: Mapping[str, object]
    parameters: Mapping[str, object]
    rule: DecisionRule
    cmc: Sequence[Cmc]

    def evaluate(self, key: str, readings: Readings) -> dict[str, object]:
        """Return what the indications of one point amount to, as plain data.

        What keeps a result from being computed stands among its warnings.
        """
        point = self.points[key]
        try:
            evaluated = evaluate_point(
                self.model_key,
                self.model_version,
                point,
                readings.get(key, ()),
                self.standards,
                self.environment,
                self.parameters,
                self.rule,
                self.cmc,
                readings,
            )
        except MetrologyError as error:
            evaluated = PointEvaluation(
                key=point.key,
                procedure=self.procedure_code,
                procedure_version=self.model_version,
                engine_version=ENGINE_VERSION,
                budget_name=self.budget_name,
                number=len(readings.get(point.key, ())),
                repeats=point.repeats,
                unit=point.unit,
                result_unit=point.result_unit,
                warnings=(str(error),),
            )
        return evaluated.as_json()


def sealed(parts: Mapping[str, object]) -> dict[str, object]:
    """Return the parts of a result as one document, with the digest of each.

    Raises:
        MetrologyError: A part is missing.
    """
    missing = [name for name in PARTS if name not in parts]
    if missing:
        raise MetrologyError(f"{missing[0]}: a result cannot be computed again without it")
    plain = cast("dict[str, object]", json.loads(_canonical({name: parts[name] for name in PARTS})))
    digests = {name: digest_of(plain[name]) for name in PARTS}
    return {"form": FORM, **plain, "digests": digests, "digest": digest_of(digests)}


def digest_of(part: object) -> str:
    """Return the SHA-256 of a part: over JSON with sorted keys and no spaces, in UTF-8."""
    return hashlib.sha256(_canonical(part).encode()).hexdigest()


def recompute(document: object) -> dict[str, object]:
    """Compute a sealed result anew and compare it with what it states, figure by figure.

    Returns:
        `identical`: every figure is the same to its last bit; `confirmed`: nothing was altered and
        no figure differs by more than the last bits of a number, which another processor may
        compute otherwise. Further a sentence, the engines, the parts that were altered since the
        export, and for each point its figures as stated and as computed here; ready for JSON.

    Raises:
        MetrologyError: The document is not of this form, or a part of it cannot be read.
    """
    held = _document(document)
    altered = _altered(held)
    basis = _basis(held)
    results = [
        _compared(basis, phase, key, readings, stated)
        for phase, readings, results in _series(held, basis)
        for key, stated in results.items()
    ]
    identical = all(result["identical"] for result in results)
    differing = [str(result["id"]) for result in results if not result["confirmed"]]
    return {
        "form": FORM,
        "identical": not altered and identical and bool(results),
        "confirmed": not altered and not differing and bool(results),
        "sentence": _sentence(held, altered, differing, len(results), identical=identical),
        "engine_version": {"stated": held["engine_version"], "here": ENGINE_VERSION},
        "altered": altered,
        "results": results,
    }


def _document(document: object) -> Mapping[str, Any]:
    if not isinstance(document, dict):
        raise MetrologyError("expected an object")
    held = cast("Mapping[str, Any]", document)
    if held.get("form") != FORM:
        raise MetrologyError(f"form: expected {FORM}")
    for name in (*PARTS, "digests"):
        if name not in held:
            raise MetrologyError(f"{name}: it is missing")
    return held


def _altered(held: Mapping[str, Any]) -> list[str]:
    """Return the parts whose digest is another than when the result was exported."""
    digests: Mapping[str, object] = _part(held, "digests", dict)
    found = [name for name in PARTS if digests.get(name) != digest_of(held[name])]
    known = {"form", "digests", "digest", *PARTS}
    found += [str(name) for name in held if name not in known]
    found += [f"digests.{name}" for name in digests if name not in PARTS]
    if held.get("digest") != digest_of(digests):
        found.append("digest")
    return found


def _basis(held: Mapping[str, Any]) -> Basis:
    procedure = _part(held, "procedure", dict)
    design = cast("Mapping[str, object]", procedure.get("design") or {})
    version = str(procedure.get("model_version", ""))
    try:
        held_version = hold_design(design) if design else version
        points = [PlannedPoint.from_json(point) for point in _part(held, "points", list)]
        return Basis(
            procedure_code=str(procedure.get("code", "")),
            budget_name=str(procedure.get("budget_name", "")),
            model_key=str(procedure.get("model_key", "")),
            model_version=held_version,
            points={point.key: point for point in points},
            standards=tuple(
                ReferenceStandard.from_json(each) for each in _part(held, "standards", list)
            ),
            environment=_part(held, "environment", dict),
            parameters=_part(held, "parameters", dict),
            rule=DecisionRule.from_json(_part(held, "rule", dict)),
            cmc=tuple(_cmc(row) for row in _part(held, "cmc", list)),
        )
    except MetrologyError:
        raise
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise MetrologyError(f"a part of the result cannot be read: {error}") from None


def _part(held: Mapping[str, Any], name: str, kind: type) -> Any:
    if not isinstance(held[name], kind):
        words = "an object" if kind is dict else "a list"
        raise MetrologyError(f"{name}: expected {words}")
    return held[name]


def _cmc(row: Mapping[str, Any]) -> Cmc:
    named: dict[str, Any] = {**row, "combine": Combination(row["combine"])}
    return Cmc(**named)


def _series(
    held: Mapping[str, Any], basis: Basis
) -> Iterator[tuple[str, Readings, Mapping[str, Mapping[str, object]]]]:
    """Yield each phase with its readings and with what it states, point by point."""
    stated = _part(held, "results", dict)
    for phase, typed in _part(held, "readings", dict).items():
        results = stated.get(phase, {})
        if not isinstance(typed, dict) or not isinstance(results, dict):
            raise MetrologyError(f"{phase}: expected an object of points")
        by_point = cast("Mapping[str, Sequence[object]]", typed)
        readings = {key: _decimals(key, texts) for key, texts in by_point.items()}
        outcomes = cast("Mapping[str, Mapping[str, object]]", results)
        for key, outcome in outcomes.items():
            if key not in basis.points:
                raise MetrologyError(f"results: there is no point {key}")
            if not isinstance(outcome, dict):
                raise MetrologyError(f"results: {key} is not an object")
        yield str(phase), readings, outcomes
    for phase in stated:
        if phase not in held["readings"]:
            raise MetrologyError(f"readings: there are none of {phase}")


def _decimals(key: str, texts: Sequence[object]) -> tuple[Decimal, ...]:
    try:
        values = tuple(Decimal(str(text)) for text in texts)
    except (InvalidOperation, TypeError):
        raise MetrologyError(f"readings: those of {key} are not decimal numbers") from None
    if not all(value.is_finite() for value in values):
        raise MetrologyError(f"readings: those of {key} are not finite")
    return values


def _compared(
    basis: Basis, phase: str, key: str, readings: Readings, stated: Mapping[str, object]
) -> dict[str, object]:
    computed = cast("dict[str, object]", json.loads(_canonical(basis.evaluate(key, readings))))
    names = [*stated, *(name for name in computed if name not in stated)]
    figures = [
        {
            "figure": place,
            "stated": one,
            "computed": other,
            "identical": _same(one, other),
            "confirmed": _same(one, other) or _near(one, other),
        }
        for name in names
        for place, one, other in _leaves(name, stated.get(name), computed.get(name))
    ]
    differing = [figure["figure"] for figure in figures if not figure["identical"]]
    return {
        "id": f"{phase}/{key}",
        "label": basis.points[key].label,
        "identical": not differing,
        "confirmed": all(figure["confirmed"] for figure in figures),
        "differences": differing,
        "figures": figures,
    }


def _leaves(place: str, one: object, other: object) -> Iterator[tuple[str, object, object]]:
    """Yield the single figures of what was stated and computed, side by side."""
    if isinstance(one, dict) and isinstance(other, dict):
        first, second = cast("dict[str, object]", one), cast("dict[str, object]", other)
        for name in [*first, *(name for name in second if name not in first)]:
            yield from _leaves(f"{place}.{name}", first.get(name), second.get(name))
    elif isinstance(one, list) and isinstance(other, list):
        left, right = cast("list[object]", one), cast("list[object]", other)
        for at in range(max(len(left), len(right))):
            yield from _leaves(
                f"{place}[{at + 1}]",
                left[at] if at < len(left) else None,
                right[at] if at < len(right) else None,
            )
    else:
        yield place, one, other


def _same(one: object, other: object) -> bool:
    # A yes is no 1: JSON tells them apart, Python does not.
    return one == other and isinstance(one, bool) is isinstance(other, bool)


def _near(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=LAST_BITS, abs_tol=0.0)
    return False


def _sentence(
    held: Mapping[str, Any],
    altered: Sequence[str],
    differing: Sequence[str],
    total: int,
    *,
    identical: bool,
) -> str:
    words: list[str] = []
    if altered:
        words.append(f"Altered since the export: {', '.join(altered)}.")
    if differing:
        words.append(f"{len(differing)} of {total} points differ: {', '.join(differing)}.")
        if held["engine_version"] != ENGINE_VERSION:
            words.append(
                f"They were computed with engine {held['engine_version']};"
                f" this is engine {ENGINE_VERSION}."
            )
    elif total and identical:
        words.append(f"All figures of {total} points are identical.")
    elif total:
        words.append(
            f"All figures of {total} points are confirmed; some differ in their last bits,"
            " as another processor or library computes them."
        )
    else:
        words.append("There is no result to compare.")
    return " ".join(words)


def _canonical(part: object) -> str:
    try:
        return json.dumps(
            part, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
    except (TypeError, ValueError) as error:
        raise MetrologyError(f"a part of the result is not JSON: {error}") from None
