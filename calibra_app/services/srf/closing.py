"""Closing a request (T47): by hand, or by itself once nothing was open for the agreed days."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.ids import SrfId
from calibra_app.models.certificate import Certificate, CertificateState
from calibra_app.models.equipment import Instrument
from calibra_app.models.invoice import Invoice, InvoiceState
from calibra_app.models.srf import CustomerDecision, Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.laboratory import own_tenant, settings_of, today_of
from calibra_app.services.srf.facts import Facts
from calibra_app.services.srf.moves import Move, lines_of, move_header
from calibra_app.services.srf.states import HeaderState

# Policy in the workflow options: a balance does not keep a request open.
CLOSE_UNPAID = "close_unpaid"
MOST_AT_ONCE = 200


@permitted(Permission.SRF_CLOSE)
def close_srf(work: UnitOfWork, srf_id: SrfId, seen: int | None = None) -> None:
    """Close a delivered request (T47).

    Raises:
        GuardFailed: Something is still open on it (G29).
    """
    srf = work.get(Srf, srf_id)
    move_header(work, srf, Move("T47", seen), Facts(open_matters=open_matters(work, srf)))


@permitted(Permission.SRF_CLOSE)
def due_for_closing(work: UnitOfWork) -> tuple[SrfId, ...]:
    """Return the requests that were delivered the agreed number of days ago, the oldest first."""
    days = settings_of(work).close_after_days
    zone = ZoneInfo(own_tenant(work).time_zone)
    today = today_of(work)
    rows = work.exec(
        select(Srf)
        .where(Srf.state == HeaderState.DELIVERED)
        .order_by(col(Srf.state_since), col(Srf.id))
    ).all()
    due = (
        SrfId(srf.id)
        for srf in rows
        if today - srf.state_since.astimezone(zone).date() >= timedelta(days=days)
    )
    return tuple(due)[:MOST_AT_ONCE]


@permitted(Permission.SRF_CLOSE)
def close_if_nothing_open(work: UnitOfWork, srf_id: SrfId) -> bool:
    """Close a request that is due, unless something is open or somebody was quicker."""
    srf = work.get(Srf, srf_id)
    if srf.state is not HeaderState.DELIVERED or open_matters(work, srf):
        return False
    move_header(work, srf, Move("T47"), Facts(open_matters=()))
    return True


@within_deed
def open_matters(work: UnitOfWork, srf: Srf) -> tuple[str, ...]:
    """Return what is still open on a request, each as the subject of a sentence (G29)."""
    line_ids = [line.id for line in lines_of(work, srf.id)]
    return (
        *_questions(work, line_ids),
        *_amendments(work, line_ids),
        *_balances(work, srf.id),
    )


def _questions(work: UnitOfWork, line_ids: list[UUID]) -> list[str]:
    lines = work.exec(
        select(CustomerDecision.line_id).where(
            col(CustomerDecision.line_id).in_(line_ids),
            col(CustomerDecision.decided_at).is_(None),
        )
    ).all()
    return [f"A decision of the customer on {_tag(work, line_id)}" for line_id in lines]


def _amendments(work: UnitOfWork, line_ids: list[UUID]) -> list[str]:
    done = (CertificateState.ISSUED, CertificateState.SUPERSEDED, CertificateState.WITHDRAWN)
    numbers = work.exec(
        select(Certificate.number)
        .where(
            col(Certificate.line_id).in_(line_ids),
            Certificate.amendment > 0,
            col(Certificate.state).not_in(done),
        )
        .order_by(col(Certificate.number))
    ).all()
    return [f"Amendment {number}" for number in numbers]


def _balances(work: UnitOfWork, srf_id: UUID) -> list[str]:
    if settings_of(work).workflow.get(CLOSE_UNPAID) is True:
        return []
    numbers = work.exec(
        select(Invoice.number).where(Invoice.srf_id == srf_id, Invoice.state == InvoiceState.ISSUED)
    ).all()
    return [f"The balance of {number}" for number in numbers]


def _tag(work: UnitOfWork, line_id: UUID) -> str:
    return work.peek(Instrument, work.peek(SrfLine, line_id).instrument_id).tag
