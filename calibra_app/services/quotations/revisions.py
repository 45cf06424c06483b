"""R0, R1, …: each sent revision stays as it was; what changes makes the next one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlmodel import select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.entry import filled
from calibra_app.core.errors import Conflict, Invalid, NotFound
from calibra_app.core.ids import QuotationId
from calibra_app.models.quotation import (
    Quotation,
    QuotationLine,
    QuotationLineKind,
    QuotationRevision,
    QuotationState,
)
from calibra_app.models.srf import SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.laboratory import settings_of, today_of
from calibra_app.services.quotations.drafting import copy_of
from calibra_app.services.quotations.offers import first_revision
from calibra_app.services.quotations.paper import freeze_revision
from calibra_app.services.quotations.sums import (
    lines_of_revision,
    recount,
    revisions_of,
    seen_quotation,
    take,
    tell,
    words,
)
from calibra_app.services.srf.companions import QUOTATION, advance
from calibra_app.services.srf.states import HeaderState


class DifferenceKind(StrEnum):
    """What happened to a line, or a condition, between two revisions."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class QuotationDifference:
    """One difference; `field` is empty for a whole line, `position` 0 for what is under them."""

    kind: DifferenceKind
    position: int
    what: str
    field: str
    old: str
    new: str

    @property
    def sentence(self) -> str:
        """What the paper says of it."""
        match self.kind:
            case DifferenceKind.ADDED:
                return f"{self.what}, {self.new} added"
            case DifferenceKind.REMOVED:
                return f"{self.what}, {self.old} taken off"
            case _:
                return f"{self.what}: {self.field} {self.old} → {self.new}"


@permitted(Permission.QUOTATION_SEE, Permission.QUOTATION_WRITE, reading=True)
def differences(
    work: UnitOfWork, quotation_id: QuotationId, old: int, new: int
) -> tuple[QuotationDifference, ...]:
    """Return what a revision changes against another, lines first, then what is under them."""
    seen_quotation(work, quotation_id)
    by_number = {
        row.revision: row
        for row in revisions_of(work, quotation_id)
        if work.actor.customer_id is None or row.sent_at is not None
    }
    if old not in by_number or new not in by_number:
        raise NotFound("This quotation has no such revision.")
    return _compared(work, by_number[old], by_number[new])


@within_deed
def changes_against_last(work: UnitOfWork, revision: QuotationRevision) -> tuple[str, ...]:
    """Return as sentences what a revision changes against the last one that was sent."""
    before = [
        row
        for row in revisions_of(work, revision.quotation_id)
        if row.revision < revision.revision and row.document_id is not None
    ]
    if not before:
        return ()
    return tuple(each.sentence for each in _compared(work, before[-1], revision))


@permitted(Permission.QUOTATION_WRITE)
def renew(work: UnitOfWork, quotation_id: QuotationId) -> int:
    """Write the next revision with today's prices and a fresh validity; return its number.

    For an offer that expired before it was answered.
    """
    srf, quotation, last = take(work, quotation_id)
    if last.state is not QuotationState.EXPIRED:
        raise Conflict(f"R{last.revision} is {words(last.state)}; only what expired is renewed.")
    last.state = advance(QUOTATION, last.state, QuotationState.SUPERSEDED)
    revision = first_revision(
        work, srf, quotation, number=last.revision + 1, reason="Renewed at today's prices."
    )
    return revision.revision


@within_deed
def next_revision(
    work: UnitOfWork, quotation: Quotation, last: QuotationRevision, reason: str
) -> QuotationRevision:
    """Add the next revision in Draft with the same lines; the one before is superseded."""
    last.state = advance(QUOTATION, last.state, QuotationState.SUPERSEDED)
    # A customer proposes no price: what they caused is still answered for by our own estimator.
    outside = work.actor.customer_id is not None
    valid_days = timedelta(days=settings_of(work).quotation_valid_days)
    revision = QuotationRevision(
        quotation_id=quotation.id,
        revision=last.revision + 1,
        currency=last.currency,
        discount_percent=last.discount_percent,
        tax_rate=last.tax_rate,
        tax_treatment=last.tax_treatment,
        valid_until=today_of(work) + valid_days,
        terms=last.terms,
        reason=reason,
        proposed_by=last.proposed_by if outside else work.actor.person_id,
        writers={**last.writers, str(last.proposed_by): last.created_at.isoformat()},
    )
    work.add(revision)
    work.add_all([copy_of(line, revision.id) for line in lines_of_revision(work, last.id)])
    recount(work, revision)
    tell(work, quotation, revision)
    return revision


@within_deed
def accepted_next(
    work: UnitOfWork,
    quotation: Quotation,
    last: QuotationRevision,
    reason: str,
    change: Callable[[QuotationRevision], None],
) -> QuotationRevision:
    """Write a revision that is accepted as it is made: the customer has agreed to the change.

    Args:
        work: The transaction.
        quotation: The quotation.
        last: The revision before, sent or accepted, from `take`.
        reason: Why there is another one.
        change: Makes the change in the new revision's lines.
    """
    revision = next_revision(work, quotation, last, reason)
    change(revision)
    recount(work, revision)
    revision.sent_at, revision.sent_to = work.now, last.sent_to
    # An agreed change is neither sent nor answered by a link: it passes both states at once.
    revision.state = advance(QUOTATION, revision.state, QuotationState.SENT)
    revision.state = advance(QUOTATION, revision.state, QuotationState.ACCEPTED)
    freeze_revision(work, quotation, revision, changes_against_last(work, revision))
    tell(work, quotation, revision)
    return revision


@within_deed
def add_decided_price(
    work: UnitOfWork, line: SrfLine, description: str, amount: Decimal, reason: str
) -> QuotationRevision | None:
    """Write what a customer agreed to during the work as the next, accepted revision.

    Returns:
        The revision; None for a request that was accepted without an offer.

    Raises:
        Conflict: The offer is not accepted, so nothing can be added to it.
    """
    quotation: Quotation | None = work.exec(
        select(Quotation).where(Quotation.srf_id == line.srf_id)
    ).first()
    if quotation is None:
        return None
    srf, quotation, last = take(work, quotation.id)
    if last.state is not QuotationState.ACCEPTED or srf.state is HeaderState.CANCELLED:
        raise Conflict(f"R{last.revision} is {words(last.state)}, not accepted.")
    if amount < 0:
        raise Invalid("A price is zero or more.", field="price")

    def add(revision: QuotationRevision) -> None:
        lines = lines_of_revision(work, revision.id)
        work.add(
            QuotationLine(
                revision_id=revision.id,
                position=max((each.position for each in lines), default=0) + 1,
                kind=QuotationLineKind.ADJUSTMENT,
                srf_line_id=line.id,
                description=filled(description, "description", "a description"),
                unit_price=amount,
                net=amount,
            )
        )

    return accepted_next(work, quotation, last, reason, add)


@within_deed
def accepted_revision(work: UnitOfWork, srf_id: UUID) -> QuotationRevision | None:
    """Return the accepted revision of a request's offer: what its invoice is written from."""
    found: QuotationRevision | None = work.exec(
        select(QuotationRevision)
        .join(Quotation)
        .where(Quotation.srf_id == srf_id, QuotationRevision.state == QuotationState.ACCEPTED)
    ).first()
    return found


def _compared(
    work: UnitOfWork, old: QuotationRevision, new: QuotationRevision
) -> tuple[QuotationDifference, ...]:
    before = {_key(line): line for line in lines_of_revision(work, old.id) if not line.removed}
    after = {_key(line): line for line in lines_of_revision(work, new.id) if not line.removed}
    found: list[QuotationDifference] = []
    for key, line in after.items():
        was = before.get(key)
        if was is None:
            net = f"{line.net} {new.currency}"
            found.append(_whole(DifferenceKind.ADDED, line, "", net))
        else:
            found.extend(_fields(was, line))
    found.extend(
        _whole(DifferenceKind.REMOVED, line, f"{line.net} {old.currency}", "")
        for key, line in before.items()
        if key not in after
    )
    found.sort(key=lambda each: each.position)
    return (*found, *_under(old, new))


def _key(line: QuotationLine) -> tuple[str, str]:
    if line.srf_line_id is not None:
        return line.kind.value, str(line.srf_line_id)
    return line.kind.value, str(line.position)


def _whole(kind: DifferenceKind, line: QuotationLine, old: str, new: str) -> QuotationDifference:
    return QuotationDifference(kind, line.position, line.description, "", old, new)


_LINE_FIELDS = (
    ("description", "description"),
    ("quantity", "quantity"),
    ("unit price", "unit_price"),
    ("surcharge %", "surcharge_percent"),
    ("net", "net"),
)
_UNDER = (
    ("discount %", "discount_percent"),
    ("tax %", "tax_rate"),
    ("net", "net"),
    ("tax", "tax"),
    ("total", "total"),
    ("valid until", "valid_until"),
    ("terms", "terms"),
)


def _fields(was: QuotationLine, line: QuotationLine) -> list[QuotationDifference]:
    return [
        QuotationDifference(
            DifferenceKind.CHANGED,
            line.position,
            line.description,
            name,
            str(getattr(was, field)),
            str(getattr(line, field)),
        )
        for name, field in _LINE_FIELDS
        if getattr(was, field) != getattr(line, field)
    ]


def _under(old: QuotationRevision, new: QuotationRevision) -> Sequence[QuotationDifference]:
    return [
        QuotationDifference(
            DifferenceKind.CHANGED,
            0,
            "Offer",
            name,
            str(getattr(old, field)),
            str(getattr(new, field)),
        )
        for name, field in _UNDER
        if getattr(old, field) != getattr(new, field)
    ]
