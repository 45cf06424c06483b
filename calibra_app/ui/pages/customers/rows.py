"""Customers, contacts and their instruments as text."""

from dataclasses import dataclass
from typing import Self

from calibra_app.services.customers import ContactSummary, CustomerDetail, CustomerSummary
from calibra_app.services.equipment import InstrumentSummary
from calibra_app.ui import routes
from calibra_app.ui.agreements import RELEASES, RULES, TAXES
from calibra_app.ui.format import Region, day


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One line of the list, as text."""

    code: str
    name: str
    country: str
    accredited: bool
    rule: str
    release: str
    path: str

    @classmethod
    def of(cls, customer: CustomerSummary) -> Self:
        """Return the line of one customer."""
        return cls(
            customer.code,
            customer.name,
            customer.country,
            customer.accredited,
            RULES[customer.decision_rule],
            RELEASES[customer.release_rule],
            routes.customer(customer.id),
        )


@dataclass(frozen=True, slots=True)
class ContactRow:
    """One contact, as text."""

    key: str = ""
    version: int = 0
    name: str = ""
    email: str = ""
    phone: str = ""
    duty: str = ""
    portal: bool = False
    archived: bool = False

    @classmethod
    def of(cls, contact: ContactSummary) -> Self:
        """Return the line of one contact."""
        return cls(
            str(contact.id),
            contact.version,
            contact.name,
            contact.email,
            contact.phone,
            contact.duty,
            contact.portal,
            contact.archived,
        )


@dataclass(frozen=True, slots=True)
class OwnedRow:
    """One instrument of the customer, as text."""

    tag: str
    description: str
    procedure: str
    due: str

    @classmethod
    def of(cls, row: InstrumentSummary, region: Region) -> Self:
        """Return the line of one instrument."""
        return cls(row.tag, row.description, row.procedure_code, day(row.due_on, region=region))


@dataclass(frozen=True, slots=True)
class CustomerText:
    """One customer as the form and the facts show it."""

    code: str = ""
    name: str = ""
    address: str = ""
    country: str = ""
    vat_id: str = ""
    language: str = "en"
    accredited: bool = True
    decision_rule: str = "simple"
    release_rule: str = "on_approval"
    tax_treatment: str = "standard"
    tax_rate: str = "0"
    discount_percent: str = "0"
    due_date_on_label: bool = False
    standing_agreement: bool = False
    rule: str = ""
    release: str = ""
    tax: str = ""
    archived: bool = False

    @classmethod
    def of(cls, customer: CustomerDetail) -> Self:
        """Return one customer as text."""
        draft = customer.draft
        return cls(
            draft.code,
            draft.name,
            draft.address,
            draft.country,
            draft.vat_id,
            draft.language,
            draft.accredited,
            draft.decision_rule.value,
            draft.release_rule.value,
            draft.tax_treatment.value,
            f"{draft.tax_rate:f}",
            f"{draft.discount_percent:f}",
            draft.due_date_on_label,
            draft.standing_agreement,
            RULES[draft.decision_rule],
            RELEASES[draft.release_rule],
            TAXES[draft.tax_treatment],
            customer.archived,
        )
