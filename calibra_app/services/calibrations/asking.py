"""Asking the customer from the bench whether an item may be adjusted, with the price (T27)."""

from decimal import Decimal
from uuid import UUID

from calibra_app.core.access import Permission, permitted
from calibra_app.core.ids import LineId, SheetId
from calibra_app.models.calibration import Sheet
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.calibrations.sheets import announce_sheet, require_seeing
from calibra_app.services.srf.decisions import Inquiry, ask_decision


@permitted(Permission.INFORMATION_EXCHANGE)
def ask_adjustment(
    work: UnitOfWork, sheet_id: SheetId, seen: int, question: str, price: Decimal | None = None
) -> UUID:
    """Ask the customer: adjust? The line waits for the answer; the turnaround clock stands still.

    Args:
        work: The transaction.
        sheet_id: The sheet on which the item was found outside its limits.
        seen: The version of the line that the actor saw.
        question: What the customer reads.
        price: What the adjustment costs, in the laboratory's currency.
    """
    sheet = work.peek(Sheet, sheet_id)
    require_seeing(work, sheet)
    asked = ask_decision(work, LineId(sheet.line_id), seen, Inquiry(question, price))
    announce_sheet(work, sheet)
    return asked
