"""The figures of today, each as one condition: the tile counts it, the list behind it shows it.

Why one condition for both: a tile whose list shows another number is believed once. The count and
the list are made of the same `WHERE`, and a test compares them for every figure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, func, or_, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.ids import SrfId
from calibra_app.core.paging import PAGE_SIZE, Page
from calibra_app.models.customer import Customer
from calibra_app.models.equipment import Instrument
from calibra_app.models.person import Person
from calibra_app.models.srf import HeaderState, HoldKind, LineState, Srf, SrfLine
from calibra_app.persistence.listing import Key, page_of
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.laboratory import today_of
from calibra_app.services.srf.board_filter import FINISHED, lines_on_board
from calibra_app.services.srf.register import visible

# A promise this near, and not approved yet, is at risk.
RISK_DAYS = 2
NEVER = date(9999, 12, 31)
# Items in the laboratory's hands: received, and not approved yet.
IN_HAND = (
    LineState.RECEIVED,
    LineState.ASSIGNED,
    LineState.IN_PROGRESS,
    LineState.ON_HOLD,
    LineState.AWAITING_CUSTOMER,
    LineState.AWAITING_PARTS,
    LineState.SUBCONTRACTED,
    LineState.QC,
    LineState.REWORK,
)


class Figure(StrEnum):
    """What is counted of items and, in the last three, of requests."""

    IN_HAND = "in_hand"
    OVERDUE = "overdue"
    AT_RISK = "at_risk"
    TO_REVIEW = "to_review"
    TO_AUTHORIZE = "to_authorize"
    WITH_CUSTOMER = "with_customer"
    UNASSIGNED = "unassigned"
    MINE = "mine"
    SUBMITTED = "submitted"
    QUESTIONS = "questions"
    OFFERED = "offered"


OF_REQUESTS: dict[Figure, HeaderState] = {
    Figure.SUBMITTED: HeaderState.SUBMITTED,
    Figure.QUESTIONS: HeaderState.INFO_REQUIRED,
    Figure.OFFERED: HeaderState.AWAITING_APPROVAL,
}


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One item, or one request, of the list behind a figure; a request has no tag."""

    srf_id: SrfId
    number: str
    customer: str
    state: LineState | HeaderState
    tag: str = ""
    description: str = ""
    position: int = 0
    person: str = ""
    promised_on: date | None = None
    since: datetime | None = None
    late: bool = False


@permitted(Permission.DASHBOARD_SEE, reading=True)
def list_figure(
    work: UnitOfWork,
    figure: Figure,
    state: LineState | None = None,
    cursor: str = "",
    size: int = PAGE_SIZE,
) -> Page[FigureRow]:
    """List what a figure counts, the nearest promise first.

    Args:
        work: The transaction.
        figure: Which one.
        state: Of the items in hand, those in this state alone.
        cursor: Where the page begins.
        size: How many rows at most.
    """
    if figure in OF_REQUESTS:
        return _list_requests(work, OF_REQUESTS[figure], cursor, size)
    today = today_of(work)
    statement = _joined(
        select(SrfLine, Srf.number, Customer.name, Instrument, Person.name)  # pyright: ignore[reportCallIssue, reportArgumentType, reportUnknownArgumentType]
    ).where(*conditions(work, figure, today, state))

    def row(
        line: SrfLine, number: str, customer: str, item: Instrument, person: str | None
    ) -> FigureRow:
        return FigureRow(
            srf_id=SrfId(line.srf_id),
            number=number,
            customer=customer,
            state=line.state,
            tag=item.tag,
            description=item.description,
            position=line.position,
            person=person or "",
            promised_on=line.promised_on,
            since=line.state_since,
            late=line.promised_on is not None
            and line.promised_on < today
            and line.state not in FINISHED,
        )

    # An item without a promise comes last; a missing key could not be compared.
    promised = func.coalesce(col(SrfLine.promised_on), NEVER)
    return page_of(work, statement, row, Key(promised), Key(SrfLine.id), cursor=cursor, size=size)


def conditions(
    work: UnitOfWork, figure: Figure, today: date, state: LineState | None = None
) -> list[ColumnElement[bool]]:
    """Return what an item has to be to count, among those that the actor sees on the board."""
    where = [*lines_on_board(work), *_CONDITIONS[figure](work.actor.person_id, today)]
    return where if state is None else [*where, col(SrfLine.state) == state]


Conditions = list[ColumnElement[bool]]


def _unfinished() -> ColumnElement[bool]:
    return col(SrfLine.state).not_in([*FINISHED])


_CONDITIONS: dict[Figure, Callable[[UUID, date], Conditions]] = {
    Figure.IN_HAND: lambda _person, _today: [col(SrfLine.state).in_([*IN_HAND])],
    Figure.OVERDUE: lambda _person, today: [_unfinished(), col(SrfLine.promised_on) < today],
    Figure.AT_RISK: lambda _person, today: [
        _unfinished(),
        col(SrfLine.promised_on) >= today,
        col(SrfLine.promised_on) <= today + timedelta(days=RISK_DAYS),
    ],
    Figure.TO_REVIEW: lambda _person, _today: [
        col(SrfLine.state) == LineState.QC,
        col(SrfLine.reviewed).is_(False),
    ],
    Figure.TO_AUTHORIZE: lambda _person, _today: [
        col(SrfLine.state) == LineState.QC,
        col(SrfLine.reviewed).is_(True),
    ],
    Figure.WITH_CUSTOMER: lambda _person, _today: [
        or_(
            col(SrfLine.state) == LineState.AWAITING_CUSTOMER,
            (col(SrfLine.state) == LineState.ON_HOLD)
            & (col(SrfLine.hold_kind) == HoldKind.CUSTOMER),
        )
    ],
    Figure.UNASSIGNED: lambda _person, _today: [
        col(SrfLine.state) == LineState.RECEIVED,
        col(SrfLine.assignee_id).is_(None),
    ],
    Figure.MINE: lambda person, _today: [
        col(SrfLine.assignee_id) == person,
        col(SrfLine.state).in_([*IN_HAND]),
        col(SrfLine.state) != LineState.QC,
    ],
}


def _joined(statement: Any) -> Any:
    return (
        statement.select_from(SrfLine)
        .join(Srf, col(Srf.id) == SrfLine.srf_id)
        .join(Customer, col(Customer.id) == Srf.customer_id)
        .join(Instrument, col(Instrument.id) == SrfLine.instrument_id)
        .outerjoin(Person, col(Person.id) == SrfLine.assignee_id)
    )


def _list_requests(work: UnitOfWork, state: HeaderState, cursor: str, size: int) -> Page[FigureRow]:
    statement = visible(work, select(Srf).where(Srf.state == state))
    keys = (Key(Srf.created_at), Key(Srf.id))
    page: Page[Srf] = page_of(work, statement, _itself, *keys, cursor=cursor, size=size)
    names = dict(
        work.exec(
            select(Customer.id, Customer.name).where(
                col(Customer.id).in_([srf.customer_id for srf in page.rows])
            )
        ).all()
    )
    return page.of(
        lambda srf: FigureRow(
            SrfId(srf.id),
            srf.number,
            names[srf.customer_id],
            srf.state,
            since=srf.state_since,
            promised_on=srf.promised_on,
        )
    )


def _itself(srf: Srf) -> Srf:
    return srf
