"""A request as one of its records froze it: read-only, its content checked against its digest."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.errors import NotFound
from calibra_app.core.ids import SrfId
from calibra_app.models.equipment import Instrument
from calibra_app.models.srf import Srf, SrfRecord
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.srf.cancellation import sound_body
from calibra_app.services.srf.register import visible


@dataclass(frozen=True, slots=True)
class PastLine:
    """One line as it was."""

    position: int
    tag: str
    description: str
    state: str
    condition: str
    promised_on: str


@dataclass(frozen=True, slots=True)
class PastSrf:
    """A request as it was; only a record whose digest fits is shown."""

    sequence: int
    count: int
    at: datetime
    action: str
    actor: str
    sha256: str
    state: str
    number: str
    reference: str
    remarks: str
    quotation: str
    lines: tuple[PastLine, ...]


@permitted(Permission.SRF_SEE, reading=True)
def srf_at(work: UnitOfWork, srf_id: SrfId, sequence: int) -> PastSrf:
    """Return a request as its record number `sequence` froze it.

    Raises:
        NotFound: There is no such request for the actor, or no such record.
        Conflict: The record's content is not what was written then.
    """
    if work.exec(visible(work, select(Srf).where(Srf.id == srf_id))).first() is None:
        raise NotFound("There is no such request.")
    rows = work.exec(
        select(SrfRecord).where(SrfRecord.srf_id == srf_id).order_by(col(SrfRecord.sequence))
    ).all()
    row = next((each for each in rows if each.sequence == sequence), None)
    if row is None:
        raise NotFound(f"This request has no record {sequence}.")
    body = cast("dict[str, Any]", json.loads(sound_body(row).body))
    srf = cast("dict[str, Any]", body["srf"])
    lines = cast("list[dict[str, Any]]", body["lines"])
    items = _items(work, lines)
    quotation = cast("dict[str, Any] | None", body.get("quotation"))
    return PastSrf(
        sequence=sequence,
        count=len(rows),
        at=row.at,
        action=row.action,
        actor=row.actor_name,
        sha256=row.sha256,
        state=str(srf["state"]),
        number=str(srf["number"]),
        reference=str(srf["customer_reference"]),
        remarks=str(srf["remarks"]),
        quotation=_quotation(quotation),
        lines=tuple(_line(line, items) for line in lines),
    )


def _items(work: UnitOfWork, lines: list[dict[str, Any]]) -> Mapping[str, Instrument]:
    ids = {UUID(str(line["instrument_id"])) for line in lines}
    rows = work.exec(select(Instrument).where(col(Instrument.id).in_(ids))).all()
    return {str(row.id): row for row in rows}


def _line(line: dict[str, Any], items: Mapping[str, Instrument]) -> PastLine:
    item = items.get(str(line["instrument_id"]))
    return PastLine(
        position=int(line["position"]),
        tag=item.tag if item else "",
        description=item.description if item else "",
        state=str(line["state"]),
        condition=str(line["condition"] or ""),
        promised_on=str(line["promised_on"] or ""),
    )


def _quotation(kept: dict[str, Any] | None) -> str:
    if kept is None:
        return ""
    return f"{kept['number']} R{kept['revision'].get('revision', '')}"
