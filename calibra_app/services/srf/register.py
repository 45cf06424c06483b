"""The register of requests: the list, finding one by the label of an item, who may see which."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.sql.expression import SelectOfScalar

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.errors import NotFound
from calibra_app.core.ids import SrfId
from calibra_app.core.paging import Page
from calibra_app.models.customer import Customer
from calibra_app.models.equipment import Instrument
from calibra_app.models.person import Person
from calibra_app.models.srf import Srf, SrfLine
from calibra_app.persistence.listing import Key, page_of
from calibra_app.persistence.search import enter_words, found_by
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.srf.states import ENDED, HeaderState, LineState

NOT_DONE = (LineState.REJECTED, LineState.CANCELLED)
# What the code on our own labels leads to.
_LABEL = re.compile(r"/requests/([0-9a-fA-F-]{36})/")


@dataclass(frozen=True, slots=True)
class SrfSummary:
    """One request in a list."""

    id: SrfId
    number: str
    customer_id: UUID
    customer: str
    state: HeaderState
    reference: str
    lines: int
    urgent: bool
    promised_on: date | None
    created_at: datetime
    state_since: datetime


@dataclass(frozen=True, slots=True)
class SrfFilter:
    """What a list of requests is narrowed to; an empty field narrows nothing."""

    states: tuple[HeaderState, ...] = ()
    customer_id: UUID | None = None
    words: str = ""


@permitted(Permission.SRF_SEE, Permission.PORTAL_SEE, reading=True)
def list_srfs(work: UnitOfWork, wanted: SrfFilter, cursor: str = "") -> Page[SrfSummary]:
    """List requests, the newest first, as far as the actor may see them."""
    statement = select(Srf)
    if wanted.states:
        statement = statement.where(col(Srf.state).in_([*wanted.states]))
    if wanted.customer_id is not None:
        statement = statement.where(Srf.customer_id == wanted.customer_id)
    if wanted.words.strip():
        statement = statement.where(col(Srf.id).in_(found_by("srf", wanted.words)))
    keys = (Key(Srf.created_at, descending=True), Key(Srf.id, descending=True))
    page: Page[Srf] = page_of(work, visible(work, statement), _itself, *keys, cursor=cursor)
    return Page(_summaries(work, page.rows), page.next_cursor)


@permitted(Permission.SRF_SEE, reading=True)
def find_by_label(work: UnitOfWork, scanned: str) -> SrfId:
    """Return the newest open request on which the item with a label stands.

    Args:
        work: The transaction.
        scanned: Tag or serial number as typed, or the address in the code of our own label.

    Raises:
        NotFound: No open request has such an item.
    """
    label = scanned.strip()
    if (ours := _LABEL.search(label)) is not None:
        return _open_by_id(work, UUID(ours[1]))
    found = work.exec(
        select(SrfLine.srf_id)
        .join(Instrument, col(Instrument.id) == SrfLine.instrument_id)
        .where(
            (Instrument.tag == label) | (Instrument.serial == label),
            col(SrfLine.state).not_in([*ENDED]),
        )
        .order_by(col(SrfLine.created_at).desc())
        .limit(1)
    ).first()
    if found is None:
        raise NotFound(f"No open request has an item labelled “{label}”.")
    return SrfId(found)


def _open_by_id(work: UnitOfWork, srf_id: UUID) -> SrfId:
    known = work.exec(visible(work, select(Srf).where(Srf.id == srf_id))).first()
    if known is None:
        raise NotFound("No request of this laboratory has this label.")
    return SrfId(known.id)


@within_deed
def visible(work: UnitOfWork, statement: SelectOfScalar[Srf]) -> SelectOfScalar[Srf]:
    """Return the select narrowed to the requests that the actor may see."""
    actor = work.actor
    if actor.customer_id is not None:
        return statement.where(Srf.customer_id == actor.customer_id)
    if actor.only_own(Permission.SRF_SEE, reading=True):
        mine = select(SrfLine.srf_id).where(SrfLine.assignee_id == actor.person_id)
        return statement.where(col(Srf.id).in_(mine))
    return statement


@within_deed
def find_by_words(work: UnitOfWork, srf: Srf) -> None:
    """Let a request be found by its number and reference, its customer and its items."""
    customer = work.peek(Customer, srf.customer_id)
    items = work.exec(
        select(Instrument)
        .join(SrfLine, col(SrfLine.instrument_id) == Instrument.id)
        .where(SrfLine.srf_id == srf.id)
    ).all()
    texts = [srf.number, srf.customer_reference, customer.name, customer.code]
    for item in items:
        texts += [item.tag, item.serial, item.description, item.model]
    enter_words(work, "srf", srf.id, texts)


@within_deed
def names_of(
    work: UnitOfWork, table: type[Customer] | type[Person], ids: set[UUID]
) -> dict[UUID, str]:
    """Return the names of customers or people by their ids."""
    rows = work.exec(select(table.id, table.name).where(col(table.id).in_(ids))).all()
    return {row[0]: str(row[1]) for row in rows}


def _summaries(work: UnitOfWork, rows: Sequence[Srf]) -> tuple[SrfSummary, ...]:
    ids = [row.id for row in rows]
    names = names_of(work, Customer, {row.customer_id for row in rows})
    lines = work.exec(select(SrfLine).where(col(SrfLine.srf_id).in_(ids))).all()
    by_srf: dict[UUID, list[SrfLine]] = {}
    for line in lines:
        # What went home counts still; what was never done does not.
        if line.state not in NOT_DONE:
            by_srf.setdefault(line.srf_id, []).append(line)
    return tuple(_summary(row, names[row.customer_id], by_srf.get(row.id, [])) for row in rows)


def _summary(row: Srf, customer: str, lines: Sequence[SrfLine]) -> SrfSummary:
    return SrfSummary(
        id=SrfId(row.id),
        number=row.number,
        customer_id=row.customer_id,
        customer=customer,
        state=row.state,
        reference=row.customer_reference,
        lines=len(lines),
        urgent=any(line.urgent for line in lines if line.state not in ENDED),
        promised_on=min((line.promised_on for line in lines if line.promised_on), default=None),
        created_at=row.created_at,
        state_since=row.state_since,
    )


def _itself(srf: Srf) -> Srf:
    return srf
