"""Amending a certificate (T49) and withdrawing one (T57); what was issued never changes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.entry import filled
from calibra_app.core.errors import Conflict, Invalid
from calibra_app.core.ids import CertificateId, SrfId
from calibra_app.models.certificate import Certificate, CertificateState
from calibra_app.models.document import Document, Download
from calibra_app.models.equipment import Instrument
from calibra_app.models.person import Person
from calibra_app.models.srf import HeaderState, Srf, SrfLine
from calibra_app.persistence.outbox import Job
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.rendering.blocks import Mark, SignatureContent
from calibra_app.rendering.certificate import AmendmentContent, CertificateContent
from calibra_app.rendering.elements import check_elements
from calibra_app.services.certificates.drafting import (
    certificate_facts,
    digest_of,
    own_signature,
    signatory_facts,
)
from calibra_app.services.certificates.issue import (
    freeze_certificate,
    hand_out_marked,
    request_original,
)
from calibra_app.services.certificates.numbers import (
    PENDING_CODE,
    address_of_code,
    amended_number,
    new_code,
)
from calibra_app.services.certificates.release import release_certificates
from calibra_app.services.certificates.sources import sources_of
from calibra_app.services.laboratory import today_of
from calibra_app.services.letterhead import letterhead, lines_of_address
from calibra_app.services.signatures import sign
from calibra_app.services.srf.companions import CERTIFICATE, advance
from calibra_app.services.srf.facts import Facts, Reason
from calibra_app.services.srf.guards import check, refuse
from calibra_app.services.srf.letters import contact_of
from calibra_app.services.srf.moves import Move, announce, move_header
from calibra_app.services.srf.reopening import stand_where_it_stood


class WithdrawalCause(StrEnum):
    """Why a certificate is withdrawn, as far as the public page says it."""

    RESULT = "result"
    IDENTITY = "identity"
    FORMAL = "formal"

    @property
    def words(self) -> str:
        """Return the cause as strangers read it."""
        return _CAUSES[self]


_CAUSES = {
    WithdrawalCause.RESULT: "A reported result is in doubt.",
    WithdrawalCause.IDENTITY: "The item was not identified correctly.",
    WithdrawalCause.FORMAL: "A formal error.",
}


@dataclass(frozen=True, slots=True)
class AmendmentDraft:
    """What is to be corrected: by field of `AMENDABLE` the new text, and why."""

    reason: str
    changes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a certificate that comes from the customer and may be amended."""

    words: str
    read: Callable[[CertificateContent], str]
    write: Callable[[CertificateContent, str], CertificateContent]


def _item(name: str, words: str) -> Field:
    return Field(
        words,
        lambda content: str(getattr(content.item, name)),
        lambda content, text: replace(content, item=replace(content.item, **{name: text})),
    )


def _address(content: CertificateContent, text: str) -> CertificateContent:
    return replace(content, customer=replace(content.customer, address=lines_of_address(text)))


AMENDABLE: Mapping[str, Field] = {
    "tag": _item("tag", "tag"),
    "serial": _item("serial", "serial number"),
    "description": _item("description", "description of the item"),
    "accessories": _item("accessories", "accessories"),
    "customer_name": Field(
        "customer's name",
        lambda content: content.customer.name,
        lambda content, text: replace(content, customer=replace(content.customer, name=text)),
    ),
    "customer_address": Field(
        "customer's address", lambda content: "\n".join(content.customer.address), _address
    ),
    "order_reference": Field(
        "order reference",
        lambda content: content.order_reference,
        lambda content, text: replace(content, order_reference=text),
    ),
}


@permitted(Permission.AMENDMENT_PREPARE)
def prepare_amendment(
    work: UnitOfWork, certificate_id: CertificateId, draft: AmendmentDraft
) -> CertificateId:
    """Prepare the amendment of an issued certificate; preparing it again changes the draft.

    Raises:
        Conflict: The request is not reopened, or the certificate does not hold any more.
        GuardFailed: The reason is too short (G30).
        Invalid: Nothing changes, or a field is none of the customer's.
    """
    old = work.get(Certificate, certificate_id)
    if old.state is not CertificateState.ISSUED:
        raise Conflict(f"{old.number} is {old.state.value}; only a valid certificate is amended.")
    srf = _srf_of(work, old)
    if srf.state is not HeaderState.REOPENED:
        raise Conflict(f"Reopen {srf.number} first; then its certificate can be amended.")
    refuse(check(("G30",), Facts(reason=Reason(draft.reason))))
    changes = _changes(CertificateContent.from_json(old.content), draft.changes)
    row = work.exec(
        select(Certificate)
        .where(Certificate.replaces_id == old.id, Certificate.state == CertificateState.DRAFT)
        .with_for_update()
    ).first() or Certificate(
        line_id=old.line_id,
        number=amended_number(old.number, old.amendment + 1),
        code=new_code(),
        amendment=old.amendment + 1,
        replaces_id=old.id,
    )
    row.amendment_reason = draft.reason.strip()
    row.amendment_changes = changes
    work.add(row)
    announce(work, srf, ())
    return CertificateId(row.id)


@permitted(Permission.CERTIFICATE_AUTHORIZE)
def authorize_amendment(
    work: UnitOfWork, certificate_id: CertificateId, seen: int, password: str
) -> CertificateId:
    """Authorize a prepared amendment (T49): a new certificate that names the one it replaces.

    Raises:
        GuardFailed: An element is missing (G21), or the signatory may not (G22).
        Conflict: Somebody changed the draft meanwhile.
        Invalid: The password is wrong.
    """
    if not password:
        raise Invalid("Type your password to sign.", field="password")
    srf = _srf_of(work, work.peek(Certificate, certificate_id))
    row = work.get(Certificate, certificate_id)
    if row.state is not CertificateState.DRAFT or row.version != seen:
        raise Conflict(f"{row.number} was changed in the meantime. Look at it again, then sign.")
    content = amended_content(work, row, authorizing=own_signature(work), code=row.code)
    digest = digest_of(content)
    line = work.peek(SrfLine, row.line_id)
    facts = Facts(
        certificate=certificate_facts(check_elements(content)),
        signatory=signatory_facts(work, line, sources_of(work, line)),
        step_up_fresh=True,
    )
    freeze_certificate(work, row, content, digest)
    move = Move("T49", None, row.amendment_reason, password=password, signed_content=digest)
    move_header(work, srf, move, facts)
    stand_where_it_stood(work, srf)
    request_original(work, row, srf, content)
    release_certificates(work, SrfId(srf.id), because=f"{row.number} was authorized")
    return CertificateId(row.id)


@permitted(Permission.CERTIFICATE_WITHDRAW)
def withdraw_certificate(  # noqa: PLR0917 - what the dialog asks for
    work: UnitOfWork,
    certificate_id: CertificateId,
    seen: int,
    cause: WithdrawalCause,
    reason: str,
    password: str,
) -> int:
    """Withdraw an issued certificate (T57); return how many people are told.

    Raises:
        Conflict: It is not issued, or the request has to be reopened first.
        GuardFailed: The reason is too short (G30).
        Invalid: The password is wrong.
    """
    srf = _srf_of(work, work.peek(Certificate, certificate_id))
    row = work.get(Certificate, certificate_id)
    if row.state is not CertificateState.ISSUED or row.version != seen:
        raise Conflict(f"{row.number} is not issued, or was changed. Look at it again.")
    if srf.state is HeaderState.APPROVED:
        move = Move("T57", None, reason, password=password, signed_content=row.content_sha256)
        move_header(work, srf, move)
    elif srf.state is HeaderState.REOPENED:
        refuse(check(("G30",), Facts(reason=Reason(reason))))
        sign(
            work,
            password,
            meaning="withdrawn",
            subject_kind="certificate",
            subject_id=row.id,
            content_sha256=row.content_sha256,
            statement=reason,
        )
    else:
        raise Conflict(f"Reopen {srf.number} first; then its certificate can be withdrawn.")
    row.state = advance(CERTIFICATE, row.state, CertificateState.WITHDRAWN)
    row.ended_at = work.now
    row.withdrawn_cause, row.withdrawn_reason = cause.value, reason
    work.add(row)
    hand_out_marked(work, row, srf, Mark.WITHDRAWN)
    announce(work, srf, ())
    return _warn(work, srf, row, cause)


@within_deed
def amended_content(
    work: UnitOfWork, row: Certificate, *, authorizing: SignatureContent, code: str = PENDING_CODE
) -> CertificateContent:
    """Return what an amendment states: the old content with the changed fields alone."""
    if row.replaces_id is None:
        raise Conflict(f"{row.number} replaces no certificate.")
    old = work.peek(Certificate, row.replaces_id)
    before = CertificateContent.from_json(old.content)
    content = before
    told: list[str] = []
    for name, change in row.amendment_changes.items():
        new = str(change["new"])  # type: ignore[index]  # pyright: ignore[reportIndexIssue, reportUnknownArgumentType]
        content = AMENDABLE[name].write(content, new)
        was = AMENDABLE[name].read(before).replace("\n", ", ") or "–"
        told.append(f"{AMENDABLE[name].words}: “{was}” → “{new.replace(chr(10), ', ')}”")
    kept = tuple(each for each in content.signatures if not each.authorizing)
    return replace(
        content,
        branding=letterhead(work),
        number=row.number,
        issued_on=today_of(work),
        signatures=(*kept, authorizing),
        verification_url=address_of_code(work, code),
        amendment=AmendmentContent(
            replaces=old.number,
            reason=row.amendment_reason,
            changes=tuple(told),
            replaced_issued_on=old.issued_on,
        ),
    )


@within_deed
def amendable_fields(content: CertificateContent) -> dict[str, str]:
    """Return the fields that may be amended, with what they say now."""
    return {name: field.read(content) for name, field in AMENDABLE.items()}


def _changes(content: CertificateContent, wanted: Mapping[str, str]) -> dict[str, object]:
    changes: dict[str, object] = {}
    for name, text in wanted.items():
        if name not in AMENDABLE:
            raise Invalid(
                "Only what the customer told is amended here; results are measured again.",
                field=name,
            )
        old, new = AMENDABLE[name].read(content), text.strip()
        if new != old:
            changes[name] = {"old": old, "new": filled(new, name, f"the {AMENDABLE[name].words}")}
    if not changes:
        raise Invalid("Nothing is changed. Correct at least one field.", field="tag")
    return changes


def _srf_of(work: UnitOfWork, row: Certificate) -> Srf:
    return work.get(Srf, work.peek(SrfLine, row.line_id).srf_id)


def _warn(work: UnitOfWork, srf: Srf, row: Certificate, cause: WithdrawalCause) -> int:
    """Write to the customer's contact and to everybody who downloaded the certificate."""
    told = {email: name for name, email in _downloaders(work, row.document_id)}
    contact = contact_of(work, srf)
    if contact is not None and contact.email and row.released_at is not None:
        told[contact.email] = contact.name
    item = work.peek(Instrument, work.peek(SrfLine, row.line_id).instrument_id)
    for email, name in told.items():
        work.hand_over(
            Job.SEND_MAIL,
            row.id,
            {
                "kind": "withdrawn",
                "to": email,
                "name": name,
                "number": row.number,
                "item": f"{item.description} {item.tag}".strip(),
                "cause": cause.words,
                "path": f"/verify/{row.code}",
            },
        )
    return len(told)


def _downloaders(work: UnitOfWork, document_id: UUID | None) -> list[tuple[str, str]]:
    if document_id is None:
        return []
    return [
        (str(name), str(email))
        for name, email in work.exec(
            select(Person.name, Person.email)
            .join(Download, col(Download.person_id) == Person.id)
            .join(Document, col(Document.id) == Download.document_id)
            .where(Document.id == document_id)
            .distinct()
        ).all()
    ]
