"""Cancelling a request with what it leaves behind, and restoring its heading from a record.

T52 and T55; a copy of what was cancelled (T54) stands in `drafts.py`.
"""

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from sqlmodel import select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.errors import Conflict, NotFound
from calibra_app.core.ids import SrfId
from calibra_app.models.srf import Srf, SrfRecord
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.srf.facts import Facts, Settlement
from calibra_app.services.srf.letters import write_to_contact
from calibra_app.services.srf.moves import Move, lines_of, move_header
from calibra_app.services.srf.printing import print_srf_form
from calibra_app.services.srf.records import Record, record_hash
from calibra_app.services.srf.states import ENDED

# What of a request's heading a record brings back; states and numbers are never set back.
_RESTORED = ("contact_id", "channel", "customer_reference", "languages", "remarks")


class DoneWork(StrEnum):
    """What becomes of the work that was done before a cancellation."""

    OPEN = ""
    BILLED = "billed"
    WAIVED = "waived"


@dataclass(frozen=True, slots=True)
class Effects:
    """What is decided about the effects of a cancellation (G35)."""

    done_work: DoneWork = DoneWork.OPEN
    return_listed: bool = False


@permitted(Permission.SRF_CANCEL)
def cancel_srf(work: UnitOfWork, srf_id: SrfId, seen: int, reason: str, effects: Effects) -> None:
    """Cancel a request; what was done and what is here is settled first (T52).

    Raises:
        GuardFailed: Work already done, or items that are here, are not decided on.
    """
    srf = work.get(Srf, srf_id)
    settled = Facts(settlement=settlement_of(work, srf_id, effects))
    told = reason.strip()
    if effects.done_work is not DoneWork.OPEN:
        told = f"{told} (work done so far: {effects.done_work.value})"
    move_header(work, srf, Move("T52", seen, told), settled)
    if srf.number:
        print_srf_form(work, srf, lines_of(work, srf_id), closing=f"Cancelled: {told}")
        write_to_contact(work, srf, "cancelled", reason=reason.strip())


@within_deed
def settlement_of(work: UnitOfWork, srf_id: UUID, effects: Effects) -> Settlement:
    """Return what a cancellation would leave behind."""
    active = [line for line in lines_of(work, srf_id) if line.state not in ENDED]
    return Settlement(
        work_done=any(line.started for line in active),
        work_settled=effects.done_work is not DoneWork.OPEN,
        items_here=any(line.condition is not None for line in active),
        return_listed=effects.return_listed,
    )


@permitted(Permission.SRF_RESTORE)
def restore_heading(
    work: UnitOfWork, srf_id: SrfId, seen: int, sequence: int, *, reason: str, password: str
) -> None:
    """Bring back what stood above the lines at an earlier record, as a new record (T55).

    Raises:
        NotFound: The request has no such record.
        Conflict: The record is not what was written then.
    """
    srf = work.get(Srf, srf_id)
    row: SrfRecord | None = work.exec(
        select(SrfRecord).where(SrfRecord.srf_id == srf_id, SrfRecord.sequence == sequence)
    ).first()
    if row is None:
        raise NotFound(f"This request has no record {sequence}.")
    heading = cast("dict[str, Any]", json.loads(sound_body(row).body)["srf"])
    for name in _RESTORED:
        value = heading[name]
        setattr(srf, name, UUID(value) if name == "contact_id" and value else value)
    told = f"{reason.strip()} (from record {sequence})"
    move_header(work, srf, Move("T55", seen, told, password=password))
    if srf.number:
        print_srf_form(work, srf, lines_of(work, srf_id), closing=f"Restored: {told}")


@within_deed
def sound_body(row: SrfRecord) -> Record:
    """Return a record whose content has the digest that was written with it."""
    body = str(row.body["canonical"])
    if record_hash(row.previous_sha256, body) != row.sha256:
        raise Conflict(
            f"Record {row.sequence} is not what was recorded; the audit must look at it."
        )
    return Record(row.sequence, row.previous_sha256, row.sha256, body)
