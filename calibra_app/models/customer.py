"""Customers, their contacts and what was agreed with them."""

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
    one_of,
    reference,
    unique,
    word,
)


class DecisionRule(StrEnum):
    """How conformity is decided (ISO/IEC 17025, 7.8.6); agreed at contract review."""

    NO_STATEMENT = "no_statement"
    SIMPLE = "simple"
    GUARD_BAND_U = "guard_band_u"
    SIMPLE_OR_FOUR_OUTCOMES = "simple_or_four_outcomes"
    FOUR_OUTCOMES = "four_outcomes"
    # With figures of its own, which the line keeps; never a customer's standing rule.
    OWN = "own"


class ReleaseRule(StrEnum):
    """When a customer may see an authorized certificate."""

    ON_APPROVAL = "on_approval"
    ON_INVOICE = "on_invoice"
    ON_PAYMENT = "on_payment"


class TaxTreatment(StrEnum):
    """How a customer's documents are taxed."""

    STANDARD = "standard"
    REVERSE_CHARGE = "reverse_charge"
    EXEMPT = "exempt"


class Customer(TenantOwned, Versioned, table=True):
    """A customer with its address and standing agreement."""

    __tablename__ = "customer"
    __table_args__ = (
        unique("code"),
        one_of("decision_rule", DecisionRule),
        one_of("release_rule", ReleaseRule),
        one_of("tax_treatment", TaxTreatment),
        index("name", "id"),
    )

    code: str
    name: str
    address: str = Field(default="", sa_column_kwargs={"server_default": ""})
    country: str = Field(default="", sa_column_kwargs={"server_default": ""})
    vat_id: str = Field(default="", sa_column_kwargs={"server_default": ""})
    language: str = Field(default="en", sa_column_kwargs={"server_default": "en"})
    accredited: bool = Field(default=True, sa_column_kwargs={"server_default": "true"})
    decision_rule: DecisionRule = word(DecisionRule, default=DecisionRule.SIMPLE)
    release_rule: ReleaseRule = word(ReleaseRule, default=ReleaseRule.ON_APPROVAL)
    tax_treatment: TaxTreatment = word(TaxTreatment, default=TaxTreatment.STANDARD)
    tax_rate: Decimal = exact(default=Decimal(0), sa_column_kwargs={"server_default": "0"})
    discount_percent: Decimal = exact(default=Decimal(0), sa_column_kwargs={"server_default": "0"})
    due_date_on_label: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    # Accepted without an offer each time (transition T10).
    standing_agreement: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
    terms: dict[str, object] = document()
    archived: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})


class Contact(TenantOwned, Versioned, table=True):
    """A person at a customer; with portal access once linked to a `person`."""

    __tablename__ = "contact"
    __table_args__ = (
        reference("customer", "customer_id"),
        reference("person", "person_id", use_alter=True),
        index("customer_id"),
    )

    customer_id: UUID
    name: str
    email: str
    phone: str = Field(default="", sa_column_kwargs={"server_default": ""})
    duty: str = Field(default="", sa_column_kwargs={"server_default": ""})
    person_id: UUID | None = None
    archived: bool = Field(default=False, sa_column_kwargs={"server_default": "false"})
