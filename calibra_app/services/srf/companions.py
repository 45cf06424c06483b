"""The machines beside the request: quotation, observation sheet, certificate, standard, procedure.

Each is a table of which state may follow which. What a person must hold or sign for a step is said
by the deed that makes it; here stands only what can follow at all.
"""

from collections.abc import Mapping
from typing import ClassVar, TypeVar

from calibra_app.core.errors import Conflict
from calibra_app.models.calibration import SheetState
from calibra_app.models.certificate import CertificateState
from calibra_app.models.equipment import StandardStatus
from calibra_app.models.quotation import QuotationState
from calibra_app.models.scope import ProcedureStatus

__all__ = [
    "CERTIFICATE",
    "PROCEDURE",
    "PUBLIC_CERTIFICATES",
    "QUOTATION",
    "SHEET",
    "STANDARD",
    "CertificateState",
    "ProcedureStatus",
    "QuotationState",
    "SheetState",
    "StandardStatus",
    "StepRefused",
    "advance",
]

State = TypeVar(
    "State", QuotationState, SheetState, CertificateState, StandardStatus, ProcedureStatus
)


class StepRefused(Conflict):
    """The record cannot go from its state to that one."""

    code: ClassVar[str] = "step_refused"


# A change after sending makes a new revision; the old one is then superseded. An accepted
# revision too: a decision during the work (an adjustment's price) makes another.
QUOTATION: Mapping[QuotationState, frozenset[QuotationState]] = {
    QuotationState.DRAFT: frozenset(
        {QuotationState.INTERNAL_APPROVAL, QuotationState.SENT, QuotationState.SUPERSEDED}
    ),
    QuotationState.INTERNAL_APPROVAL: frozenset({QuotationState.SENT, QuotationState.DRAFT}),
    QuotationState.SENT: frozenset(
        {
            QuotationState.ACCEPTED,
            QuotationState.REJECTED,
            QuotationState.EXPIRED,
            QuotationState.SUPERSEDED,
        }
    ),
    QuotationState.ACCEPTED: frozenset({QuotationState.SUPERSEDED}),
    QuotationState.REJECTED: frozenset(),
    QuotationState.EXPIRED: frozenset({QuotationState.SUPERSEDED}),
    QuotationState.SUPERSEDED: frozenset(),
}

# A void sheet is kept, with its reason; a locked one never changes again.
SHEET: Mapping[SheetState, frozenset[SheetState]] = {
    SheetState.OPEN: frozenset({SheetState.SUBMITTED, SheetState.VOID}),
    SheetState.SUBMITTED: frozenset({SheetState.RETURNED, SheetState.ACCEPTED, SheetState.VOID}),
    SheetState.RETURNED: frozenset({SheetState.SUBMITTED, SheetState.VOID}),
    SheetState.ACCEPTED: frozenset({SheetState.LOCKED, SheetState.RETURNED, SheetState.VOID}),
    # A line that is measured again after reopening begins a new sheet; this one is kept.
    SheetState.LOCKED: frozenset({SheetState.VOID}),
    SheetState.VOID: frozenset(),
}

CERTIFICATE: Mapping[CertificateState, frozenset[CertificateState]] = {
    CertificateState.DRAFT: frozenset({CertificateState.RENDERED}),
    CertificateState.RENDERED: frozenset({CertificateState.REVIEWED, CertificateState.DRAFT}),
    CertificateState.REVIEWED: frozenset({CertificateState.AUTHORIZED, CertificateState.DRAFT}),
    CertificateState.AUTHORIZED: frozenset({CertificateState.ISSUED}),
    CertificateState.ISSUED: frozenset({CertificateState.SUPERSEDED, CertificateState.WITHDRAWN}),
    CertificateState.SUPERSEDED: frozenset(),
    CertificateState.WITHDRAWN: frozenset(),
}
# What the public page answers for; a draft's code is as unknown as any.
PUBLIC_CERTIFICATES = frozenset(
    {CertificateState.ISSUED, CertificateState.SUPERSEDED, CertificateState.WITHDRAWN}
)

# Due and expired are no states of their own: they follow from the due date.
STANDARD: Mapping[StandardStatus, frozenset[StandardStatus]] = {
    StandardStatus.IN_SERVICE: frozenset(
        {
            StandardStatus.QUARANTINED,
            StandardStatus.IN_CALIBRATION,
            StandardStatus.LIMITED,
            StandardStatus.RETIRED,
            StandardStatus.LOST,
        }
    ),
    StandardStatus.LIMITED: frozenset(
        {
            StandardStatus.IN_SERVICE,
            StandardStatus.QUARANTINED,
            StandardStatus.IN_CALIBRATION,
            StandardStatus.RETIRED,
            StandardStatus.LOST,
        }
    ),
    StandardStatus.QUARANTINED: frozenset(
        {
            StandardStatus.IN_SERVICE,
            StandardStatus.IN_CALIBRATION,
            StandardStatus.LIMITED,
            StandardStatus.RETIRED,
            StandardStatus.LOST,
        }
    ),
    # The certificate that comes back is accepted into service, or finds fault.
    StandardStatus.IN_CALIBRATION: frozenset(
        {
            StandardStatus.IN_SERVICE,
            StandardStatus.LIMITED,
            StandardStatus.QUARANTINED,
            StandardStatus.RETIRED,
            StandardStatus.LOST,
        }
    ),
    StandardStatus.LOST: frozenset({StandardStatus.QUARANTINED}),
    StandardStatus.RETIRED: frozenset(),
}

PROCEDURE: Mapping[ProcedureStatus, frozenset[ProcedureStatus]] = {
    ProcedureStatus.DRAFT: frozenset({ProcedureStatus.IN_REVIEW}),
    ProcedureStatus.IN_REVIEW: frozenset({ProcedureStatus.APPROVED, ProcedureStatus.DRAFT}),
    ProcedureStatus.APPROVED: frozenset({ProcedureStatus.EFFECTIVE}),
    ProcedureStatus.EFFECTIVE: frozenset({ProcedureStatus.SUPERSEDED}),
    ProcedureStatus.SUPERSEDED: frozenset(),
}


def advance(machine: Mapping[State, frozenset[State]], state: State, to: State) -> State:
    """Return the state that follows; raise StepRefused where the machine does not lead there."""
    if to in machine[state]:
        return to
    ways = ", ".join(sorted(_words(each) for each in machine[state])) or "nowhere"
    raise StepRefused(f"What is {_words(state)} goes to {ways}, not to {_words(to)}.")


def _words(state: str) -> str:
    return state.replace("_", " ")
