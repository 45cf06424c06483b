"""The laboratory's own face and settings: branding, number patterns, options of the workflow."""

from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlmodel import Field

from calibra_app.models.base import TenantOwned, Versioned, document, exact, reference, unique


class LaboratorySettings(TenantOwned, Versioned, table=True):
    """What a tenant admin sets: one row for each laboratory."""

    __tablename__ = "laboratory_settings"
    __table_args__ = (unique("only_one"),)

    # Always true; the rule above then admits one row.
    only_one: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    legal_name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    address: str = Field(default="", sa_column_kwargs={"server_default": ""})
    phone: str = Field(default="", sa_column_kwargs={"server_default": ""})
    email: str = Field(default="", sa_column_kwargs={"server_default": ""})
    website: str = Field(default="", sa_column_kwargs={"server_default": ""})
    vat_id: str = Field(default="", sa_column_kwargs={"server_default": ""})
    bank: str = Field(default="", sa_column_kwargs={"server_default": ""})
    accreditation_number: str = Field(default="", sa_column_kwargs={"server_default": ""})
    accreditation_body: str = Field(default="", sa_column_kwargs={"server_default": ""})
    tax_rate: Decimal = exact(default=Decimal(0), sa_column_kwargs={"server_default": "0"})
    discount_limit_percent: Decimal = exact(
        default=Decimal(10), sa_column_kwargs={"server_default": "10"}
    )
    net_limit: Decimal = exact(default=Decimal(5000), sa_column_kwargs={"server_default": "5000"})
    quotation_valid_days: int = Field(default=30, sa_column_kwargs={"server_default": "30"})
    payment_days: int = Field(default=30, sa_column_kwargs={"server_default": "30"})
    close_after_days: int = Field(default=14, sa_column_kwargs={"server_default": "14"})
    info_lapse_days: int = Field(default=30, sa_column_kwargs={"server_default": "30"})
    # {"srf": "SRF-{yyyy}-{n:04}", "certificate": "MM-{yy}-{srf}-{line:02}", ...}
    number_patterns: dict[str, object] = document()
    # Optional states and policies: {"quotation": true, "invoice_before_release": false, ...}
    workflow: dict[str, object] = document()


class Branding(TenantOwned, table=True):
    """One version of the laboratory's look; a document keeps that of the day of its issue."""

    __tablename__ = "branding"
    __append_only__: ClassVar[bool] = True
    __table_args__ = (
        unique("revision"),
        reference("stored_file", "logo_id"),
        reference("person", "made_by"),
    )

    revision: int
    colour: str = Field(default="#0b6e8f", sa_column_kwargs={"server_default": "#0b6e8f"})
    sender_name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    sender_email: str = Field(default="", sa_column_kwargs={"server_default": ""})
    certificate_header: str = Field(default="", sa_column_kwargs={"server_default": ""})
    certificate_footer: str = Field(default="", sa_column_kwargs={"server_default": ""})
    logo_id: UUID | None = None
    # The sanitised logo itself, as the site and the printer use it.
    logo_data_uri: str = Field(default="", sa_column_kwargs={"server_default": ""})
    made_by: UUID | None = None
