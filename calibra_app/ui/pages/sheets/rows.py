"""The sheet as text: what stands in the grid, in the head and in the panel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from calibra_app.services.calibrations import CellEvent, Finding, Phase, SheetDetail
from calibra_app.ui import format as shown
from calibra_app.ui import routes
from calibra_app.ui.components.budget import Share, Zone, share, zone_of
from calibra_app.ui.components.status import look_of
from calibra_app.ui.pages.sheets.explored import figures_of, rule_of
from calibra_app.ui.pages.sheets.words import LOOKS
from calibra_app.ui.words import say

Region = shown.Region


@dataclass(frozen=True, slots=True)
class StandardRow:
    """A standard on the sheet, or one that may be taken."""

    key: str = ""
    code: str = ""
    name: str = ""
    due: str = ""
    certificate: str = ""
    soon: bool = False
    exception: str = ""


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """One reading of the room."""

    key: str = ""
    quantity: str = ""
    value: str = ""
    source: str = ""
    when: str = ""
    by: str = ""
    limits: str = ""
    out: bool = False


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One objection of the pre-review."""

    guard: str = ""
    message: str = ""
    target: str = ""

    @classmethod
    def of(cls, finding: Finding) -> Self:
        """Return the row of one finding."""
        return cls(finding.guard, finding.message, finding.target)


@dataclass(frozen=True, slots=True)
class AskedRow:
    """A question to the customer with its answer."""

    question: str = ""
    price: str = ""
    when: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class RemarkRow:
    """A remark of the reviewer's on a returned cell."""

    key: str = ""
    text: str = ""
    by: str = ""
    row: str = ""
    place: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the grid."""

    tag: str = ""
    description: str = ""
    customer: str = ""
    srf_number: str = ""
    srf_path: str = ""
    state_words: str = ""
    state_tone: str = "gray"
    state_icon: str = ""
    procedure: str = ""
    newer: str = ""
    budget: str = ""
    rule: str = ""
    # The rule as the explorer's address takes it.
    rule_query: str = ""
    place: str = ""
    climate: str = ""
    climate_missing: str = ""
    climate_out: bool = False
    climate_accepted: str = ""
    limits: str = ""
    performer: str = ""
    warm_up: str = ""
    warmed_up: bool = False
    no_adjustment: bool = False
    adjusted: bool = False
    adjusted_what: str = ""
    adjusted_why: str = ""
    adjusted_by: str = ""
    agreed: bool = False
    no_as_found: str = ""
    locked: str = ""
    locked_as_left: str = ""
    may_sign: bool = False
    waits: bool = False
    in_rework: bool = False
    # Where its result is handed out; empty until something is computed.
    result_path: str = ""


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One change of a cell."""

    what: str = ""
    old: str = ""
    new: str = ""
    reason: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """The point beside the grid."""

    key: str = ""
    label: str = ""
    count: str = ""
    error: str = ""
    uncertainty: str = ""
    unit: str = ""
    k: str = ""
    verdict: str = ""
    verdict_tone: str = "gray"
    verdict_icon: str = "verdict-open"
    has_zone: bool = False
    zone: Zone = field(default_factory=Zone)
    rule: str = ""
    trace: str = ""
    mean: str = ""
    scatter: str = ""
    degrees: str = ""
    tur: str = ""
    probability: str = ""
    standard: str = ""
    cmc: str = ""
    biggest: str = ""
    budget: str = ""
    omitted: str = ""
    # Its figures as the explorer's address takes them; empty while nothing can be decided.
    figures: str = ""


def head_of(sheet: SheetDetail, region: Region, now: datetime) -> Head:
    """Return what stands above the grid."""
    look = look_of(sheet.line_state.value, line=True)
    newest = {record.quantity: record for record in sheet.conditions}
    climate = " · ".join(
        shown.quantity(record.value, record.unit, region=region) for record in newest.values()
    )
    adjustment = sheet.adjustment
    return Head(
        tag=sheet.tag,
        description=sheet.description,
        customer=sheet.customer,
        srf_number=sheet.srf_number,
        srf_path=routes.srf(sheet.srf_id),
        state_words=look.words,
        state_tone=look.tone,
        state_icon=look.icon,
        procedure=say("{code} rev {rev}", code=sheet.procedure_code, rev=sheet.revision),
        newer=say(
            "Revision {rev} is in effect now; this sheet keeps its own.", rev=sheet.newer_revision
        )
        if sheet.newer_revision
        else "",
        budget=sheet.budget_name,
        rule=sheet.rule,
        rule_query=rule_of(sheet.decision_rule),
        place=sheet.place,
        climate=climate,
        climate_missing=", ".join(sheet.missing_conditions),
        climate_out=any(not record.within_limits for record in sheet.conditions),
        climate_accepted=sheet.accepted_conditions,
        limits="; ".join(
            dict.fromkeys(
                f"{limit.quantity} {limit.words} ({limit.source})" for limit in sheet.limits
            )
        ),
        performer=sheet.performer,
        warm_up=say("Warm-up {count} min", count=sheet.warm_up_minutes)
        if sheet.warm_up_minutes
        else "",
        warmed_up=sheet.warmed_up,
        no_adjustment=sheet.no_adjustment,
        adjusted=adjustment is not None,
        adjusted_what=adjustment.what if adjustment else "",
        adjusted_why=adjustment.why if adjustment else "",
        adjusted_by=f"{adjustment.by}, {shown.moment(adjustment.at, now, region=region)}"
        if adjustment
        else "",
        agreed=sheet.adjustment_agreed,
        no_as_found=sheet.as_found_missing_reason,
        locked=sheet.why_locked,
        locked_as_left=sheet.why_no_as_left,
        may_sign=sheet.may_sign,
        waits=sheet.line_state.value == "awaiting_customer",
        in_rework=sheet.line_state.value == "rework",
        result_path=f"/api/v1/sheets/{sheet.id}/result"
        if any(figures["mean"] for figures in sheet.figures.values())
        else "",
    )


def remarks_of(sheet: SheetDetail) -> list[RemarkRow]:
    """Return what the reviewer asks, each with its point and reading."""
    grouped = len({point.group for point in sheet.points}) > 1
    labels = {
        f"{phase}-{point.key}": f"{point.group}, {point.label}" if grouped else point.label
        for point in sheet.points
        for phase in Phase
    }
    return [
        RemarkRow(
            str(each.id),
            each.text,
            each.by,
            each.row,
            f"{labels[each.row]}, R{each.repeat}"
            if each.row in labels and each.repeat
            else labels.get(each.row, say("Whole sheet")),
            each.answer,
        )
        for each in sheet.remarks
    ]


def columns_of(sheet: SheetDetail) -> list[dict[str, Any]]:
    """Return a column for each repeat of the point that has most."""
    most = max(point.repeats for point in sheet.points)
    return [
        {
            "id": str(repeat),
            "title": f"R{repeat}",
            "name": say("reading {count}", count=repeat),
            # The engine asks on the server: it knows the limits of the point.
            "guard": True,
        }
        for repeat in range(1, most + 1)
    ]


def rows_of(sheet: SheetDetail, phase: str) -> list[dict[str, Any]]:
    """Return points and group headings of one series."""
    rows: list[dict[str, Any]] = []
    group = ""
    flagged = {remark.row for remark in sheet.remarks}
    for point in sheet.points:
        if point.group != group:
            group = point.group
            rows.append({"id": f"{phase}-group-{point.position}", "kind": "group", "label": group})
        name = f"{phase}-{point.key}"
        # The label holds the unit already where the indication has the same.
        same = point.label.startswith(point.expected) and point.unit in point.label.split()
        rows.append(
            {
                "id": name,
                "label": f"{group + ', ' if group else ''}{point.label}",
                "number": str(point.position),
                "point": point.label,
                "unit": "",
                "note": "" if same or point.unit in point.label.split() else point.unit,
                "nominal": "" if point.entry == "error" else point.expected,
                "repeats": point.repeats,
                "flagged": name in flagged,
                "locked": say("Left out: {why}", why=point.omitted_reason)
                if point.omitted_reason
                else "",
            }
        )
    return rows


def cells_of(sheet: SheetDetail) -> dict[str, Any]:
    """Return the cells of both series as the grid merges them."""
    closed = say("Only the returned cells are open.")
    return {
        f"{cell.row}:{cell.repeat}": {
            "value": cell.raw,
            "version": cell.version,
            "mark": "corrected" if cell.corrected else "",
            "returned": cell.returned,
            "locked": "" if cell.open else closed,
        }
        for cell in sheet.cells
    }


def panel_of(key: str, label: str, result: Mapping[str, Any]) -> Panel:
    """Return the panel of one point from an evaluation, stored or of what is being typed."""
    complete = bool(result.get("complete"))
    statement = str(result.get("statement") or "")
    look = LOOKS[statement] if statement in LOOKS else LOOKS["open"]
    words = look.customer_words
    if statement and not complete:
        words = say("So far: {verdict}", verdict=look.words.lower())
    explanations = [str(each) for each in result.get("explanations") or ()]
    zone = _zone(result)
    return Panel(
        key=key,
        label=label,
        count=say("{number} of {repeats}", number=result["number"], repeats=result["repeats"]),
        error=str(result.get("error_text") or ""),
        uncertainty=str(result.get("uncertainty_text") or ""),
        unit=str(result["result_unit"]),
        k=str(result.get("coverage_factor_text") or ""),
        verdict=words,
        verdict_tone=look.tone if complete else "gray",
        verdict_icon=look.icon if complete and statement else "verdict-open",
        has_zone=zone is not None,
        zone=zone or Zone(),
        rule=str(result.get("rule_text") or ""),
        trace=str(result.get("limit_trace") or ""),
        mean=_with_unit(result.get("mean_text"), result["unit"]),
        scatter=_with_unit(result.get("standard_deviation_text"), result["unit"]),
        degrees=str(result.get("degrees_of_freedom_text") or ""),
        tur=str(result.get("tur_text") or ""),
        probability=str(result.get("probability_text") or ""),
        standard=str(result.get("standard") or ""),
        cmc=next((text for text in explanations if "CMC" in text), ""),
        biggest=next((text for text in explanations if text.startswith("Biggest")), ""),
        budget=str(result.get("budget_name") or ""),
        figures=figures_of(result),
    )


def shares_of(result: Mapping[str, Any]) -> list[Share]:
    """Return the contributions with their shares, in the order of the budget."""
    return [
        share(str(row["title"]), float(row["share"]), shown.percent(float(row["share"])))
        for row in result.get("rows") or ()
    ]


def history_of(events: Sequence[CellEvent], region: Region, now: datetime) -> list[HistoryRow]:
    """Return the changes of a point's cells, newest first."""
    return [
        HistoryRow(
            say("Reading {count}", count=event.repeat),
            event.old_raw or shown.NOTHING,
            event.raw or shown.NOTHING,
            event.reason,
            f"{event.by}, {shown.moment(event.at, now, region=region)}",
        )
        for event in events
    ]


def _with_unit(text: object, unit: object) -> str:
    return f"{text}{shown.NARROW_SPACE}{unit}" if text else ""


def _zone(result: Mapping[str, Any]) -> Zone | None:
    lower, upper = result.get("lower_limit"), result.get("upper_limit")
    error, spread = result.get("error_of_indication"), result.get("expanded_uncertainty")
    if lower is None or upper is None or error is None or spread is None:
        return None
    band = float(result.get("guard_band") or 0)
    limit = (float(upper) - float(lower)) / 2
    return zone_of(
        error=float(error) - (float(upper) + float(lower)) / 2,
        expanded_uncertainty=float(spread),
        limit=limit,
        acceptance=limit - band,
        limit_text=f"{limit:.4g}",
        spoken=say(
            "Error {error} {unit}, U {u}, limit {limit}",
            error=str(result.get("error_text")),
            u=str(result.get("uncertainty_text")),
            unit=str(result.get("result_unit")),
            limit=str(result.get("limit_text")),
        ),
    )
