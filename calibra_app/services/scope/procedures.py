"""The laboratory's procedures: the list, one with its revisions, the one by which work begins."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.entry import filled
from calibra_app.core.errors import Conflict, Invalid, NotFound
from calibra_app.core.ids import ProcedureVersionId
from calibra_app.core.paging import Page
from calibra_app.models.scope import Procedure, ProcedureStatus, ProcedureVersion
from calibra_app.persistence.listing import Key, page_of
from calibra_app.persistence.search import enter_words, found_by
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.persistence.versions import amend
from calibra_app.procedures.registry import DESIGNED, PROCEDURES, hold_design

KIND = "procedure"


class ProcedureCodeTaken(Conflict):
    """Another procedure has this code."""

    code: ClassVar[str] = "procedure_code_taken"


class NoEffectiveVersion(Conflict):
    """The procedure has no revision in effect (guard G12)."""

    code: ClassVar[str] = "no_effective_version"


@dataclass(frozen=True, slots=True)
class ProcedureDraft:
    """What is entered of a procedure; `model_key` names its measurement model."""

    code: str
    title: str
    discipline: str
    model_key: str
    owner_id: UUID | None = None


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
    designed: bool = False


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
    # The laboratory's own design; empty for a model of the engine.
    design: Mapping[str, object] = field(default_factory=dict[str, object])


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
    coded = (MeasurementModel(each.key, each.version, each.title) for each in PROCEDURES)
    return MeasurementModel(DESIGNED, "", "Designed by the laboratory"), *coded


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
                bool(each.design),
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
    if version.design:
        hold_design(version.design, version.model_version)
    return EffectiveProcedure(
        ProcedureVersionId(version.id),
        procedure.code,
        procedure.title,
        procedure.discipline,
        version.revision,
        DESIGNED if version.design else procedure.model_key,
        version.model_version,
        version.settings,
        version.design,
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
    if draft.model_key not in {DESIGNED, *(each.key for each in PROCEDURES)}:
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


def _enter_words(work: UnitOfWork, row: Procedure) -> None:
    enter_words(work, KIND, row.id, (row.code, row.title, row.discipline))
