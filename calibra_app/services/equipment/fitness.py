"""Which reference standards may be used for a piece of work, and why another may not (G13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.errors import Conflict, NotFound
from calibra_app.core.ids import StandardId
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.reference_standard import ReferenceStandard as Reference
from calibra_app.models.equipment import ReferenceStandard, StandardStatus
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.equipment.standards import StandardCondition, condition_on
from calibra_app.services.equipment.traceability import references_of
from calibra_app.services.scope import ScopePoint, find_procedure

MOST_ALTERNATIVES = 4


class StandardNotFit(Conflict):
    """A reference standard may not be used for this work (guard G13)."""

    code: ClassVar[str] = "standard_not_fit"

    def __init__(self, refusal: "StandardRefusal") -> None:
        """Keep the alternatives beside the sentence."""
        super().__init__(refusal.sentence, field="standard")
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class StandardChoice:
    """A standard that may be used on that day."""

    id: StandardId
    code: str
    name: str
    due_on: date
    due_soon: bool
    location: str


@dataclass(frozen=True, slots=True)
class StandardRefusal:
    """Why a standard may not be used, and which ones may instead.

    Attributes:
        reason: "calibration expired 30 Nov 2026".
        excusable: Quality may sign an exception; never for what is out of range or away.
    """

    standard_id: StandardId
    code: str
    reason: str
    excusable: bool
    alternatives: tuple[StandardChoice, ...]

    @property
    def sentence(self) -> str:
        """The fact and the way out."""
        if self.alternatives:
            names = ", ".join(each.code for each in self.alternatives)
            return f"{self.code}: {self.reason}. Use instead: {names}."
        exception = " Quality may sign an exception." if self.excusable else ""
        return f"{self.code}: {self.reason}. No other standard fits.{exception}"


@permitted(Permission.LABORATORY_SEE, reading=True)
def usable_standards(
    work: UnitOfWork, on: date, procedure_code: str, points: Sequence[ScopePoint] = ()
) -> tuple[StandardChoice, ...]:
    """List the standards that may be used by a procedure on a day, last due first.

    Args:
        work: The transaction.
        on: The day of the work.
        procedure_code: The procedure; its discipline is looked up.
        points: What has to be realized. A standard fits that covers at least one function of
            them, and every value of each function that it covers.
    """
    return _choices(work, on, _discipline(work, procedure_code), points)


@within_deed
def standard_refusal(
    work: UnitOfWork,
    standard_id: UUID,
    on: date,
    procedure_code: str,
    points: Sequence[ScopePoint] = (),
) -> StandardRefusal | None:
    """Return why a standard may not be used on a day, with alternatives; None if it may."""
    row = work.peek(ReferenceStandard, standard_id)
    discipline = _discipline(work, procedure_code)
    reference = references_of(work, [row.id]).get(row.id)
    faults = (_fault(row, on), _mismatch(row, discipline, reference, points))
    found = [fault for fault in faults if fault is not None]
    if not found:
        return None
    reason = "; ".join(told for told, _ in found)
    # An exception for the expiry is none for the range: all of it has to be excusable.
    excusable = all(may_be_excused for _, may_be_excused in found)
    others = tuple(
        each for each in _choices(work, on, discipline, points) if each.id != standard_id
    )
    return StandardRefusal(
        StandardId(row.id), row.code, reason, excusable, others[:MOST_ALTERNATIVES]
    )


@within_deed
def require_fit(
    work: UnitOfWork,
    standard_id: UUID,
    on: date,
    procedure_code: str,
    points: Sequence[ScopePoint] = (),
) -> None:
    """Refuse a standard that may not be used on a day.

    Raises:
        StandardNotFit: With the reason and the alternatives.
    """
    refusal = standard_refusal(work, standard_id, on, procedure_code, points)
    if refusal is not None:
        raise StandardNotFit(refusal)


@within_deed
def find_standard_by_code(work: UnitOfWork, code: str) -> StandardId:
    """Return the standard with a code, as scanned from its label.

    Raises:
        NotFound: There is none.
    """
    found = work.exec(
        select(ReferenceStandard.id).where(ReferenceStandard.code == code.strip())
    ).first()
    if found is None:
        raise NotFound(f"There is no standard {code.strip()}.", field="standard")
    return StandardId(found)


def _choices(
    work: UnitOfWork, on: date, discipline: str, points: Sequence[ScopePoint]
) -> tuple[StandardChoice, ...]:
    found: Sequence[ReferenceStandard] = work.exec(
        select(ReferenceStandard)
        .where(
            ReferenceStandard.discipline == discipline,
            col(ReferenceStandard.status).in_((StandardStatus.IN_SERVICE, StandardStatus.LIMITED)),
            col(ReferenceStandard.due_on) >= on,
        )
        .order_by(col(ReferenceStandard.due_on).desc(), col(ReferenceStandard.code))
    ).all()
    references = references_of(work, [row.id for row in found])
    return tuple(
        StandardChoice(
            StandardId(row.id),
            row.code,
            row.name,
            row.due_on,
            condition_on(row.status, row.due_on, on) is StandardCondition.DUE_SOON,
            row.location,
        )
        for row in found
        if _mismatch(row, discipline, references.get(row.id), points) is None
    )


def _fault(row: ReferenceStandard, on: date) -> tuple[str, bool] | None:
    match condition_on(row.status, row.due_on, on):
        case StandardCondition.EXPIRED:
            return f"calibration expired {row.due_on.day} {row.due_on:%b %Y}", True
        case StandardCondition.QUARANTINED:
            return "in quarantine", False
        case StandardCondition.IN_CALIBRATION:
            return "away for calibration", False
        case StandardCondition.RETIRED:
            return "retired", False
        case StandardCondition.LOST:
            return "lost", False
        case _:
            return None


def _mismatch(
    row: ReferenceStandard,
    discipline: str,
    reference: Reference | None,
    points: Sequence[ScopePoint],
) -> tuple[str, bool] | None:
    if row.discipline != discipline:
        return f"a standard for {row.discipline}, not for {discipline}", False
    if reference is None:
        return "without an accepted certificate", False
    # A set of standards may share the functions of one sheet, so only what it covers counts.
    covered = [point for point in points if not point.function or reference.has(point.function)]
    if points and not covered:
        functions = ", ".join(dict.fromkeys(point.function for point in points))
        return f"not calibrated for {functions}", False
    beyond = [point.name for point in covered if not _realizes(reference, point)]
    if beyond:
        return f"not calibrated at {', '.join(dict.fromkeys(beyond))}", False
    return None


def _realizes(reference: Reference, point: ScopePoint) -> bool:
    # Nothing has to be realized for a zero: closed jaws, an empty pan, a vented port.
    if not point.function or not point.value:
        return True
    try:
        reference.at(point.function, float(point.value), point.unit, point.unit)
    except MetrologyError:
        return False
    return True


def _discipline(work: UnitOfWork, procedure_code: str) -> str:
    known = find_procedure(work, procedure_code)
    if known is None:
        raise NotFound(f"The laboratory has no procedure {procedure_code}.")
    return known[1]
