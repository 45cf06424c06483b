"""Authorizing a certificate (T38), issuing it with its file, refusing the work (T39)."""

from uuid import UUID

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.errors import Conflict, Invalid
from calibra_app.core.ids import CertificateId, DocumentId, LineId, SrfId
from calibra_app.models.calibration import Remark, SheetState
from calibra_app.models.certificate import Certificate, CertificateState
from calibra_app.models.document import Document
from calibra_app.models.srf import Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.rendering.blocks import Mark
from calibra_app.rendering.certificate import CertificateContent
from calibra_app.rendering.html import DocumentKind
from calibra_app.services.calibrations.review import items_open
from calibra_app.services.calibrations.sheets import announce_sheet, sheet_of_line
from calibra_app.services.certificates.drafting import (
    digest_of,
    draw_draft,
    signatory_facts,
)
from calibra_app.services.certificates.numbers import new_code, publish_code
from calibra_app.services.certificates.release import (
    certificate_of_document,
    release_certificates,
    tell_customer,
)
from calibra_app.services.documents import DocumentDraft, release_document, request_document
from calibra_app.services.laboratory import today_of
from calibra_app.services.srf.companions import CERTIFICATE, SHEET, advance
from calibra_app.services.srf.facts import Facts
from calibra_app.services.srf.moves import Move, announce, move_line, take_line
from calibra_app.services.srf.printing import topic_of
from calibra_app.services.srf.reopening import stand_where_it_stood
from calibra_app.services.srf.states import HeaderState, LineState

REFUSED_TO = frozenset({LineState.REWORK, LineState.ON_HOLD})


@permitted(Permission.CERTIFICATE_AUTHORIZE)
def authorize_certificate(
    work: UnitOfWork, line_id: LineId, seen: int, password: str
) -> CertificateId:
    """Authorize the certificate of a reviewed line (T38): frozen, numbered, signed, to be printed.

    Args:
        work: The transaction.
        line_id: The line.
        seen: The version of the line that the signatory saw.
        password: Typed again for this signature.

    Raises:
        GuardFailed: A remark is open (G20), an element is missing (G21), or the signatory is not
            authorized for the field or took part in the work (G22).
        Invalid: The password is wrong (field `password`).
        Stale: Somebody changed the line meanwhile.
    """
    if not password:
        raise Invalid("Type your password to sign.", field="password")
    line = take_line(work, line_id)
    code = new_code()
    draft = draw_draft(work, line, code=code)
    digest = digest_of(draft.content)
    facts = Facts(
        open_items=items_open(work, line, draft.sources.sheet),
        certificate=draft.facts,
        signatory=signatory_facts(work, line, draft.sources),
        step_up_fresh=True,
    )
    row = Certificate(
        line_id=line.id,
        number=draft.content.number,
        code=code,
        amendment=draft.replaces.amendment + 1 if draft.replaces else 0,
        replaces_id=draft.replaces.id if draft.replaces else None,
        amendment_reason=draft.content.amendment.reason if draft.content.amendment else "",
    )
    freeze_certificate(work, row, draft.content, digest)
    move = Move("T38", seen, password=password, signed_content=digest)
    move_line(work, line, move, facts)
    _lock_sheet(work, line)
    srf = work.get(Srf, line.srf_id)
    if srf.state is HeaderState.APPROVED:
        stand_where_it_stood(work, srf)
    request_original(work, row, draft.sources.srf, draft.content)
    release_certificates(work, SrfId(line.srf_id), because=f"{row.number} was authorized")
    return CertificateId(row.id)


@permitted(Permission.CERTIFICATE_REFUSE)
def refuse_work(
    work: UnitOfWork, line_id: LineId, seen: int, reason: str, to: LineState = LineState.REWORK
) -> None:
    """Refuse work at authorization (T39): back to the bench, or on hold as nonconforming.

    Raises:
        GuardFailed: The reason is too short (G30).
    """
    if to not in REFUSED_TO:
        raise Invalid("Refused work goes to rework or on hold.", field="to")
    line = take_line(work, line_id)
    move_line(work, line, Move("T39", seen, reason, to=to))
    sheet = sheet_of_line(work, line.id)
    if sheet is None:
        return
    taken = work.get(type(sheet), sheet.id)
    taken.state = advance(SHEET, taken.state, SheetState.RETURNED)
    work.add(taken)
    # Without a cell: the whole sheet is open again.
    work.add(
        Remark(sheet_id=sheet.id, text=reason, by=work.actor.person_id, at=work.now, returned=True)
    )
    announce_sheet(work, taken)


@permitted(Permission.CERTIFICATE_PUBLISH)
def publish_issued(work: UnitOfWork, document_id: DocumentId) -> None:
    """Issue the certificate whose original is printed now; the one that it replaces ends.

    The public page tells of it from this commit on. A certificate that is issued already stays
    as it is.
    """
    row = certificate_of_document(work, document_id)
    if row is None or row.state is not CertificateState.AUTHORIZED:
        return
    row.state = advance(CERTIFICATE, row.state, CertificateState.ISSUED)
    row.issued_at = work.now
    work.add(row)
    line = work.peek(SrfLine, row.line_id)
    srf = work.peek(Srf, line.srf_id)
    if row.replaces_id is not None:
        _supersede(work, srf, row.replaces_id)
    tell_customer(work, srf, row)
    announce(work, srf, (line,))


@within_deed
def freeze_certificate(
    work: UnitOfWork, row: Certificate, content: CertificateContent, digest: str
) -> None:
    """Put what was signed into the certificate's row; from now on nothing of it changes."""
    row.content, row.content_sha256 = content.to_json(), digest
    row.accredited = content.shows_symbol
    row.authorized_by, row.authorized_at = work.actor.person_id, work.now
    row.issued_on = today_of(work)
    for state in (
        CertificateState.RENDERED,
        CertificateState.REVIEWED,
        CertificateState.AUTHORIZED,
    ):
        row.state = advance(CERTIFICATE, row.state, state)
    work.add(row)
    publish_code(work, row.code, row.id)


@within_deed
def request_original(
    work: UnitOfWork, row: Certificate, srf: Srf, content: CertificateContent
) -> None:
    """Have the original printed; the customer sees it once it is released."""
    row.document_id = request_document(work, _paper(work, row, srf, content, Mark.NONE))
    work.add(row)


@within_deed
def hand_out_marked(work: UnitOfWork, row: Certificate, srf: Srf, mark: Mark) -> None:
    """Have a marked copy printed, which is handed out instead of the original from now on."""
    if row.document_id is None:
        return
    original = work.get(Document, row.document_id)
    content = CertificateContent.from_json(row.content)
    copy_id = request_document(work, _paper(work, row, srf, content, mark))
    if original.released_at is not None:
        release_document(work, copy_id)
    original.copy_id = copy_id
    work.add(original)


def _paper(
    work: UnitOfWork, row: Certificate, srf: Srf, content: CertificateContent, mark: Mark
) -> DocumentDraft:
    return DocumentDraft(
        kind=DocumentKind.CERTIFICATE,
        number=row.number.replace("/", "-"),
        title=f"Certificate {row.number}" + (f", {mark.value.lower()}" if mark.value else ""),
        content=content,
        subject_kind="certificate",
        subject_id=row.id,
        customer_id=srf.customer_id,
        topic=topic_of(work, srf.id),
        mark=mark,
    )


def _supersede(work: UnitOfWork, srf: Srf, certificate_id: UUID) -> None:
    old = work.get(Certificate, certificate_id)
    if old.state is CertificateState.WITHDRAWN:
        return
    if old.state is not CertificateState.ISSUED:
        raise Conflict(f"{old.number} is not issued; nothing can replace it.")
    old.state = advance(CERTIFICATE, old.state, CertificateState.SUPERSEDED)
    old.ended_at = work.now
    work.add(old)
    hand_out_marked(work, old, srf, Mark.SUPERSEDED)


def _lock_sheet(work: UnitOfWork, line: SrfLine) -> None:
    sheet = sheet_of_line(work, line.id)
    if sheet is None:
        return
    taken = work.get(type(sheet), sheet.id)
    taken.state = advance(SHEET, taken.state, SheetState.LOCKED)
    work.add(taken)
    announce_sheet(work, taken)
