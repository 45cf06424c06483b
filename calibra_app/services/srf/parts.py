"""Spare parts for a repair: ordered with consent, booked in when they come (T30, T31)."""

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.ids import LineId
from calibra_app.models.srf import CustomerDecision, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.srf.custody import note_custody
from calibra_app.services.srf.decisions import Decision
from calibra_app.services.srf.facts import Facts, OfferFacts
from calibra_app.services.srf.moves import Move, move_line, take_line


@permitted(Permission.PART_ORDER)
def order_parts(work: UnitOfWork, line_id: LineId, seen: int, what: str) -> None:
    """Let a line wait for parts that the customer agreed to pay (T30).

    Raises:
        GuardFailed: The customer has not agreed to a repair or adjustment of this item (G07).
    """
    line = take_line(work, line_id)
    offer = OfferFacts(
        "The repair", totals_valid=True, tax_determined=True, accepted=_consented(work, line)
    )
    move_line(work, line, Move("T30", seen, what.strip()), Facts(offer=offer))
    note_custody(work, line, "parts ordered", note=what.strip())


@permitted(Permission.PART_ORDER)
def book_parts_in(work: UnitOfWork, line_id: LineId, seen: int) -> None:
    """Let the work go on, since the parts are here (T31)."""
    line = take_line(work, line_id)
    move_line(work, line, Move("T31", seen))


def _consented(work: UnitOfWork, line: SrfLine) -> bool:
    return (
        work.exec(
            select(CustomerDecision.id)
            .where(
                CustomerDecision.line_id == line.id,
                CustomerDecision.decision == Decision.PROCEED.value,
                col(CustomerDecision.kind) != "condition",
            )
            .limit(1)
        ).first()
        is not None
    )
