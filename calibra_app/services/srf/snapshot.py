"""What a request's record freezes at each transition: the request, its lines, offer and hashes.

Records are append-only; each names the hash of the one before, so a missing or altered one shows.
"""

import json
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.errors import Forbidden
from calibra_app.models.base import TenantRow
from calibra_app.models.calibration import Sheet
from calibra_app.models.certificate import Certificate
from calibra_app.models.dispatch import Shipment
from calibra_app.models.document import StoredFile
from calibra_app.models.invoice import Invoice
from calibra_app.models.quotation import Quotation, QuotationLine, QuotationRevision
from calibra_app.models.srf import ContractReview, HeaderState, Srf, SrfLine, SrfRecord
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.srf.records import ChainBreak, Record, next_record, verify_chain
from calibra_app.services.srf.transition import Transition

FORM = "calibra-srf-record/1"
# What says nothing about the content of a record, or would name the laboratory's number.
_LEFT_OUT = frozenset({"tenant_id", "created_at", "link_digest"})


@dataclass(frozen=True, slots=True)
class Step:
    """What the record says happened."""

    transition: Transition
    from_state: str
    to_state: str
    reason: str = ""
    line_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class RecordsVerified:
    """What verifying the records of all requests found; `broken` by the request's number."""

    requests: int
    records: int
    broken: tuple[tuple[str, ChainBreak], ...]


@permitted(Permission.AUDIT_TRAIL_READ, reading=True)
def verify_records(work: UnitOfWork) -> RecordsVerified:
    """Follow the chain of records of every request to the state in which it stands.

    Raises:
        Forbidden: The actor reads own deeds alone.
    """
    if work.actor.only_own(Permission.AUDIT_TRAIL_READ, reading=True):
        raise Forbidden("All requests are for those who may read the whole trail.")
    requests = work.exec(select(Srf.id, Srf.number, Srf.state).order_by(col(Srf.id))).all()
    records = 0
    broken: list[tuple[str, ChainBreak]] = []
    for srf_id, number, state in requests:
        chain = _chain_of(work, srf_id)
        records += len(chain)
        found = verify_chain(chain) or _break_at_end(chain, state)
        if found is not None:
            broken.append((number or str(srf_id), found))
    return RecordsVerified(len(requests), records, tuple(broken))


@within_deed
def freeze(work: UnitOfWork, srf: Srf, step: Step) -> SrfRecord:
    """Append the record of a transition to the request's chain; the header must be locked."""
    last = last_record(work, srf.id)
    record = next_record(_record(last) if last else None, _body(work, srf, step))
    row = SrfRecord(
        srf_id=srf.id,
        line_id=step.line_id,
        sequence=record.number,
        transition=step.transition.number,
        action=step.transition.verb,
        from_state=step.from_state,
        to_state=step.to_state,
        actor_id=work.actor.person_id,
        actor_name=work.actor.name,
        reason=step.reason,
        at=work.now,
        body={"canonical": record.body},
        sha256=record.digest,
        previous_sha256=record.previous,
    )
    work.add(row)
    return row


@within_deed
def check_chain(work: UnitOfWork, srf_id: UUID) -> ChainBreak | None:
    """Return the first record of a request that does not fit its chain, or None."""
    return verify_chain(_chain_of(work, srf_id))


@within_deed
def last_record(work: UnitOfWork, srf_id: UUID) -> SrfRecord | None:
    """Return the record at the end of a request's chain: what stands now, and who brought it."""
    return work.exec(
        select(SrfRecord)
        .where(SrfRecord.srf_id == srf_id)
        .order_by(col(SrfRecord.sequence).desc())
        .limit(1)
    ).first()


def _chain_of(work: UnitOfWork, srf_id: UUID) -> list[Record]:
    rows = work.exec(
        select(SrfRecord).where(SrfRecord.srf_id == srf_id).order_by(col(SrfRecord.sequence))
    ).all()
    return [_record(row) for row in rows]


def _break_at_end(chain: list[Record], state: HeaderState) -> ChainBreak | None:
    """Say whether the last record leads to where the request stands.

    No hash names the last record, so this is what shows that the end of a chain was cut off, or
    that the state was changed past the services.
    """
    if not chain:
        return ChainBreak(1, "it has no record")
    recorded = json.loads(chain[-1].body)["srf"]["state"]
    if recorded == state.value:
        return None
    return ChainBreak(len(chain) + 1, f"it stands at {state.value}, its last record at {recorded}")


def _record(row: SrfRecord) -> Record:
    return Record(row.sequence, row.previous_sha256, row.sha256, str(row.body["canonical"]))


def _body(work: UnitOfWork, srf: Srf, step: Step) -> dict[str, Any]:
    lines = work.exec(
        select(SrfLine).where(SrfLine.srf_id == srf.id).order_by(col(SrfLine.position))
    ).all()
    line_ids = [line.id for line in lines]
    return {
        "form": FORM,
        "action": {
            "transition": step.transition.number,
            "verb": step.transition.verb,
            "from": step.from_state,
            "to": step.to_state,
            "reason": step.reason,
            "line": step.line_id,
            "actor": {"id": work.actor.person_id, "name": work.actor.name},
            "at": work.now,
            "request": work.actor.request_id,
        },
        "srf": plain(srf),
        "lines": [plain(line) for line in lines],
        "reviews": _reviews(work, line_ids),
        "quotation": _quotation(work, srf.id),
        "sheets": _sheets(work, line_ids),
        "certificates": _certificates(work, line_ids),
        "invoices": _invoices(work, srf.id),
        "shipments": _shipments(work, srf.id),
        "files": _files(work, (srf.id, *line_ids)),
    }


def plain(row: TenantRow) -> dict[str, Any]:
    """Return a row's columns as the record keeps them; nested numbers stand as text."""
    return {
        name: _numbers_as_text(getattr(row, name))
        for name in sorted(type(row).model_fields)
        if name not in _LEFT_OUT
    }


def _numbers_as_text(value: Any) -> Any:
    if isinstance(value, float):
        return str(value)
    if isinstance(value, dict):
        return {str(key): _numbers_as_text(each) for key, each in value.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, list):
        return [_numbers_as_text(each) for each in value]  # pyright: ignore[reportUnknownVariableType]
    return value


def _reviews(work: UnitOfWork, line_ids: list[UUID]) -> list[dict[str, Any]]:
    rows = work.exec(
        select(ContractReview)
        .where(col(ContractReview.line_id).in_(line_ids))
        .order_by(col(ContractReview.line_id))
    ).all()
    return [plain(row) for row in rows]


def _quotation(work: UnitOfWork, srf_id: UUID) -> dict[str, Any] | None:
    found = work.exec(
        select(Quotation, QuotationRevision)
        .join(QuotationRevision, col(QuotationRevision.quotation_id) == Quotation.id)
        .where(Quotation.srf_id == srf_id)
        .order_by(col(QuotationRevision.revision).desc())
        .limit(1)
    ).first()
    if found is None:
        return None
    quotation, revision = cast("tuple[Quotation, QuotationRevision]", found)
    lines = work.exec(
        select(QuotationLine)
        .where(QuotationLine.revision_id == revision.id)
        .order_by(col(QuotationLine.position))
    ).all()
    return {
        "number": quotation.number,
        "revision": plain(revision),
        "lines": [plain(line) for line in lines],
    }


def _sheets(work: UnitOfWork, line_ids: list[UUID]) -> list[dict[str, Any]]:
    rows = work.exec(
        select(Sheet).where(col(Sheet.line_id).in_(line_ids)).order_by(col(Sheet.line_id))
    ).all()
    return [{"line": row.line_id, "state": row.state, "sha256": row.content_sha256} for row in rows]


def _certificates(work: UnitOfWork, line_ids: list[UUID]) -> list[dict[str, Any]]:
    rows = work.exec(
        select(Certificate)
        .where(col(Certificate.line_id).in_(line_ids))
        .order_by(col(Certificate.number))
    ).all()
    return [
        {"number": row.number, "state": row.state, "sha256": row.content_sha256} for row in rows
    ]


def _invoices(work: UnitOfWork, srf_id: UUID) -> list[dict[str, Any]]:
    rows = work.exec(
        select(Invoice).where(Invoice.srf_id == srf_id).order_by(col(Invoice.number))
    ).all()
    return [plain(row) for row in rows]


def _shipments(work: UnitOfWork, srf_id: UUID) -> list[dict[str, Any]]:
    rows = work.exec(
        select(Shipment)
        .where(Shipment.srf_id == srf_id)
        .order_by(col(Shipment.created_at), col(Shipment.id))
    ).all()
    return [plain(row) for row in rows]


def _files(work: UnitOfWork, subjects: tuple[UUID, ...]) -> list[dict[str, Any]]:
    rows = work.exec(
        select(StoredFile)
        .where(col(StoredFile.subject_id).in_(subjects))
        .order_by(col(StoredFile.created_at), col(StoredFile.id))
    ).all()
    return [{"name": row.name, "purpose": row.purpose, "sha256": row.sha256} for row in rows]
