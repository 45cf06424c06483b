"""Procedures that the laboratory designs itself: drafted, tried out, checked, kept as data.

A design is edited while its revision is a draft, and never after: what is approved is found by
the digest of its content, so even a change made behind the application's back would be seen.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.errors import Conflict, NotFound
from calibra_app.core.ids import ProcedureVersionId
from calibra_app.models.scope import Procedure, ProcedureStatus, ProcedureVersion
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.persistence.versions import amend
from calibra_app.procedures.designed.checks import Fault
from calibra_app.procedures.designed.design import Design
from calibra_app.procedures.registry import hold_design, is_held
from calibra_app.procedures.templates import Example, write_design
from calibra_app.services.scope.trials import DesignRefused, all_faults, dry_run, read_parts

SEE: Final = (Permission.PROCEDURE_EDIT, Permission.LABORATORY_SEE)

BLANK: Final[Mapping[str, object]] = {
    "form": "calibra-procedure/1",
    "key": "", "title": "", "discipline": "",
    "parameters": [
        {"name": "resolution", "title": "Resolution", "unit": ""},
        {"name": "points", "title": "Points", "kind": "list"},
    ],
    "tables": [{
        "key": "indication", "title": "Errors of indication", "function": "",
        "blocks": [{"unit": "", "nominals": ["points"], "repeats": "3"}],
        "columns": [{"name": "i", "title": "Indication"}],
        "result": {"title": "Error of indication", "unit": "", "indication": "i",
                   "model": "x_i + d_res - x_S"},
        "inputs": [
            {"name": "x_i", "title": "Repeatability", "source": "readings", "column": "i"},
            {"name": "d_res", "title": "Resolution", "source": "resolution"},
            {"name": "x_S", "title": "Reference standard", "source": "standard"},
        ],
    }],
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DesignRecord:
    """One revision's design with what stands around it."""

    id: ProcedureVersionId
    version: int
    procedure_id: UUID
    code: str
    title: str
    discipline: str
    revision: int
    status: ProcedureStatus
    digest: str
    design: Mapping[str, Any]
    sample: Mapping[str, Any]

    @property
    def editable(self) -> bool:
        """Say whether it may still be changed."""
        return self.status is ProcedureStatus.DRAFT


@permitted(*SEE, reading=True)
def get_design(work: UnitOfWork, version_id: UUID) -> DesignRecord:
    """Return the design of a revision.

    Raises:
        NotFound: The revision is not a designed one.
    """
    row = work.peek(ProcedureVersion, version_id)
    if not row.design:
        raise NotFound(
            "This revision stands on a measurement model of the engine, not on a design."
        )
    procedure = work.peek(Procedure, row.procedure_id)
    return DesignRecord(
        ProcedureVersionId(row.id),
        row.version,
        procedure.id,
        procedure.code,
        procedure.title,
        procedure.discipline,
        row.revision,
        row.status,
        row.model_version,
        row.design,
        row.sample,
    )


@permitted(Permission.PROCEDURE_EDIT)
def save_design(
    work: UnitOfWork,
    version_id: UUID,
    seen: int,
    design: Mapping[str, object],
    sample: Mapping[str, object],
) -> tuple[Fault, ...]:
    """Keep a draft's design, and return the faults that are left to mend in it.

    Raises:
        Conflict: The revision is no draft any more.
        DesignRefused: It has not the form of a design at all.
        Stale: Somebody else has changed it meanwhile.
    """
    row = work.get(ProcedureVersion, version_id)
    if row.status is not ProcedureStatus.DRAFT:
        said = row.status.value.replace("_", " ")
        raise Conflict(f"Revision {row.revision} is {said}; begin a new revision to change it.")
    if not row.design:
        raise Conflict("This revision stands on a measurement model of the engine.")
    procedure = work.peek(Procedure, row.procedure_id)
    kept, example = read_parts(design, sample)
    store_design(work, procedure, row, (kept, example), seen)
    return all_faults(kept, example)


@permitted(*SEE, reading=True)
def design_file(work: UnitOfWork, version_id: UUID) -> tuple[str, str]:
    """Return name and content of the file in which a design leaves: an open format, readable."""
    record = get_design(work, version_id)
    name = "".join(sign if sign.isalnum() else "-" for sign in record.code)
    return f"{name}-rev{record.revision}.json", write_design(record.design, record.sample)


@within_deed
def hold_designs(work: UnitOfWork, versions: Iterable[str]) -> None:
    """Make the designs among these model versions known to this process."""
    missing = [each for each in versions if len(each) == DIGEST_LENGTH and not is_held(each)]
    if not missing:
        return
    rows = work.exec(
        select(ProcedureVersion.design, ProcedureVersion.model_version).where(
            col(ProcedureVersion.model_version).in_(missing)
        )
    ).all()
    for design, digest in rows:
        hold_design(design, digest)


DIGEST_LENGTH: Final = 64


@within_deed
def begun_design(
    work: UnitOfWork,
    procedure: Procedure,
    design: Mapping[str, object],
    sample: Mapping[str, object],
) -> tuple[Design, Example]:
    """Return what a new revision begins from: what is given, the last revision, or a blank one."""
    if design:
        return read_parts(design, sample)
    last = work.exec(
        select(ProcedureVersion)
        .where(ProcedureVersion.procedure_id == procedure.id)
        .order_by(col(ProcedureVersion.revision).desc())
        .limit(1)
    ).first()
    if last is not None and last.design:
        return read_parts(last.design, last.sample)
    return read_parts(BLANK, {})


@within_deed
def store_design(
    work: UnitOfWork,
    procedure: Procedure,
    row: ProcedureVersion,
    parts: tuple[Design, Example],
    seen: int | None = None,
) -> None:
    """Write a design into its revision, under the procedure's names, and note who wrote."""
    design, example = parts
    named = replace(
        design,
        key=procedure.code,
        version=str(row.revision),
        title=procedure.title,
        discipline=procedure.discipline,
    )
    fields: dict[str, Any] = {
        "design": named.as_json(),
        "sample": example.as_json(),
        "model_version": named.digest,
        "writers": {**row.writers, str(work.actor.person_id): work.actor.name},
    }
    if seen is not None:
        amend(work, row, seen, fields)
        return
    for name, value in fields.items():
        setattr(row, name, value)


@within_deed
def require_ready(work: UnitOfWork, row: ProcedureVersion) -> None:
    """Raise DesignRefused where a designed revision cannot be handed over for review yet."""
    del work
    if not row.design:
        return
    design, example = read_parts(row.design, row.sample)
    faults = list(all_faults(design, example))
    if not faults:
        faults += dry_run(design, example)
    if faults:
        raise DesignRefused(faults)
