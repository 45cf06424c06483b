"""The papers of a request: form, record of contract review, receipt of items, labels."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, func, select

from calibra_app.core.access import within_deed
from calibra_app.core.ids import DocumentId
from calibra_app.models.document import StoredFile
from calibra_app.models.equipment import Instrument
from calibra_app.models.srf import CustomerDecision, ItemCondition, Srf, SrfLine
from calibra_app.persistence.addresses import origin_of
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.rendering.content import Content
from calibra_app.rendering.html import DocumentKind
from calibra_app.rendering.labels import LabelContent, LabelsContent, LabelStatus
from calibra_app.rendering.srf import ReceiptContent, ReceiptLineContent, SrfContent, SrfLineContent
from calibra_app.services.documents import DocumentDraft, request_document
from calibra_app.services.laboratory import today_of
from calibra_app.services.letterhead import item_content, letterhead, party
from calibra_app.services.srf.agreement import Adjustment, Agreement, Choice
from calibra_app.services.srf.lookups import instruments_of


@within_deed
def topic_of(work: UnitOfWork, srf_id: UUID) -> str:
    """Return the topic on which the open pages of a request listen."""
    return f"t:{work.actor.tenant_id}:srf:{srf_id}"


@within_deed
def print_paper(
    work: UnitOfWork, srf: Srf, kind: DocumentKind, content: Content, *, number: str, title: str
) -> DocumentId:
    """Freeze a paper of a request and have it printed."""
    draft = DocumentDraft(
        kind=kind,
        number=number,
        title=title,
        content=content,
        subject_kind="srf",
        subject_id=srf.id,
        customer_id=srf.customer_id,
        topic=topic_of(work, srf.id),
    )
    return request_document(work, draft)


@within_deed
def print_srf_form(
    work: UnitOfWork, srf: Srf, lines: Sequence[SrfLine], *, closing: str = ""
) -> DocumentId:
    """Print the request as it was handed in; `closing` is what happened to it later."""
    items = instruments_of(work, lines)
    content = SrfContent(
        branding=letterhead(work),
        number=srf.number,
        customer=party(work, srf.customer_id, srf.contact_id),
        lines=tuple(_form_line(line, items[line.instrument_id]) for line in lines),
        language="en",
        submitted_at=srf.submitted_at,
        requested_by=work.actor.name,
        order_reference=srf.customer_reference,
        channel=srf.channel,
        remarks="\n".join(text for text in (closing, srf.remarks) if text),
        issued_on=today_of(work),
    )
    return print_paper(
        work, srf, DocumentKind.SRF, content, number=srf.number, title="Service request"
    )


@within_deed
def print_receipt(work: UnitOfWork, srf: Srf, lines: Sequence[SrfLine]) -> DocumentId:
    """Print the receipt for the items that are here."""
    items = instruments_of(work, lines)
    photographs = _photographs(work, [line.id for line in lines])
    decided = _decisions(work, [line.id for line in lines])
    content = ReceiptContent(
        branding=letterhead(work),
        number=f"{srf.number}-R",
        customer=party(work, srf.customer_id, srf.contact_id),
        lines=tuple(
            ReceiptLineContent(
                position=line.position,
                item=item_content(items[line.instrument_id]),
                condition=(line.condition or ItemCondition.OK).value,
                is_abnormal=line.condition not in (None, ItemCondition.OK),
                accessories=line.accessories,
                photographs=photographs.get(line.id, 0),
                decision=decided.get(line.id, ""),
            )
            for line in lines
        ),
        srf_number=srf.number,
        received_at=work.now,
        received_by=work.actor.name,
        issued_on=today_of(work),
    )
    return print_paper(
        work, srf, DocumentKind.RECEIPT, content, number=content.number, title=content.title
    )


@within_deed
def print_labels(work: UnitOfWork, srf: Srf, lines: Sequence[SrfLine]) -> DocumentId:
    """Print a label for each item; its code opens the item's request when it is scanned."""
    items = instruments_of(work, lines)
    customer = party(work, srf.customer_id, srf.contact_id)
    content = LabelsContent(
        branding=letterhead(work),
        number=f"{srf.number}-L",
        labels=tuple(
            LabelContent(
                status=LabelStatus.ITEM,
                code_url=address_of_line(work, srf.id, line.position),
                headline=f"{srf.number} / {line.position}",
                item=f"{items[line.instrument_id].tag} · {items[line.instrument_id].description}",
                serial=items[line.instrument_id].serial,
                customer=customer.name,
                handling=line.accessories,
            )
            for line in lines
        ),
        title="Item labels",
        issued_on=today_of(work),
    )
    return print_paper(
        work, srf, DocumentKind.LABELS, content, number=content.number, title="Item labels"
    )


@within_deed
def address_of_line(work: UnitOfWork, srf_id: UUID, position: int) -> str:
    """Return the address that a label's code leads to."""
    return f"{origin_of(work)}/requests/{srf_id}/?line={position}"


def _form_line(line: SrfLine, instrument: Instrument) -> SrfLineContent:
    agreement = Agreement.of_line(line)
    return SrfLineContent(
        position=line.position,
        item=item_content(instrument),
        procedure=agreement.procedure_code,
        decision_rule=agreement.rule_words,
        is_accredited=agreement.accredited,
        wants_as_found=agreement.as_found is not Choice.NO,
        may_adjust=agreement.adjustment is Adjustment.ALLOWED,
        wants_due_date=agreement.due_on_label is Choice.YES,
        is_urgent=line.urgent,
        wanted_by=line.promised_on,
        remarks=agreement.remarks,
    )


def _decisions(work: UnitOfWork, line_ids: Sequence[UUID]) -> dict[UUID, str]:
    rows = work.exec(
        select(CustomerDecision)
        .where(
            col(CustomerDecision.line_id).in_(line_ids),
            col(CustomerDecision.decided_at).is_not(None),
        )
        .order_by(col(CustomerDecision.decided_at))
    ).all()
    words = {"proceed": "Go on", "return": "Return uncalibrated"}
    return {
        row.line_id: f"{words.get(row.decision, row.decision)} ({row.decided_by_name})"
        for row in rows
    }


def _photographs(work: UnitOfWork, line_ids: Sequence[UUID]) -> dict[UUID, int]:
    rows = work.exec(
        select(StoredFile.subject_id, func.count())
        .where(col(StoredFile.subject_id).in_(line_ids), StoredFile.purpose == "photo")
        .group_by(col(StoredFile.subject_id))
    ).all()
    return {row[0]: int(row[1]) for row in rows}
