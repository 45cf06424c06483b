"""Opening a finished request again (T48), measuring anew (T50), or finding nothing to do (T51)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, Role, permitted, within_deed
from calibra_app.core.errors import Conflict, Forbidden, Invalid
from calibra_app.core.ids import LineId, SrfId
from calibra_app.core.money import Money
from calibra_app.models.invoice import Invoice, InvoiceState
from calibra_app.models.srf import CustomerDecision, Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.laboratory import today_of
from calibra_app.services.srf.closing import open_matters
from calibra_app.services.srf.custody import note_custody
from calibra_app.services.srf.decisions import Decision
from calibra_app.services.srf.facts import Facts, InvoiceFacts
from calibra_app.services.srf.guards import check, refuse
from calibra_app.services.srf.letters import write_to_roles
from calibra_app.services.srf.lookups import line_facts
from calibra_app.services.srf.moves import Move, announce, lines_of, move_header, switched_off
from calibra_app.services.srf.planning import assignment_facts
from calibra_app.services.srf.receipt import require_receiver
from calibra_app.services.srf.states import ENDED, HeaderState, LineState
from calibra_app.services.srf.whereabouts import items_here

_MEASURED = frozenset({LineState.APPROVED, LineState.RELEASED, LineState.RETURNED})


@dataclass(frozen=True, slots=True)
class Remeasurement:
    """Which lines are measured again, by whom and when."""

    line_ids: tuple[LineId, ...]
    person_id: UUID
    planned_on: date


@permitted(Permission.SRF_REOPEN)
def reopen_srf(work: UnitOfWork, srf_id: SrfId, seen: int, reason: str, password: str) -> None:
    """Open a delivered or closed request again, with a reason and a signature (T48)."""
    _require_personnel(work)
    move_header(work, work.get(Srf, srf_id), Move("T48", seen, reason, password=password))


@permitted(Permission.ITEM_RECEIVE)
def take_items_back(
    work: UnitOfWork, srf_id: SrfId, line_ids: Sequence[LineId], place: str = ""
) -> None:
    """Take items of a reopened request into custody again.

    Raises:
        Conflict: The request is not reopened, or an item is here already.
        Forbidden: The actor receives on site only, and the item belongs to the desk.
    """
    srf = work.get(Srf, srf_id)
    if srf.state is not HeaderState.REOPENED:
        raise Conflict("Items come back once the request is reopened.")
    here = {line.id for line in items_here(work, lines_of(work, srf.id))}
    for line in _chosen(work, srf, line_ids):
        if line.id in here:
            raise Conflict(f"The item of line {line.position} is here already.")
        require_receiver(work, line)
        note_custody(work, line, "received", place=place.strip(), note="For a new measurement")
    announce(work, srf, ())


@permitted(Permission.SRF_REOPEN)
def measure_again(work: UnitOfWork, srf_id: SrfId, seen: int, again: Remeasurement) -> None:
    """Give lines of a reopened request back to the bench (T50).

    Raises:
        GuardFailed: An item is not back (G09), or the person is not authorized for it (G11).
    """
    _require_personnel(work)
    srf = work.get(Srf, srf_id)
    if again.planned_on < today_of(work):
        raise Invalid("The day has passed already.", field="planned_on")
    lines = _chosen(work, srf, again.line_ids)
    for line in lines:
        if line.state not in _MEASURED:
            raise Conflict(f"Line {line.position} was never measured.", field="lines")
    here = {line.id for line in items_here(work, lines)} | {
        line.id for line in lines if line.on_site
    }
    known = line_facts(work, lines)
    seen_facts = tuple(
        replace(fact, in_custody=fact.in_custody and line.id in here)
        for fact, line in zip(known, lines, strict=True)
    )
    people = [assignment_facts(work, line, again.person_id, again.planned_on) for line in lines]
    for each in people:
        refuse(check(("G11",), Facts(assignment=each)))
    for line in lines:
        line.assignee_id, line.planned_on = again.person_id, again.planned_on
        line.reviewed, line.started, line.approved_at = False, False, None
    facts = Facts(lines=seen_facts, assignment=people[0])
    move = Move("T50", seen, concerned=frozenset(line.id for line in lines))
    move_header(work, srf, move, facts)


@permitted(Permission.SRF_REOPEN)
def leave_as_is(work: UnitOfWork, srf_id: SrfId, seen: int, reason: str) -> None:
    """Close a reopened request on which nothing has to be done (T51)."""
    _require_personnel(work)
    srf = work.get(Srf, srf_id)
    move_header(work, srf, Move("T51", seen, reason), Facts(open_matters=open_matters(work, srf)))


@within_deed
def stand_where_it_stood(work: UnitOfWork, srf: Srf) -> None:
    """Let a request go on from where it was before it was reopened for its certificate alone.

    An amendment leaves it approved (T49), as if nothing had been invoiced and nothing sent: but an
    invoice that stands is not issued twice (T40), and what is with the customer stays there (T45).
    """
    right = Permission.CERTIFICATE_AUTHORIZE
    if HeaderState.INVOICED not in switched_off(work):
        invoice: Invoice | None = work.exec(
            select(Invoice).where(Invoice.srf_id == srf.id, Invoice.state != InvoiceState.CREDITED)
        ).first()
        if invoice is None:
            return
        nothing = InvoiceFacts(Money(Decimal(0), invoice.currency), explained=True)
        again = Move("T40", reason=f"{invoice.number} stands.", by_right=right)
        move_header(work, srf, again, Facts(invoice=nothing))
        _tell_what_is_uncharged(work, srf, invoice)
    lines = lines_of(work, srf.id)
    if all(line.state in ENDED for line in lines) and not items_here(work, lines):
        home = Move("T45", reason="The items are with the customer since then.", by_right=right)
        move_header(work, srf, home, Facts(delivery_evidence=True))


def _tell_what_is_uncharged(work: UnitOfWork, srf: Srf, invoice: Invoice) -> None:
    """Tell who writes invoices what the customer agreed to after the one that stands."""
    agreed: Sequence[CustomerDecision] = work.exec(
        select(CustomerDecision).where(
            col(CustomerDecision.line_id).in_([line.id for line in lines_of(work, srf.id)]),
            CustomerDecision.decision == Decision.PROCEED.value,
            col(CustomerDecision.decided_at) > invoice.created_at,
        )
    ).all()
    total = sum((row.price or Decimal(0) for row in agreed), Decimal(0))
    if total:
        amount = f"{total:.2f} {invoice.currency}"
        write_to_roles(work, srf, "uncharged", (Role.FI,), invoice=invoice.number, amount=amount)


def _chosen(work: UnitOfWork, srf: Srf, line_ids: Sequence[LineId]) -> list[SrfLine]:
    if not line_ids:
        raise Invalid("Choose at least one line.", field="lines")
    lines = [work.get(SrfLine, line_id) for line_id in sorted(set(line_ids))]
    if any(line.srf_id != srf.id for line in lines):
        raise Invalid("A line belongs to another request.", field="lines")
    return lines


def _require_personnel(work: UnitOfWork) -> None:
    # A customer may ask for it; the table's "O (ask)" is no right to do it.
    if work.actor.customer_id is not None:
        raise Forbidden("Ask the laboratory to reopen this request.")
