"""What a board is narrowed to, and the conditions under which a record stands on it."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement
from sqlmodel import col, func, or_, select

from calibra_app.core.access import Permission, within_deed
from calibra_app.models.equipment import Instrument
from calibra_app.models.srf import LineState, Srf, SrfLine
from calibra_app.persistence.search import found_by
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.srf.board import ARCHIVE, COLUMNS, LINE_COLUMNS, OFF_BOARD
from calibra_app.services.srf.roll_up import DERIVED
from calibra_app.services.srf.states import ENDED

# No promise is broken any more once a line has come so far.
FINISHED = frozenset({LineState.APPROVED, LineState.RELEASED})
_SHOWN = tuple(state for states in COLUMNS.values() for state in states)


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What a board is narrowed to; an empty field narrows nothing.

    Attributes:
        unassigned: Only the queue: what nobody is to do yet.
        every_state: The board of instruments has a column for every state.
    """

    words: str = ""
    discipline: str = ""
    person_id: UUID | None = None
    customer_id: UUID | None = None
    urgent: bool = False
    overdue: bool = False
    unassigned: bool = False
    every_state: bool = False


@within_deed
def lines_on_board(work: UnitOfWork) -> list[ColumnElement[bool]]:
    """Lines of requests that are under way; before acceptance nothing is expected yet."""
    where = [
        col(SrfLine.state).in_([*LINE_COLUMNS]),
        col(Srf.state).not_in([*ARCHIVE, *OFF_BOARD]),
        or_(
            col(SrfLine.state) != LineState.PENDING,
            col(Srf.state).in_([*DERIVED]),
        ),
    ]
    if work.actor.only_own(Permission.SRF_SEE, reading=True):
        mine = select(SrfLine.srf_id).where(SrfLine.assignee_id == work.actor.person_id)
        own: list[ColumnElement[bool]] = [col(SrfLine.srf_id).in_(mine)]
        if work.actor.may(Permission.LINE_TAKE):
            # Who takes work from the queue has to see it.
            queue = (col(SrfLine.state) == LineState.RECEIVED) & (
                col(SrfLine.assignee_id).is_(None)
            )
            own.append(queue)
        where.append(or_(*own))
    return where


@within_deed
def line_filters(wanted: BoardFilter, today: date) -> list[ColumnElement[bool]]:
    """Return what narrows the board of instruments; the select has joined item and request."""
    where = _common_filters(wanted, today)
    if wanted.customer_id is not None:
        where.append(col(Srf.customer_id) == wanted.customer_id)
    if wanted.words.strip():
        where.append(
            or_(
                col(SrfLine.instrument_id).in_(found_by("instrument", wanted.words)),
                col(Srf.customer_id).in_(found_by("customer", wanted.words)),
                func.lower(Srf.number).contains(wanted.words.strip().lower(), autoescape=True),
            )
        )
    return where


def _common_filters(wanted: BoardFilter, today: date) -> list[ColumnElement[bool]]:
    where: list[ColumnElement[bool]] = []
    if wanted.discipline:
        where.append(col(Instrument.discipline) == wanted.discipline)
    if wanted.person_id is not None:
        where.append(col(SrfLine.assignee_id) == wanted.person_id)
    if wanted.unassigned:
        where.append(col(SrfLine.assignee_id).is_(None))
    if wanted.urgent:
        where.append(col(SrfLine.urgent).is_(True))
    if wanted.overdue:
        where += [col(SrfLine.promised_on) < today, col(SrfLine.state).not_in([*FINISHED])]
    return where


@within_deed
def srf_filters(wanted: BoardFilter, today: date) -> list[ColumnElement[bool]]:
    """Return what narrows the board of requests."""
    where: list[ColumnElement[bool]] = [col(Srf.state).in_([*_SHOWN])]
    if wanted.customer_id is not None:
        where.append(col(Srf.customer_id) == wanted.customer_id)
    if wanted.words.strip():
        where.append(col(Srf.id).in_(found_by("srf", wanted.words)))
    by_lines = _common_filters(wanted, today)
    if by_lines:
        ids = (
            select(SrfLine.srf_id)
            .join(Instrument, col(Instrument.id) == SrfLine.instrument_id)
            .where(col(SrfLine.state).not_in([*ENDED]), *by_lines)
        )
        where.append(col(Srf.id).in_(ids))
    return where
