"""The certificate that waits to be authorized: drawn anew from its line, checked, never stored.

A draft that was stored would grow old while a remark is answered or an address is corrected; what
the signatory reads is made of what stands at that moment, and frozen with the signature.
"""

import hashlib
from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import within_deed
from calibra_app.models.certificate import Certificate, CertificateState
from calibra_app.models.person import Deed, Person
from calibra_app.models.srf import SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.rendering.blocks import SignatureContent
from calibra_app.rendering.certificate import AmendmentContent, CertificateContent
from calibra_app.rendering.content import canonical_json
from calibra_app.rendering.elements import CheckResult, check_elements
from calibra_app.services.certificates.content import certificate_content
from calibra_app.services.certificates.numbers import (
    PENDING_CODE,
    address_of_code,
    amended_number,
    base_number,
)
from calibra_app.services.certificates.sources import Sources, sources_of
from calibra_app.services.laboratory import settings_of, today_of
from calibra_app.services.people.competence import is_competent
from calibra_app.services.signatures import signatures_of
from calibra_app.services.srf.facts import CertificateFacts, SignatoryFacts

# A policy that lets the reviewer authorize as well (C3-1); it is the tenant's to relax.
REVIEWER_MAY_AUTHORIZE = "reviewer_may_authorize"


@dataclass(frozen=True, slots=True)
class Draft:
    """A certificate as it would be issued now, and what each check found."""

    sources: Sources
    content: CertificateContent
    checks: tuple[CheckResult, ...]
    replaces: Certificate | None = None

    @property
    def facts(self) -> CertificateFacts:
        """Return what guard G21 looks at."""
        return certificate_facts(self.checks)


@within_deed
def certificate_facts(checks: tuple[CheckResult, ...]) -> CertificateFacts:
    """Return what guard G21 looks at, from what the checks found."""
    errors = [sentence.rstrip(".") for check in checks for sentence in check.sentences]
    return CertificateFacts(errors=tuple(errors), symbol_decided=True)


@within_deed
def draw_draft(work: UnitOfWork, line: SrfLine, *, code: str = "") -> Draft:
    """Draw the certificate of a line as the actor would sign it now.

    Args:
        work: The transaction.
        line: The line.
        code: The code of its public page; a placeholder while it is only looked at.
    """
    sources = sources_of(work, line)
    replaces = newest_certificate(work, line.id)
    number = base_number(work, sources.srf, line)
    if replaces is not None:
        number = amended_number(number, replaces.amendment + 1)
    content = certificate_content(
        work,
        sources,
        number=number,
        verification_url=address_of_code(work, code or PENDING_CODE),
        authorizing=own_signature(work),
    )
    if replaces is not None:
        content = _replacing(content, replaces)
    return Draft(sources, content, check_elements(content), replaces)


@within_deed
def own_signature(work: UnitOfWork) -> SignatureContent:
    """Return the actor's signature as the certificate prints it."""
    person = work.peek(Person, work.actor.person_id)
    return SignatureContent(
        meaning="Authorized",
        name=person.name,
        function=person.job_title,
        signed_at=work.now,
        authorizing=True,
    )


@within_deed
def unsigned(content: CertificateContent) -> CertificateContent:
    """Return the content as long as nobody has authorized it: for the eye, marked as a draft."""
    kept = tuple(each for each in content.signatures if not each.authorizing)
    waiting = SignatureContent(meaning="Authorized", name="–", authorizing=True)
    return replace(content, signatures=(*kept, waiting), issued_on=None)


@within_deed
def newest_certificate(work: UnitOfWork, line_id: UUID) -> Certificate | None:
    """Return the newest certificate of a line that was authorized, or None."""
    found: Certificate | None = work.exec(
        select(Certificate)
        .where(Certificate.line_id == line_id, Certificate.state != CertificateState.DRAFT)
        .order_by(col(Certificate.amendment).desc())
        .limit(1)
    ).first()
    return found


@within_deed
def signatory_facts(work: UnitOfWork, line: SrfLine, sources: Sources) -> SignatoryFacts:
    """Return what guard G22 looks at: competence for the field, and independence."""
    me = work.actor.person_id
    reviewers = {
        each.person_id
        for each in signatures_of(work, "srf_line", line.id)
        if each.meaning == "reviewed"
    }
    discipline = sources.instrument.discipline
    return SignatoryFacts(
        authorized=is_competent(
            work, me, Deed.AUTHORIZE, line.procedure_code, discipline, on=today_of(work)
        ),
        discipline=discipline,
        performed=me in sources.performers,
        reviewed=me in reviewers,
        reviewer_may_authorize=settings_of(work).workflow.get(REVIEWER_MAY_AUTHORIZE) is True,
    )


@within_deed
def digest_of(content: CertificateContent) -> str:
    """Return the digest that the signature is given over."""
    return hashlib.sha256(content.canonical()).hexdigest()


@within_deed
def digest_of_results(content: CertificateContent) -> str:
    """Return the digest of the results alone: equal where an amendment left every figure."""
    tables = {"results": [table.to_json() for table in content.results]}
    return hashlib.sha256(canonical_json(tables)).hexdigest()


def _replacing(content: CertificateContent, old: Certificate) -> CertificateContent:
    """Say what a certificate of a new measurement replaces, and mark the rows that changed."""
    before = CertificateContent.from_json(old.content)
    known = {
        (table.title, table.phase, row.nominal, row.label): row
        for table in before.results
        for row in table.rows
    }
    tables = tuple(
        replace(
            table,
            rows=tuple(
                replace(
                    row,
                    is_changed=known.get((table.title, table.phase, row.nominal, row.label)) != row,
                )
                for row in table.rows
            ),
        )
        for table in content.results
    )
    return replace(
        content,
        results=tables,
        amendment=AmendmentContent(
            replaces=old.number,
            reason=old.withdrawn_reason or "The item was measured again.",
            changes=("results of a new measurement",),
            replaced_issued_on=old.issued_on,
        ),
    )
