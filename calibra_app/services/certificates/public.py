"""What strangers may learn of a certificate: whether it holds, not whose it is or what it says."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted
from calibra_app.models.certificate import Certificate, CertificateState
from calibra_app.models.document import Document
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.rendering.certificate import CertificateContent
from calibra_app.rendering.html import DocumentKind
from calibra_app.services.certificates.amend import WithdrawalCause
from calibra_app.services.certificates.numbers import is_code
from calibra_app.services.laboratory import own_tenant, settings_of
from calibra_app.services.srf.companions import PUBLIC_CERTIFICATES


@dataclass(frozen=True, slots=True)
class PublicStatus:
    """One certificate in public; `status` is valid, superseded or withdrawn."""

    status: str
    number: str
    laboratory: str
    item: str
    issued_on: date
    sha256: str
    ended_on: date | None = None
    reason: str = ""
    successor_code: str = ""
    successor_number: str = ""
    accreditation: str = ""
    is_copy: bool = False


_WORDS = {
    CertificateState.ISSUED: "valid",
    CertificateState.SUPERSEDED: "superseded",
    CertificateState.WITHDRAWN: "withdrawn",
}


@permitted(Permission.CERTIFICATE_VERIFY)
def public_status(work: UnitOfWork, code: str) -> PublicStatus | None:
    """Return what may be said of the certificate with a code; None for a draft as for no code."""
    if not is_code(code):
        return None
    return _status(work, work.exec(select(Certificate).where(Certificate.code == code)).first())


@permitted(Permission.CERTIFICATE_VERIFY)
def status_of_file(work: UnitOfWork, sha256: str) -> PublicStatus | None:
    """Return what may be said of a file by its digest; None where it is no certificate of ours."""
    document = work.exec(
        select(Document).where(
            Document.sha256 == sha256, Document.kind == DocumentKind.CERTIFICATE.value
        )
    ).first()
    if document is None:
        return None
    row = work.peek(Certificate, document.subject_id)
    return _status(work, row, is_copy=bool(document.mark))


def _status(
    work: UnitOfWork, row: Certificate | None, *, is_copy: bool = False
) -> PublicStatus | None:
    if row is None or row.state not in PUBLIC_CERTIFICATES or row.issued_on is None:
        return None
    content = CertificateContent.from_json(row.content)
    successor = work.exec(
        select(Certificate).where(
            Certificate.replaces_id == row.id,
            col(Certificate.state).in_(PUBLIC_CERTIFICATES),
        )
    ).first()
    document = work.peek(Document, row.document_id) if row.document_id else None
    settings = settings_of(work)
    return PublicStatus(
        status=_WORDS[row.state],
        number=row.number,
        laboratory=content.branding.laboratory or own_tenant(work).name,
        item=" ".join(part for part in (content.item.description, content.item.type_line) if part),
        issued_on=row.issued_on,
        sha256=document.sha256 if document else "",
        ended_on=row.ended_at.date() if row.ended_at else None,
        reason=WithdrawalCause(row.withdrawn_cause).words if row.withdrawn_cause else "",
        successor_code=successor.code if successor else "",
        successor_number=successor.number if successor else "",
        accreditation=settings.accreditation_number if row.accredited else "",
        is_copy=is_copy,
    )
