"""Invoices, credit notes and payments."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar
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


class InvoiceState(StrEnum):
    """Where an invoice stands."""

    ISSUED = "issued"
    PAID = "paid"
    CREDITED = "credited"


class Invoice(TenantOwned, Versioned, table=True):
    """An invoice of a request, made from the accepted revision of its quotation."""

    __tablename__ = "invoice"
    __table_args__ = (
        reference("srf", "srf_id"),
        reference("quotation_revision", "revision_id"),
        reference("customer", "customer_id"),
        one_of("state", InvoiceState),
        unique("number"),
        unique("srf_id", where="state <> 'credited'"),
        index("state", "issued_on"),
        index("issued_on DESC", "id DESC", name="ix_invoice_recent"),
    )

    number: str
    srf_id: UUID
    # None where a standing agreement stands in place of a quotation.
    revision_id: UUID | None = None
    customer_id: UUID
    state: InvoiceState = word(InvoiceState, default=InvoiceState.ISSUED)
    currency: str
    net: Decimal = exact()
    tax: Decimal = exact()
    total: Decimal = exact()
    issued_on: date
    due_on: date
    lines: dict[str, object] = document()
    # Explained differences from the accepted offer (guard G25).
    differences: dict[str, object] = document()
    document_id: UUID | None = None
    credit_reason: str = Field(default="", sa_column_kwargs={"server_default": ""})


class Payment(TenantOwned, table=True):
    """Money received for an invoice."""

    __tablename__ = "payment"
    __append_only__: ClassVar[bool] = True
    __table_args__ = (reference("invoice", "invoice_id"), index("invoice_id"))

    invoice_id: UUID
    amount: Decimal = exact()
    currency: str
    received_at: datetime = instant()
    reference_text: str = Field(default="", sa_column_kwargs={"server_default": ""})
    recorded_by: UUID
