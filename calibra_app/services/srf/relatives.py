"""The requests that a request comes from or goes on in: split off, or written anew."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import or_
from sqlmodel import col, select

from calibra_app.core.access import within_deed
from calibra_app.core.ids import SrfId
from calibra_app.models.srf import Srf
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.srf.register import visible


class Relation(StrEnum):
    """How another request stands to the one looked at."""

    SPLIT_FROM = "split_from"
    SPLIT_OFF = "split_off"
    REVIVED_FROM = "revived_from"
    REVIVED_AS = "revived_as"


@dataclass(frozen=True, slots=True)
class Relative:
    """One related request; a draft has no number yet."""

    id: SrfId
    number: str
    relation: Relation


@within_deed
def relatives_of(work: UnitOfWork, srf: Srf) -> tuple[Relative, ...]:
    """Return the related requests that the actor may see, the oldest first.

    Whatever is split off belongs to the request that was there first, also what was split off a
    part: all of them share its accepted offer.
    """
    root = srf.split_from or srf.id
    older = [each for each in (srf.split_from, srf.revived_from) if each is not None]
    related = or_(
        col(Srf.id).in_(older),
        col(Srf.split_from) == root,
        col(Srf.revived_from) == srf.id,
    )
    statement = visible(work, select(Srf).where(related, col(Srf.id) != srf.id))
    rows: list[Srf] = work.exec(statement.order_by(col(Srf.created_at), col(Srf.id))).all()
    return tuple(Relative(SrfId(row.id), row.number, _relation(srf, row)) for row in rows)


def _relation(srf: Srf, other: Srf) -> Relation:
    if other.id == srf.split_from:
        return Relation.SPLIT_FROM
    if other.id == srf.revived_from:
        return Relation.REVIVED_FROM
    if other.revived_from == srf.id:
        return Relation.REVIVED_AS
    return Relation.SPLIT_OFF
