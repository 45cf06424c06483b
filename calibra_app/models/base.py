"""TenantOwned: the columns that every table of a laboratory has, and the words tables are made of.

A table is declared like this; row security, grants, audit triggers follow from the declaration:

    class Srf(TenantOwned, Versioned, table=True):
        __tablename__ = "srf"
        __table_args__ = (
            reference("customer", "customer_id"),
            one_of("status", SrfStatus),
            unique("number"),
            index("status", "created_at"),
        )
        number: str
        status: SrfStatus = word(SrfStatus, default=SrfStatus.DRAFT)
        customer_id: UUID
        received_at: datetime | None = instant()
        answers: dict[str, Any] = document()

Why `tenant_id` leads every key: foreign-key checks look past row security, so a reference that
did not carry the laboratory could point into another one.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    Numeric,
    Text,
    TypeDecorator,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import declared_attr
from sqlmodel import Field, SQLModel

from calibra_app.core.ids import new_id

metadata = SQLModel.metadata
metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# Written exactly as PostgreSQL prints it, so that the drift test compares equal texts.
BOUND_TENANT = "(NULLIF(current_setting('app.tenant_id'::text, true), ''::text))::integer"
# The clock of the database: honours a fixed instant in databases marked as a test's.
DATABASE_NOW = "calibra_now()"


class OneOf(TypeDecorator[StrEnum]):
    """A closed list of words, stored as text and read back as its enumeration.

    Not PostgreSQL's enum: its comparison is not leakproof, so row security would keep an
    index on it from being used.
    """

    impl = Text
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        """Remember the enumeration."""
        super().__init__()
        self.words = words

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Return the text to store; raise ValueError for a word that is not in the list."""
        del dialect
        return None if value is None else str(self.words(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> StrEnum | None:
        """Return the member that the stored text names."""
        del dialect
        return None if value is None else self.words(value)


class TenantRow(SQLModel):
    """A row of one laboratory whose own key the table itself declares."""

    __tablename__: ClassVar[str]  # pyright: ignore[reportIncompatibleVariableOverride]
    # The table is written once and never changed or removed.
    __append_only__: ClassVar[bool] = False
    # Rows may go once they have served: a job that is done, a word that finds nothing any more.
    # Technical records never do, so it is off unless a table says otherwise.
    __removable__: ClassVar[bool] = False
    # Changes of the table are kept in the audit trail.
    __audited__: ClassVar[bool] = True
    # Columns that the audit trail shows as `…` only.
    __redacted__: ClassVar[frozenset[str]] = frozenset()

    tenant_id: int = Field(
        default=None,
        primary_key=True,
        nullable=False,
        sa_type=Integer,
        sa_column_kwargs={"server_default": text(BOUND_TENANT), "autoincrement": False},
    )


class TenantOwned(TenantRow):
    """A row of one laboratory with an identifier that sorts by creation."""

    id: UUID = Field(
        default_factory=new_id,
        primary_key=True,
        sa_type=Uuid,
        sa_column_kwargs={"insert_sentinel": True},
    )
    created_at: datetime = Field(
        default=None,
        nullable=False,
        sa_type=DateTime(timezone=True),  # pyright: ignore[reportArgumentType, reportCallIssue]
        sa_column_kwargs={"server_default": text(DATABASE_NOW)},
    )


class Versioned(SQLModel):
    """A row that refuses to be overwritten by someone who saw an older version of it.

    The unit of work turns the refusal into a `Conflict`.
    """

    version: int = Field(
        default=None,
        nullable=False,
        sa_type=Integer,
        sa_column_kwargs={"server_default": text("1")},
    )

    @declared_attr.directive
    @classmethod
    def __mapper_args__(cls) -> dict[str, Any]:
        """Let the mapper compare and count the version at each change."""
        table: Any = getattr(cls, "__table__", None)
        return {} if table is None else {"version_id_col": table.c.version}


def reference(
    table: str, *columns: str, ondelete: str | None = None, use_alter: bool = False
) -> ForeignKeyConstraint:
    """Return a foreign key to a table of the same laboratory.

    Args:
        table: The table referred to; its key is `(tenant_id, id)`.
        columns: The column here that holds the other row's id.
        ondelete: What happens when the other row is deleted; by default it cannot be.
        use_alter: Make it after both tables, for two tables that refer to each other.
    """
    (column,) = columns
    return ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{table}.tenant_id", f"{table}.id"],
        ondelete=ondelete,
        use_alter=use_alter,
    )


def unique(*columns: str, where: str = "") -> UniqueConstraint | Index:
    """Return a rule that within a laboratory no two rows agree in these columns.

    Args:
        columns: The columns, without the laboratory, which is put first.
        where: A condition in SQL that limits the rule to some rows.
    """
    if where:
        return Index(None, "tenant_id", *columns, unique=True, postgresql_where=text(where))
    return UniqueConstraint("tenant_id", *columns)


def index(*columns: str, where: str = "", name: str | None = None) -> Index:
    """Return an index within the laboratory; `created_at DESC` may be written as a column.

    Args:
        columns: The columns, without the laboratory, which is put first.
        where: A condition in SQL that limits the index to some rows.
        name: Needed where a column is an expression.
    """
    parts = [text(column) if " " in column or "(" in column else column for column in columns]
    condition = text(where) if where else None
    return Index(name, "tenant_id", *parts, postgresql_where=condition)


def one_of(column: str, words: type[StrEnum]) -> CheckConstraint:
    """Return the rule that a text column holds a member of the enumeration."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=column)


def check(name: str, condition: str) -> CheckConstraint:
    """Return a rule over the columns of one row, in SQL."""
    return CheckConstraint(condition, name=name)


def word(words: type[StrEnum], *, default: StrEnum | None = None, **kwargs: Any) -> Any:
    """Return a field that holds a member of the enumeration; pair it with `one_of`."""
    if default is not None:
        kwargs.setdefault("sa_column_kwargs", {"server_default": text(f"'{default}'::text")})
    return Field(default=default, sa_type=OneOf(words), **kwargs)  # pyright: ignore[reportArgumentType, reportCallIssue]


def instant(**kwargs: Any) -> Any:
    """Return a field for an aware instant; annotate it `datetime` or `datetime | None`."""
    kwargs.setdefault("default", None)
    return Field(sa_type=DateTime(timezone=True), **kwargs)  # pyright: ignore[reportArgumentType, reportCallIssue]


def exact(**kwargs: Any) -> Any:
    """Return a field for a Decimal as it was read, with its trailing zeros and no fixed scale."""
    return Field(sa_type=Numeric, **kwargs)


def document(**kwargs: Any) -> Any:
    """Return a field for a JSON object, empty unless given."""
    kwargs.setdefault("default_factory", dict)
    return Field(
        sa_type=JSONB,
        nullable=False,
        sa_column_kwargs={"server_default": text("'{}'::jsonb")},
        **kwargs,
    )
