"""The scope: calibration and measurement capabilities, and what of a request lies inside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import col, or_, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.entry import filled, in_order, limited
from calibra_app.core.errors import Conflict, Invalid
from calibra_app.core.paging import Page
from calibra_app.metrology.cmc import Cmc as CapabilityRow
from calibra_app.metrology.cmc import find_cmc
from calibra_app.metrology.quantity import MetrologyError, unit
from calibra_app.models.scope import Cmc
from calibra_app.persistence.listing import Key, page_of
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.persistence.versions import amend
from calibra_app.procedures.base import PlannedPoint
from calibra_app.services.laboratory import today_of


class OutsideScope(Conflict):
    """The scope has no row for this value."""

    code: ClassVar[str] = "outside_scope"


class ScopeVerdict(StrEnum):
    """What the scope says of all points of a line."""

    IN_SCOPE = "in_scope"
    PARTLY = "partly"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class CmcDraft:
    """One row of the scope: U = absolute + relative · |value|, for k = 2."""

    discipline: str
    procedure_code: str
    measurand: str
    low: Decimal
    high: Decimal
    unit: str
    absolute: Decimal
    absolute_unit: str
    valid_from: date
    relative: Decimal = Decimal(0)
    conditions: str = ""
    on_site: bool = False
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class CmcRecord:
    """One row of the scope as it stands."""

    id: UUID
    version: int
    draft: CmcDraft
    valid: bool


@dataclass(frozen=True, slots=True)
class ScopePoint:
    """A value at which somebody wants a calibration; an empty function fits every row."""

    value: Decimal
    unit: str
    function: str = ""
    label: str = ""

    @property
    def name(self) -> str:
        """What the point is called in a sentence."""
        return self.label or f"{self.value:f} {self.unit}"


@dataclass(frozen=True, slots=True)
class ScopeCheck:
    """The verdict, the points outside, and the rows of the scope that were used."""

    verdict: ScopeVerdict
    outside: tuple[str, ...] = ()
    rows: tuple[CmcDraft, ...] = ()

    @property
    def sentence(self) -> str:
        """What the screen says."""
        match self.verdict:
            case ScopeVerdict.IN_SCOPE:
                return "in scope"
            case ScopeVerdict.PARTLY:
                return f"partly: {', '.join(self.outside)} outside"
            case ScopeVerdict.OUTSIDE:
                return "outside the scope"


@permitted(Permission.CMC_EDIT, Permission.LABORATORY_SEE, reading=True)
def list_cmc(
    work: UnitOfWork,
    *,
    discipline: str = "",
    procedure_code: str = "",
    ended: bool = False,
    cursor: str = "",
) -> Page[CmcRecord]:
    """List the rows of the scope by discipline, those valid today unless told otherwise."""
    today = today_of(work)
    query = select(Cmc)
    if discipline:
        query = query.where(Cmc.discipline == discipline)
    if procedure_code:
        query = query.where(Cmc.procedure_code == procedure_code)
    if not ended:
        query = query.where(or_(col(Cmc.valid_to).is_(None), col(Cmc.valid_to) >= today))

    def record(row: Cmc) -> CmcRecord:
        return CmcRecord(row.id, row.version, _draft(row), _is_valid(row, today))

    return page_of(work, query, record, Key(Cmc.discipline), Key(Cmc.id), cursor=cursor)


@permitted(Permission.CMC_EDIT)
def add_cmc(work: UnitOfWork, draft: CmcDraft) -> UUID:
    """Enter a row of the scope.

    Raises:
        Invalid: Range, units or uncertainty cannot be.
        Conflict: A valid row of the same measurand overlaps.
    """
    fields = _checked(draft)
    _refuse_overlap(work, draft, None)
    row = Cmc(**fields)
    work.add(row)
    return row.id


@permitted(Permission.CMC_EDIT)
def change_cmc(work: UnitOfWork, cmc_id: UUID, seen: int, draft: CmcDraft) -> None:
    """Change a row of the scope.

    Raises:
        Stale: Somebody else has changed it meanwhile.
        Conflict: A valid row of the same measurand overlaps.
    """
    row = work.get(Cmc, cmc_id)
    fields = _checked(draft)
    _refuse_overlap(work, draft, cmc_id)
    amend(work, row, seen, fields)


@permitted(Permission.CMC_EDIT)
def end_cmc(work: UnitOfWork, cmc_id: UUID, seen: int, last_day: date | None = None) -> None:
    """Take a row out of the scope; it stays on record for what was issued under it."""
    row = work.get(Cmc, cmc_id)
    last = last_day or today_of(work) - timedelta(days=1)
    amend(work, row, seen, {"valid_to": max(last, row.valid_from)})


@within_deed
def capability_rows(
    work: UnitOfWork, procedure_code: str, on: date | None = None
) -> tuple[CapabilityRow, ...]:
    """Return the rows of the scope for a procedure as the engine reads them."""
    return tuple(_as_row(row) for row in _valid_rows(work, procedure_code, on))


@within_deed
def cmc_for(
    work: UnitOfWork,
    procedure_code: str,
    value: Decimal,
    unit: str,
    *,
    function: str = "",
    result_unit: str = "",
) -> Decimal:
    """Return the smallest U that may be stated at a value, in the unit of the result.

    Raises:
        OutsideScope: The scope has no row for the value.
    """
    point = ScopePoint(value, unit, function)
    row = _row_for(capability_rows(work, procedure_code), point)
    if row is None:
        raise OutsideScope(f"{point.name} lies outside the scope of {procedure_code}.")
    found = row.uncertainty_at(float(value), unit, result_unit or row.uncertainty_unit)
    # The engine computes in binary; what it adds behind the twelfth digit is no information.
    return Decimal(f"{found:.12g}")


@permitted(Permission.LABORATORY_SEE, reading=True)
def scope_check(
    work: UnitOfWork, procedure_code: str, points: Iterable[ScopePoint], on: date | None = None
) -> ScopeCheck:
    """Say which points of a line lie inside the scope (guard G04).

    Args:
        work: The transaction.
        procedure_code: The procedure of the line.
        points: The values at which it is to be calibrated.
        on: The day of the work; today if not given.
    """
    stored = _valid_rows(work, procedure_code, on)
    rows = tuple(_as_row(row) for row in stored)
    outside: list[str] = []
    used: set[int] = set()
    asked = tuple(points)
    for point in asked:
        row = _row_for(rows, point)
        if row is None:
            outside.append(point.name)
        else:
            used.add(rows.index(row))
    if not outside and asked:
        verdict = ScopeVerdict.IN_SCOPE
    elif len(outside) < len(asked):
        verdict = ScopeVerdict.PARTLY
    else:
        verdict = ScopeVerdict.OUTSIDE
    kept = tuple(_draft(stored[at]) for at in sorted(used))
    return ScopeCheck(verdict, tuple(dict.fromkeys(outside)), kept)


def scope_points(planned: Sequence[PlannedPoint]) -> tuple[ScopePoint, ...]:
    """Return the values that a procedure plans to realize, as the scope is asked for them."""
    return tuple(
        ScopePoint(
            point.nominal,
            point.nominal_unit,
            point.function,
            f"{point.nominal:f} {point.nominal_unit}",
        )
        for point in planned
        if point.reported
    )


def _row_for(rows: Sequence[CapabilityRow], point: ScopePoint) -> CapabilityRow | None:
    fitting = [row for row in rows if not point.function or row.function == point.function]
    try:
        return find_cmc(fitting, float(point.value), point.unit, point.function)
    except MetrologyError:
        # Another quantity than the scope's: no row speaks for it.
        return None


def _valid_rows(work: UnitOfWork, procedure_code: str, on: date | None) -> Sequence[Cmc]:
    day = on or today_of(work)
    found: Sequence[Cmc] = work.exec(
        select(Cmc)
        .where(
            Cmc.procedure_code == procedure_code,
            Cmc.valid_from <= day,
            or_(col(Cmc.valid_to).is_(None), col(Cmc.valid_to) >= day),
        )
        .order_by(col(Cmc.measurand), col(Cmc.low), col(Cmc.id))
    ).all()
    return found


def _as_row(row: Cmc) -> CapabilityRow:
    return CapabilityRow(
        absolute=float(row.absolute),
        relative=float(row.relative),
        range_min=float(row.low),
        range_max=float(row.high),
        unit=row.unit,
        uncertainty_unit=row.absolute_unit,
        function=row.measurand,
    )


def _draft(row: Cmc) -> CmcDraft:
    names = CmcDraft.__dataclass_fields__
    return CmcDraft(**{name: getattr(row, name) for name in names})


def _is_valid(row: Cmc, today: date) -> bool:
    return row.valid_from <= today and (row.valid_to is None or today <= row.valid_to)


def _checked(draft: CmcDraft) -> dict[str, Any]:
    if draft.low > draft.high:
        raise Invalid("The range ends before it begins.", field="high")
    if draft.absolute < 0 or draft.relative < 0 or not draft.absolute + draft.relative:
        raise Invalid("An uncertainty is above zero.", field="absolute")
    in_order(draft.valid_from, draft.valid_to, "valid_to")
    range_unit = filled(draft.unit, "unit", "the unit of the range", most=20)
    small = filled(draft.absolute_unit, "absolute_unit", "the unit of U", most=20)
    for field, written in (("unit", range_unit), ("absolute_unit", small)):
        try:
            unit(written)
        except MetrologyError as error:
            raise Invalid(f"{error}.", field=field) from error
    fields: dict[str, Any] = {name: getattr(draft, name) for name in CmcDraft.__dataclass_fields__}
    return fields | {
        "discipline": filled(draft.discipline, "discipline", "a discipline").lower(),
        "procedure_code": filled(draft.procedure_code, "procedure_code", "a procedure"),
        "measurand": filled(draft.measurand, "measurand", "the measurand"),
        "unit": range_unit,
        "absolute_unit": small,
        "conditions": limited(draft.conditions, "conditions", most=500),
    }


def _refuse_overlap(work: UnitOfWork, draft: CmcDraft, own: UUID | None) -> None:
    query = select(Cmc).where(
        Cmc.procedure_code == draft.procedure_code.strip(),
        Cmc.measurand == draft.measurand.strip(),
        Cmc.unit == draft.unit.strip(),
        Cmc.conditions == draft.conditions.strip(),
        Cmc.on_site == draft.on_site,
        Cmc.low < draft.high,
        Cmc.high > draft.low,
        or_(col(Cmc.valid_to).is_(None), col(Cmc.valid_to) >= draft.valid_from),
    )
    if draft.valid_to is not None:
        query = query.where(Cmc.valid_from <= draft.valid_to)
    for row in work.exec(query).all():
        if row.id != own:
            raise Conflict(
                f"The row from {row.low:f} to {row.high:f} {row.unit} overlaps."
                " End that one first, or choose another range.",
                field="low",
            )
