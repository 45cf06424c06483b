"""The groups that the states of a request and of its lines fall into, and their names."""

from calibra_app.models.srf import HeaderState, HoldKind, LineState

__all__ = [
    "BEFORE_APPROVED",
    "ENDED",
    "LABORATORY",
    "OPEN_FOR_WRITING",
    "OPTIONAL_STATES",
    "SUSPENDED",
    "HeaderState",
    "HoldKind",
    "LineState",
    "words",
]

# The states that a laboratory may do without; each has a way around it (`workflow.BYPASS`).
OPTIONAL_STATES = frozenset(
    {
        HeaderState.QUOTED,
        HeaderState.AWAITING_APPROVAL,
        HeaderState.INVOICED,
        HeaderState.DISPATCHED,
        HeaderState.AWAITING_PARTS,
        HeaderState.SUBCONTRACTED,
    }
)

# Where the header follows from its lines and nobody sets it by hand.
LABORATORY = (
    HeaderState.RECEIVED,
    HeaderState.ASSIGNED,
    HeaderState.IN_PROGRESS,
    HeaderState.ON_HOLD,
    HeaderState.AWAITING_CUSTOMER,
    HeaderState.AWAITING_PARTS,
    HeaderState.SUBCONTRACTED,
    HeaderState.QC,
    HeaderState.REWORK,
)
BEFORE_APPROVED = (
    HeaderState.DRAFT,
    HeaderState.SUBMITTED,
    HeaderState.CONTRACT_REVIEW,
    HeaderState.INFO_REQUIRED,
    HeaderState.QUOTED,
    HeaderState.AWAITING_APPROVAL,
    HeaderState.ACCEPTED,
    *LABORATORY,
)

# Where the words of a request may still be changed without a new revision of anything.
OPEN_FOR_WRITING = frozenset(
    {
        HeaderState.DRAFT,
        HeaderState.SUBMITTED,
        HeaderState.CONTRACT_REVIEW,
        HeaderState.INFO_REQUIRED,
    }
)

# The most pressing first.
SUSPENDED = (
    LineState.AWAITING_CUSTOMER,
    LineState.AWAITING_PARTS,
    LineState.SUBCONTRACTED,
    LineState.ON_HOLD,
)
ENDED = frozenset({LineState.RETURNED, LineState.REJECTED, LineState.CANCELLED})


def words(state: HeaderState | LineState) -> str:
    """Return a state's name as a person reads it."""
    return "QC" if state == "qc" else state.replace("_", " ").title()
