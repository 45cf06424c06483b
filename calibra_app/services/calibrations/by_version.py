"""Which sheets were begun by a revision of a procedure, and so were evaluated by its budget."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.ids import SheetId
from calibra_app.models.calibration import Sheet, SheetState
from calibra_app.models.equipment import Instrument
from calibra_app.models.person import Person
from calibra_app.models.scope import ProcedureVersion
from calibra_app.models.srf import Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork

MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class SheetOfVersion:
    """One sheet that stands on a revision."""

    id: SheetId
    number: str
    description: str
    tag: str
    state: SheetState
    started_at: datetime
    performer: str


@permitted(Permission.PROCEDURE_EDIT, Permission.LABORATORY_SEE, reading=True)
def sheets_of_version(work: UnitOfWork, version_id: UUID) -> tuple[SheetOfVersion, ...]:
    """List the sheets of a revision, newest first.

    Raises:
        NotFound: There is no such revision.
    """
    work.peek(ProcedureVersion, version_id)
    rows: Sequence[tuple[Sheet, SrfLine, Srf, Instrument]] = work.exec(
        select(Sheet, SrfLine, Srf, Instrument)
        .join(SrfLine, col(SrfLine.id) == Sheet.line_id)
        .join(Srf, col(Srf.id) == SrfLine.srf_id)
        .join(Instrument, col(Instrument.id) == SrfLine.instrument_id)
        .where(Sheet.procedure_version_id == version_id)
        .order_by(col(Sheet.started_at).desc(), col(Sheet.id).desc())
        .limit(MOST_SHOWN)
    ).all()
    ids = {sheet.performer_id for sheet, *_ in rows}
    people = work.exec(select(Person.id, Person.name).where(col(Person.id).in_(ids))).all()
    names = dict(people)
    return tuple(
        SheetOfVersion(
            SheetId(sheet.id),
            f"{srf.number}/{line.position:02}",
            item.description,
            item.tag,
            sheet.state,
            sheet.started_at,
            names.get(sheet.performer_id, ""),
        )
        for sheet, line, srf, item in rows
    )
