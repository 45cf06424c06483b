"""What the laboratory offers: procedure versions, capabilities (CMC), prices, providers."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, text
from sqlmodel import Field

from calibra_app.models.base import (
    TenantOwned,
    Versioned,
    document,
    exact,
    index,
    instant,
    one_of,
    reference,
    unique,
    word,
)


class ProcedureStatus(StrEnum):
    """Where a version of a procedure stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    EFFECTIVE = "effective"
    SUPERSEDED = "superseded"


class Procedure(TenantOwned, Versioned, table=True):
    """A measurement procedure of the laboratory, by its code (MP-ELE-04)."""

    __tablename__ = "procedure"
    __table_args__ = (unique("code"), index("discipline", "code"))

    code: str
    title: str
    discipline: str
    # Key of the measurement model in `procedures/registry.py`.
    model_key: str
    owner_id: UUID | None = None


class ProcedureVersion(TenantOwned, Versioned, table=True):
    """One revision of a procedure; a sheet is pinned to the one it began with."""

    __tablename__ = "procedure_version"
    __table_args__ = (
        reference("procedure", "procedure_id"),
        unique("procedure_id", "revision"),
        Index(
            "uq_procedure_version_effective",
            "tenant_id",
            "procedure_id",
            unique=True,
            postgresql_where=text("status = 'effective'"),
        ),
        one_of("status", ProcedureStatus),
    )

    procedure_id: UUID
    revision: int
    status: ProcedureStatus = word(ProcedureStatus, default=ProcedureStatus.DRAFT)
    effective_from: date | None = None
    model_version: str = Field(default="1", sa_column_kwargs={"server_default": "1"})
    # Repeats, warm-up, environmental limits and other settings of this revision.
    settings: dict[str, object] = document()
    change_note: str = Field(default="", sa_column_kwargs={"server_default": ""})
    # A procedure that the laboratory designed itself; `model_version` is then its digest.
    design: dict[str, object] = document()
    # Readings by which the design is tried out.
    sample: dict[str, object] = document()
    # Who wrote on it, by id: none of them approves it.
    writers: dict[str, object] = document()
    approved_by: UUID | None = None
    approved_at: datetime | None = instant()


class Cmc(TenantOwned, Versioned, table=True):
    """One row of the scope: the least uncertainty in a range (ILAC P14), U = a + b·|x|."""

    __tablename__ = "cmc"
    __table_args__ = (index("discipline", "id"), index("procedure_code"))

    discipline: str
    procedure_code: str
    measurand: str
    low: Decimal = exact()
    high: Decimal = exact()
    unit: str
    absolute: Decimal = exact()
    absolute_unit: str
    relative: Decimal = exact(default=Decimal(0), sa_column_kwargs={"server_default": "0"})
    conditions: str = Field(default="", sa_column_kwargs={"server_default": ""})
    on_site: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    valid_from: date
    valid_to: date | None = None


class Price(TenantOwned, Versioned, table=True):
    """One entry of the price book."""

    __tablename__ = "price"
    __table_args__ = (unique("code"), index("procedure_code"))

    code: str
    title: str
    # calibration, adjustment, travel, handling, surcharge
    kind: str
    procedure_code: str = Field(default="", sa_column_kwargs={"server_default": ""})
    amount: Decimal = exact()
    currency: str
    # The amount is hundredths of another sum, not money.
    is_percentage: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    archived: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})


class Provider(TenantOwned, Versioned, table=True):
    """An external provider to which a line may be subcontracted (ISO/IEC 17025, 6.6)."""

    __tablename__ = "provider"
    __table_args__ = (unique("name"),)

    name: str
    accreditation: str = Field(default="", sa_column_kwargs={"server_default": ""})
    # Procedure codes it is approved for.
    approved_for: dict[str, object] = document()
    approved_until: date | None = None
