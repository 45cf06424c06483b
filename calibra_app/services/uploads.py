"""Uploaded files: what was checked and stored is entered here, and who may see it again."""

from dataclasses import dataclass
from uuid import UUID

from calibra_app.core.access import Permission, permitted
from calibra_app.core.errors import Invalid, NotFound
from calibra_app.models.document import StoredFile
from calibra_app.persistence.unit_of_work import UnitOfWork

# What a file may be for, and who may add one.
PURPOSES: dict[str, tuple[Permission, ...]] = {
    "photo": (Permission.ITEM_RECEIVE, Permission.INDICATION_ENTER),
    "logo": (Permission.BRANDING_SET,),
    "certificate": (Permission.STANDARD_REGISTER, Permission.STANDARD_ACCEPT),
    "attachment": (Permission.SRF_DRAFT, Permission.INFORMATION_EXCHANGE),
}
ADDERS = tuple(dict.fromkeys(each for some in PURPOSES.values() for each in some))


@dataclass(frozen=True, slots=True)
class UploadDraft:
    """A file that was checked and stored, and what it belongs to."""

    purpose: str
    subject_kind: str
    subject_id: UUID
    name: str
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """Where an uploaded file lies."""

    id: UUID
    name: str
    media_type: str
    size: int
    sha256: str


@permitted(*ADDERS)
def require_purpose(work: UnitOfWork, purpose: str) -> None:
    """Make sure, before the bytes are looked at, that the actor may add a file for this purpose.

    Raises:
        Invalid: There is no such purpose, or it is not the actor's.
    """
    permissions = PURPOSES.get(purpose, ())
    if not any(work.actor.may(permission) for permission in permissions):
        raise Invalid("Your roles do not add files of this kind.", field="purpose")


@permitted(*ADDERS)
def keep_upload(work: UnitOfWork, draft: UploadDraft) -> UUID:
    """Enter a stored file; return its id."""
    require_purpose(work, draft.purpose)
    row = StoredFile(
        purpose=draft.purpose,
        subject_kind=draft.subject_kind,
        subject_id=draft.subject_id,
        name=draft.name[:200],
        media_type=draft.media_type,
        size=draft.size,
        sha256=draft.sha256,
        uploaded_by=work.actor.person_id,
    )
    work.add(row)
    return row.id


@permitted(Permission.SRF_SEE, Permission.LABORATORY_SEE, reading=True)
def open_upload(work: UnitOfWork, file_id: UUID) -> UploadedFile:
    """Return where an uploaded file lies, for the laboratory's own people.

    Raises:
        NotFound: There is no such file for this actor.
    """
    if work.actor.customer_id is not None:
        raise NotFound("There is no such file.")
    row = work.peek(StoredFile, file_id)
    return UploadedFile(row.id, row.name, row.media_type, row.size, row.sha256)
