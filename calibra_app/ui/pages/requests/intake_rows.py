"""What the guided intake shows of what it found, and where it shows a refusal."""

from dataclasses import dataclass

from calibra_app.core.errors import CalibraError, Invalid
from calibra_app.services.equipment import InstrumentSummary
from calibra_app.services.srf.queries import LineDetail
from calibra_app.services.srf.states import ENDED


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


def beside_label(error: CalibraError) -> CalibraError:
    """Show what is wrong with an instrument beside the field into which it was scanned."""
    if isinstance(error, Invalid) and error.field == "instruments":
        return Invalid(error.message, field="label")
    return error
