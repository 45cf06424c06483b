"""The library of released certificates of one customer."""

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.ids import (
    CertificateId,
    DocumentId,
)
from calibra_app.core.paging import Page
from calibra_app.models.certificate import Certificate, CertificateState
from calibra_app.models.document import Document, DocumentState
from calibra_app.models.equipment import Instrument
from calibra_app.models.srf import Srf, SrfLine
from calibra_app.persistence.listing import Key, page_of
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.portal.home import own_customer
from calibra_app.services.portal.views import (
    PortalCertificate,
)

_VISIBLE = (CertificateState.ISSUED, CertificateState.SUPERSEDED, CertificateState.WITHDRAWN)


@permitted(Permission.CERTIFICATE_DOWNLOAD, reading=True)
def list_portal_certificates(
    work: UnitOfWork, words: str = "", cursor: str = ""
) -> Page[PortalCertificate]:
    """List the released certificates of own instruments, the newest first.

    Args:
        work: The transaction.
        words: The beginning of a number, tag or serial number; empty for all.
        cursor: Where to begin.
    """
    statement = (
        select(Certificate, Instrument, Document)
        .join(SrfLine, col(SrfLine.id) == Certificate.line_id)
        .join(Srf, col(Srf.id) == SrfLine.srf_id)
        .join(Instrument, col(Instrument.id) == SrfLine.instrument_id)
        .join(Document, col(Document.id) == Certificate.document_id, isouter=True)
        .where(
            Srf.customer_id == own_customer(work),
            col(Certificate.state).in_(_VISIBLE),
            col(Certificate.released_at).is_not(None),
        )
    )
    wanted = words.strip()
    if wanted:
        statement = statement.where(
            col(Certificate.number).istartswith(wanted, autoescape=True)
            | col(Instrument.tag).istartswith(wanted, autoescape=True)
            | col(Instrument.serial).istartswith(wanted, autoescape=True)
        )
    keys = (
        Key(Certificate.created_at, descending=True),
        Key(Certificate.id, descending=True),
    )
    return page_of(work, statement, _certificate, *keys, cursor=cursor)


def _certificate(row: Certificate, item: Instrument, paper: Document | None) -> PortalCertificate:
    printed = paper is not None and paper.state is DocumentState.DONE
    return PortalCertificate(
        id=CertificateId(row.id),
        number=row.number,
        state=row.state,
        code=row.code,
        tag=item.tag,
        item=item.description,
        issued_on=row.issued_on,
        document_id=DocumentId(row.document_id) if printed and row.document_id else None,
    )
