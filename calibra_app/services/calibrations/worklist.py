"""What waits for one person at the bench: own lines, and what may be taken from the queue."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.ids import LineId, SheetId, SrfId
from calibra_app.models.calibration import Observation, Sheet, SheetPoint, SheetState
from calibra_app.models.customer import Customer
from calibra_app.models.equipment import Instrument, Room
from calibra_app.models.person import Deed
from calibra_app.models.srf import Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.calibrations.sheets import returned_remarks
from calibra_app.services.laboratory import today_of
from calibra_app.services.people import is_competent
from calibra_app.services.srf.roll_up import DERIVED
from calibra_app.services.srf.states import LineState

MINE = (
    LineState.ASSIGNED,
    LineState.IN_PROGRESS,
    LineState.REWORK,
    LineState.AWAITING_CUSTOMER,
    LineState.AWAITING_PARTS,
    LineState.ON_HOLD,
    LineState.QC,
)
MOST_IN_QUEUE = 100


@dataclass(frozen=True, slots=True)
class WorkLine:
    """One line as the bench sees it.

    Attributes:
        read: How many indications are there.
        planned: How many the plan asks for as found.
        returned: How many remarks of the reviewer's wait for an answer.
    """

    line_id: LineId
    version: int
    srf_id: SrfId
    srf_number: str
    position: int
    state: LineState
    tag: str
    description: str
    customer: str
    procedure_code: str
    room: str
    urgent: bool
    on_site: bool
    promised_on: date | None
    planned_on: date | None
    late: bool
    sheet_id: SheetId | None
    read: int
    planned: int
    returned: int


@dataclass(frozen=True, slots=True)
class Worklist:
    """Own lines, the most pressing first, and the lines that one may take.

    Attributes:
        at_site: What waits at the customers' for whoever arrives there.
    """

    mine: tuple[WorkLine, ...]
    queue: tuple[WorkLine, ...]
    at_site: tuple[WorkLine, ...] = ()


@permitted(Permission.INDICATION_ENTER)
def my_work(work: UnitOfWork) -> Worklist:
    """Return what is assigned to the actor, and what waits unassigned in the actor's fields."""
    mine = _lines(
        work, col(SrfLine.assignee_id) == work.actor.person_id, col(SrfLine.state).in_(MINE)
    )
    waiting = _lines(
        work,
        col(SrfLine.assignee_id).is_(None),
        col(SrfLine.provider_id).is_(None),
        col(SrfLine.state) == LineState.RECEIVED,
    )
    queue = _within_reach(work, waiting)
    visits = _lines(
        work,
        col(SrfLine.on_site).is_(True),
        col(SrfLine.state) == LineState.PENDING,
        col(SrfLine.provider_id).is_(None),
        col(Srf.state).in_(DERIVED),
    )
    sheets = _sheets(work, [line.id for line, *_ in mine])
    order = {state: at for at, state in enumerate((LineState.REWORK, LineState.IN_PROGRESS))}
    mine.sort(key=lambda found: (order.get(found[0].state, 2), not found[0].urgent))
    return Worklist(
        tuple(_view(work, found, sheets) for found in mine),
        tuple(_view(work, found, {}) for found in queue),
        tuple(_view(work, found, {}) for found in _within_reach(work, visits)),
    )


_Found = tuple[SrfLine, Srf, Instrument, str, str | None]


def _lines(work: UnitOfWork, *conditions: object) -> list[_Found]:
    # Five columns are one more than the types of `select` know.
    choose: Any = select
    rows: Sequence[_Found] = work.exec(
        choose(SrfLine, Srf, Instrument, Customer.name, Room.code)
        .join(Srf, col(Srf.id) == SrfLine.srf_id)
        .join(Instrument, col(Instrument.id) == SrfLine.instrument_id)
        .join(Customer, col(Customer.id) == Srf.customer_id)
        .outerjoin(Room, col(Room.id) == SrfLine.room_id)
        .where(*conditions)
        .order_by(col(SrfLine.promised_on).asc().nulls_last(), Srf.number, col(SrfLine.position))
        .limit(MOST_IN_QUEUE)
    ).all()
    return [(line, srf, item, customer, room) for line, srf, item, customer, room in rows]


def _within_reach(work: UnitOfWork, found: Sequence[_Found]) -> list[_Found]:
    known: dict[tuple[str, str], bool] = {}
    today = today_of(work)
    for line, _, item, *_ in found:
        field = (line.procedure_code, item.discipline)
        if field not in known:
            known[field] = is_competent(work, work.actor.person_id, Deed.PERFORM, *field, on=today)
    return [each for each in found if known[each[0].procedure_code, each[2].discipline]]


@dataclass(frozen=True, slots=True)
class _Progress:
    sheet_id: SheetId
    read: int
    planned: int
    returned: int


def _sheets(work: UnitOfWork, line_ids: Sequence[UUID]) -> dict[UUID, _Progress]:
    rows: Sequence[tuple[UUID, UUID]] = work.exec(
        select(Sheet.line_id, Sheet.id).where(
            col(Sheet.line_id).in_(line_ids), Sheet.state != SheetState.VOID
        )
    ).all()
    ids = [sheet_id for _, sheet_id in rows]
    read = _counted(
        work,
        select(Observation.sheet_id, func.count())
        .where(col(Observation.sheet_id).in_(ids), Observation.phase == "as_found")
        .group_by(col(Observation.sheet_id)),
    )
    planned = _counted(
        work,
        select(SheetPoint.sheet_id, func.sum(SheetPoint.repeats))
        .where(col(SheetPoint.sheet_id).in_(ids))
        .group_by(col(SheetPoint.sheet_id)),
    )
    return {
        line_id: _Progress(
            SheetId(sheet_id),
            read.get(sheet_id, 0),
            planned.get(sheet_id, 0),
            len(returned_remarks(work, sheet_id)),
        )
        for line_id, sheet_id in rows
    }


def _counted(work: UnitOfWork, statement: object) -> Mapping[UUID, int]:
    rows: Sequence[tuple[UUID, int]] = work.exec(statement).all()
    return {sheet_id: int(count) for sheet_id, count in rows}


def _view(work: UnitOfWork, found: _Found, sheets: Mapping[UUID, _Progress]) -> WorkLine:
    line, srf, item, customer, room = found
    progress = sheets.get(line.id)
    return WorkLine(
        LineId(line.id),
        line.version,
        SrfId(srf.id),
        srf.number,
        line.position,
        line.state,
        item.tag,
        item.description,
        customer,
        line.procedure_code,
        room or "",
        line.urgent,
        line.on_site,
        line.promised_on,
        line.planned_on,
        line.promised_on is not None and line.promised_on < today_of(work),
        progress.sheet_id if progress else None,
        progress.read if progress else 0,
        progress.planned if progress else 0,
        progress.returned if progress else 0,
    )
