"""What leaves the laboratory, when and to whom."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field

from calibra_app.models.base import (
    TenantOwned,
    Versioned,
    index,
    instant,
    one_of,
    reference,
    unique,
    word,
)


class ShipmentState(StrEnum):
    """Where a shipment stands."""

    PACKING = "packing"
    DISPATCHED = "dispatched"
    DELIVERED = "delivered"
    RETURNED = "returned"


class Shipment(TenantOwned, Versioned, table=True):
    """The items of one request on their way home."""

    __tablename__ = "shipment"
    __table_args__ = (
        reference("srf", "srf_id"),
        one_of("state", ShipmentState),
        index("srf_id"),
        index("state", "created_at"),
    )

    srf_id: UUID
    state: ShipmentState = word(ShipmentState, default=ShipmentState.PACKING)
    courier: str = Field(default="", sa_column_kwargs={"server_default": ""})
    tracking_number: str = Field(default="", sa_column_kwargs={"server_default": ""})
    dispatched_at: datetime | None = instant()
    delivered_at: datetime | None = instant()
    received_by: str = Field(default="", sa_column_kwargs={"server_default": ""})
    evidence: str = Field(default="", sa_column_kwargs={"server_default": ""})
    document_id: UUID | None = None


class PackedItem(TenantOwned, table=True):
    """An item that was scanned into a shipment."""

    __tablename__ = "packed_item"
    __table_args__ = (
        reference("shipment", "shipment_id"),
        reference("srf_line", "line_id"),
        unique("shipment_id", "line_id"),
    )

    shipment_id: UUID
    line_id: UUID
    scanned_at: datetime = instant()
    scanned_by: UUID
