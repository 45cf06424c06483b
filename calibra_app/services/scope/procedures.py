"""The laboratory's procedures and their revisions, from draft to effective to superseded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.entry import filled, limited
from calibra_app.core.errors import Conflict, Forbidden, Invalid, NotFound
from calibra_app.core.ids import ProcedureVersionId
from calibra_app.core.paging import Page
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.models.scope import Procedure, ProcedureStatus, ProcedureVersion
from calibra_app.persistence.listing import Key, page_of
from calibra_app.persistence.search import enter_words, found_by
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.persistence.versions import amend
from calibra_app.procedures.registry import PROCEDURES, procedure_of
from calibra_app.services.laboratory import today_of

KIND = "procedure"


class ProcedureCodeTaken(Conflict):
    """Another procedure has this code."""

    code: ClassVar[str] = "procedure_code_taken"


class NoEffectiveVersion(Conflict):
    """The procedure has no revision in effect (guard G12)."""

    code: ClassVar[str] = "no_effective_version"


class NotThisStatus(Conflict):
    """The revision is not where this step begins."""

    code: ClassVar[str] = "not_this_status"


@dataclass(frozen=True, slots=True)
class ProcedureDraft:
    """What is entered of a procedure; `model_key` names its measurement model."""

    code: str
    title: str
    discipline: str
    model_key: str
    owner_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class VersionDraft:
    """What is entered of a revision; without a number it follows the last one."""

    model_version: str
    revision: int | None = None
    settings: Mapping[str, object] = field(default_factory=dict[str, object])
    change_note: str = ""


@dataclass(frozen=True, slots=True)
class ProcedureSummary:
    """One line of the list of procedures, with the revision in effect."""

    id: UUID
    code: str
    title: str
    discipline: str
    effective_revision: int | None
    effective_from: date | None


@dataclass(frozen=True, slots=True)
class VersionSummary:
    """One revision."""

    id: ProcedureVersionId
    version: int
    revision: int
    status: ProcedureStatus
    model_version: str
    effective_from: date | None
    settings: Mapping[str, object]
    change_note: str
    approved_by: UUID | None
    approved_at: datetime | None


@dataclass(frozen=True, slots=True)
class ProcedureDetail:
    """One procedure with its revisions, newest first."""

    id: UUID
    version: int
    draft: ProcedureDraft
    versions: tuple[VersionSummary, ...]


@dataclass(frozen=True, slots=True)
class EffectiveProcedure:
    """The revision by which work begins today; what a sheet is pinned to."""

    version_id: ProcedureVersionId
    code: str
    title: str
    discipline: str
    revision: int
    model_key: str
    model_version: str
    settings: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class MeasurementModel:
    """A measurement model that the engine knows."""

    key: str
    version: str
    title: str


@permitted(Permission.PROCEDURE_EDIT, Permission.LABORATORY_SEE, reading=True)
def list_models(work: UnitOfWork) -> tuple[MeasurementModel, ...]:
    """List the measurement models that a procedure can stand on."""
    del work
    return tuple(MeasurementModel(each.key, each.version, each.title) for each in PROCEDURES)


@permitted(Permission.PROCEDURE_EDIT, Permission.LABORATORY_SEE, reading=True)
def list_procedures(
    work: UnitOfWork, search: str = "", *, discipline: str = "", cursor: str = ""
) -> Page[ProcedureSummary]:
    """List procedures by code, each with the revision in effect."""
    query = select(
        Procedure, col(ProcedureVersion.revision), col(ProcedureVersion.effective_from)
    ).outerjoin(
        ProcedureVersion,
        (col(ProcedureVersion.procedure_id) == Procedure.id)
        & (col(ProcedureVersion.status) == ProcedureStatus.EFFECTIVE),
    )
    if discipline:
        query = query.where(Procedure.discipline == discipline)
    if search.strip():
        query = query.where(col(Procedure.id).in_(found_by(KIND, search)))
    return page_of(work, query, _summary, Key(Procedure.code), cursor=cursor)


@permitted(Permission.PROCEDURE_EDIT, Permission.LABORATORY_SEE, reading=True)
def get_procedure(work: UnitOfWork, procedure_id: UUID) -> ProcedureDetail:
    """Return one procedure with all revisions."""
    row = work.peek(Procedure, procedure_id)
    found = work.exec(
        select(ProcedureVersion)
        .where(ProcedureVersion.procedure_id == procedure_id)
        .order_by(col(ProcedureVersion.revision).desc())
    ).all()
    return ProcedureDetail(
        row.id,
        row.version,
        ProcedureDraft(row.code, row.title, row.discipline, row.model_key, row.owner_id),
        tuple(
            VersionSummary(
                ProcedureVersionId(each.id),
                each.version,
                each.revision,
                each.status,
                each.model_version,
                each.effective_from,
                each.settings,
                each.change_note,
                each.approved_by,
                each.approved_at,
            )
            for each in found
        ),
    )


@permitted(Permission.PROCEDURE_EDIT)
def add_procedure(work: UnitOfWork, draft: ProcedureDraft) -> UUID:
    """Enter a procedure; its first revision is entered with `draft_version`.

    Raises:
        ProcedureCodeTaken: Another procedure has the code.
    """
    fields = _checked(draft)
    _refuse_taken(work, draft.code.strip())
    row = Procedure(**fields)
    work.add(row)
    _enter_words(work, row)
    return row.id


@permitted(Permission.PROCEDURE_EDIT)
def change_procedure(
    work: UnitOfWork, procedure_id: UUID, seen: int, draft: ProcedureDraft
) -> None:
    """Change title, discipline or owner; code and model stay, for sheets refer to them.

    Raises:
        Stale: Somebody else has changed it meanwhile.
    """
    row = work.get(Procedure, procedure_id)
    fields = _checked(draft) | {"code": row.code, "model_key": row.model_key}
    if amend(work, row, seen, fields):
        _enter_words(work, row)


@permitted(Permission.PROCEDURE_EDIT)
def draft_version(work: UnitOfWork, procedure_id: UUID, draft: VersionDraft) -> ProcedureVersionId:
    """Begin a revision of a procedure.

    Raises:
        Conflict: Another revision is still being worked on, or the number is taken.
        Invalid: The engine has no such version of the measurement model.
    """
    procedure = work.get(Procedure, procedure_id)
    _refuse_unknown_model(procedure.model_key, draft.model_version)
    known = work.exec(
        select(ProcedureVersion.revision, ProcedureVersion.status).where(
            ProcedureVersion.procedure_id == procedure_id
        )
    ).all()
    for revision, status in known:
        if status not in {ProcedureStatus.EFFECTIVE, ProcedureStatus.SUPERSEDED}:
            raise Conflict(f"Revision {revision} is {_said(status)}; finish that one first.")
    last = max((revision for revision, _ in known), default=0)
    revision = draft.revision if draft.revision is not None else last + 1
    if revision <= last:
        raise Invalid(f"Revision {last} is there already; use a higher number.", field="revision")
    row = ProcedureVersion(
        procedure_id=procedure_id,
        revision=revision,
        model_version=draft.model_version,
        settings=dict(draft.settings),
        change_note=limited(draft.change_note, "change_note", most=1000),
    )
    work.add(row)
    return ProcedureVersionId(row.id)


@permitted(Permission.PROCEDURE_EDIT)
def submit_version(work: UnitOfWork, version_id: UUID) -> None:
    """Hand a draft over for review."""
    _move(work, version_id, ProcedureStatus.DRAFT, ProcedureStatus.IN_REVIEW)


@permitted(Permission.PROCEDURE_APPROVE)
def send_back_version(work: UnitOfWork, version_id: UUID) -> None:
    """Return a revision from review to its author."""
    _move(work, version_id, ProcedureStatus.IN_REVIEW, ProcedureStatus.DRAFT)


@permitted(Permission.PROCEDURE_APPROVE)
def approve_version(work: UnitOfWork, version_id: UUID) -> None:
    """Approve a revision in review.

    Raises:
        Forbidden: The approver owns the procedure.
    """
    row = work.peek(ProcedureVersion, version_id)
    if work.peek(Procedure, row.procedure_id).owner_id == work.actor.person_id:
        raise Forbidden("The owner of a procedure does not approve it. Ask a colleague.")
    row = _move(work, version_id, ProcedureStatus.IN_REVIEW, ProcedureStatus.APPROVED)
    row.approved_by = work.actor.person_id
    row.approved_at = work.now
    work.add(row)


@permitted(Permission.PROCEDURE_APPROVE)
def put_in_effect(work: UnitOfWork, version_id: UUID, on: date | None = None) -> None:
    """Let work begin by an approved revision; the one before is superseded, sheets keep it.

    Args:
        work: The transaction.
        version_id: The revision.
        on: Since when, for a revision that was in effect before it was entered here.
    """
    row = work.get(ProcedureVersion, version_id)
    today = today_of(work)
    if on is not None and on > today:
        raise Invalid("Put it in effect on the day itself.", field="effective_from")
    earlier = work.exec(
        select(ProcedureVersion)
        .where(
            ProcedureVersion.procedure_id == row.procedure_id,
            ProcedureVersion.status == ProcedureStatus.EFFECTIVE,
        )
        .with_for_update()
    ).all()
    if row.status is ProcedureStatus.APPROVED:
        # First the old one: at no instant are two in effect.
        for each in earlier:
            each.status = ProcedureStatus.SUPERSEDED
            work.add(each)
    row = _move(work, version_id, ProcedureStatus.APPROVED, ProcedureStatus.EFFECTIVE)
    row.effective_from = on or today
    work.add(row)


@within_deed
def effective_procedure(work: UnitOfWork, code: str) -> EffectiveProcedure:
    """Return the revision of a procedure that is in effect.

    Raises:
        NotFound: The laboratory has no such procedure.
        NoEffectiveVersion: None of its revisions is in effect (guard G12).
    """
    found = work.exec(
        select(Procedure, ProcedureVersion)
        .outerjoin(
            ProcedureVersion,
            (col(ProcedureVersion.procedure_id) == Procedure.id)
            & (col(ProcedureVersion.status) == ProcedureStatus.EFFECTIVE),
        )
        .where(Procedure.code == code)
    ).first()
    if found is None:
        raise NotFound(f"The laboratory has no procedure {code}.")
    procedure, version = found
    if version is None:
        raise NoEffectiveVersion(f"No revision of {code} is in effect. Have one approved first.")
    return EffectiveProcedure(
        ProcedureVersionId(version.id),
        procedure.code,
        procedure.title,
        procedure.discipline,
        version.revision,
        procedure.model_key,
        version.model_version,
        version.settings,
    )


@within_deed
def find_procedure(work: UnitOfWork, code: str) -> tuple[str, str] | None:
    """Return title and discipline of a procedure, or None where there is none."""
    found = work.exec(
        select(Procedure.title, Procedure.discipline).where(Procedure.code == code)
    ).first()
    return None if found is None else (found[0], found[1])


def _summary(row: Procedure, revision: int | None, since: date | None) -> ProcedureSummary:
    return ProcedureSummary(row.id, row.code, row.title, row.discipline, revision, since)


def _checked(draft: ProcedureDraft) -> dict[str, Any]:
    if draft.model_key not in {each.key for each in PROCEDURES}:
        raise Invalid(
            f"The engine has no measurement model {draft.model_key or 'without a name'}.",
            field="model_key",
        )
    return {
        "code": filled(draft.code, "code", "a code, such as MP-ELE-05", most=40),
        "title": filled(draft.title, "title", "a title"),
        "discipline": filled(draft.discipline, "discipline", "a discipline").lower(),
        "model_key": draft.model_key,
        "owner_id": draft.owner_id,
    }


def _refuse_taken(work: UnitOfWork, code: str) -> None:
    if work.exec(select(Procedure.id).where(Procedure.code == code)).first() is not None:
        raise ProcedureCodeTaken(f"There is a procedure {code} already.", field="code")


def _refuse_unknown_model(key: str, version: str) -> None:
    try:
        procedure_of(key, version)
    except MetrologyError as error:
        raise Invalid(str(error), field="model_version") from error


def _move(
    work: UnitOfWork, version_id: UUID, source: ProcedureStatus, target: ProcedureStatus
) -> ProcedureVersion:
    row = work.get(ProcedureVersion, version_id)
    if row.status is not source:
        raise NotThisStatus(f"Revision {row.revision} is {_said(row.status)}, not {_said(source)}.")
    row.status = target
    work.add(row)
    return row


def _said(status: ProcedureStatus) -> str:
    return status.value.replace("_", " ")


def _enter_words(work: UnitOfWork, row: Procedure) -> None:
    enter_words(work, KIND, row.id, (row.code, row.title, row.discipline))
