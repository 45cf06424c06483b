"""The queue of technical review: what waits, the riskiest first, each with its reasons."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.ids import LineId, SheetId, SrfId
from calibra_app.metrology.conformity import Statement
from calibra_app.models.calibration import (
    Condition,
    Observation,
    Phase,
    PointResult,
    Remark,
    Sheet,
    SheetState,
)
from calibra_app.models.equipment import Instrument
from calibra_app.models.person import Person
from calibra_app.models.srf import Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.srf.agreement import Agreement
from calibra_app.services.srf.states import LineState

LEAST_TUR = 3.0
# More than this is no queue that somebody works off from its top.
MOST_SHOWN = 200

_FAILED = frozenset({Statement.FAIL.value, Statement.CONDITIONAL_FAIL.value})
_CONDITIONAL = frozenset({Statement.CONDITIONAL_PASS.value, Statement.CONDITIONAL_FAIL.value})

# SQLModel's types end at four entities.
_select: Any = select


class RiskKind(StrEnum):
    """Why a line wants a second look; the weightiest first."""

    RULE = "rule"
    AS_FOUND = "as_found"
    CONDITIONS = "conditions"
    CORRECTED = "corrected"
    FLOORED = "floored"

    @property
    def weight(self) -> int:
        """Return how much it lifts a line in the queue."""
        return 2 ** (len(RiskKind) - list(RiskKind).index(self))


@dataclass(frozen=True, slots=True)
class Risk:
    """One reason, with its figures in words."""

    kind: RiskKind
    words: str


@dataclass(frozen=True, slots=True)
class QueuedLine:
    """One line that waits for its review."""

    line_id: LineId
    srf_id: SrfId
    sheet_id: SheetId | None
    version: int
    srf_number: str
    position: int
    tag: str
    description: str
    discipline: str
    performer: str
    promised_on: date | None
    since: datetime
    mine: bool
    resubmitted: bool
    risks: tuple[Risk, ...]

    @property
    def score(self) -> int:
        """Return how far up the line belongs."""
        return sum(risk.kind.weight for risk in self.risks)


@permitted(Permission.SHEET_REVIEW, Permission.SHEET_SEE, reading=True)
def review_queue(work: UnitOfWork) -> tuple[QueuedLine, ...]:
    """List the lines that wait for technical review, the riskiest first, then the most urgent."""
    if work.actor.only_own(Permission.SHEET_SEE, reading=True):
        return ()
    rows = work.exec(
        _select(SrfLine, Srf, Instrument, Sheet, Person.name)
        .join(Srf, col(Srf.id) == SrfLine.srf_id)
        .join(Instrument, col(Instrument.id) == SrfLine.instrument_id)
        .outerjoin(
            Sheet,
            (col(Sheet.line_id) == SrfLine.id) & (col(Sheet.state) != SheetState.VOID),
        )
        .outerjoin(Person, col(Person.id) == Sheet.performer_id)
        .where(SrfLine.state == LineState.QC, col(SrfLine.reviewed).is_(False))
        .order_by(col(SrfLine.state_since))
        .limit(MOST_SHOWN)
    ).all()
    sheets = [sheet.id for _, _, _, sheet, _ in rows if sheet is not None]
    found = _Findings(work, sheets)
    queued = [
        QueuedLine(
            line_id=LineId(line.id),
            srf_id=SrfId(srf.id),
            sheet_id=SheetId(sheet.id) if sheet else None,
            version=line.version,
            srf_number=srf.number,
            position=line.position,
            tag=item.tag,
            description=item.description,
            discipline=item.discipline,
            performer=str(performer or ""),
            promised_on=line.promised_on,
            since=line.state_since,
            mine=bool(sheet and sheet.id in found.mine),
            resubmitted=bool(sheet and sheet.id in found.returned),
            risks=found.risks(line, sheet.id) if sheet else (),
        )
        for line, srf, item, sheet, performer in rows
    ]
    last = date.max
    return tuple(
        sorted(queued, key=lambda each: (-each.score, each.promised_on or last, each.since))
    )


class _Findings:
    """What speaks for a second look, for many sheets at once."""

    def __init__(self, work: UnitOfWork, sheets: Sequence[UUID]) -> None:
        self.results: defaultdict[UUID, list[tuple[Phase, Mapping[str, Any]]]] = defaultdict(list)
        rows: Sequence[PointResult] = work.exec(
            select(PointResult).where(col(PointResult.sheet_id).in_(sheets))
        ).all()
        for row in rows:
            self.results[row.sheet_id].append((row.phase, row.result))
        self.corrected = _counts(
            work, Observation.sheet_id, sheets, col(Observation.corrected).is_(True)
        )
        self.outside = _counts(
            work, Condition.sheet_id, sheets, col(Condition.within_limits).is_(False)
        )
        self.returned = frozenset(
            _counts(work, Remark.sheet_id, sheets, col(Remark.returned).is_(True))
        )
        me = work.actor.person_id
        # Who typed one reading performed the work as well as who signed for all of it.
        self.mine = frozenset(
            [
                *_counts(work, Sheet.id, sheets, col(Sheet.performer_id) == me),
                *_counts(work, Observation.sheet_id, sheets, col(Observation.by) == me),
            ]
        )

    def risks(self, line: SrfLine, sheet_id: UUID) -> tuple[Risk, ...]:
        """Return the reasons of one sheet, the weightiest first."""
        results = self.results[sheet_id]
        found = [_rule_decides(line, results), _as_found(results), _floored(results)]
        if count := self.outside.get(sheet_id, 0):
            found.append(Risk(RiskKind.CONDITIONS, f"conditions outside limits {count}×"))
        if count := self.corrected.get(sheet_id, 0):
            words = "reading" if count == 1 else "readings"
            found.append(Risk(RiskKind.CORRECTED, f"{count} corrected {words}"))
        order = list(RiskKind)
        return tuple(
            sorted((risk for risk in found if risk), key=lambda risk: order.index(risk.kind))
        )


def _counts(work: UnitOfWork, column: Any, sheets: Sequence[UUID], fact: Any) -> dict[UUID, int]:
    rows = work.exec(
        select(column, func.count()).where(col(column).in_(sheets), fact).group_by(column)
    ).all()
    return {row[0]: int(row[1]) for row in rows}


def _rule_decides(line: SrfLine, results: Sequence[tuple[Phase, Mapping[str, Any]]]) -> Risk | None:
    conditional = any(result.get("statement") in _CONDITIONAL for _, result in results)
    ratios = [
        float(str(result["tur"]))
        for _, result in results
        if result.get("tur") is not None and result.get("tur") != "inf"
    ]
    asked = Agreement.of_line(line).rule.minimum_tur
    wanted = asked or LEAST_TUR
    least = min(ratios, default=wanted)
    if not conditional and not (asked and least < wanted):
        return None
    figures = f": TUR {least:.2f} < {wanted:g}" if least < wanted else ""
    return Risk(RiskKind.RULE, f"verdict depends on rule{figures}")


def _as_found(results: Sequence[tuple[Phase, Mapping[str, Any]]]) -> Risk | None:
    count = sum(
        phase is Phase.AS_FOUND and result.get("statement") in _FAILED for phase, result in results
    )
    if not count:
        return None
    points = "point" if count == 1 else "points"
    return Risk(RiskKind.AS_FOUND, f"as-found fail at {count} {points}")


def _floored(results: Sequence[tuple[Phase, Mapping[str, Any]]]) -> Risk | None:
    if not any(result.get("floored") for _, result in results):
        return None
    return Risk(RiskKind.FLOORED, "U floored to CMC")
