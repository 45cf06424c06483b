"""One transaction, one laboratory, one actor; and the lobby, where no laboratory is known yet."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from psycopg import errors
from sqlalchemy import Connection, exc, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from sqlmodel import Session

from calibra_app.core.access import NOBODY, Actor
from calibra_app.core.clock import Clock, is_fixed, system_clock
from calibra_app.core.errors import CalibraError, Conflict, NotFound, Unavailable
from calibra_app.models.base import TenantOwned, TenantRow, Versioned
from calibra_app.models.journal import OutboxJob
from calibra_app.persistence.engine import (
    BINDING,
    Binding,
    engine,
    refresh_signature,
)
from calibra_app.persistence.outbox import Job, Patch, announce

Row = TypeVar("Row", bound=TenantOwned)


# What people call a record, where its table is called otherwise.
_CALLED = {
    "srf": "request",
    "srf_line": "item",
    "reference_standard": "standard",
    "sheet_point": "point",
    "quotation_revision": "revision of the quotation",
}


@dataclass(frozen=True, slots=True)
class UnitOfWork:
    """What a service function needs of the world: who, when, and the records."""

    actor: Actor
    now: datetime
    session: Session
    patches: list[Patch] = field(default_factory=list)
    jobs: list[UUID] = field(default_factory=list)
    # The version of each record when it was first taken for change in this transaction.
    taken: dict[UUID, int] = field(default_factory=dict)

    def get(self, table: type[Row], row_id: UUID) -> Row:
        """Return this laboratory's row, locked for change; raise NotFound if there is none."""
        row = self.session.get(
            table, {"tenant_id": self.actor.tenant_id, "id": row_id}, with_for_update=True
        )
        if row is None:
            raise _missing(table)
        if isinstance(row, Versioned):
            self.taken.setdefault(row_id, row.version)
        return row

    def peek(self, table: type[Row], row_id: UUID) -> Row:
        """Return this laboratory's row to read from; raise NotFound if there is none."""
        row = self.session.get(table, {"tenant_id": self.actor.tenant_id, "id": row_id})
        if row is None:
            raise _missing(table)
        return row

    def add(self, row: TenantRow) -> None:
        """Put a new row into the transaction; its columns are filled at the flush."""
        self.session.add(row)
        self.session.flush()

    def add_all(self, rows: Sequence[TenantRow]) -> None:
        """Put many new rows into the transaction with few statements."""
        self.session.add_all(rows)
        self.session.flush()

    def exec(self, statement: Any, parameters: Any = None) -> Any:
        """Run a statement in the transaction; a select names no laboratory."""
        return self.session.exec(statement, params=parameters)

    def hand_over(
        self,
        job: Job,
        subject_id: UUID,
        payload: dict[str, Any] | None = None,
        *,
        not_before: datetime | None = None,
    ) -> UUID:
        """Ask the worker to do something after the commit; return the job's id.

        Args:
            job: What is to be done.
            subject_id: The record that it is about.
            payload: What else the job needs, as JSON.
            not_before: When, if not at once.
        """
        row = OutboxJob(
            job=job,
            subject_id=subject_id,
            payload=payload or {},
            person_id=self.actor.person_id,
            person_name=self.actor.name,
            request_id=self.actor.request_id,
        )
        if not_before is not None:
            row.not_before = not_before
        self.add(row)
        self.jobs.append(row.id)
        return row.id

    def publish(self, topic: str, patch: dict[str, Any]) -> None:
        """Tell the open pages of a topic what changed, once it is committed."""
        if not topic.startswith(f"t:{self.actor.tenant_id}:"):
            raise ValueError(f"{topic} is no topic of laboratory {self.actor.tenant_id}")
        self.patches.append(Patch(topic, patch))

    def give_reason(self, reason: str) -> None:
        """Let the audit entries of what follows carry this reason."""
        self.session.connection().execute(
            text("SELECT set_config('app.reason', :reason, true)"), {"reason": reason}
        )

    def refresh_signature(self) -> None:
        """Sign the transaction for two more minutes; a long import needs it between statements.

        It happens by itself before a statement once half the time has passed.
        """
        refresh_signature(self.session.connection())


@contextmanager
def unit_of_work(
    actor: Actor, reason: str = "", clock: Clock = system_clock
) -> Iterator[UnitOfWork]:
    """Open a transaction; commit it on leaving, roll it back on any error.

    Args:
        actor: Who does the deed, and in which laboratory.
        reason: What the audit entries will give as reason.
        clock: The source of `work.now`.

    Raises:
        Conflict: Somebody else changed the same record at the same time.
        Unavailable: The database does not answer.
    """
    now = clock()
    binding = Binding(
        actor.tenant_id,
        person_of(actor),
        actor.request_id,
        reason,
        now.isoformat() if is_fixed() or clock is not system_clock else "",
    )
    with told_as_refusal():
        bound = engine().execution_options(**{BINDING: binding})
        with Session(bound, expire_on_commit=False) as session, session.begin():
            session.connection()
            work = UnitOfWork(actor=actor, now=now, session=session)
            yield work
    announce(work.patches, jobs=bool(work.jobs))


def person_of(actor: Actor) -> str:
    """Return what the audit trail names: the person's id, or who acts where no person does."""
    return str(actor.person_id) if actor.person_id != NOBODY else actor.name


@contextmanager
def told_as_refusal() -> Iterator[None]:
    """Turn what the database refuses for somebody else's sake into a kind of error."""
    try:
        yield
    except CalibraError:
        raise
    except StaleDataError as error:
        raise Conflict(
            "Somebody else has changed this in the meantime. Look at it again, then repeat."
        ) from error
    except exc.TimeoutError as error:
        raise Unavailable("Too much is going on at once. Try again in a few seconds.") from error
    except DBAPIError as error:
        refusal = _refusal(error)
        if refusal is None:
            raise
        raise refusal from error


def _refusal(error: DBAPIError) -> CalibraError | None:
    match error.orig:
        case errors.DeadlockDetected() | errors.SerializationFailure() | errors.LockNotAvailable():
            return Conflict("Somebody else is changing the same records. Try again.")
        case errors.UniqueViolation():
            # Services ask first; this is the case of two who asked at the same time.
            return Conflict("There is such a record already. Look at the list, then repeat.")
        case errors.QueryCanceled():
            return Unavailable("That took too long. Narrow it down, or try again later.")
        case _ if isinstance(error, OperationalError | InterfaceError) and (
            error.connection_invalidated or getattr(error.orig, "sqlstate", None) is None
        ):
            return Unavailable("The database does not answer. Try again in a few seconds.")
        case _:
            return None


@dataclass(frozen=True, slots=True)
class Lobby:
    """What can be asked before a laboratory is known: three questions, each answered by a number.

    The answer is None where there is no such laboratory.
    """

    connection: Connection

    def tenant_by_slug(self, slug: str) -> int | None:
        """Return the laboratory with that short name."""
        return self._ask("tenant_by_slug", slug)

    def tenant_by_host(self, host: str) -> int | None:
        """Return the laboratory with that host name of its own."""
        return self._ask("tenant_by_host", host)

    def tenant_of_code(self, code: str) -> int | None:
        """Return the laboratory that gave out a public code."""
        return self._ask("tenant_of_code", code)

    def _ask(self, function: str, wanted: str) -> int | None:
        return self.connection.execute(
            text(f"SELECT public.{function}(:wanted)"), {"wanted": wanted}
        ).scalar_one()


@contextmanager
def lobby() -> Iterator[Lobby]:
    """Open a transaction that is bound to no laboratory and so sees no record."""
    with told_as_refusal(), engine().begin() as connection:
        yield Lobby(connection)


def _missing(table: type[TenantOwned]) -> NotFound:
    """Return the refusal in people's words: an id tells them nothing, and others too much."""
    name = str(table.__tablename__)
    return NotFound(f"There is no such {_CALLED.get(name, name.replace('_', ' '))}.")
