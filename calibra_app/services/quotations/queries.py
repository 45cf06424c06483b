"""Looking at one quotation: its lines, sums, revisions and what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.errors import NotFound
from calibra_app.core.ids import QuotationId, RevisionId, SrfId
from calibra_app.core.money import Money
from calibra_app.models.customer import Customer, TaxTreatment
from calibra_app.models.person import Person
from calibra_app.models.quotation import (
    QuotationAnswer,
    QuotationLine,
    QuotationLineKind,
    QuotationRevision,
    QuotationState,
)
from calibra_app.models.srf import Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.laboratory import settings_of, today_of
from calibra_app.services.quotations.editing import Field, field_version
from calibra_app.services.quotations.paper import work_of_line
from calibra_app.services.quotations.pricing import TAX_REASONS, Sums
from calibra_app.services.quotations.sums import (
    excess_of,
    lines_of_revision,
    may_approve,
    revisions_of,
    seen_quotation,
    sums_of,
    unpriced,
)
from calibra_app.services.srf.agreement import Agreement
from calibra_app.services.srf.lookups import instruments_of
from calibra_app.services.srf.moves import lines_of
from calibra_app.services.srf.register import names_of
from calibra_app.services.srf.states import HeaderState


@dataclass(frozen=True, slots=True)
class LineOfQuotation:
    """One line of a revision as the editor shows it; `versions` are those of its fields."""

    id: UUID
    position: int
    kind: QuotationLineKind
    description: str
    detail: str
    accredited: bool
    quantity: Decimal
    unit_price: Decimal
    surcharge_percent: Decimal
    surcharge_reason: str
    net: Decimal
    removed: bool
    versions: dict[str, int]
    tag: str = ""
    procedure: str = ""
    points: str = ""
    decision_rule: str = ""
    urgent: bool = False
    on_site: bool = False
    promised_on: date | None = None


@dataclass(frozen=True, slots=True)
class RevisionSummary:
    """One revision beside the others."""

    id: RevisionId
    revision: int
    state: QuotationState
    total: Money
    reason: str
    proposed_by: str
    created_at: datetime
    sent_at: datetime | None
    document_id: UUID | None
    answer: str
    answered_by: str
    answered_at: datetime | None
    answer_remark: str


@dataclass(frozen=True, slots=True)
class QuotationDetail:
    """One revision of a quotation with what surrounds it.

    Attributes:
        version: Of the revision; what a sender has to have seen.
        excess: What is above the limit; empty where nothing is.
        problems: What has to be settled before it can be sent.
        approvable: The actor may approve it, with a signature.
        newest: It is the newest revision.
    """

    id: QuotationId
    number: str
    revision_id: RevisionId
    revision: int
    version: int
    state: QuotationState
    newest: bool
    srf_id: SrfId
    srf_number: str
    srf_version: int
    srf_state: HeaderState
    customer_id: UUID
    customer: str
    lines: tuple[LineOfQuotation, ...]
    sums: Sums
    currency: str
    discount_percent: Decimal
    contract_discount: Decimal
    tax_rate: Decimal
    tax_treatment: TaxTreatment
    tax_reason: str
    valid_until: date | None
    terms: str
    reason: str
    excess: str
    net_limit: Decimal
    discount_limit: Decimal
    approved_by: str
    approved_at: datetime | None
    approvable: bool
    sent_to: str
    problems: tuple[str, ...]
    revisions: tuple[RevisionSummary, ...]


@permitted(Permission.QUOTATION_SEE, Permission.QUOTATION_WRITE, reading=True)
def get_quotation(
    work: UnitOfWork, quotation_id: QuotationId, revision: int | None = None
) -> QuotationDetail:
    """Return a quotation in one revision, the newest one unless named.

    Raises:
        NotFound: There is none that the actor may see.
    """
    quotation = seen_quotation(work, quotation_id)
    outside = work.actor.customer_id is not None
    rows = [row for row in revisions_of(work, quotation_id) if not outside or row.sent_at]
    shown = next((row for row in reversed(rows) if revision in (None, row.revision)), None)
    if shown is None:
        raise NotFound("This quotation has no such revision.")
    srf = work.peek(Srf, quotation.srf_id)
    customer = work.peek(Customer, srf.customer_id)
    lines = lines_of_revision(work, shown.id)
    settings = settings_of(work)
    waits = shown.state is QuotationState.INTERNAL_APPROVAL and shown.approved_at is None
    approver = names_of(work, Person, {shown.approved_by} if shown.approved_by else set())
    return QuotationDetail(
        id=quotation_id,
        number=quotation.number,
        revision_id=RevisionId(shown.id),
        revision=shown.revision,
        version=shown.version,
        state=shown.state,
        newest=shown is rows[-1],
        srf_id=SrfId(srf.id),
        srf_number=srf.number,
        srf_version=srf.version,
        srf_state=srf.state,
        customer_id=customer.id,
        customer=customer.name,
        lines=_lines(work, srf, lines),
        sums=sums_of(shown, lines),
        currency=shown.currency,
        discount_percent=shown.discount_percent,
        contract_discount=customer.discount_percent,
        tax_rate=shown.tax_rate,
        tax_treatment=shown.tax_treatment,
        tax_reason=TAX_REASONS[shown.tax_treatment],
        valid_until=shown.valid_until,
        terms=shown.terms,
        # Reasons, limits and who approved are ours; the customer sees the offer.
        reason="" if outside else shown.reason,
        excess="" if outside else excess_of(work, shown, customer),
        net_limit=Decimal(0) if outside else settings.net_limit,
        discount_limit=Decimal(0) if outside else settings.discount_limit_percent,
        approved_by="" if outside else next(iter(approver.values()), ""),
        approved_at=None if outside else shown.approved_at,
        approvable=waits and may_approve(work.actor, shown),
        sent_to=shown.sent_to,
        problems=() if outside else _problems(work, shown, lines),
        revisions=_revisions(work, rows, outside=outside),
    )


def _problems(
    work: UnitOfWork, revision: QuotationRevision, lines: Sequence[QuotationLine]
) -> tuple[str, ...]:
    found = list(unpriced(lines))
    if revision.tax_treatment is TaxTreatment.STANDARD and revision.tax_rate == 0:
        found.append("The tax is not determined: neither customer nor laboratory has a rate.")
    if revision.valid_until is None or revision.valid_until < today_of(work):
        found.append("The offer would have expired already.")
    if all(line.removed for line in lines):
        found.append("The offer has no line.")
    return tuple(found)


def _lines(
    work: UnitOfWork, srf: Srf, lines: Sequence[QuotationLine]
) -> tuple[LineOfQuotation, ...]:
    asked = {line.id: line for line in lines_of(work, srf.id)}
    items = instruments_of(work, list(asked.values()))
    return tuple(
        _line(
            work,
            line,
            asked.get(line.srf_line_id) if line.srf_line_id else None,
            {item.id: item.tag for item in items.values()},
        )
        for line in lines
    )


def _line(
    work: UnitOfWork, line: QuotationLine, asked: SrfLine | None, tags: dict[UUID, str]
) -> LineOfQuotation:
    scope = asked if line.kind is QuotationLineKind.CALIBRATION else None
    procedure, points = work_of_line(work, scope) if scope else ("", "")
    return LineOfQuotation(
        id=line.id,
        position=line.position,
        kind=line.kind,
        description=line.description,
        detail=line.detail,
        accredited=line.accredited,
        quantity=line.quantity,
        unit_price=line.unit_price,
        surcharge_percent=line.surcharge_percent,
        surcharge_reason=line.surcharge_reason,
        net=line.net,
        removed=line.removed,
        versions={field.value: field_version(line, field) for field in Field},
        tag=tags.get(asked.instrument_id, "") if asked else "",
        procedure=procedure,
        points=points,
        decision_rule=Agreement.of_line(scope).rule_words if scope else "",
        urgent=bool(scope and scope.urgent),
        on_site=bool(scope and scope.on_site),
        promised_on=scope.promised_on if scope else None,
    )


def _revisions(
    work: UnitOfWork, rows: Sequence[QuotationRevision], *, outside: bool
) -> tuple[RevisionSummary, ...]:
    answers: dict[UUID, QuotationAnswer] = {}
    found = work.exec(
        select(QuotationAnswer)
        .where(col(QuotationAnswer.revision_id).in_([row.id for row in rows]))
        .order_by(col(QuotationAnswer.at))
    ).all()
    for answer in found:
        answers[answer.revision_id] = answer
    people = names_of(work, Person, {row.proposed_by for row in rows})
    return tuple(
        RevisionSummary(
            id=RevisionId(row.id),
            revision=row.revision,
            state=row.state,
            total=Money(row.total, row.currency),
            reason="" if outside else row.reason,
            proposed_by="" if outside else people.get(row.proposed_by, ""),
            created_at=row.created_at,
            sent_at=row.sent_at,
            document_id=row.document_id,
            answer=known.answer if (known := answers.get(row.id)) else "",
            answered_by=known.name if known else "",
            answered_at=known.at if known else None,
            answer_remark=known.remark if known else "",
        )
        for row in rows
    )
