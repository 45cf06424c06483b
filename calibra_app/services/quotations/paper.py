"""A revision on paper: its content, frozen when it is sent, and what it says of each line.

Why the paper does not carry the link with which the offer is answered: whoever may see the paper,
our own people and every contact of the customer, could then answer in the approver's name. The
link stands in one letter alone.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any, cast
from uuid import UUID

from calibra_app.core.access import within_deed
from calibra_app.core.errors import CalibraError
from calibra_app.core.ids import DocumentId
from calibra_app.core.money import Money
from calibra_app.models.customer import Customer, ReleaseRule
from calibra_app.models.document import Document
from calibra_app.models.equipment import Instrument
from calibra_app.models.person import Person
from calibra_app.models.quotation import Quotation, QuotationLine, QuotationRevision
from calibra_app.models.scope import Provider
from calibra_app.models.srf import ContractReview, Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.rendering.html import DocumentKind
from calibra_app.rendering.quotation import QuotationContent, SumLine
from calibra_app.rendering.quotation import QuotationLine as LineContent
from calibra_app.services.documents import DocumentDraft, request_document
from calibra_app.services.laboratory import settings_of, today_of
from calibra_app.services.letterhead import item_content, letterhead, party
from calibra_app.services.quotations.pricing import TAX_REASONS, Sums
from calibra_app.services.quotations.sums import (
    as_priced,
    lines_of_revision,
    sums_of,
    topic_of,
)
from calibra_app.services.scope import effective_procedure
from calibra_app.services.srf.agreement import Agreement
from calibra_app.services.srf.evidence import grouped, points_of
from calibra_app.services.srf.lookups import instruments_of
from calibra_app.services.srf.moves import lines_of
from calibra_app.services.srf.review import reviews_by_line

MOST_POINTS = 160
MINUS = "\N{MINUS SIGN}"
_RELEASES = {
    ReleaseRule.ON_APPROVAL: "Certificates are released when they are authorized.",
    ReleaseRule.ON_INVOICE: "Certificates are released with the invoice.",
    ReleaseRule.ON_PAYMENT: "Certificates are released on payment.",
}


@within_deed
def freeze_revision(
    work: UnitOfWork, quotation: Quotation, revision: QuotationRevision, changes: Sequence[str] = ()
) -> DocumentId:
    """Freeze a revision as it stands and have it printed; the revision then names its paper."""
    srf = work.peek(Srf, quotation.srf_id)
    content = content_of(work, srf, quotation, revision, changes)
    document_id = request_document(
        work,
        DocumentDraft(
            kind=DocumentKind.QUOTATION,
            number=f"{quotation.number}-R{revision.revision}",
            title=f"Quotation R{revision.revision}",
            content=content,
            subject_kind="quotation",
            subject_id=quotation.id,
            customer_id=srf.customer_id,
            topic=topic_of(work, quotation.id),
        ),
    )
    revision.document_id = document_id
    return document_id


@within_deed
def content_of(
    work: UnitOfWork,
    srf: Srf,
    quotation: Quotation,
    revision: QuotationRevision,
    changes: Sequence[str] = (),
) -> QuotationContent:
    """Return what the paper of a revision states."""
    lines = [line for line in lines_of_revision(work, revision.id) if not line.removed]
    sums = sums_of(revision, lines)
    return QuotationContent(
        branding=letterhead(work),
        number=quotation.number,
        revision=revision.revision,
        customer=party(work, srf.customer_id, srf.contact_id),
        lines=contents_of_lines(work, srf, revision, lines),
        net=sums.net,
        tax=sums.tax,
        total=sums.total,
        tax_rate=revision.tax_rate,
        tax_reason=TAX_REASONS[revision.tax_treatment],
        sums=_sum_lines(revision, sums),
        srf_number=srf.number,
        customer_reference=srf.customer_reference,
        issued_on=today_of(work),
        valid_until=revision.valid_until,
        changes=tuple(changes),
        terms=terms_lines(revision.terms),
        prepared_by=work.peek(Person, revision.proposed_by).name,
    )


@within_deed
def contents_of_lines(
    work: UnitOfWork, srf: Srf, revision: QuotationRevision, lines: Sequence[QuotationLine]
) -> tuple[LineContent, ...]:
    """Return what is offered for each line: method, points, rule, accreditation and price."""
    asked = {line.id: line for line in lines_of(work, srf.id)}
    items = instruments_of(work, list(asked.values()))
    reviews = reviews_by_line(work, list(asked))
    return tuple(
        _line(
            work,
            revision,
            line,
            asked.get(line.srf_line_id) if line.srf_line_id else None,
            items,
            reviews,
        )
        for line in lines
    )


def _line(  # noqa: PLR0917 - what a line's content is made of
    work: UnitOfWork,
    revision: QuotationRevision,
    line: QuotationLine,
    asked: SrfLine | None,
    items: Mapping[UUID, Instrument],
    reviews: Mapping[UUID, ContractReview],
) -> LineContent:
    priced = as_priced(line, revision.currency)
    money: dict[str, Any] = {
        "position": line.position,
        "description": line.description,
        "net": priced.net,
        "unit_price": Money(line.unit_price, revision.currency),
        "quantity": line.quantity,
        "surcharge": priced.surcharge if line.surcharge_percent else None,
        "surcharge_reason": line.surcharge_reason,
    }
    if asked is None or line.kind != "calibration":
        return LineContent(**money)
    procedure, points = work_of_line(work, asked)
    provider = work.peek(Provider, asked.provider_id).name if asked.provider_id else ""
    return LineContent(
        **money,
        item=item_content(items[asked.instrument_id]),
        is_accredited=line.accredited and not provider,
        cmc=_cmc(reviews.get(asked.id)) if line.accredited and not provider else "",
        provider=provider,
        procedure=procedure,
        points=points,
        decision_rule=Agreement.of_line(asked).rule_words,
    )


@within_deed
def work_of_line(work: UnitOfWork, line: SrfLine) -> tuple[str, str]:
    """Return procedure with revision and points of a line as agreed now, in words."""
    try:
        procedure = effective_procedure(work, line.procedure_code)
    except CalibraError:
        return line.procedure_code, ""
    names = dict.fromkeys(point.name for point in points_of(line, procedure))
    points = grouped(list(names)).replace("-", MINUS)
    if len(points) > MOST_POINTS:
        points = f"{len(names)} points"
    return f"{procedure.code} rev. {procedure.revision}", points


@within_deed
def differences_to_request(work: UnitOfWork, srf: Srf, revision: QuotationRevision) -> list[str]:
    """Return where offer and request no longer agree, as sentences without their full stop (G08).

    What the offer said is read from its frozen paper, what was asked from the request itself.
    """
    lines = [line for line in lines_of_revision(work, revision.id) if not line.removed]
    frozen = _frozen(work, revision)
    asked = {line.id: line for line in lines_of(work, srf.id)}
    found: list[str] = []
    for line in lines:
        now = asked.get(line.srf_line_id) if line.srf_line_id else None
        then = frozen.get(line.position)
        if now is None or then is None or line.kind != "calibration":
            continue
        procedure, points = work_of_line(work, now)
        for name, was, stands in (
            ("procedure", then.procedure, procedure),
            ("points", then.points, points),
            ("decision rule", then.decision_rule, Agreement.of_line(now).rule_words),
        ):
            if was != stands:
                found.append(f"Line {line.position}, {name}: offered “{was}”, asked “{stands}”")
    return found


def _frozen(work: UnitOfWork, revision: QuotationRevision) -> dict[int, LineContent]:
    if revision.document_id is None:
        return {}
    kept = work.peek(Document, revision.document_id).content
    return {line.position: line for line in QuotationContent.from_json(kept).lines}


def default_terms(payment_days: int, release_rule: ReleaseRule) -> str:
    """Return the terms with which an offer begins; the estimator may change them."""
    return f"Payment within {payment_days} days of the invoice. {_RELEASES[release_rule]}"


@within_deed
def terms_for(work: UnitOfWork, customer: Customer) -> str:
    """Return the terms that hold for a customer's offers."""
    return default_terms(settings_of(work).payment_days, customer.release_rule)


def terms_lines(terms: str) -> tuple[str, ...]:
    """Return the terms line by line."""
    return tuple(line.strip() for line in terms.splitlines() if line.strip())


def terms_version(terms: str) -> str:
    """Return what an acceptance keeps of the terms it agreed to: a short digest of their text."""
    return hashlib.sha256(terms.encode()).hexdigest()[:16]


def _sum_lines(revision: QuotationRevision, sums: Sums) -> tuple[SumLine, ...]:
    if not sums.discount.amount:
        return ()
    rest = sums.net - (sums.discountable - sums.discount)
    told = [
        SumLine(title="Calibrations", amount=sums.discountable),
        SumLine(
            title=f"Discount {revision.discount_percent.normalize():f} %",
            amount=sums.discount * -1,
        ),
    ]
    if rest.amount:
        told.append(SumLine(title="Travel and other services", amount=rest))
    return tuple(told)


def _cmc(review: ContractReview | None) -> str:
    rows = cast("list[str]", review.evidence.get("rows", [])) if review else []
    return "; ".join(rows[:3])
