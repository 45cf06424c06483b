"""How work flows: turnaround of approved items, and how many passed review the first time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Date, Float, cast
from sqlmodel import col, exists, func, select

from calibra_app.core.access import Permission, permitted
from calibra_app.models.srf import LineState, SrfLine, SrfRecord
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.laboratory import own_tenant
from calibra_app.services.srf.line_transitions import LINE_TRANSITIONS

WEEKS = 12
SHORT, LONG = timedelta(days=30), timedelta(days=90)
_DAY_SECONDS = 86_400
# `select` with a number of columns that only the program knows.
_AS_MANY: Any = select
# The steps by which review sends an item back to the bench.
_RETURNS = tuple(
    each.number
    for each in LINE_TRANSITIONS
    if LineState.QC in each.line_from and LineState.REWORK in each.line_to
)


@dataclass(frozen=True, slots=True)
class Turnaround:
    """Days from receipt to approval, without what waited for the customer; None without items."""

    items: int
    median: Decimal | None = None
    ninth_decile: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Week:
    """The turnaround of the items that were approved in one week."""

    monday: date
    turnaround: Turnaround


@dataclass(frozen=True, slots=True)
class Flow:
    """How work flowed lately.

    Attributes:
        short: The last 30 days; `before` is the 30 days before those, for comparison.
        long: The last 90 days.
        weeks: Week by week, the oldest first.
        passed: Of `short`, how many items no reviewer sent back.
    """

    short: Turnaround
    before: Turnaround
    long: Turnaround
    weeks: tuple[Week, ...]
    passed: int

    @property
    def first_pass_percent(self) -> int | None:
        """Return the share that passed review the first time, or None without items."""
        return round(100 * self.passed / self.short.items) if self.short.items else None


@permitted(Permission.DASHBOARD_SEE, reading=True)
def measure_flow(work: UnitOfWork) -> Flow:
    """Return turnaround and first-pass yield, of the whole laboratory."""
    now = work.now
    sent_back = exists().where(
        col(SrfRecord.srf_id) == col(SrfLine.srf_id),
        col(SrfRecord.line_id) == col(SrfLine.id),
        col(SrfRecord.transition).in_(_RETURNS),
    )
    passed = work.exec(
        select(func.count(col(SrfLine.id))).where(*_approved(now - SHORT, now), ~sent_back)
    ).one()
    return Flow(
        short=_turnaround(work, now - SHORT, now),
        before=_turnaround(work, now - SHORT - SHORT, now - SHORT),
        long=_turnaround(work, now - LONG, now),
        weeks=_weeks(work),
        passed=int(passed),
    )


def _days() -> ColumnElement[float]:
    wall = func.extract("epoch", col(SrfLine.approved_at) - col(SrfLine.received_at))
    return cast((wall - col(SrfLine.paused_seconds)) / _DAY_SECONDS, Float)


def _percentiles() -> tuple[ColumnElement[Any], ...]:
    return (
        func.count(col(SrfLine.id)),
        func.percentile_cont(0.5).within_group(_days()),
        func.percentile_cont(0.9).within_group(_days()),
    )


def _approved(since: datetime, until: datetime) -> list[ColumnElement[bool]]:
    return [
        col(SrfLine.approved_at) > since,
        col(SrfLine.approved_at) <= until,
        col(SrfLine.received_at).is_not(None),
    ]


def _turnaround(work: UnitOfWork, since: datetime, until: datetime) -> Turnaround:
    row = work.session.connection().execute(
        _AS_MANY(*_percentiles()).where(*_approved(since, until))
    )
    return _of(row.one())


def _of(row: Sequence[Any]) -> Turnaround:
    count, median, ninth = row
    return Turnaround(int(count), _one_decimal(median), _one_decimal(ninth))


def _one_decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(value)).quantize(Decimal("0.1"))


def _weeks(work: UnitOfWork) -> tuple[Week, ...]:
    zone = own_tenant(work).time_zone
    today = work.now.astimezone(ZoneInfo(zone)).date()
    last = today - timedelta(days=today.weekday())
    first = last - timedelta(weeks=WEEKS - 1)
    begins = datetime.combine(first, datetime.min.time(), ZoneInfo(zone))
    monday = cast(func.date_trunc("week", func.timezone(zone, col(SrfLine.approved_at))), Date)
    statement = _AS_MANY(monday, *_percentiles())
    rows: Any = work.session.connection().execute(
        statement.where(*_approved(begins, work.now)).group_by(monday)
    )
    found: dict[date, Turnaround] = {row[0]: _of(row[1:]) for row in rows}
    mondays = (first + timedelta(weeks=at) for at in range(WEEKS))
    return tuple(Week(each, found.get(each, Turnaround(0))) for each in mondays)
