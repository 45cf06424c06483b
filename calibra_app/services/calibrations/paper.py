"""The observation sheet on paper: every indication as typed, for an assessor to compute again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, cast

from sqlmodel import col, select

from calibra_app.core.access import within_deed
from calibra_app.core.ids import DocumentId
from calibra_app.metrology.budget import ENGINE_VERSION
from calibra_app.models.calibration import (
    Observation,
    ObservationChange,
    Phase,
    PointResult,
    Sheet,
    SheetPoint,
)
from calibra_app.models.equipment import Instrument
from calibra_app.models.srf import Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.rendering import sheet as paper
from calibra_app.rendering.blocks import SignatureContent, Verdict
from calibra_app.rendering.certificate import (
    AdjustmentContent,
    ConditionContent,
    MethodContent,
    StandardContent,
)
from calibra_app.rendering.certificate import Phase as PaperPhase
from calibra_app.rendering.html import DocumentKind
from calibra_app.services.calibrations.conditions import conditions_of
from calibra_app.services.calibrations.departures import stated_departures
from calibra_app.services.calibrations.pinned import Pinned
from calibra_app.services.calibrations.sheets import points_of, topic_of
from calibra_app.services.calibrations.standards import used_standards
from calibra_app.services.documents import DocumentDraft, request_document
from calibra_app.services.laboratory import today_of
from calibra_app.services.letterhead import item_content, letterhead, party
from calibra_app.services.signatures import Signed

Result = Mapping[str, Any]


@within_deed
def print_sheet(work: UnitOfWork, sheet: Sheet, line: SrfLine, signed: Signed | None) -> DocumentId:
    """Freeze a sheet as it was signed, and have it printed."""
    srf = work.peek(Srf, line.srf_id)
    number = f"{srf.number}/{line.position:02}-OS"
    content = paper.SheetContent(
        branding=letterhead(work),
        number=number,
        customer=party(work, srf.customer_id, srf.contact_id),
        item=item_content(work.peek(Instrument, line.instrument_id), accessories=line.accessories),
        method=_method(work, sheet),
        tables=_tables(work, sheet),
        srf_number=srf.number,
        place=Pinned.from_json(sheet.parameters).room or sheet.place,
        engine_version=ENGINE_VERSION,
        conditions=_conditions(work, sheet),
        standards=_standards(work, sheet),
        budgets=_budgets(work, sheet),
        corrections=_corrections(work, sheet),
        adjustment=_adjustment(sheet),
        declaration="No adjustment was made: as left is as found." if sheet.no_adjustment else "",
        remarks=_omissions(work, sheet),
        signatures=()
        if signed is None
        else (
            SignatureContent(meaning=signed.meaning, name=signed.name, signed_at=signed.signed_at),
        ),
        issued_on=today_of(work),
    )
    return request_document(
        work,
        DocumentDraft(
            kind=DocumentKind.SHEET,
            number=number,
            title=content.title,
            content=content,
            subject_kind="sheet",
            subject_id=sheet.id,
            customer_id=srf.customer_id,
            topic=f"{topic_of(work, sheet.id)}/about",
        ),
    )


def _method(work: UnitOfWork, sheet: Sheet) -> MethodContent:
    pinned = Pinned.from_json(sheet.parameters)
    return MethodContent(
        code=pinned.procedure_code,
        title=pinned.procedure_title,
        revision=str(pinned.revision),
        follows=pinned.method,
        deviations=stated_departures(work, sheet),
    )


def _tables(work: UnitOfWork, sheet: Sheet) -> tuple[paper.SheetTable, ...]:
    points = points_of(work, sheet.id)
    rows: Sequence[Observation] = work.exec(
        select(Observation)
        .where(Observation.sheet_id == sheet.id, col(Observation.indication).is_not(None))
        .order_by(col(Observation.repeat))
    ).all()
    results = _results(work, sheet)
    tables: list[paper.SheetTable] = []
    for phase in Phase:
        read = [row for row in rows if row.phase is phase]
        if not read:
            continue
        for group, some in groupby(points, key=lambda point: (point.group, point.unit)):
            members = list(some)
            ids = {point.id for point in members}
            typed = [row for row in read if row.point_id in ids]
            if typed:
                tables.append(_table(group[0], phase, members, typed, results))
    return tuple(tables)


def _table(
    group: str,
    phase: Phase,
    points: Sequence[SheetPoint],
    rows: Sequence[Observation],
    results: Mapping[tuple[object, Phase], Result],
) -> paper.SheetTable:
    first = points[0]
    instants = [row.at for row in rows]
    return paper.SheetTable(
        title=group or "Results",
        phase=PaperPhase(phase.value),
        unit=first.unit,
        error_unit=str(first.plan.get("result_unit", first.unit)),
        nominal_unit=str(first.plan.get("nominal_unit", "")),
        points=tuple(
            _point(
                point,
                [row.raw for row in rows if row.point_id == point.id],
                results.get((point.id, phase), {}),
            )
            for point in points
        ),
        recorded_by=", ".join(dict.fromkeys(row.by_name for row in rows)),
        recorded_from=min(instants),
        recorded_to=max(instants),
    )


def _point(point: SheetPoint, readings: list[str], result: Result) -> paper.SheetPoint:
    statement = str(result.get("statement") or "")
    known = statement in {verdict.value for verdict in Verdict}
    return paper.SheetPoint(
        nominal=point.nominal,
        readings=tuple(readings),
        label=point.label,
        reference_value=_number(result.get("reference_value")),
        mean=_figure(result.get("mean_text")),
        deviation=_figure(result.get("standard_deviation_text")),
        error=_figure(result.get("error_text")),
        lower_limit=_number(result.get("lower_limit")),
        upper_limit=_number(result.get("upper_limit")),
        combined_uncertainty=_three_digits(result.get("combined_standard_uncertainty")),
        degrees_of_freedom=_whole(result.get("degrees_of_freedom_text")),
        coverage_factor=_figure(result.get("coverage_factor_text")),
        uncertainty=_figure(result.get("uncertainty_text")),
        verdict=Verdict(statement) if known else Verdict.UNDECIDED,
        budget=str(result.get("budget_name") or ""),
    )


def _results(work: UnitOfWork, sheet: Sheet) -> dict[tuple[object, Phase], Result]:
    rows: Sequence[PointResult] = work.exec(
        select(PointResult).where(PointResult.sheet_id == sheet.id)
    ).all()
    return {(row.point_id, row.phase): row.result for row in rows}


def _budgets(work: UnitOfWork, sheet: Sheet) -> tuple[paper.BudgetContent, ...]:
    results = _results(work, sheet)
    found: list[paper.BudgetContent] = []
    for phase in Phase:
        for point in points_of(work, sheet.id):
            result = results.get((point.id, phase))
            if not result or not result.get("rows"):
                continue
            left = ", as left" if phase is Phase.AS_LEFT else ""
            found.append(
                paper.BudgetContent(
                    title=f"{point.group + ': ' if point.group else ''}{point.label}{left}",
                    unit=str(result["result_unit"]),
                    rows=tuple(_budget_row(row) for row in cast("list[Result]", result["rows"])),
                    version=str(result.get("budget_name") or ""),
                    combined_uncertainty=f"{result['combined_standard_uncertainty']:.4g}",
                )
            )
    return tuple(found)


def _budget_row(row: Result) -> paper.BudgetRow:
    degrees = row["degrees_of_freedom"]
    return paper.BudgetRow(
        quantity=f"{row['symbol']} {row['title']}",
        standard_uncertainty=f"{row['standard_uncertainty']:.3g} {row['unit']}",
        distribution=str(row["distribution"]),
        sensitivity=f"{row['sensitivity_coefficient']:.3g}",
        contribution=f"{row['contribution']:.3g}",
        degrees_of_freedom=None if degrees == "inf" else int(degrees),
        share=Decimal(f"{100 * row['share']:.1f}"),
        source=str(row["source"]),
    )


def _conditions(work: UnitOfWork, sheet: Sheet) -> tuple[ConditionContent, ...]:
    records = conditions_of(work, sheet)
    found: list[ConditionContent] = []
    for quantity in dict.fromkeys(record.quantity for record in records):
        some = [record for record in records if record.quantity == quantity]
        values = [record.value for record in some]
        mean = sum(values, Decimal(0)) / len(values)
        found.append(
            ConditionContent(
                quantity=quantity.capitalize(),
                unit=some[0].unit,
                minimum=min(values),
                mean=mean.quantize(max(values, key=_places)),
                maximum=max(values),
                source=", ".join(dict.fromkeys(record.source for record in some)),
            )
        )
    return tuple(found)


def _places(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 0


def _standards(work: UnitOfWork, sheet: Sheet) -> tuple[StandardContent, ...]:
    return tuple(
        StandardContent(
            code=each.code,
            description=each.name,
            certificate=each.certificate_number,
            provider=each.provider,
            due_on=each.due_on,
        )
        for each in used_standards(work, sheet.id)
    )


def _corrections(work: UnitOfWork, sheet: Sheet) -> tuple[paper.CorrectionContent, ...]:
    labels = {point.id: point.label for point in points_of(work, sheet.id)}
    rows: Sequence[ObservationChange] = work.exec(
        select(ObservationChange)
        .where(ObservationChange.sheet_id == sheet.id)
        .order_by(col(ObservationChange.at), col(ObservationChange.id))
    ).all()
    return tuple(
        paper.CorrectionContent(
            cell=f"{labels[row.point_id]}, {row.phase.replace('_', ' ')}, reading {row.repeat}",
            old=row.old_raw or "–",
            new=row.new_raw or "–",
            reason=row.reason,
            person=row.by_name,
            corrected_at=row.at,
        )
        for row in rows
    )


def _adjustment(sheet: Sheet) -> AdjustmentContent | None:
    if not sheet.adjusted:
        return None
    kept = cast("dict[str, str]", sheet.adjustment)
    return AdjustmentContent(
        description=f"{kept['what']}. {kept['why']}",
        adjusted_on=datetime.fromisoformat(kept["at"]).date(),
        adjusted_by=kept["by"],
        no_as_found_reason=sheet.as_found_missing_reason,
    )


def _omissions(work: UnitOfWork, sheet: Sheet) -> tuple[str, ...]:
    omitted = [point for point in points_of(work, sheet.id) if point.omitted_reason]
    return tuple(f"{point.label} left out: {point.omitted_reason}" for point in omitted)


def _figure(text: object) -> Decimal | None:
    shown = str(text or "").replace("\N{MINUS SIGN}", "-")
    return Decimal(shown) if shown else None


def _number(value: object) -> Decimal | None:
    return None if value is None else Decimal(f"{float(str(value)):.12g}")


def _three_digits(value: object) -> Decimal | None:
    return None if value is None else Decimal(f"{Decimal(f'{float(str(value)):.3g}'):f}")


def _whole(text: object) -> int | None:
    shown = str(text or "")
    return int(shown) if shown.isdigit() else None
