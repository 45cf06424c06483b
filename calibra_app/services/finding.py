"""Finding any record by a few words or a scanned label: what stands behind Ctrl K.

Every kind is looked for by the indexes of its own list, and only where the actor may see it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.errors import NotFound
from calibra_app.models.certificate import Certificate
from calibra_app.models.customer import Customer
from calibra_app.models.equipment import Instrument, ReferenceStandard
from calibra_app.models.quotation import Quotation
from calibra_app.models.srf import Srf, SrfLine
from calibra_app.persistence.search import found_by
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.srf.register import find_by_label, visible
from calibra_app.services.srf.states import ENDED, words
from calibra_app.services.srf.whereabouts import places_of

MOST_OF_A_KIND = 5
_SHORTEST = 2


class FoundKind(StrEnum):
    """What was found; the site knows where each is shown."""

    SRF = "srf"
    INSTRUMENT = "instrument"
    CERTIFICATE = "certificate"
    CUSTOMER = "customer"
    STANDARD = "standard"
    QUOTATION = "quotation"


@dataclass(frozen=True, slots=True)
class Found:
    """One record.

    Attributes:
        hint: What else is known of it; of an instrument also how far its work is and where it lies.
        srf_id: The newest open request on which an instrument stands; the page to open.
    """

    kind: FoundKind
    id: UUID
    label: str
    hint: str
    srf_id: UUID | None = None


@permitted(Permission.SRF_SEE, Permission.CUSTOMER_SEE, Permission.PORTAL_SEE, reading=True)
def find_records(work: UnitOfWork, query: str) -> tuple[Found, ...]:
    """Find records by the beginnings of their words, the most likely kinds first.

    Args:
        work: The transaction.
        query: What was typed or scanned; the address in the code of our own label counts as well.
    """
    asked = query.strip()[:100]
    if len(asked) < _SHORTEST:
        return ()
    ours = _of_label(work, asked)
    if ours:
        return ours
    return tuple(
        found
        for permissions, look in _KINDS
        if any(work.actor.may(permission, reading=True) for permission in permissions)
        for found in look(work, asked)
    )


def _of_label(work: UnitOfWork, asked: str) -> tuple[Found, ...]:
    """Return the request that the code on one of our labels leads to."""
    if "/requests/" not in asked or not work.actor.may(Permission.SRF_SEE, reading=True):
        return ()
    try:
        srf_id = find_by_label(work, asked)
    except NotFound:
        return ()
    return (_srf(work.peek(Srf, srf_id), ""),)


def _srfs(work: UnitOfWork, asked: str) -> Sequence[Found]:
    statement = visible(work, select(Srf).where(col(Srf.id).in_(found_by("srf", asked))))
    rows: Sequence[Srf] = work.exec(
        statement.order_by(col(Srf.created_at).desc(), col(Srf.id).desc()).limit(MOST_OF_A_KIND)
    ).all()
    ids = {row.customer_id for row in rows}
    names = work.exec(select(Customer.id, Customer.name).where(col(Customer.id).in_(ids))).all()
    known = {row[0]: str(row[1]) for row in names}
    return [_srf(row, known.get(row.customer_id, "")) for row in rows if row.number]


def _srf(row: Srf, customer: str) -> Found:
    hint = " · ".join(part for part in (customer, words(row.state)) if part)
    return Found(FoundKind.SRF, row.id, row.number, hint, row.id)


def _instruments(work: UnitOfWork, asked: str) -> Sequence[Found]:
    if work.actor.customer_id is not None:
        return ()
    rows: Sequence[tuple[Instrument, str]] = work.exec(
        select(Instrument, Customer.name)
        .join(Customer, col(Customer.id) == Instrument.customer_id)
        .where(col(Instrument.id).in_(found_by("instrument", asked)))
        .order_by(col(Instrument.tag), col(Instrument.id))
        .limit(MOST_OF_A_KIND)
    ).all()
    standing = _standing(work, [row[0].id for row in rows])
    places = places_of(work, [line.id for line in standing.values()])
    return [_instrument(item, customer, standing.get(item.id), places) for item, customer in rows]


def _instrument(
    item: Instrument, customer: str, line: SrfLine | None, places: Mapping[UUID, str]
) -> Found:
    where = (words(line.state), places.get(line.id, "")) if line else ()
    hint = " · ".join(part for part in (item.description, customer, *where) if part)
    srf_id = line.srf_id if line else None
    return Found(FoundKind.INSTRUMENT, item.id, item.tag, hint, srf_id)


def _standing(work: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, SrfLine]:
    """Return each instrument's line on the newest open request."""
    rows: Sequence[SrfLine] = work.exec(
        select(SrfLine)
        .where(col(SrfLine.instrument_id).in_(ids), col(SrfLine.state).not_in([*ENDED]))
        .order_by(col(SrfLine.created_at))
    ).all()
    return {line.instrument_id: line for line in rows}


def _certificates(work: UnitOfWork, asked: str) -> Sequence[Found]:
    if work.actor.customer_id is not None:
        return ()
    statement = select(Certificate).where(col(Certificate.number).op("^@")(asked.upper()))
    if work.actor.only_own(Permission.CERTIFICATE_DOWNLOAD, reading=True):
        mine = select(SrfLine.id).where(SrfLine.assignee_id == work.actor.person_id)
        statement = statement.where(col(Certificate.line_id).in_(mine))
    rows: Sequence[Certificate] = work.exec(
        statement.order_by(col(Certificate.number)).limit(MOST_OF_A_KIND)
    ).all()
    return [
        Found(FoundKind.CERTIFICATE, row.id, row.number, row.state.value.capitalize())
        for row in rows
    ]


def _customers(work: UnitOfWork, asked: str) -> Sequence[Found]:
    if work.actor.customer_id is not None:
        return ()
    rows: Sequence[Customer] = work.exec(
        select(Customer)
        .where(col(Customer.id).in_(found_by("customer", asked)), col(Customer.archived).is_(False))
        .order_by(col(Customer.name), col(Customer.id))
        .limit(MOST_OF_A_KIND)
    ).all()
    return [Found(FoundKind.CUSTOMER, row.id, row.name, row.code) for row in rows]


def _standards(work: UnitOfWork, asked: str) -> Sequence[Found]:
    rows: Sequence[ReferenceStandard] = work.exec(
        select(ReferenceStandard)
        .where(col(ReferenceStandard.id).in_(found_by("standard", asked)))
        .order_by(col(ReferenceStandard.code))
        .limit(MOST_OF_A_KIND)
    ).all()
    return [Found(FoundKind.STANDARD, row.id, row.code, row.name) for row in rows]


def _quotations(work: UnitOfWork, asked: str) -> Sequence[Found]:
    if work.actor.customer_id is not None:
        return ()
    rows: Sequence[Quotation] = work.exec(
        select(Quotation)
        .where(col(Quotation.number).op("^@")(asked.upper()))
        .order_by(col(Quotation.number))
        .limit(MOST_OF_A_KIND)
    ).all()
    return [Found(FoundKind.QUOTATION, row.id, row.number, "", row.srf_id) for row in rows]


_KINDS: tuple[tuple[tuple[Permission, ...], Callable[[UnitOfWork, str], Sequence[Found]]], ...] = (
    ((Permission.SRF_SEE, Permission.PORTAL_SEE), _srfs),
    ((Permission.SRF_SEE,), _instruments),
    ((Permission.CERTIFICATE_DOWNLOAD,), _certificates),
    ((Permission.QUOTATION_SEE,), _quotations),
    ((Permission.CUSTOMER_SEE,), _customers),
    ((Permission.LABORATORY_SEE,), _standards),
)
