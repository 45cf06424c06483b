"""What a person should know on opening the site: the figures, what waits for a decision, the news.

Everything is read with a fixed number of queries, however much is going on.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import and_, col, func, select

from calibra_app.core.access import Permission, permitted, require
from calibra_app.core.ids import SrfId
from calibra_app.core.money import Money
from calibra_app.models.invoice import Invoice, InvoiceState, Payment
from calibra_app.models.srf import HeaderState, HoldKind, LineState, Srf, SrfLine, SrfRecord
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.dashboard.figures import (
    IN_HAND,
    OF_REQUESTS,
    Figure,
    FigureRow,
    conditions,
    list_figure,
)
from calibra_app.services.laboratory import own_tenant, today_of
from calibra_app.services.srf.board_filter import lines_on_board
from calibra_app.services.srf.register import visible

MOST_DECISIONS = 6
OF_ONE_KIND = 3
MOST_NEWS = 8
MOST_OWN = 8
_INVOICED_DAYS = 30
# `select` with a number of columns that only the program knows.
_AS_MANY: Any = select


class DecisionKind(StrEnum):
    """Why something waits for the person at the screen, the most pressing first."""

    OVERDUE = "overdue"
    NONCONFORMITY = "nonconformity"
    AUTHORIZE = "authorize"
    REVIEW = "review"
    SUBMITTED = "submitted"
    REWORK = "rework"
    AT_RISK = "at_risk"
    UNASSIGNED = "unassigned"
    ASKED = "asked"


# Who is asked for which decision; each kind shows the rows of one figure.
_ASKED: tuple[tuple[DecisionKind, Figure, tuple[Permission, ...]], ...] = (
    (DecisionKind.OVERDUE, Figure.OVERDUE, (Permission.LINE_ASSIGN,)),
    (DecisionKind.AUTHORIZE, Figure.TO_AUTHORIZE, (Permission.CERTIFICATE_AUTHORIZE,)),
    (DecisionKind.REVIEW, Figure.TO_REVIEW, (Permission.SHEET_REVIEW,)),
    (
        DecisionKind.SUBMITTED,
        Figure.SUBMITTED,
        (Permission.CONTRACT_REVIEW_COMMERCIAL, Permission.CONTRACT_REVIEW_TECHNICAL),
    ),
    (DecisionKind.AT_RISK, Figure.AT_RISK, (Permission.LINE_ASSIGN,)),
    (DecisionKind.UNASSIGNED, Figure.UNASSIGNED, (Permission.LINE_ASSIGN,)),
    (DecisionKind.ASKED, Figure.WITH_CUSTOMER, (Permission.CONTRACT_REVIEW_COMMERCIAL,)),
)


@dataclass(frozen=True, slots=True)
class Decision:
    """One thing that waits for the person at the screen."""

    kind: DecisionKind
    row: FigureRow


@dataclass(frozen=True, slots=True)
class News:
    """One transition of a request, as its record tells it."""

    srf_id: SrfId
    number: str
    person: str
    action: str
    state: HeaderState
    at: datetime


@dataclass(frozen=True, slots=True)
class Takings:
    """What was invoiced in the last thirty days, and what of all invoices is still open."""

    invoiced: Money
    open: Money
    overdue: int


@dataclass(frozen=True, slots=True)
class Day:
    """The dashboard of one person.

    Attributes:
        by_state: Items in hand in each state.
        decisions: What waits for this person; `waiting` says how many in all.
        own: Work assigned to this person.
        takings: None for whoever may not see money.
    """

    today: date
    now: datetime
    figures: Mapping[Figure, int]
    by_state: Mapping[LineState, int]
    decisions: tuple[Decision, ...]
    waiting: int
    own: tuple[FigureRow, ...]
    news: tuple[News, ...]
    takings: Takings | None


@permitted(Permission.DASHBOARD_SEE, reading=True)
def open_day(work: UnitOfWork) -> Day:
    """Return the dashboard of the person who looks, as far as that person sees the work."""
    figures, by_state = _counted(work)
    asked = [
        (kind, figure)
        for kind, figure, permissions in _ASKED
        if any(work.actor.may(each) for each in permissions)
    ]
    found = [
        [Decision(kind, row) for row in list_figure(work, figure, size=MOST_DECISIONS).rows]
        for kind, figure in asked
        if figures[figure]
    ]
    held = _nonconformities(work)
    own = list_figure(work, Figure.MINE, size=MOST_OWN).rows if figures[Figure.MINE] else ()
    returned = [Decision(DecisionKind.REWORK, row) for row in own if row.state is LineState.REWORK]
    # A few of each kind first, so that no kind crowds out the others; then whatever has room.
    kinds = [*found, held, returned]
    ordered = [
        *(each for one in kinds for each in one[:OF_ONE_KIND]),
        *(each for one in kinds for each in one[OF_ONE_KIND:]),
    ]
    pressing = sorted(ordered[:MOST_DECISIONS], key=lambda each: [*DecisionKind].index(each.kind))
    zone = ZoneInfo(own_tenant(work).time_zone)
    return Day(
        today=work.now.astimezone(zone).date(),
        now=work.now,
        figures=figures,
        by_state=by_state,
        decisions=tuple(pressing),
        waiting=sum(figures[figure] for _, figure in asked) + len(held) + len(returned),
        own=own,
        news=_news(work),
        takings=_takings(work) if work.actor.may(Permission.MONEY_SEE) else None,
    )


def _counted(work: UnitOfWork) -> tuple[dict[Figure, int], dict[LineState, int]]:
    today = today_of(work)
    of_items = [figure for figure in Figure if figure not in OF_REQUESTS]
    shown = len(lines_on_board(work))
    counts = [
        # What every figure asks stands in the WHERE; here only what sets it apart.
        func.count().filter(and_(*conditions(work, figure, today)[shown:]))
        for figure in of_items
    ]
    by_state = [func.count().filter(col(SrfLine.state) == state) for state in IN_HAND]
    statement: Any = _AS_MANY(*counts, *by_state)
    found: Sequence[int] = (
        work.session.connection()
        .execute(
            statement.select_from(SrfLine)
            .join(Srf, col(Srf.id) == SrfLine.srf_id)
            .where(*lines_on_board(work))
        )
        .one()
    )
    figures = dict(zip(of_items, found, strict=False))
    states: dict[LineState, int] = dict(zip(IN_HAND, found[len(of_items) :], strict=True))
    requests = visible(
        work, select(Srf).where(col(Srf.state).in_([*OF_REQUESTS.values()]))
    ).subquery()
    standing = dict(
        work.exec(select(requests.c.state, func.count()).group_by(requests.c.state)).all()
    )
    figures |= {figure: standing.get(state, 0) for figure, state in OF_REQUESTS.items()}
    return figures, states


def _nonconformities(work: UnitOfWork) -> list[Decision]:
    if not work.actor.may(Permission.QUALITY_HOLD_RELEASE):
        return []
    page = list_figure(work, Figure.IN_HAND, LineState.ON_HOLD, size=50)
    held = set(
        work.exec(
            select(SrfLine.srf_id, SrfLine.position).where(
                SrfLine.state == LineState.ON_HOLD,
                SrfLine.hold_kind == HoldKind.NONCONFORMITY,
            )
        ).all()
    )
    rows = [row for row in page.rows if (row.srf_id, row.position) in held]
    return [Decision(DecisionKind.NONCONFORMITY, row) for row in rows[:OF_ONE_KIND]]


def _news(work: UnitOfWork) -> tuple[News, ...]:
    seen = visible(work, select(Srf)).subquery()
    rows = work.exec(
        select(SrfRecord, seen.c.number)
        .join(seen, (seen.c.tenant_id == SrfRecord.tenant_id) & (seen.c.id == SrfRecord.srf_id))
        # Identifiers sort by creation, so the newest stand at the end of the key's own index.
        .order_by(col(SrfRecord.id).desc())
        .limit(MOST_NEWS)
    ).all()
    return tuple(
        News(
            SrfId(record.srf_id),
            number,
            record.actor_name,
            record.action,
            HeaderState(record.to_state),
            record.at,
        )
        for record, number in rows
    )


def _takings(work: UnitOfWork) -> Takings:
    require(work.actor, Permission.MONEY_SEE)
    currency = own_tenant(work).currency
    today = today_of(work)
    since = today - timedelta(days=_INVOICED_DAYS)
    ours = col(Invoice.currency) == currency
    invoiced = work.exec(
        select(func.sum(Invoice.net)).where(
            ours, Invoice.issued_on >= since, Invoice.state != InvoiceState.CREDITED
        )
    ).one()
    due = work.exec(
        select(func.sum(Invoice.total), func.count().filter(col(Invoice.due_on) < today)).where(
            ours, Invoice.state == InvoiceState.ISSUED
        )
    ).one()
    still_open = select(Invoice.id).where(Invoice.state == InvoiceState.ISSUED)
    paid = work.exec(
        select(func.sum(Payment.amount)).where(col(Payment.invoice_id).in_(still_open))
    ).one()
    total: Decimal = due[0] or Decimal(0)
    return Takings(
        Money(invoiced or Decimal(0), currency),
        Money(total - (paid or Decimal(0)), currency),
        int(due[1]),
    )
