"""What the pages of quotations show of a record, as text."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Self

from calibra_app.core.money import Money
from calibra_app.services.documents import DocumentSummary
from calibra_app.services.quotations import QuotationLineKind, QuotationState
from calibra_app.services.quotations.pricing import PricedLine
from calibra_app.services.quotations.queries import LineOfQuotation, RevisionSummary
from calibra_app.services.quotations.register import QuotationSummary
from calibra_app.services.quotations.revisions import DifferenceKind, QuotationDifference
from calibra_app.ui import format as shown
from calibra_app.ui import routes
from calibra_app.ui.components.status import Look
from calibra_app.ui.format import Region
from calibra_app.ui.words import say, say_number

STATES: Mapping[QuotationState, Look] = {
    QuotationState.DRAFT: Look("gray", "pencil-line", say("Draft"), say("Draft")),
    QuotationState.INTERNAL_APPROVAL: Look(
        "violet", "shield-check", say("Waits for approval"), say("In preparation")
    ),
    QuotationState.SENT: Look("amber", "send", say("With the customer"), say("Your answer")),
    QuotationState.ACCEPTED: Look("green", "circle-check", say("Accepted"), say("Accepted")),
    QuotationState.REJECTED: Look("red", "octagon-x", say("Rejected"), say("Rejected")),
    QuotationState.EXPIRED: Look("orange", "hourglass", say("Expired"), say("Expired")),
    QuotationState.SUPERSEDED: Look("gray", "history", say("Superseded"), say("Replaced")),
}
KINDS: Mapping[QuotationLineKind, str] = {
    QuotationLineKind.CALIBRATION: say("Calibration"),
    QuotationLineKind.ADJUSTMENT: say("Adjustment"),
    QuotationLineKind.HANDLING: say("Handling"),
    QuotationLineKind.TRAVEL: say("Travel"),
    QuotationLineKind.OTHER: say("Other"),
}
ANSWERS: Mapping[str, str] = {
    "accepted": say("accepted"),
    "rejected": say("rejected"),
    "change_asked": say("asked for a change"),
}
_SIGNS = {
    DifferenceKind.ADDED: ("+", "green"),
    DifferenceKind.REMOVED: ("−", "red"),
    DifferenceKind.CHANGED: ("→", "amber"),
}


@dataclass(frozen=True, slots=True)
class QuotationRow:
    """One quotation in the list."""

    number: str
    path: str
    customer: str
    srf_number: str
    words: str
    tone: str
    icon: str
    total: str
    valid_until: str
    age: str

    @classmethod
    def of(cls, quotation: QuotationSummary, today: date, region: Region) -> Self:
        """Return a quotation as text."""
        look = STATES[quotation.state]
        return cls(
            f"{quotation.number} R{quotation.revision}",
            routes.quotation(quotation.id),
            quotation.customer,
            quotation.srf_number,
            look.words,
            look.tone,
            look.icon,
            shown.money(quotation.total, region=region),
            shown.day(quotation.valid_until, region=region, today=today),
            say_number("{count} day", "{count} days", quotation.age_days)
            if quotation.state is QuotationState.SENT
            else "",
        )


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """What stands behind a line: shown in the panel beside it."""

    key: str = ""
    title: str = ""
    position: str = ""
    kind: str = ""
    procedure: str = ""
    points: str = ""
    rule: str = ""
    mark: str = ""
    surcharge: str = ""
    promised: str = ""
    detail: str = ""
    removed: bool = False

    @classmethod
    def of(cls, line: LineOfQuotation, region: Region) -> Self:
        """Return a line with its scope."""
        return cls(
            str(line.id),
            line.description,
            str(line.position),
            KINDS[line.kind],
            line.procedure,
            line.points,
            line.decision_rule,
            mark_of(line),
            line.surcharge_reason or shown.NOTHING,
            shown.day(line.promised_on, region=region),
            line.detail,
            line.removed,
        )


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """One revision with what was answered to it."""

    number: str
    label: str
    words: str
    tone: str
    icon: str
    total: str
    reason: str
    by: str
    answered: str
    paper: str

    @classmethod
    def of(cls, revision: RevisionSummary, region: Region) -> Self:
        """Return a revision as text."""
        look = STATES[revision.state]
        when = shown.signed_at(revision.answered_at, region=region) if revision.answered_at else ""
        told = f"{revision.answered_by} {ANSWERS.get(revision.answer, '')}, {when}"
        if revision.answer_remark:
            told += f": {revision.answer_remark}"
        return cls(
            str(revision.revision),
            f"R{revision.revision}",
            look.words,
            look.tone,
            look.icon,
            shown.money(revision.total, region=region),
            revision.reason,
            f"{revision.proposed_by}, {shown.day(revision.created_at, region=region)}",
            told if revision.answer else "",
            f"/api/v1/documents/{revision.document_id}" if revision.document_id else "",
        )


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One difference between two revisions."""

    sign: str
    tone: str
    place: str
    what: str
    field: str
    old: str
    new: str

    @classmethod
    def of(cls, difference: QuotationDifference) -> Self:
        """Return a difference as text."""
        sign, tone = _SIGNS[difference.kind]
        return cls(
            sign,
            tone,
            str(difference.position or ""),
            difference.what,
            difference.field,
            difference.old,
            difference.new,
        )


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A printed revision, or how far its printing is."""

    key: str
    title: str
    words: str
    path: str
    failed: bool

    @classmethod
    def of(cls, paper: DocumentSummary) -> Self:
        """Return a paper as text."""
        done = paper.state == "done"
        words = paper.error or paper.step or ("" if done else say("Waits for the printer"))
        path = f"/api/v1/documents/{paper.id}" if done else ""
        return cls(str(paper.id), paper.title, words, path, paper.state == "failed")


@dataclass(frozen=True, slots=True)
class SumText:
    """The sums as text, the currency once."""

    before: str = ""
    discount: str = ""
    net: str = ""
    tax: str = ""
    total: str = ""


def mark_of(line: LineOfQuotation) -> str:
    """Return whether a line is accredited, and where it is done."""
    if line.kind is not QuotationLineKind.CALIBRATION:
        return ""
    told = [say("accredited") if line.accredited else say("not accredited")]
    if line.on_site:
        told.append(say("on site"))
    return ", ".join(told)


def grid_row(line: LineOfQuotation) -> dict[str, Any]:
    """Return a line as the grid's row; what is taken off is locked and says so."""
    row: dict[str, Any] = {
        "id": str(line.id),
        "number": str(line.position),
        "label": line.description,
        "point": "" if line.kind is QuotationLineKind.CALIBRATION else KINDS[line.kind],
        "note": mark_of(line),
        "flagged": line.removed,
    }
    if line.removed:
        row["note"] = say("taken off")
        row["locked"] = say("This line is taken off.")
    return row


def grid_cells(line: LineOfQuotation) -> dict[str, dict[str, Any]]:
    """Return the cells of a line by "row:column"."""
    values = {
        "description": line.description,
        "quantity": plain(line.quantity),
        "unit_price": f"{line.unit_price:.2f}",
        "surcharge_percent": plain(line.surcharge_percent) if line.surcharge_percent else "",
    }
    return {
        f"{line.id}:{name}": {"value": value, "version": line.versions[name]}
        for name, value in values.items()
    }


def priced(line: LineOfQuotation, currency: str) -> PricedLine:
    """Return a line as the sums look at it."""
    return PricedLine(
        line.kind,
        Money(line.unit_price, currency),
        line.quantity,
        line.surcharge_percent,
        line.removed,
    )


def plain(value: Decimal) -> str:
    """Return a number without zeros that say nothing."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
