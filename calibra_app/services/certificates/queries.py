"""Certificates as lists and pages show them: those to authorize, those issued, one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, or_, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.errors import NotFound
from calibra_app.core.ids import CertificateId, DocumentId, LineId, SrfId
from calibra_app.core.paging import Page
from calibra_app.models.calibration import Sheet
from calibra_app.models.certificate import Certificate, CertificateState
from calibra_app.models.customer import Customer, ReleaseRule
from calibra_app.models.document import Document
from calibra_app.models.equipment import Instrument
from calibra_app.models.srf import HeaderState, Srf, SrfLine
from calibra_app.persistence.listing import Key, page_of
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.rendering.blocks import Mark, SignatureContent
from calibra_app.rendering.certificate import CertificateContent
from calibra_app.rendering.elements import CheckResult, check_elements
from calibra_app.rendering.html import DocumentKind, to_html
from calibra_app.services.calibrations.review import items_open
from calibra_app.services.calibrations.sheets import sheet_of_line
from calibra_app.services.certificates.amend import amendable_fields, amended_content
from calibra_app.services.certificates.drafting import (
    certificate_facts,
    digest_of,
    digest_of_results,
    draw_draft,
    newest_certificate,
    own_signature,
    signatory_facts,
    unsigned,
)
from calibra_app.services.certificates.sources import sources_of
from calibra_app.services.srf.facts import Facts
from calibra_app.services.srf.guards import check
from calibra_app.services.srf.states import LineState

RELEASE_WORDS = {
    ReleaseRule.ON_APPROVAL: "The customer gets it as soon as it is printed.",
    ReleaseRule.ON_INVOICE: "The customer gets it with the invoice.",
    ReleaseRule.ON_PAYMENT: "The customer gets it once the invoice is paid.",
}
_MARKS = {
    CertificateState.DRAFT: Mark.DRAFT,
    CertificateState.SUPERSEDED: Mark.SUPERSEDED,
    CertificateState.WITHDRAWN: Mark.WITHDRAWN,
}
MOST_WAITING = 100

# SQLModel's types end at four entities.
_select: Any = select


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """One certificate in a list, or a reviewed line that waits for one.

    `key` is what its page is opened with: the certificate, or the line while there is none.
    """

    key: UUID
    number: str
    state: str
    customer: str
    tag: str
    description: str
    discipline: str
    srf_number: str
    issued_on: date | None
    accredited: bool
    released: bool
    printed: bool
    document_id: DocumentId | None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A certificate that this one replaces, or that replaces it."""

    key: UUID
    number: str
    state: str


@dataclass(frozen=True, slots=True)
class CertificateDetail:
    """One certificate with its paper, its checks and what may be done with it."""

    line_id: LineId
    line_version: int
    srf_id: SrfId
    srf_version: int
    srf_state: HeaderState
    certificate_id: CertificateId | None
    version: int
    number: str
    state: str
    waiting: bool
    customer: str
    srf_number: str
    tag: str
    description: str
    discipline: str
    accredited: bool
    html: str
    checks: tuple[CheckResult, ...]
    signatures: tuple[SignatureContent, ...]
    refusals: tuple[str, ...]
    symbol_refusals: tuple[str, ...]
    content_sha256: str
    results_sha256: str
    file_sha256: str
    document_id: DocumentId | None
    document_state: str
    document_error: str
    verification_url: str
    issued_on: date | None
    released_at: datetime | None
    release_words: str
    amendment_reason: str
    changes: tuple[str, ...]
    withdrawn_reason: str
    replaces: Neighbour | None
    successor: Neighbour | None
    amendable: dict[str, str]
    measured_here: bool = False

    @property
    def met(self) -> int:
        """Return how many checks found what they looked for."""
        return sum(check.is_met for check in self.checks)


@permitted(Permission.CERTIFICATE_DOWNLOAD, reading=True)
def list_certificates(
    work: UnitOfWork,
    *,
    search: str = "",
    state: CertificateState | None = None,
    cursor: str = "",
) -> Page[CertificateRow]:
    """List certificates, the newest first, as far as the actor may see them.

    A customer sees the own ones that are released; a technician those of own work.
    """
    query = (
        _select(Certificate, Srf, Instrument, Customer.name, Document)
        .join(SrfLine, col(SrfLine.id) == Certificate.line_id)
        .join(Srf, col(Srf.id) == SrfLine.srf_id)
        .join(Instrument, col(Instrument.id) == SrfLine.instrument_id)
        .join(Customer, col(Customer.id) == Srf.customer_id)
        .outerjoin(Document, col(Document.id) == Certificate.document_id)
    )
    if state is not None:
        query = query.where(Certificate.state == state)
    if text := search.strip():
        like = f"%{text}%"
        query = query.where(
            or_(
                col(Certificate.number).ilike(like),
                col(Instrument.tag).ilike(like),
                col(Instrument.serial).ilike(like),
                col(Customer.name).ilike(like),
                col(Srf.number).ilike(like),
            )
        )
    return page_of(
        work,
        _visible(work, query),
        _row,
        Key(Certificate.created_at, descending=True),
        Key(Certificate.id, descending=True),
        cursor=cursor,
    )


@permitted(Permission.CERTIFICATE_AUTHORIZE, Permission.CERTIFICATE_DOWNLOAD, reading=True)
def list_waiting(work: UnitOfWork) -> tuple[CertificateRow, ...]:
    """List the reviewed lines whose certificate waits to be authorized, the oldest first."""
    actor = work.actor
    if actor.customer_id is not None or actor.only_own(
        Permission.CERTIFICATE_DOWNLOAD, reading=True
    ):
        return ()
    rows = work.exec(
        select(SrfLine, Srf, Instrument, Customer.name)
        .join(Srf, col(Srf.id) == SrfLine.srf_id)
        .join(Instrument, col(Instrument.id) == SrfLine.instrument_id)
        .join(Customer, col(Customer.id) == Srf.customer_id)
        .where(SrfLine.state == LineState.QC, col(SrfLine.reviewed).is_(True))
        .order_by(col(SrfLine.state_since))
        .limit(MOST_WAITING)
    ).all()
    return tuple(
        CertificateRow(
            key=line.id,
            number="",
            state="to_authorize",
            customer=customer,
            tag=item.tag,
            description=item.description,
            discipline=item.discipline,
            srf_number=f"{srf.number}/{line.position}",
            issued_on=None,
            accredited=line.accredited,
            released=False,
            printed=False,
            document_id=None,
        )
        for line, srf, item, customer in rows
    )


@permitted(Permission.CERTIFICATE_DOWNLOAD, reading=True)
def get_certificate(work: UnitOfWork, key: UUID) -> CertificateDetail:
    """Return one certificate, or the draft of a line that waits to be authorized.

    Args:
        work: The transaction.
        key: A certificate, or a line: then its newest certificate, else its draft.

    Raises:
        NotFound: There is none for this actor.
    """
    actor = work.actor
    row = work.exec(select(Certificate).where(Certificate.id == key)).first()
    line = work.exec(select(SrfLine).where(SrfLine.id == (row.line_id if row else key))).first()
    if line is None:
        raise NotFound("There is no such certificate.")
    waits = row is None and line.state is LineState.QC and line.reviewed
    if row is None and not waits:
        row = newest_certificate(work, line.id)
    if row is None:
        own = actor.only_own(Permission.CERTIFICATE_DOWNLOAD, reading=True)
        if not waits or actor.customer_id is not None or own:
            raise NotFound("There is no such certificate.")
        return _draft(work, line)
    seen = _visible(work, select(Certificate).where(Certificate.id == row.id), joined=False)
    if work.exec(seen).first() is None:
        raise NotFound("There is no such certificate.")
    if row.state is CertificateState.DRAFT:
        return _amendment(work, line, row)
    content = CertificateContent.from_json(row.content)
    checks = () if actor.customer_id is not None else check_elements(content)
    return _detail(work, line, row, content, checks, _MARKS.get(row.state, Mark.NONE))


def _draft(work: UnitOfWork, line: SrfLine) -> CertificateDetail:
    draft = draw_draft(work, line)
    facts = Facts(
        open_items=items_open(work, line, sheet_of_line(work, line.id)),
        signatory=signatory_facts(work, line, draft.sources),
    )
    shown = unsigned(draft.content)
    return _detail(
        work, line, None, shown, draft.checks, Mark.DRAFT, refusals=_told(("G20", "G22"), facts)
    )


def _amendment(work: UnitOfWork, line: SrfLine, row: Certificate) -> CertificateDetail:
    content = amended_content(work, row, authorizing=own_signature(work))
    facts = Facts(signatory=signatory_facts(work, line, sources_of(work, line)))
    checks = check_elements(content)
    return _detail(
        work, line, row, unsigned(content), checks, Mark.DRAFT, refusals=_told(("G22",), facts)
    )


def _told(guards: tuple[str, ...], facts: Facts) -> tuple[str, ...]:
    return tuple(refusal.message for refusal in check(guards, facts))


def _detail(  # noqa: PLR0917 - the parts of one certificate
    work: UnitOfWork,
    line: SrfLine,
    row: Certificate | None,
    content: CertificateContent,
    checks: tuple[CheckResult, ...],
    mark: Mark,
    refusals: tuple[str, ...] = (),
) -> CertificateDetail:
    srf = work.peek(Srf, line.srf_id)
    item = work.peek(Instrument, line.instrument_id)
    customer = work.peek(Customer, srf.customer_id)
    paper = work.peek(Document, row.document_id) if row and row.document_id else None
    missing = certificate_facts(checks).errors
    issued = row is not None and row.state is not CertificateState.DRAFT
    return CertificateDetail(
        line_id=LineId(line.id),
        line_version=line.version,
        srf_id=SrfId(srf.id),
        srf_version=srf.version,
        srf_state=srf.state,
        certificate_id=CertificateId(row.id) if row else None,
        version=row.version if row else 0,
        number=content.number,
        state=row.state.value if row else "draft",
        waiting=not issued,
        customer=content.customer.name,
        srf_number=content.srf_number,
        tag=content.item.tag,
        description=content.item.description,
        discipline=item.discipline,
        accredited=content.shows_symbol,
        html=to_html(DocumentKind.CERTIFICATE, content, mark),
        checks=checks,
        signatures=content.signatures,
        refusals=(*refusals, *(f"{sentence}." for sentence in missing if not issued)),
        symbol_refusals=content.scope.refusals,
        content_sha256=digest_of(content) if issued else "",
        results_sha256=digest_of_results(content),
        file_sha256=paper.sha256 if paper else "",
        document_id=DocumentId(paper.id) if paper else None,
        document_state=paper.state.value if paper else "",
        document_error=paper.error if paper else "",
        verification_url=content.verification_url if issued else "",
        issued_on=content.issued_on,
        released_at=row.released_at if row else None,
        release_words=RELEASE_WORDS[customer.release_rule],
        amendment_reason=content.amendment.reason if content.amendment else "",
        changes=content.amendment.changes if content.amendment else (),
        withdrawn_reason=row.withdrawn_reason if row and work.actor.customer_id is None else "",
        replaces=_neighbour(work, row.replaces_id) if row else None,
        successor=_successor(work, row) if row else None,
        amendable=amendable_fields(content) if issued else {},
        measured_here=sheet_of_line(work, line.id) is not None,
    )


def _neighbour(work: UnitOfWork, certificate_id: UUID | None) -> Neighbour | None:
    if certificate_id is None:
        return None
    row = work.peek(Certificate, certificate_id)
    return Neighbour(row.id, row.number, row.state.value)


def _successor(work: UnitOfWork, row: Certificate) -> Neighbour | None:
    found: Sequence[Certificate] = work.exec(
        _visible(work, select(Certificate).where(Certificate.replaces_id == row.id), joined=False)
    ).all()
    return _neighbour(work, found[0].id) if found else None


def _visible(work: UnitOfWork, query: Any, *, joined: bool = True) -> Any:
    """Narrow a query of certificates to those that the actor may see."""
    actor = work.actor
    if actor.customer_id is not None:
        if not joined:
            query = query.join(SrfLine, col(SrfLine.id) == Certificate.line_id).join(
                Srf, col(Srf.id) == SrfLine.srf_id
            )
        return query.where(
            Srf.customer_id == actor.customer_id,
            col(Certificate.released_at).is_not(None),
            Certificate.state != CertificateState.DRAFT,
        )
    if actor.only_own(Permission.CERTIFICATE_DOWNLOAD, reading=True):
        mine = select(Sheet.line_id).where(Sheet.performer_id == actor.person_id)
        return query.where(col(Certificate.line_id).in_(mine))
    return query


def _row(
    row: Certificate,
    srf: Srf,
    item: Instrument,
    customer: str,
    paper: Document | None,
) -> CertificateRow:
    return CertificateRow(
        key=row.id,
        number=row.number,
        state=row.state.value,
        customer=customer,
        tag=item.tag,
        description=item.description,
        discipline=item.discipline,
        srf_number=srf.number,
        issued_on=row.issued_on,
        accredited=row.accredited,
        released=row.released_at is not None,
        printed=bool(paper and paper.sha256),
        document_id=DocumentId(paper.id) if paper else None,
    )
