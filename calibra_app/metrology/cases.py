"""The engine from outside: cases of the form calibra-metrology-cases/1 in, results out."""

import math
from collections.abc import Callable, Mapping
from typing import Final, cast

import numpy as np

from calibra_app.metrology import case_decisions, case_quality, case_uncertainty
from calibra_app.metrology.case_input import Answer, Fields, fields_of
from calibra_app.metrology.quantity import MetrologyError

FORM: Final = "calibra-metrology-cases/1"
LONGEST_SENTENCE: Final = 300

KINDS: Final[Mapping[str, Callable[[Fields], Answer]]] = {
    "anova": case_uncertainty.anova,
    "budget": case_uncertainty.budget,
    "cmc_floor": case_decisions.cmc_floor,
    "conformity": case_decisions.conformity,
    "control_chart": case_quality.control_chart,
    "drift": case_uncertainty.drift,
    "global_risk": case_decisions.risk,
    "guf_validation": case_decisions.guf_validation,
    "interval": case_quality.interval,
    "line_fit": case_uncertainty.line_fit,
    "monte_carlo": case_uncertainty.monte_carlo,
    "report": case_decisions.report,
    "rounding": case_decisions.rounding,
    "score": case_quality.score,
    "units": case_decisions.units,
    "weighted_mean": case_uncertainty.mean_with_weights,
    "welch": case_uncertainty.welch,
}


def evaluate_cases(document: object) -> dict[str, object]:
    """Return the results of all cases; a bad case gets a sentence and stops no other.

    Args:
        document: `{"form": "calibra-metrology-cases/1", "cases": [...]}`.

    Returns:
        `{"results": [{"id": …, "result": {…}} or {"id": …, "error": "…"}]}`, ready for JSON.

    Raises:
        MetrologyError: The document is not of this form.

    Example:
        >>> case = {"id": "r", "kind": "rounding", "input": {"U": "0.996", "y": "7.14"}}
        >>> evaluate_cases({"form": "calibra-metrology-cases/1", "cases": [case]})
        {'results': [{'id': 'r', 'result': {'U': '1.0', 'y': '7.1'}}]}
    """
    fields = fields_of(document, "document")
    if fields.values.get("form") != FORM:
        raise MetrologyError(f"form: expected {FORM}")
    return {"results": [_answered(case) for case in fields.items("cases")]}


def _answered(case: object) -> dict[str, object]:
    name = _id_of(case)
    try:
        return {"id": name, "result": evaluate_case(case)}
    except MetrologyError as error:
        sentence = str(error)
        # A sentence repeats what was given; that may be a whole page.
        if len(sentence) > LONGEST_SENTENCE:
            sentence = f"{sentence[:LONGEST_SENTENCE]}…"
        return {"id": name, "error": sentence}


def _id_of(case: object) -> object:
    name = cast("dict[str, object]", case).get("id") if isinstance(case, dict) else None
    return name if isinstance(name, str | int) else None


def evaluate_case(case: object) -> Answer:
    """Return the answer of one case; of the fields in `want`, where it names some.

    Raises:
        MetrologyError: A field is missing or out of range; the message names it.
    """
    fields = fields_of(case, "")
    kind = fields.text("kind")
    if kind not in KINDS:
        raise MetrologyError(f"kind: there is no kind {kind}")
    try:
        with np.errstate(all="ignore"):
            answer = KINDS[kind](fields)
    except MetrologyError:
        raise
    except (ArithmeticError, RecursionError, ValueError):
        # Numbers of absurd size overflow somewhere within; no single field is to blame.
        raise MetrologyError("the numbers of this case are out of range") from None
    if fields.has("want"):
        answer = _wanted(answer, fields)
    return {key: _plain(value) for key, value in answer.items()}


def _wanted(answer: Answer, fields: Fields) -> Answer:
    names = [str(name) for name in fields.items("want")]
    missing = [name for name in names if name not in answer]
    if missing:
        raise MetrologyError(f"want: this case has no {', '.join(missing)}")
    return {name: answer[name] for name in names}


def _plain(value: object) -> object:
    if isinstance(value, dict):
        items = cast("dict[str, object]", value)
        return {key: _plain(item) for key, item in items.items()}
    if isinstance(value, list):
        return [_plain(item) for item in cast("list[object]", value)]
    if isinstance(value, float):
        if math.isnan(value):
            raise MetrologyError("the result is not a number")
        if math.isinf(value):
            return "inf" if value > 0 else "-inf"
    return value
