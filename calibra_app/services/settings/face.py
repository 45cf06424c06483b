"""The laboratory's face: colour, logo, sender and the words on its papers, revision by revision.

A revision is never changed: papers keep the face of the day on which they were issued.
"""

import re
from dataclasses import dataclass, fields
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.entry import LONGEST_TEXT, email_address, limited
from calibra_app.core.errors import Forbidden, Invalid
from calibra_app.models.document import StoredFile
from calibra_app.models.laboratory import Branding
from calibra_app.models.person import Person
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.persistence.versions import Difference, Stale

_COLOUR = re.compile(r"#[0-9a-f]{6}")
_LOGO = re.compile(r"data:image/(png|jpeg|svg\+xml);base64,[A-Za-z0-9+/]+=*")
MOST_LOGO_CHARACTERS = 700_000
MOST_REVISIONS = 20


@dataclass(frozen=True, slots=True)
class FaceDraft:
    """What is entered of the laboratory's face.

    Attributes:
        logo: A sanitised picture as a `data:` address; empty for none.
        logo_id: The stored file that it was made of.
    """

    colour: str = "#0b6e8f"
    sender_name: str = ""
    sender_email: str = ""
    certificate_header: str = ""
    certificate_footer: str = ""
    logo: str = ""
    logo_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class FaceRevision:
    """One revision of the face; `revision` 0 is the one that nobody has set yet."""

    revision: int
    draft: FaceDraft
    made_at: datetime | None = None
    made_by: str = ""


@permitted(Permission.BRANDING_SET, reading=True)
def latest_face(work: UnitOfWork) -> FaceRevision:
    """Return the face as it is now."""
    revisions = list_faces(work, most=1)
    return revisions[0] if revisions else FaceRevision(0, FaceDraft())


@permitted(Permission.BRANDING_SET, reading=True)
def list_faces(work: UnitOfWork, most: int = MOST_REVISIONS) -> tuple[FaceRevision, ...]:
    """List the revisions of the face, the newest first."""
    rows = work.exec(
        select(Branding, Person.name)
        .outerjoin(Person, col(Person.id) == Branding.made_by)
        .order_by(col(Branding.revision).desc())
        .limit(most)
    ).all()
    return tuple(
        FaceRevision(row.revision, _draft(row), row.created_at, name or "") for row, name in rows
    )


@permitted(Permission.BRANDING_SET)
def change_face(work: UnitOfWork, seen: int, draft: FaceDraft) -> FaceRevision:
    """Add a revision of the face; return it, or the one before where nothing differs.

    Args:
        work: The transaction.
        seen: The revision that the person had on the screen.
        draft: The whole face as it shall be.

    Raises:
        Stale: Somebody else has changed the face since.
        Invalid: A field holds what it cannot.
        Forbidden: The actor may set options of the workflow alone.
    """
    require_admin(work)
    before = latest_face(work)
    kept = _checked(work, draft, before.draft)
    changed = [
        Difference(each.name, _shown(each.name, before.draft), _shown(each.name, kept))
        for each in fields(FaceDraft)
        if getattr(before.draft, each.name) != getattr(kept, each.name)
    ]
    if before.revision != seen:
        raise Stale(tuple(each for each in changed if each.field != "logo_id"))
    if not changed and before.revision:
        return before
    row = Branding(
        revision=before.revision + 1,
        colour=kept.colour,
        sender_name=kept.sender_name,
        sender_email=kept.sender_email,
        certificate_header=kept.certificate_header,
        certificate_footer=kept.certificate_footer,
        logo_id=kept.logo_id,
        logo_data_uri=kept.logo,
        made_by=work.actor.person_id,
    )
    work.add(row)
    return FaceRevision(row.revision, kept, work.now, work.actor.name)


@permitted(Permission.BRANDING_SET)
def restore_face(work: UnitOfWork, seen: int, revision: int) -> FaceRevision:
    """Take an older face back into use, as a revision of its own.

    Raises:
        Invalid: There is no such revision.
    """
    row: Branding | None = work.exec(select(Branding).where(Branding.revision == revision)).first()
    if row is None:
        raise Invalid(f"There is no revision {revision}.", field="revision")
    return change_face(work, seen, _draft(row))


def require_admin(work: UnitOfWork) -> None:
    """Raise Forbidden unless the actor may set everything, not options of the workflow alone."""
    notes = work.actor.notes(Permission.BRANDING_SET)
    if notes:
        raise Forbidden(
            f"{work.actor.name} may set options of the workflow alone. Ask the tenant admin."
        )


def _draft(row: Branding) -> FaceDraft:
    return FaceDraft(
        row.colour,
        row.sender_name,
        row.sender_email,
        row.certificate_header,
        row.certificate_footer,
        row.logo_data_uri,
        row.logo_id,
    )


def _checked(work: UnitOfWork, draft: FaceDraft, before: FaceDraft) -> FaceDraft:
    colour = draft.colour.strip().lower()
    if not _COLOUR.fullmatch(colour):
        raise Invalid("Write the colour as # and six digits or letters a–f.", field="colour")
    if draft.logo and not (len(draft.logo) <= MOST_LOGO_CHARACTERS and _LOGO.fullmatch(draft.logo)):
        raise Invalid("The logo is larger than 500 KB. Make it smaller first.", field="logo")
    if draft.logo_id is not None and draft.logo_id != before.logo_id:
        file = work.peek(StoredFile, draft.logo_id)
        if file.purpose != "logo":
            raise Invalid("This file was not put here as a logo.", field="logo")
    return FaceDraft(
        colour=colour,
        sender_name=limited(draft.sender_name, "sender_name"),
        sender_email=email_address(draft.sender_email, "sender_email")
        if draft.sender_email.strip()
        else "",
        certificate_header=limited(draft.certificate_header, "certificate_header"),
        certificate_footer=limited(
            draft.certificate_footer, "certificate_footer", most=LONGEST_TEXT
        ),
        logo=draft.logo,
        logo_id=draft.logo_id if draft.logo else None,
    )


def _shown(name: str, draft: FaceDraft) -> str:
    if name == "logo":
        return "a picture" if draft.logo else "none"
    return str(getattr(draft, name) or "")
