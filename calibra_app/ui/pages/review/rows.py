"""A line in review as text: its place in the queue, its rows, its evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

from calibra_app.services.calibrations.review_detail import ReviewDetail, ReviewRow
from calibra_app.services.calibrations.review_queue import QueuedLine, RiskKind
from calibra_app.ui import format as shown
from calibra_app.ui import routes
from calibra_app.ui.components.budget import Share, Zone, share, zone_of
from calibra_app.ui.components.status import UNKNOWN, VERDICTS, Look
from calibra_app.ui.words import say

OPEN = Look("gray", "verdict-open", say("No statement"), say("No statement"))
RISK_TONES = {
    RiskKind.RULE: "amber",
    RiskKind.AS_FOUND: "red",
    RiskKind.CONDITIONS: "orange",
    RiskKind.CORRECTED: "blue",
    RiskKind.FLOORED: "gray",
}
PHASES = {"as_found": say("as found"), "as_left": say("as left")}


@dataclass(frozen=True, slots=True)
class RiskText:
    """One reason for a second look."""

    words: str
    tone: str


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue."""

    key: str
    tag: str
    description: str
    srf_number: str
    performer: str
    due: str
    mine: bool
    again: bool
    risks: list[RiskText]
    here: bool

    @classmethod
    def of(cls, line: QueuedLine, region: shown.Region, *, here: bool) -> Self:
        """Return the row of one line; `here` where it is the one that is open."""
        return cls(
            str(line.line_id),
            line.tag,
            line.description,
            f"{line.srf_number}/{line.position}",
            line.performer,
            shown.day(line.promised_on, region=region) if line.promised_on else "",
            line.mine,
            line.resubmitted,
            [RiskText(risk.words, RISK_TONES[risk.kind]) for risk in line.risks],
            here,
        )


@dataclass(frozen=True, slots=True)
class CellText:
    """One indication that can be flagged."""

    repeat: int
    raw: str
    by: str
    tone: str
    marks: str


@dataclass(frozen=True, slots=True)
class RowText:
    """One point with its indications and its result."""

    name: str
    key: str
    phase: str
    label: str
    unit: str
    cells: list[CellText]
    mean: str
    error: str
    limit: str
    uncertainty: str
    k: str
    tone: str
    symbol: str
    verdict: str
    note: str
    missing: list[int]
    here: bool = False
    group: str = ""

    @property
    def place(self) -> str:
        """Return the point with its group, where there are several, and its series."""
        return ", ".join(each for each in (self.group, self.label, PHASES[self.phase]) if each)

    @classmethod
    def of(cls, row: ReviewRow, changed: frozenset[tuple[str, str, int]], most: int) -> Self:
        """Return the row of one point.

        Args:
            row: The point.
            changed: The cells that were measured again.
            most: How many indications the longest row has, which this one is filled up to.
        """
        result = row.result
        look = VERDICTS.get(row.statement, OPEN if row.statement else UNKNOWN)
        return cls(
            name=f"{row.phase}-{row.key}",
            key=row.key,
            phase=row.phase.value,
            label=row.label,
            unit=row.unit,
            cells=[
                CellText(
                    cell.repeat,
                    cell.raw.replace("-", shown.MINUS),
                    cell.by,
                    _tone(
                        flagged=cell.flagged,
                        changed=(row.key, row.phase.value, cell.repeat) in changed,
                    ),
                    say("corrected") if cell.corrected else "",
                )
                for cell in row.cells
            ],
            mean=str(result.get("mean_text", "")),
            error=str(result.get("error_text", "")),
            limit=str(result.get("limit_text", "")),
            uncertainty=str(result.get("uncertainty_text", "")),
            k=str(result.get("coverage_factor_text", "")),
            tone=look.tone,
            symbol=look.icon,
            verdict=look.words,
            note=row.omitted,
            missing=list(range(most - len(row.cells))),
            group=row.group,
        )


def _tone(*, flagged: bool, changed: bool) -> str:
    return "orange" if flagged else "teal" if changed else ""


@dataclass(frozen=True, slots=True)
class RemarkText:
    """A remark with its place and answer."""

    key: str
    place: str
    text: str
    by: str
    answer: str
    closed: bool
    returned: bool
    closable: bool


@dataclass(frozen=True, slots=True)
class ChangeText:
    """A cell that was measured again."""

    place: str
    old: str
    new: str
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One line of a list of evidence: what, and its figures."""

    first: str
    second: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the sheet."""

    tag: str = ""
    description: str = ""
    srf_number: str = ""
    srf_path: str = ""
    sheet_path: str = ""
    method: str = ""
    rule: str = ""
    place: str = ""
    performer: str = ""
    submitted: str = ""
    adjustment: str = ""
    refusal: str = ""
    reviewable: bool = False
    open_count: int = 0
    earlier_on: str = ""
    provider: str = ""

    @classmethod
    def of(cls, detail: ReviewDetail, region: shown.Region, now: datetime) -> Self:
        """Return the head of a line."""
        return cls(
            tag=detail.tag,
            description=detail.description,
            srf_number=f"{detail.srf_number}/{detail.position}",
            srf_path=routes.srf(detail.srf_id),
            sheet_path=routes.sheet(detail.sheet_id) if detail.sheet_id else "",
            method=detail.method,
            rule=detail.customer_rule,
            place=detail.place,
            performer=detail.performer,
            submitted=shown.moment(detail.submitted_at, now, region=region),
            adjustment=detail.adjustment,
            refusal=" ".join(detail.refusals),
            reviewable=detail.in_review and not detail.refusals,
            open_count=detail.open_count,
            earlier_on=detail.earlier_on,
            provider=detail.provider_certificate,
        )


@dataclass(frozen=True, slots=True)
class Point:
    """The point that is looked at: where it lies in its limits, and why."""

    title: str = ""
    error: str = ""
    uncertainty: str = ""
    unit: str = ""
    k: str = ""
    tur: str = ""
    probability: str = ""
    rule: str = ""
    trace: str = ""
    limit: str = ""
    tone: str = "gray"
    symbol: str = "verdict-open"
    verdict: str = ""
    explained: list[str] = field(default_factory=list)
    has_zone: bool = False
    zone: Zone = field(default_factory=Zone)


def point_of(row: ReviewRow) -> Point:
    """Return the point of a row as the panel shows it."""
    result = row.result
    look = VERDICTS.get(row.statement, OPEN)
    error, expanded = result.get("error_of_indication"), result.get("expanded_uncertainty")
    limit, accept = result.get("upper_limit"), result.get("upper_acceptance")
    drawn = None not in (error, expanded, limit) and result.get("lower_limit") == -float(limit or 0)
    return Point(
        title=", ".join(each for each in (row.group, row.label, PHASES[row.phase.value]) if each),
        error=str(result.get("error_text", "")),
        uncertainty=str(result.get("uncertainty_text", "")),
        unit=str(result.get("result_unit", "")),
        k=str(result.get("coverage_factor_text", "")),
        tur=str(result.get("tur_text", "")),
        probability=str(result.get("probability_text", "")),
        rule=str(result.get("rule_text", "")),
        trace=str(result.get("limit_trace", "")),
        limit=str(result.get("limit_text", "")),
        tone=look.tone,
        symbol=look.icon,
        verdict=look.customer_words,
        explained=[
            str(each) for name in ("explanations", "warnings") for each in result.get(name) or ()
        ],
        has_zone=drawn,
        zone=_zone(result, float(accept or limit or 0)) if drawn else Zone(),
    )


def _zone(result: Mapping[str, Any], acceptance: float) -> Zone:
    limit = float(result["upper_limit"])
    return zone_of(
        error=float(result["error_of_indication"]),
        expanded_uncertainty=float(result["expanded_uncertainty"]),
        limit=limit,
        acceptance=acceptance,
        limit_text=f"{limit:g}",
        spoken=say(
            "Error {error}, U {expanded}, limit {limit}",
            error=result.get("error_text", ""),
            expanded=result.get("uncertainty_text", ""),
            limit=result.get("limit_text", ""),
        ),
    )


def shares_of(row: ReviewRow) -> list[Share]:
    """Return the contributions of a point's budget, the largest first."""
    parts = [
        (str(each["title"]), float(each["share"]))
        for each in row.result.get("rows") or ()
        if each["share"] != "inf"
    ]
    return [
        share(name, part, shown.percent(part))
        for name, part in sorted(parts, key=lambda each: -each[1])
    ]
