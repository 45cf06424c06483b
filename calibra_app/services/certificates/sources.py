"""What a certificate is made of: the frozen things of one line, gathered in one place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, func, select

from calibra_app.core.access import within_deed
from calibra_app.models.calibration import (
    Observation,
    Phase,
    PointResult,
    Sheet,
    SheetPoint,
    SheetStandard,
)
from calibra_app.models.customer import Customer
from calibra_app.models.document import StoredFile
from calibra_app.models.equipment import Instrument
from calibra_app.models.scope import Provider
from calibra_app.models.srf import ProviderResult, Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.calibrations.review import performers_of
from calibra_app.services.calibrations.sheets import points_of, sheet_of_line
from calibra_app.services.certificates.results import PointOutcome, outcomes_in_order
from calibra_app.services.laboratory import own_tenant
from calibra_app.services.signatures import Signed, signatures_of


@dataclass(frozen=True, slots=True)
class External:
    """What an external provider sent back for a line."""

    provider: Provider
    result: ProviderResult
    file: StoredFile | None

    @property
    def rows(self) -> tuple[Mapping[str, Any], ...]:
        """Return the values that were taken over, as text."""
        held: list[Any] = [each for each in self.result.results.values() if isinstance(each, list)]
        return tuple(cast("list[Mapping[str, Any]]", held[0] if held else []))


@dataclass(frozen=True, slots=True)
class Sources:
    """One line with all that its certificate is made of."""

    line: SrfLine
    srf: Srf
    customer: Customer
    instrument: Instrument
    sheet: Sheet | None
    points: Sequence[SheetPoint]
    outcomes: tuple[PointOutcome, ...]
    standards: Sequence[SheetStandard]
    performed_from: date | None
    performed_to: date | None
    performers: frozenset[UUID]
    signatures: tuple[Signed, ...]
    external: External | None

    def signature(self, meaning: str) -> Signed | None:
        """Return the newest signature with a meaning."""
        return next((each for each in reversed(self.signatures) if each.meaning == meaning), None)


@within_deed
def sources_of(work: UnitOfWork, line: SrfLine) -> Sources:
    """Gather what the certificate of a line is made of."""
    srf = work.peek(Srf, line.srf_id)
    sheet = sheet_of_line(work, line.id)
    external = _external(work, line)
    first, last = _days(work, sheet)
    points = points_of(work, sheet.id) if sheet else ()
    return Sources(
        line=line,
        srf=srf,
        customer=work.peek(Customer, srf.customer_id),
        instrument=work.peek(Instrument, line.instrument_id),
        sheet=sheet,
        points=points,
        outcomes=_outcomes(work, sheet, points) if sheet else (),
        standards=_standards(work, sheet) if sheet else (),
        performed_from=external.result.issued_on if external else first,
        performed_to=external.result.issued_on if external else last,
        performers=performers_of(work, line.id),
        signatures=signatures_of(work, "srf_line", line.id),
        external=external,
    )


def _outcomes(
    work: UnitOfWork, sheet: Sheet, points: Sequence[SheetPoint]
) -> tuple[PointOutcome, ...]:
    rows: Sequence[PointResult] = work.exec(
        select(PointResult).where(PointResult.sheet_id == sheet.id)
    ).all()
    kept = {
        (row.point_id, row.phase): row.result
        for row in rows
        if row.result.get("number") and (sheet.adjusted or row.phase is Phase.AS_FOUND)
    }
    return outcomes_in_order(points, kept)


def _standards(work: UnitOfWork, sheet: Sheet) -> Sequence[SheetStandard]:
    found: Sequence[SheetStandard] = work.exec(
        select(SheetStandard)
        .where(SheetStandard.sheet_id == sheet.id, col(SheetStandard.removed_at).is_(None))
        .order_by(col(SheetStandard.code))
    ).all()
    return found


def _days(work: UnitOfWork, sheet: Sheet | None) -> tuple[date | None, date | None]:
    if sheet is None:
        return None, None
    first, last = work.exec(
        select(func.min(Observation.at), func.max(Observation.at)).where(
            Observation.sheet_id == sheet.id
        )
    ).one()
    zone = ZoneInfo(own_tenant(work).time_zone)
    return (
        first.astimezone(zone).date() if first else None,
        last.astimezone(zone).date() if last else None,
    )


def _external(work: UnitOfWork, line: SrfLine) -> External | None:
    if line.provider_id is None:
        return None
    result = work.exec(select(ProviderResult).where(ProviderResult.line_id == line.id)).first()
    if result is None:
        return None
    file = work.peek(StoredFile, result.file_id) if result.file_id else None
    return External(work.peek(Provider, line.provider_id), result, file)
