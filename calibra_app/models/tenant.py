"""The laboratory itself, its number sequences, and the codes that lead to it from outside."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlalchemy import DateTime, Identity, Index, Integer, SmallInteger, text
from sqlmodel import Field, SQLModel

from calibra_app.models.base import (
    DATABASE_NOW,
    TenantRow,
    check,
    one_of,
    word,
)


class TenantStatus(StrEnum):
    """Whether a laboratory may work."""

    TRIAL = "trial"
    ACTIVE = "active"
    SUSPENDED = "suspended"


class Tenant(SQLModel, table=True):
    """One laboratory; each sees and changes only itself."""

    __tablename__ = "tenant"  # pyright: ignore[reportAssignmentType]
    __table_args__ = (
        one_of("status", TenantStatus),
        check("slug", "slug ~ '^[a-z][a-z0-9-]{1,62}$'"),
        check("host", "host = lower(host)"),
    )

    id: int = Field(
        default=None,
        primary_key=True,
        sa_type=Integer,
        sa_column_args=(Identity(),),
    )
    slug: str = Field(unique=True)
    name: str
    host: str | None = Field(default=None, unique=True)
    status: TenantStatus = word(TenantStatus, default=TenantStatus.ACTIVE)
    time_zone: str = Field(
        default="Europe/Berlin", sa_column_kwargs={"server_default": text("'Europe/Berlin'")}
    )
    locale: str = Field(default="en", sa_column_kwargs={"server_default": text("'en'")})
    currency: str = Field(default="EUR", sa_column_kwargs={"server_default": text("'EUR'")})
    created_at: datetime = Field(
        default=None,
        nullable=False,
        sa_type=DateTime(timezone=True),  # pyright: ignore[reportArgumentType, reportCallIssue]
        sa_column_kwargs={"server_default": text(DATABASE_NOW)},
    )


class Counter(TenantRow, table=True):
    """The last number given out in one sequence and year; its row is locked until the commit."""

    __tablename__ = "counter"
    __audited__: ClassVar[bool] = False

    kind: str = Field(primary_key=True)
    year: int = Field(
        primary_key=True, sa_type=SmallInteger, sa_column_kwargs={"autoincrement": False}
    )
    last: int = Field(sa_type=Integer)


class PublicCode(TenantRow, table=True):
    """A code that somebody without an account holds; it says which laboratory it belongs to.

    A secret one (a quotation's link) is stored as its digest.
    """

    __tablename__ = "public_code"
    __table_args__ = (Index("ix_public_code_code", "code"),)
    __redacted__: ClassVar[frozenset[str]] = frozenset({"code"})

    code: str = Field(primary_key=True)
    kind: str
    subject_id: UUID
