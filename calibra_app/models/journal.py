"""What the house itself writes down: audit entries and their chain, the outbox, dead letters."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Index, Integer, LargeBinary, Sequence, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field

from calibra_app.models.base import (
    DATABASE_NOW,
    TenantOwned,
    TenantRow,
    document,
    index,
    instant,
    metadata,
)

audit_position = Sequence("audit_event_position_seq", metadata=metadata)


class AuditEvent(TenantRow, table=True):
    """One change of one row: who, when, why, and the columns before and after.

    Written by triggers alone; partitioned by month so that an old month can be exported and
    detached with its checkpoint, never deleted row by row.
    """

    __tablename__ = "audit_event"
    __table_args__ = (
        Index("ix_audit_event_row", "tenant_id", "table_name", text("(row_key ->> 'id'::text)")),
        Index("ix_audit_event_position", "tenant_id", "position"),
        {"postgresql_partition_by": "RANGE (at)"},
    )
    __append_only__: ClassVar[bool] = True
    __audited__: ClassVar[bool] = False

    at: datetime = Field(
        default=None,
        primary_key=True,
        sa_type=DateTime(timezone=True),  # pyright: ignore[reportArgumentType, reportCallIssue]
        sa_column_kwargs={"server_default": text(DATABASE_NOW)},
    )
    id: UUID = Field(
        default=None,
        primary_key=True,
        sa_type=Uuid,
        sa_column_kwargs={"server_default": text("gen_random_uuid()")},
    )
    position: int = Field(
        default=None,
        nullable=False,
        sa_type=BigInteger,
        sa_column_kwargs={"server_default": audit_position.next_value()},
    )
    transaction: int = Field(
        default=None,
        nullable=False,
        sa_type=BigInteger,
        sa_column_kwargs={"server_default": text("((pg_current_xact_id())::text)::bigint")},
    )
    person_id: str = Field(default="", sa_type=Text)
    request_id: str = Field(default="", sa_type=Text)
    reason: str = Field(default="", sa_type=Text)
    table_name: str = Field(sa_type=Text)
    operation: str = Field(sa_type=Text)
    row_key: dict[str, Any] = Field(sa_type=JSONB)
    before: dict[str, Any] | None = Field(default=None, sa_type=JSONB)
    after: dict[str, Any] | None = Field(default=None, sa_type=JSONB)


class AuditLink(TenantRow, table=True):
    """The place of one audit entry in the laboratory's hash chain; made after the commit."""

    __tablename__ = "audit_link"
    __table_args__ = (
        Index("uq_audit_link_tenant_id_event_id", "tenant_id", "event_id", unique=True),
    )
    __append_only__: ClassVar[bool] = True
    __audited__: ClassVar[bool] = False

    sequence: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    at: datetime = Field(sa_type=DateTime(timezone=True))  # pyright: ignore[reportArgumentType, reportCallIssue]
    event_id: UUID
    leaf: bytes = Field(sa_type=LargeBinary)
    chain: bytes = Field(sa_type=LargeBinary)


class AuditCheckpoint(TenantRow, table=True):
    """The chain's head at one moment with the root of the entries since the one before."""

    __tablename__ = "audit_checkpoint"
    __append_only__: ClassVar[bool] = True
    __audited__: ClassVar[bool] = False

    sequence: int = Field(
        primary_key=True, sa_type=BigInteger, sa_column_kwargs={"autoincrement": False}
    )
    at: datetime = Field(
        default=None,
        nullable=False,
        sa_type=DateTime(timezone=True),  # pyright: ignore[reportArgumentType, reportCallIssue]
        sa_column_kwargs={"server_default": text(DATABASE_NOW)},
    )
    chain: bytes = Field(sa_type=LargeBinary)
    root: bytes = Field(sa_type=LargeBinary)
    signature: bytes = Field(sa_type=LargeBinary)
    key_id: str = Field(sa_type=Text)


class OutboxJob(TenantOwned, table=True):
    """A job handed over with the commit; the row goes when the job's own commit says done.

    `attempts` counts the offers and is the fencing token: a worker that holds an older number
    has lost the job to another one.
    """

    __tablename__ = "outbox"
    __removable__: ClassVar[bool] = True
    __table_args__ = (
        # The relay looks across laboratories, oldest first.
        Index("ix_outbox_due", "not_before"),
    )
    __audited__: ClassVar[bool] = False

    job: str = Field(sa_type=Text)
    subject_id: UUID
    payload: dict[str, Any] = document()
    person_id: UUID | None = None
    person_name: str = Field(default="", sa_type=Text)
    request_id: str = Field(default="", sa_type=Text)
    attempts: int = Field(
        default=0, sa_type=Integer, sa_column_kwargs={"server_default": text("0")}
    )
    failures: int = Field(
        default=0, sa_type=Integer, sa_column_kwargs={"server_default": text("0")}
    )
    not_before: datetime = Field(
        default=None,
        nullable=False,
        sa_type=DateTime(timezone=True),  # pyright: ignore[reportArgumentType, reportCallIssue]
        # The machine's own time, even where a test has fixed the clock: a lease has to run out.
        sa_column_kwargs={"server_default": text("clock_timestamp()")},
    )


class JobDone(TenantRow, table=True):
    """That a job has ended: its effect is in the database, or it became a dead letter.

    A second delivery finds it and does nothing.
    """

    __tablename__ = "job_done"
    __append_only__: ClassVar[bool] = True
    __audited__: ClassVar[bool] = False

    job_id: UUID = Field(primary_key=True)
    done_at: datetime = Field(
        default=None,
        nullable=False,
        sa_type=DateTime(timezone=True),  # pyright: ignore[reportArgumentType, reportCallIssue]
        sa_column_kwargs={"server_default": text(DATABASE_NOW)},
    )


class DeadLetter(TenantOwned, table=True):
    """A job that failed for good: what it was, why it failed, and what became of it.

    It stays open until it is offered again or set aside; the reason for the latter is kept by the
    audit trail.
    """

    __tablename__ = "dead_letter"
    __table_args__ = (index("offered_again_at", "created_at"),)
    # It may hold a link that signs its reader in.
    __redacted__: ClassVar[frozenset[str]] = frozenset({"payload"})

    job: str = Field(sa_type=Text)
    subject_id: UUID
    payload: dict[str, Any] = document()
    failures: int = Field(sa_type=Integer)
    why: str = Field(sa_type=Text)
    offered_again_at: datetime | None = instant()
    set_aside_at: datetime | None = instant()
