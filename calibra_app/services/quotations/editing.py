"""Changing a draft: lines field by field, discount, validity and terms; the sums follow.

Each field of a line has a version of its own, so two people who fill different fields of one line
both keep what they typed; for one field the first wins and the second is told.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from calibra_app.core.access import Permission, permitted
from calibra_app.core.entry import LONGEST_TEXT, filled, limited, within
from calibra_app.core.errors import Conflict, Invalid, NotFound
from calibra_app.core.ids import QuotationId
from calibra_app.models.person import Person
from calibra_app.models.quotation import (
    Quotation,
    QuotationLine,
    QuotationLineKind,
    QuotationRevision,
)
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.laboratory import today_of
from calibra_app.services.quotations.drafting import copy_of
from calibra_app.services.quotations.sums import (
    lines_of_revision,
    recount,
    require_draft,
    take,
    tell,
)

MOST_PRICE = Decimal(10_000_000)
MOST_LINES = 500
CENTS = 2


class Field(StrEnum):
    """What of a line may be changed."""

    DESCRIPTION = "description"
    DETAIL = "detail"
    QUANTITY = "quantity"
    UNIT_PRICE = "unit_price"
    SURCHARGE_PERCENT = "surcharge_percent"
    SURCHARGE_REASON = "surcharge_reason"


_TEXTS = frozenset({Field.DESCRIPTION, Field.DETAIL, Field.SURCHARGE_REASON})


class FieldTaken(Conflict):
    """Somebody changed the same field first; `theirs` is what stands there now, `by` whom."""

    code: ClassVar[str] = "field_taken"

    def __init__(self, theirs: str, version: int, by: str) -> None:
        """Keep what stands there, its version, and who wrote it."""
        super().__init__(f"{by} has entered “{theirs}” here in the meantime.")
        self.theirs = theirs
        self.by = by
        self.version = version


@dataclass(frozen=True, slots=True)
class Change:
    """A new value for one field of a line; `seen` is the version of the field on the screen."""

    line_id: UUID
    field: Field
    value: str | Decimal
    seen: int


@dataclass(frozen=True, slots=True)
class NewLine:
    """A further line: a service, travel, an adjustment."""

    kind: QuotationLineKind
    description: str
    unit_price: Decimal
    quantity: Decimal = Decimal(1)


def field_version(line: QuotationLine, field: Field) -> int:
    """Return how often a field was written, beginning with one."""
    kept = line.field_versions.get(field.value, 1)
    return int(str(kept))


@permitted(Permission.QUOTATION_WRITE)
def change_line(work: UnitOfWork, quotation_id: QuotationId, change: Change) -> int:
    """Write one field of a line; return its new version.

    The same value again, such as a repeated message, is taken as done.

    Raises:
        FieldTaken: Somebody else wrote this field since it was seen.
        Invalid: The value cannot stand there.
        NotInDraft: The revision was sent or waits for approval.
    """
    _, quotation, revision = take(work, quotation_id)
    require_draft(revision)
    line = _line(work, revision, change.line_id)
    value = _checked(change)
    now = field_version(line, change.field)
    stands = getattr(line, change.field.value)
    if stands == value and change.seen != now:
        return now
    if change.seen != now:
        raise FieldTaken(str(stands), now, work.peek(Person, revision.proposed_by).name)
    setattr(line, change.field.value, value)
    line.field_versions = {**line.field_versions, change.field.value: now + 1}
    _written(work, quotation, revision)
    return now + 1


@permitted(Permission.QUOTATION_WRITE)
def add_line(work: UnitOfWork, quotation_id: QuotationId, new: NewLine) -> UUID:
    """Add a line at the end of a draft."""
    _, quotation, revision = take(work, quotation_id)
    require_draft(revision)
    lines = lines_of_revision(work, revision.id)
    if len(lines) >= MOST_LINES:
        raise Invalid(f"A quotation holds at most {MOST_LINES} lines.")
    line = QuotationLine(
        revision_id=revision.id,
        position=max((each.position for each in lines), default=0) + 1,
        kind=new.kind,
        description=filled(new.description, "description", "a description"),
        quantity=_quantity(new.quantity),
        unit_price=_price(new.unit_price),
        net=Decimal(0),
    )
    work.add(line)
    _written(work, quotation, revision)
    return line.id


@permitted(Permission.QUOTATION_WRITE)
def duplicate_line(work: UnitOfWork, quotation_id: QuotationId, line_id: UUID) -> UUID:
    """Add a copy of a line at the end; it belongs to no item of the request."""
    _, quotation, revision = take(work, quotation_id)
    require_draft(revision)
    copy = copy_of(_line(work, revision, line_id), revision.id)
    copy.position = max(each.position for each in lines_of_revision(work, revision.id)) + 1
    copy.srf_line_id = None
    copy.removed = False
    if copy.kind is QuotationLineKind.CALIBRATION:
        copy.kind = QuotationLineKind.OTHER
    work.add(copy)
    _written(work, quotation, revision)
    return copy.id


@permitted(Permission.QUOTATION_WRITE)
def remove_line(
    work: UnitOfWork, quotation_id: QuotationId, line_id: UUID, *, removed: bool = True
) -> None:
    """Take a line off the draft, or put it back; it stays to be seen, struck out."""
    _, quotation, revision = take(work, quotation_id)
    require_draft(revision)
    line = _line(work, revision, line_id)
    if line.removed != removed:
        line.removed = removed
        _written(work, quotation, revision)


@permitted(Permission.QUOTATION_WRITE)
def set_discount(
    work: UnitOfWork, quotation_id: QuotationId, percent: Decimal, reason: str = ""
) -> None:
    """Set the discount on the calibrations; the reason stands in the audit trail."""
    _, quotation, revision = take(work, quotation_id)
    require_draft(revision)
    checked = within(percent, 0, 100, "discount_percent")
    if revision.discount_percent != checked:
        if reason.strip():
            work.give_reason(reason.strip())
        revision.discount_percent = checked
        _written(work, quotation, revision)


@permitted(Permission.QUOTATION_WRITE)
def set_conditions(
    work: UnitOfWork, quotation_id: QuotationId, valid_until: date, terms: str
) -> None:
    """Set until when the offer holds, and its terms."""
    _, quotation, revision = take(work, quotation_id)
    require_draft(revision)
    if valid_until < today_of(work):
        raise Invalid("The offer would have expired already.", field="valid_until")
    revision.valid_until = valid_until
    revision.terms = limited(terms, "terms", most=LONGEST_TEXT)
    tell(work, quotation, revision)


def _line(work: UnitOfWork, revision: QuotationRevision, line_id: UUID) -> QuotationLine:
    line = work.get(QuotationLine, line_id)
    if line.revision_id != revision.id:
        raise NotFound("This line is not of the newest revision; look at the quotation again.")
    return line


def _written(work: UnitOfWork, quotation: Quotation, revision: QuotationRevision) -> None:
    # Who wrote a price last answers for it; neither they nor who wrote before can approve it.
    revision.proposed_by = work.actor.person_id
    revision.writers = {**revision.writers, str(work.actor.person_id): work.now.isoformat()}
    recount(work, revision)
    tell(work, quotation, revision)


def _checked(change: Change) -> str | Decimal:
    field, value = change.field, change.value
    if field in _TEXTS:
        text = str(value)
        if field is Field.DESCRIPTION:
            return filled(text, field.value, "a description")
        return limited(text, field.value)
    if not isinstance(value, Decimal):
        raise Invalid("Write a number.", field=field.value)
    return _NUMBERS[field](value)


def _price(value: Decimal) -> Decimal:
    # A fraction of a cent in the list would not be seen and yet be charged.
    if value.is_finite() and -int(value.normalize().as_tuple().exponent) > CENTS:
        raise Invalid("A price has two decimals at most.", field="unit_price")
    return within(value, 0, MOST_PRICE, "unit_price")


def _quantity(value: Decimal) -> Decimal:
    if value == 0:
        raise Invalid("Take the line off instead of a quantity of zero.", field="quantity")
    return within(value, 0, 10_000, "quantity")


def _percent(value: Decimal) -> Decimal:
    return within(value, 0, 500, "surcharge_percent")


_NUMBERS: Mapping[Field, Callable[[Decimal], Decimal]] = {
    Field.UNIT_PRICE: _price,
    Field.QUANTITY: _quantity,
    Field.SURCHARGE_PERCENT: _percent,
}
