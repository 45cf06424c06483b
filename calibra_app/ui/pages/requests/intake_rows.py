"""What the guided intake shows of what it found, and where it shows a refusal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from calibra_app.core.errors import CalibraError, Invalid
from calibra_app.core.ids import LineId
from calibra_app.services.equipment import InstrumentSummary
from calibra_app.services.srf.agreement import Adjustment, Agreement, Choice, Urgency
from calibra_app.services.srf.promises import Outlook
from calibra_app.services.srf.queries import LineDetail
from calibra_app.services.srf.review import LineReview
from calibra_app.services.srf.states import ENDED
from calibra_app.ui.format import Region
from calibra_app.ui.pages.requests.rows import LineRow
from calibra_app.ui.words import say


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One instrument that the search found."""

    key: str
    tag: str
    about: str

    @classmethod
    def of(cls, instrument: InstrumentSummary) -> "FoundRow":
        """Return one instrument as a choice."""
        about = [instrument.description, instrument.serial, instrument.procedure_code]
        return cls(str(instrument.id), instrument.tag, " · ".join(text for text in about if text))


def is_active(line: LineDetail) -> bool:
    """Say whether a line still stands on its request."""
    return line.state not in ENDED


def rows_of(
    lines: Sequence[LineDetail],
    reviews: Sequence[LineReview],
    promises: Mapping[LineId, Outlook],
    region: Region,
) -> list[LineRow]:
    """Return the items with what the scope says of each, and what speaks for its promised day."""
    by_line = {review.line_id: review for review in reviews}
    return [
        LineRow.of(line, by_line.get(line.id), region).promising(promises.get(line.id))
        for line in lines
    ]


def beside_label(error: CalibraError) -> CalibraError:
    """Show what is wrong with an instrument beside the field into which it was scanned."""
    if isinstance(error, Invalid) and error.field == "instruments":
        return Invalid(error.message, field="label")
    return error


def beside_line(error: CalibraError, position: int) -> CalibraError:
    """Let a refused day appear beside the field of its line in the table."""
    if error.field == "promised_on":
        error.field = f"promised-{position}"
    return error


def lacking(customer: str, contact: str, lines: Sequence[LineRow]) -> Invalid | None:
    """Return what keeps a request from being handed in at all, beside the field that lacks it."""
    if not customer:
        return Invalid(say("Choose the customer first."), field="customer")
    if not contact:
        told = say("Choose who asks; a contact is added on the customer's page.")
        return Invalid(told, field="contact")
    return None if lines else Invalid(say("Add an instrument."), field="label")


def as_usual(old: Agreement) -> Agreement:
    """Return an agreement in which what is open is answered as this laboratory usually does."""
    return replace(
        old,
        adjustment=old.adjustment or Adjustment.ASK,
        as_found=old.as_found or Choice.YES,
        due_on_label=old.due_on_label or Choice.NO,
        urgency=old.urgency or Urgency.STANDARD,
    )
