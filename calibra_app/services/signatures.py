"""Electronic signatures: who confirmed what, with which meaning, over which content."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import within_deed
from calibra_app.models.person import Signature
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.sign_in import confirm_password


@dataclass(frozen=True, slots=True)
class Signed:
    """A signature as papers and screens show it."""

    meaning: str
    person_id: UUID
    name: str
    signed_at: datetime
    content_sha256: str
    statement: str


@within_deed
def sign(
    work: UnitOfWork,
    password: str,
    *,
    meaning: str,
    subject_kind: str,
    subject_id: UUID,
    content_sha256: str,
    statement: str = "",
) -> Signed:
    """Confirm the actor's password and keep the signature in the same transaction.

    Args:
        work: The transaction of the deed that is signed.
        password: Typed again for this signature alone.
        meaning: "performed", "reviewed", "authorized" and the like; it is printed.
        subject_kind: The table of what is signed.
        subject_id: The record that is signed.
        content_sha256: The digest of the content as it stood before the signer's eyes.
        statement: The sentence that the signer confirmed.

    Raises:
        Invalid: The password is wrong (field `password`).
    """
    confirm_password(work, password)
    row = Signature(
        person_id=work.actor.person_id,
        person_name=work.actor.name,
        meaning=meaning,
        subject_kind=subject_kind,
        subject_id=subject_id,
        content_sha256=content_sha256,
        statement=statement,
        signed_at=work.now,
    )
    work.add(row)
    return _signed(row)


@within_deed
def signatures_of(work: UnitOfWork, subject_kind: str, subject_id: UUID) -> tuple[Signed, ...]:
    """Return the signatures on one record, oldest first."""
    rows = work.exec(
        select(Signature)
        .where(Signature.subject_kind == subject_kind, Signature.subject_id == subject_id)
        .order_by(col(Signature.signed_at), col(Signature.id))
    ).all()
    return tuple(_signed(row) for row in rows)


def _signed(row: Signature) -> Signed:
    return Signed(
        row.meaning,
        row.person_id,
        row.person_name,
        row.signed_at,
        row.content_sha256,
        row.statement,
    )
