"""The observation sheet of a line: points, indications, conditions, standards, results, remarks."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from calibra_app.models.base import (
    TenantOwned,
    TenantRow,
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


class SheetState(StrEnum):
    """Where an observation sheet stands."""

    OPEN = "open"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    LOCKED = "locked"
    VOID = "void"


class Phase(StrEnum):
    """Before or after an adjustment (ISO/IEC 17025, 7.8.4.1 d)."""

    AS_FOUND = "as_found"
    AS_LEFT = "as_left"


class Sheet(TenantOwned, Versioned, table=True):
    """One observation sheet, pinned to the revision of its procedure."""

    __tablename__ = "sheet"
    __table_args__ = (
        reference("srf_line", "line_id"),
        reference("procedure_version", "procedure_version_id"),
        reference("person", "performer_id"),
        reference("room", "room_id"),
        one_of("state", SheetState),
        unique("line_id", where="state <> 'void'"),
        index("state", "submitted_at"),
    )

    line_id: UUID
    procedure_version_id: UUID
    state: SheetState = word(SheetState, default=SheetState.OPEN)
    performer_id: UUID
    room_id: UUID | None = None
    place: str = Field(default="", sa_column_kwargs={"server_default": ""})
    started_at: datetime = instant()
    submitted_at: datetime | None = instant()
    accepted_at: datetime | None = instant()
    # Instrument parameters, rule and capabilities as they were at the start.
    parameters: dict[str, object] = document()
    warmed_up: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    no_adjustment: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    adjusted: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    adjustment: dict[str, object] = document()
    as_found_missing_reason: str = Field(default="", sa_column_kwargs={"server_default": ""})
    content_sha256: str = Field(default="", sa_column_kwargs={"server_default": ""})


class SheetPoint(TenantOwned, table=True):
    """One planned point of a sheet."""

    __tablename__ = "sheet_point"
    __table_args__ = (reference("sheet", "sheet_id"), unique("sheet_id", "position"))

    sheet_id: UUID
    position: int
    # The point's key in the procedure's plan.
    key: str
    group: str
    label: str
    nominal: Decimal = exact()
    unit: str
    repeats: int
    decimals: int
    # What else the plan says: direction, place on the pan, instrument range.
    plan: dict[str, object] = document()
    omitted_reason: str = Field(default="", sa_column_kwargs={"server_default": ""})


class Observation(TenantRow, Versioned, table=True):
    """One indication: a cell of the sheet with its own version, so writers never share a row."""

    __tablename__ = "observation"
    __table_args__ = (
        reference("sheet", "sheet_id"),
        reference("sheet_point", "point_id"),
        one_of("phase", Phase),
        index("point_id"),
    )

    sheet_id: UUID = Field(primary_key=True)
    point_id: UUID = Field(primary_key=True)
    phase: Phase = word(Phase, primary_key=True)
    repeat: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    # As typed, trailing zeros and all; and as understood. A struck indication holds neither.
    raw: str
    indication: Decimal | None = exact(default=None, nullable=True)
    unit: str
    at: datetime = instant()
    by: UUID
    by_name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    source: str = Field(default="typed", sa_column_kwargs={"server_default": "typed"})
    corrected: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    confirmed_unusual: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})


class ObservationChange(TenantOwned, table=True):
    """What an indication was before it was corrected, and why (ISO/IEC 17025, 7.5.2)."""

    __tablename__ = "observation_change"
    __append_only__: ClassVar[bool] = True
    __table_args__ = (
        reference("sheet", "sheet_id"),
        reference("sheet_point", "point_id"),
        one_of("phase", Phase),
        index("sheet_id", "point_id"),
    )

    sheet_id: UUID
    point_id: UUID
    phase: Phase = word(Phase)
    repeat: int
    old_raw: str
    new_raw: str
    old_version: int
    reason: str
    at: datetime = instant()
    by: UUID
    by_name: str


class SheetStandard(TenantOwned, table=True):
    """A reference standard used on a sheet, frozen as it was at that moment."""

    __tablename__ = "sheet_standard"
    __table_args__ = (
        reference("sheet", "sheet_id"),
        reference("reference_standard", "standard_id"),
        unique("sheet_id", "standard_id"),
    )

    sheet_id: UUID
    standard_id: UUID
    code: str
    due_on: date
    # Name, certificate, traceability and points as they were.
    frozen: dict[str, object] = document()
    added_by: UUID
    added_at: datetime = instant()
    removed_at: datetime | None = instant()
    exception_reason: str = Field(default="", sa_column_kwargs={"server_default": ""})


class Condition(TenantOwned, table=True):
    """An environmental reading during the work on a sheet."""

    __tablename__ = "condition"
    __append_only__: ClassVar[bool] = True
    __table_args__ = (reference("sheet", "sheet_id"), index("sheet_id", "at"))

    sheet_id: UUID
    at: datetime = instant()
    quantity: str
    value: Decimal = exact()
    unit: str
    source: str
    within_limits: bool
    by: UUID
    by_name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    # A slip of the pen is not overwritten: another reading takes its place, with the reason.
    replaces: UUID | None = None
    reason: str = Field(default="", sa_column_kwargs={"server_default": ""})


class PointResult(TenantRow, Versioned, table=True):
    """The evaluated result of one point in one phase, with its whole budget."""

    __tablename__ = "point_result"
    __audited__: ClassVar[bool] = False
    __table_args__ = (
        reference("sheet", "sheet_id"),
        reference("sheet_point", "point_id"),
        one_of("phase", Phase),
    )

    sheet_id: UUID = Field(primary_key=True)
    point_id: UUID = Field(primary_key=True)
    phase: Phase = word(Phase, primary_key=True)
    # As text for paper, beside the unrounded figures and the budget rows.
    result: dict[str, object] = document()
    verdict: str = Field(default="", sa_column_kwargs={"server_default": ""})
    complete: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    engine_version: str
    computed_at: datetime = instant()


class Remark(TenantOwned, Versioned, table=True):
    """A reviewer's remark on a cell or a sheet; it is open until answered."""

    __tablename__ = "remark"
    __table_args__ = (
        reference("sheet", "sheet_id"),
        reference("sheet_point", "point_id"),
        reference("person", "by"),
        index("sheet_id"),
    )

    sheet_id: UUID
    point_id: UUID | None = None
    phase: Phase | None = word(Phase, default=None, nullable=True)
    repeat: int | None = None
    text: str
    by: UUID
    at: datetime = instant()
    returned: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    answered_at: datetime | None = instant()
    answer: str = Field(default="", sa_column_kwargs={"server_default": ""})
    closed_at: datetime | None = instant()
