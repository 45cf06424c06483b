"""Revisions of a procedure: from draft by review and approval to effect, and superseded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import ClassVar
from uuid import UUID

from sqlmodel import select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.entry import limited
from calibra_app.core.errors import Conflict, Forbidden, Invalid
from calibra_app.core.ids import ProcedureVersionId
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.models.scope import Procedure, ProcedureStatus, ProcedureVersion
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.procedures.registry import DESIGNED, procedure_of
from calibra_app.services.laboratory import today_of
from calibra_app.services.scope.designs import (
    begun_design,
    require_ready,
    store_design,
)
from calibra_app.services.signatures import sign

APPROVED = "approved"


class NotThisStatus(Conflict):
    """The revision is not where this step begins."""

    code: ClassVar[str] = "not_this_status"


@dataclass(frozen=True, slots=True)
class VersionDraft:
    """What is entered of a revision; without a number it follows the last one."""

    model_version: str = ""
    revision: int | None = None
    settings: Mapping[str, object] = field(default_factory=dict[str, object])
    change_note: str = ""
    # A revision that the laboratory designs begins from a design and its sample readings; without
    # one from the last revision, else blank. A procedure of the engine may go over to a design.
    designed: bool = False
    design: Mapping[str, object] = field(default_factory=dict[str, object])
    sample: Mapping[str, object] = field(default_factory=dict[str, object])


@permitted(Permission.PROCEDURE_EDIT)
def draft_version(work: UnitOfWork, procedure_id: UUID, draft: VersionDraft) -> ProcedureVersionId:
    """Begin a revision of a procedure.

    Raises:
        Conflict: Another revision is still being worked on, or the number is taken.
        Invalid: The engine has no such version of the measurement model.
    """
    procedure = work.get(Procedure, procedure_id)
    designed = draft.designed or bool(draft.design) or procedure.model_key == DESIGNED
    if not designed:
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
        model_version="" if designed else draft.model_version,
        settings=dict(draft.settings),
        change_note=limited(draft.change_note, "change_note", most=1000),
    )
    if designed:
        begun = begun_design(work, procedure, draft.design, draft.sample)
        store_design(work, procedure, row, begun)
    work.add(row)
    return ProcedureVersionId(row.id)


@permitted(Permission.PROCEDURE_EDIT)
def submit_version(work: UnitOfWork, version_id: UUID) -> None:
    """Hand a draft over for review.

    Raises:
        DesignRefused: A designed procedure has faults, or its sample readings give no result.
    """
    require_ready(work, work.peek(ProcedureVersion, version_id))
    _move(work, version_id, ProcedureStatus.DRAFT, ProcedureStatus.IN_REVIEW)


@permitted(Permission.PROCEDURE_APPROVE)
def send_back_version(work: UnitOfWork, version_id: UUID) -> None:
    """Return a revision from review to its author."""
    _move(work, version_id, ProcedureStatus.IN_REVIEW, ProcedureStatus.DRAFT)


@permitted(Permission.PROCEDURE_APPROVE)
def approve_version(work: UnitOfWork, version_id: UUID, password: str = "") -> None:
    """Approve a revision in review; a designed one is signed with the password.

    Raises:
        Forbidden: The approver owns the procedure, or wrote on this revision.
        Invalid: The password is wrong or was not typed.
    """
    row = work.peek(ProcedureVersion, version_id)
    if work.peek(Procedure, row.procedure_id).owner_id == work.actor.person_id:
        raise Forbidden("The owner of a procedure does not approve it. Ask a colleague.")
    if str(work.actor.person_id) in row.writers:
        raise Forbidden("Who wrote on a revision does not approve it. Ask a colleague.")
    if row.design and row.status is ProcedureStatus.IN_REVIEW:
        _sign(work, row, password)
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


def _sign(work: UnitOfWork, row: ProcedureVersion, password: str) -> None:
    if not password:
        raise Invalid("Type your password to sign.", field="password")
    sign(
        work,
        password,
        meaning=APPROVED,
        subject_kind="procedure_version",
        subject_id=row.id,
        content_sha256=row.model_version,
        statement=f"Revision {row.revision} is approved as it stands, points, budget and limits.",
    )


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
