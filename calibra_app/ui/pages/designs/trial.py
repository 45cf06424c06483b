"""The try-out as text: rows of the sample sheet, the point looked at, expected beside computed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from calibra_app.procedures.designed.formula import places_of
from calibra_app.procedures.designed.plan import words_of
from calibra_app.procedures.templates import Comparison
from calibra_app.services.scope import TryOutRow
from calibra_app.ui.components.budget import Share, Zone, share, zone_of
from calibra_app.ui.components.status import VERDICTS
from calibra_app.ui.pages.designs.editing import Plain, listed
from calibra_app.ui.pages.designs.lines import write_list

NO_ZONE: Final = Zone()


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One row of the sample sheet: what is typed, and what it amounts to."""

    key: str
    group: str
    label: str
    unit: str
    readings: str
    planned: str
    error: str
    uncertainty: str
    result_unit: str
    verdict: str
    tone: str
    symbol: str
    why: str
    reported: bool


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """One row of the budget that is shown."""

    symbol: str
    title: str
    source: str
    distribution: str
    u: str
    c: str
    contribution: str
    percent: str


@dataclass(frozen=True, slots=True)
class PointText:
    """The point that is looked at in the try-out."""

    key: str = ""
    label: str = ""
    error: str = ""
    uncertainty: str = ""
    unit: str = ""
    k: str = ""
    freedom: str = ""
    limit: str = ""
    trace: str = ""
    verdict: str = ""
    tone: str = ""
    symbol: str = ""
    has_zone: bool = False
    zone: Zone = NO_ZONE


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One expected figure beside the computed one."""

    key: str
    figure: str
    expected: str
    computed: str
    agrees: bool


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """One parameter of the sample instrument."""

    name: str
    label: str
    unit: str
    value: str
    placeholder: str
    long: bool


def _look(result: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return words, tone and symbol of a statement; empty words for none."""
    look = VERDICTS.get(str(result.get("statement") or ""))
    done = bool(result.get("uncertainty_text"))
    return (look.words, look.tone, look.icon) if look and done else ("", "", "")


def trial_rows(rows: Sequence[TryOutRow], readings: Mapping[str, str]) -> list[TrialRow]:
    """Return the rows of the sample sheet."""
    found: list[TrialRow] = []
    for row in rows:
        result = row.result or {}
        planned = row.planned
        warnings = result.get("warnings") or ()
        missing = not result.get("uncertainty_text") and bool(readings.get(str(planned["key"])))
        found.append(
            TrialRow(
                str(planned["key"]),
                str(planned["group"]),
                str(planned["label"]),
                str(planned["unit"]),
                readings.get(str(planned["key"]), ""),
                str(planned["repeats"]),
                str(result.get("error_text") or ""),
                str(result.get("uncertainty_text") or ""),
                str(planned["result_unit"]),
                *_look(result),
                row.why.split(": ", 2)[-1] or (str(warnings[0]) if warnings and missing else ""),
                bool(planned["reported"]),
            )
        )
    return found


def point_of(row: TryOutRow | None) -> tuple[PointText, list[Share], list[BudgetLine], list[str]]:
    """Return the point that is looked at, its contributions, its budget and what is said of it."""
    if row is None or not row.result:
        return PointText(), [], [], []
    result = row.result
    lines = cast("Sequence[Mapping[str, Any]]", result.get("rows") or ())
    bars = [
        share(str(line["title"]), float(line["share"]), f"{100 * float(line['share']):.0f} %")
        for line in sorted(lines, key=lambda line: -float(line["share"]))
    ]
    budget = [
        BudgetLine(
            str(line["symbol"]),
            str(line["title"]),
            str(line["source"]),
            f"{line['distribution']}",
            f"{float(line['standard_uncertainty']):.3g} {line['unit']}".rstrip(),
            f"{float(line['sensitivity_coefficient']):.4g}",
            f"{float(line['contribution']):.3g}",
            f"{100 * float(line['share']):.1f} %",
        )
        for line in lines
    ]
    said = [*(str(one) for one in result.get("warnings") or ()),
            *(str(one) for one in result.get("explanations") or ())]  # fmt: skip
    return _point(row.planned, result), bars, budget, said


def _point(planned: Mapping[str, Any], result: Mapping[str, Any]) -> PointText:
    upper, error = result.get("upper_limit"), result.get("error_of_indication")
    lower, spread = result.get("lower_limit"), result.get("expanded_uncertainty")
    symmetric = (
        upper is not None and lower is not None and error is not None and spread is not None
        and float(upper) > 0 and float(lower) == -float(upper)
    )  # fmt: skip
    zone = Zone()
    if symmetric:
        zone = zone_of(
            error=float(str(error)),
            expanded_uncertainty=float(str(spread)),
            limit=float(str(upper)),
            acceptance=float(str(result.get("upper_acceptance") or upper)),
            limit_text=str(result.get("limit_text", "")).lstrip("±").split(" ")[0],
            spoken=f"{result.get('error_text')} ± {result.get('uncertainty_text')}",
        )
    return PointText(
        str(planned["key"]),
        str(planned["label"]),
        str(result.get("error_text") or ""),
        str(result.get("uncertainty_text") or ""),
        str(planned["result_unit"]),
        str(result.get("coverage_factor_text") or ""),
        str(result.get("degrees_of_freedom_text") or ""),
        str(result.get("limit_text") or ""),
        str(result.get("limit_trace") or ""),
        *_look(result),
        symmetric,
        zone,
    )


def comparison_rows(found: Sequence[Comparison]) -> list[ComparisonRow]:
    """Return expected figures beside computed ones."""
    return [
        ComparisonRow(
            one.key, one.figure.replace("_", " ").removesuffix(" text"), one.expected,
            one.computed, one.agrees,
        )
        for one in found
    ]  # fmt: skip


def parameter_rows(design: Plain, given: Mapping[str, object]) -> list[ParameterRow]:
    """Return the parameters of the sample instrument, each with what holds without it."""
    rows: list[ParameterRow] = []
    records = [
        cast("Plain", record)
        for record in listed(design, "parameters")
        if isinstance(record, Mapping)
    ]
    words = words_of({**{str(held.get("name")): held.get("default") for held in records}, **given})
    for held in records:
        name = str(held.get("name", ""))
        unit = str(held.get("unit", ""))
        for place in places_of(unit):
            unit = unit.replace(f"{{{place}}}", words.get(place, ""))
        rows.append(
            ParameterRow(
                name,
                str(held.get("title") or name),
                unit,
                write_list(given.get(name)),
                write_list(held.get("default")),
                held.get("kind") == "records",
            )
        )
    return rows
