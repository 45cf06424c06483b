"""Numbers on paper: without gaps, for each laboratory, kind and year."""

from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlmodel import select

from calibra_app.core.errors import Conflict
from calibra_app.models.tenant import Tenant
from calibra_app.persistence.unit_of_work import UnitOfWork


def next_number(work: UnitOfWork, kind: str, pattern: str) -> str:
    """Return the next number of a sequence; ask for it last, for others wait until the commit.

    The row of the sequence stays locked until the end of the transaction, and a transaction that
    is rolled back gives its number back: so there is neither a gap nor a duplicate.

    Args:
        work: The transaction.
        kind: Which sequence: `SRF`, `certificate`.
        pattern: How the number is written: `SRF-{year}-{number:04}`. A pattern without the year
            counts on over the years.
    """
    zone = ZoneInfo(work.session.exec(select(Tenant.time_zone)).one())
    year = work.now.astimezone(zone).year
    last = (
        work.session.connection()
        .execute(
            text(
                "INSERT INTO counter AS c (kind, year, last) VALUES (:kind, :year, 1)"
                " ON CONFLICT (tenant_id, kind, year) DO UPDATE SET last = c.last + 1"
                " RETURNING last"
            ),
            {"kind": kind, "year": year if "{year" in pattern else 0},
        )
        .scalar_one()
    )
    return pattern.format(year=year, number=last)


def continue_after(work: UnitOfWork, kind: str, pattern: str, last: int) -> None:
    """Let a sequence go on behind a number given out elsewhere, in this laboratory's year.

    Raises:
        Conflict: The sequence has got further already; a number is given out once.
    """
    zone = ZoneInfo(work.session.exec(select(Tenant.time_zone)).one())
    year = work.now.astimezone(zone).year if "{year" in pattern else 0
    reached = (
        work.session.connection()
        .execute(
            text(
                "INSERT INTO counter AS c (kind, year, last) VALUES (:kind, :year, :last)"
                " ON CONFLICT (tenant_id, kind, year) DO UPDATE"
                " SET last = greatest(c.last, excluded.last) RETURNING last"
            ),
            {"kind": kind, "year": year, "last": last},
        )
        .scalar_one()
    )
    if reached != last:
        raise Conflict(f"Number {reached} of this sequence is given out already.")
