"""Reference standards, rooms, and the customers' instruments."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

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


class StandardStatus(StrEnum):
    """Where a reference standard stands; due and expired follow from its due date."""

    IN_SERVICE = "in_service"
    QUARANTINED = "quarantined"
    IN_CALIBRATION = "in_calibration"
    LIMITED = "limited"
    RETIRED = "retired"
    LOST = "lost"


class Room(TenantOwned, Versioned, table=True):
    """A room, or the van, with the environmental limits that work in it needs."""

    __tablename__ = "room"
    __table_args__ = (unique("code"),)

    code: str
    name: str
    discipline: str = Field(default="", sa_column_kwargs={"server_default": ""})
    sensor: str = Field(default="", sa_column_kwargs={"server_default": ""})
    # {"temperature": {"low": "22", "high": "24", "unit": "°C"}, "humidity": {...}, ...}
    limits: dict[str, object] = document()
    archived: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})


class Instrument(TenantOwned, Versioned, table=True):
    """An instrument in a customer's registry; an item once it lies on a request's line."""

    __tablename__ = "instrument"
    __table_args__ = (
        reference("customer", "customer_id"),
        unique("customer_id", "tag"),
        index("serial"),
        index("tag", "id"),
        index("due_on", "id", where="due_on IS NOT NULL", name="ix_instrument_due"),
    )

    customer_id: UUID
    tag: str
    description: str
    manufacturer: str = Field(default="", sa_column_kwargs={"server_default": ""})
    model: str = Field(default="", sa_column_kwargs={"server_default": ""})
    serial: str = Field(default="", sa_column_kwargs={"server_default": ""})
    discipline: str = Field(default="", sa_column_kwargs={"server_default": ""})
    procedure_code: str = Field(default="", sa_column_kwargs={"server_default": ""})
    range_text: str = Field(default="", sa_column_kwargs={"server_default": ""})
    # What the procedure's plan asks for: range, resolution, limits of error; strings, as typed.
    parameters: dict[str, object] = document()
    # What was last agreed for it and is offered again: rule, adjustment, as-found, urgency, points.
    agreement: dict[str, object] = document()
    on_site: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    due_on: date | None = None
    interval_months: int | None = None
    archived: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})


class ReferenceStandard(TenantOwned, Versioned, table=True):
    """A reference standard of the laboratory (VIM 5.6)."""

    __tablename__ = "reference_standard"
    __table_args__ = (
        unique("code"),
        one_of("status", StandardStatus),
        index("due_on", "id"),
        index("discipline"),
    )

    code: str
    name: str
    manufacturer: str = Field(default="", sa_column_kwargs={"server_default": ""})
    model: str = Field(default="", sa_column_kwargs={"server_default": ""})
    serial: str = Field(default="", sa_column_kwargs={"server_default": ""})
    discipline: str
    status: StandardStatus = word(StandardStatus, default=StandardStatus.IN_SERVICE)
    # Usable up to and including this day.
    due_on: date
    location: str = Field(default="", sa_column_kwargs={"server_default": ""})
    interval_months: int = Field(default=12, sa_column_kwargs={"server_default": "12"})
    notes: str = Field(default="", sa_column_kwargs={"server_default": ""})


class StandardCertificate(TenantOwned, table=True):
    """A calibration certificate of a reference standard; the newest accepted one counts."""

    __tablename__ = "standard_certificate"
    __table_args__ = (
        reference("reference_standard", "standard_id"),
        unique("standard_id", "number"),
    )

    standard_id: UUID
    number: str
    provider: str
    accreditation: str = Field(default="", sa_column_kwargs={"server_default": ""})
    issued_on: date
    due_on: date
    traceability: str = Field(default="", sa_column_kwargs={"server_default": ""})
    accepted_at: datetime | None = instant()
    accepted_by: UUID | None = None


class StandardPoint(TenantOwned, table=True):
    """One calibrated point of a certificate: what the standard realizes, and how well."""

    __tablename__ = "standard_point"
    __table_args__ = (
        reference("standard_certificate", "certificate_id"),
        unique("certificate_id", "position"),
    )

    certificate_id: UUID
    position: int
    quantity: str = Field(default="", sa_column_kwargs={"server_default": ""})
    nominal: Decimal = exact()
    unit: str
    correction: Decimal = exact(default=Decimal(0), sa_column_kwargs={"server_default": "0"})
    expanded_uncertainty: Decimal = exact()
    coverage_factor: Decimal = exact(default=Decimal(2), sa_column_kwargs={"server_default": "2"})
    # Half-width by which the value may have moved since the certificate.
    drift: Decimal = exact(default=Decimal(0), sa_column_kwargs={"server_default": "0"})
    # Unit of correction, U and drift; empty where it is the point's own.
    uncertainty_unit: str = Field(default="", sa_column_kwargs={"server_default": ""})
    # "normal", or "rectangular" where U is the half-width of a class's limits.
    distribution: str = Field(default="normal", sa_column_kwargs={"server_default": "normal"})
