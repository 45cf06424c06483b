"""What only the customer can decide: damage on arrival, an adjustment, a repair (T27 to T29).

The bench asks, the customer's approver answers with a signature in the portal, or the front desk
writes down how the answer came. The row of the question keeps both; whoever makes the next
revision of the quotation finds there what was agreed and for which price.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.errors import Conflict, Invalid
from calibra_app.core.ids import LineId
from calibra_app.models.equipment import Instrument
from calibra_app.models.srf import CustomerDecision, Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.srf.cancellation import DoneWork
from calibra_app.services.srf.custody import note_custody
from calibra_app.services.srf.facts import Facts, OfferFacts, Settlement
from calibra_app.services.srf.letters import write_to_contact
from calibra_app.services.srf.moves import Move, lines_of, move_line, take_line
from calibra_app.services.srf.printing import print_receipt
from calibra_app.services.srf.review import note_agreement
from calibra_app.services.srf.review_paper import print_review

ADJUSTMENT: Final = "adjustment"
CONDITION: Final = "condition"


class Decision(StrEnum):
    """How the customer decides."""

    PROCEED = "proceed"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What the customer is asked about an item on the bench.

    Attributes:
        price: What it costs, in the laboratory's currency; None where it costs nothing more.
        kind: "adjustment", "repair" or another deed that needs consent.
    """

    question: str
    price: Decimal | None = None
    kind: str = ADJUSTMENT


@dataclass(frozen=True, slots=True)
class Reply:
    """The customer's answer.

    Attributes:
        reason: Why an item goes back uncalibrated; a remark otherwise.
        password: Of the approver who signs in the portal.
        evidence: How the front desk knows: "phone, Olaf Berg, 13:10".
        done_work: What becomes of the work done on an item that goes back.
    """

    decision: Decision
    reason: str = ""
    password: str = ""
    evidence: str = ""
    done_work: DoneWork = DoneWork.BILLED


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided; the quotations read the agreed price from here."""

    decision_id: UUID
    srf_id: UUID
    line_id: LineId
    kind: str
    decision: Decision
    price: Decimal | None


@permitted(Permission.INFORMATION_EXCHANGE)
def ask_decision(work: UnitOfWork, line_id: LineId, seen: int, inquiry: Inquiry) -> UUID:
    """Ask the customer for a decision during the work; the line waits (T27).

    Raises:
        Invalid: The price is below zero.
        GuardFailed: The question is too short to be understood.
    """
    if inquiry.price is not None and inquiry.price < 0:
        raise Invalid("A price is zero or more.", field="price")
    line = take_line(work, line_id)
    question = inquiry.question.strip()
    # A price that is named is what the customer agrees to with the answer (T28).
    move_line(work, line, Move("T27", seen, question), Facts(price_settled=True))
    return put_question(work, line, inquiry.kind, question, price=inquiry.price)


@within_deed
def put_question(
    work: UnitOfWork,
    line: SrfLine,
    kind: str,
    question: str,
    *,
    price: Decimal | None = None,
    asked_by: UUID | None = None,
) -> UUID:
    """Keep a question to the customer and have it written to them."""
    row = CustomerDecision(
        line_id=line.id,
        kind=kind,
        question=question,
        price=price,
        asked_by=asked_by or work.actor.person_id,
        asked_at=work.now,
    )
    work.add(row)
    srf = work.peek(Srf, line.srf_id)
    tag = work.peek(Instrument, line.instrument_id).tag
    write_to_contact(work, srf, "decision", tag=tag, question=question)
    return row.id


@permitted(Permission.CUSTOMER_DECISION_RECORD)
def answer_decision(
    work: UnitOfWork, decision_id: UUID, reply: Reply, *, seen: int | None = None
) -> Decided:
    """Decide as the customer: go on (T28), or take the item back uncalibrated (T29).

    Args:
        work: The transaction.
        decision_id: The open question.
        reply: The answer, with a password (portal) or evidence (front desk).
        seen: The version of the line that the actor saw.

    Raises:
        Conflict: It was decided already.
        Invalid: Password or evidence is missing.
    """
    line = take_line(work, LineId(work.peek(CustomerDecision, decision_id).line_id))
    row = work.get(CustomerDecision, decision_id)
    if row.decided_at is not None:
        raise Conflict(f"This was decided already by {row.decided_by_name}.")
    row.decision = reply.decision.value
    row.decided_at = work.now
    row.decided_by_name = work.actor.name
    row.evidence = reply.evidence.strip()
    if reply.decision is Decision.PROCEED:
        _go_on(work, line, row, reply, seen)
    else:
        _send_back(work, line, reply, seen)
    return Decided(row.id, line.srf_id, LineId(line.id), row.kind, reply.decision, row.price)


@within_deed
def agreed_prices(work: UnitOfWork, srf_id: UUID) -> tuple[Decided, ...]:
    """Return what customers agreed to during the work of a request, oldest first."""
    ids = [line.id for line in lines_of(work, srf_id)]
    rows = work.exec(
        select(CustomerDecision)
        .where(
            col(CustomerDecision.line_id).in_(ids),
            CustomerDecision.decision == Decision.PROCEED.value,
        )
        .order_by(col(CustomerDecision.decided_at))
    ).all()
    return tuple(
        Decided(row.id, srf_id, LineId(row.line_id), row.kind, Decision.PROCEED, row.price)
        for row in rows
    )


def _go_on(
    work: UnitOfWork, line: SrfLine, row: CustomerDecision, reply: Reply, seen: int | None
) -> None:
    # With this answer the customer accepts the price that the question named.
    accepted = OfferFacts("The price", totals_valid=True, tax_determined=True, accepted=True)
    note = reply.reason.strip() or row.question
    move = Move("T28", seen, note, password=reply.password, evidence=reply.evidence)
    move_line(work, line, move, Facts(offer=accepted))
    srf = work.peek(Srf, line.srf_id)
    if row.kind == CONDITION:
        print_receipt(work, srf, [line])
        return
    price = f" for {row.price:.2f}" if row.price is not None else ""
    note_agreement(work, line, f"{row.question} Agreed{price} by {row.decided_by_name}")
    print_review(work, srf, f"Change during the work agreed for line {line.position}")


def _send_back(work: UnitOfWork, line: SrfLine, reply: Reply, seen: int | None) -> None:
    settled = Settlement(
        work_done=line.started,
        work_settled=reply.done_work is not DoneWork.OPEN,
        items_here=line.condition is not None,
        return_listed=True,
    )
    move = Move("T29", seen, reply.reason, password=reply.password, evidence=reply.evidence)
    move_line(work, line, move, Facts(settlement=settled))
    note_custody(work, line, "to return", note=reply.reason.strip())
    print_receipt(work, work.peek(Srf, line.srf_id), [line])
