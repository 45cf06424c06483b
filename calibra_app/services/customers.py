"""Customers, their contacts, what was agreed with them, and who of them uses the portal."""

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, Role, permitted
from calibra_app.core.entry import (
    LONGEST_TEXT,
    email_address,
    filled,
    limited,
    within,
)
from calibra_app.core.errors import Conflict, Invalid, NotFound
from calibra_app.core.ids import ContactId, CustomerId, PersonId
from calibra_app.core.paging import Page
from calibra_app.models.customer import Contact, Customer, DecisionRule, ReleaseRule, TaxTreatment
from calibra_app.models.person import PortalProfile
from calibra_app.persistence.listing import Key, page_of
from calibra_app.persistence.search import enter_words, found_by
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.persistence.versions import amend
from calibra_app.services.people import PersonDraft, enter_person

__all__ = [
    "ContactDraft",
    "ContactSummary",
    "CustomerCodeTaken",
    "CustomerDetail",
    "CustomerDraft",
    "CustomerSummary",
    "DecisionRule",
    "PortalProfile",
    "ReleaseRule",
    "TaxTreatment",
    "add_contact",
    "add_customer",
    "archive_contact",
    "archive_customer",
    "change_contact",
    "change_customer",
    "get_customer",
    "give_portal_access",
    "list_contacts",
    "list_customers",
]

KIND = "customer"


class CustomerCodeTaken(Conflict):
    """Another customer has this code."""

    code: ClassVar[str] = "customer_code_taken"


@dataclass(frozen=True, slots=True)
class CustomerDraft:
    """What is entered of a customer."""

    code: str
    name: str
    address: str = ""
    country: str = ""
    vat_id: str = ""
    language: str = "en"
    accredited: bool = True
    decision_rule: DecisionRule = DecisionRule.SIMPLE
    release_rule: ReleaseRule = ReleaseRule.ON_APPROVAL
    tax_treatment: TaxTreatment = TaxTreatment.STANDARD
    tax_rate: Decimal = Decimal(0)
    discount_percent: Decimal = Decimal(0)
    due_date_on_label: bool = False
    standing_agreement: bool = False


@dataclass(frozen=True, slots=True)
class ContactDraft:
    """What is entered of a contact."""

    name: str
    email: str
    phone: str = ""
    duty: str = ""


@dataclass(frozen=True, slots=True)
class CustomerSummary:
    """One line of the list of customers."""

    id: CustomerId
    code: str
    name: str
    country: str
    accredited: bool
    decision_rule: DecisionRule
    release_rule: ReleaseRule
    archived: bool


@dataclass(frozen=True, slots=True)
class ContactSummary:
    """One contact; `portal` where they sign in."""

    id: ContactId
    version: int
    name: str
    email: str
    phone: str
    duty: str
    person_id: UUID | None
    archived: bool

    @property
    def portal(self) -> bool:
        """Whether the contact has access to the portal."""
        return self.person_id is not None


@dataclass(frozen=True, slots=True)
class CustomerDetail:
    """One customer with all that was agreed; `draft` is what the form shows."""

    id: CustomerId
    version: int
    archived: bool
    draft: CustomerDraft
    contacts: tuple[ContactSummary, ...]


@permitted(Permission.CUSTOMER_SEE, reading=True)
def list_customers(
    work: UnitOfWork, search: str = "", *, archived: bool = False, cursor: str = ""
) -> Page[CustomerSummary]:
    """List customers by name; a person of the portal finds the own company alone.

    Args:
        work: The transaction.
        search: Beginnings of words of code, name, address or a contact's name.
        archived: Those put away instead of those in use.
        cursor: Where the page begins.
    """
    query = select(Customer).where(Customer.archived == archived)
    if work.actor.customer_id is not None:
        query = query.where(Customer.id == work.actor.customer_id)
    if search.strip():
        query = query.where(col(Customer.id).in_(found_by(KIND, search)))
    return page_of(work, query, _summary, Key(Customer.name), Key(Customer.id), cursor=cursor)


@permitted(Permission.CUSTOMER_SEE, reading=True)
def get_customer(work: UnitOfWork, customer_id: UUID) -> CustomerDetail:
    """Return one customer with contacts."""
    _refuse_foreign(work, customer_id)
    row = work.peek(Customer, customer_id)
    names = CustomerDraft.__dataclass_fields__
    return CustomerDetail(
        CustomerId(row.id),
        row.version,
        row.archived,
        CustomerDraft(**{name: getattr(row, name) for name in names}),
        list_contacts(work, customer_id),
    )


@permitted(Permission.CUSTOMER_SEE, reading=True)
def list_contacts(work: UnitOfWork, customer_id: UUID) -> tuple[ContactSummary, ...]:
    """List a customer's contacts by name, those put away last."""
    _refuse_foreign(work, customer_id)
    found = work.exec(
        select(Contact)
        .where(Contact.customer_id == customer_id)
        .order_by(col(Contact.archived), col(Contact.name), col(Contact.id))
    ).all()
    return tuple(
        ContactSummary(
            ContactId(row.id),
            row.version,
            row.name,
            row.email,
            row.phone,
            row.duty,
            row.person_id,
            row.archived,
        )
        for row in found
    )


@permitted(Permission.CUSTOMER_EDIT)
def add_customer(work: UnitOfWork, draft: CustomerDraft) -> CustomerId:
    """Enter a customer.

    Raises:
        CustomerCodeTaken: Another customer has the code.
    """
    fields = _checked(draft)
    _refuse_taken(work, fields["code"])
    row = Customer(**fields)
    work.add(row)
    _enter_words(work, row)
    return CustomerId(row.id)


@permitted(Permission.CUSTOMER_EDIT)
def change_customer(work: UnitOfWork, customer_id: UUID, seen: int, draft: CustomerDraft) -> None:
    """Change what is entered of a customer.

    Raises:
        Stale: Somebody else has changed it meanwhile.
        CustomerCodeTaken: Another customer has the code.
    """
    row = work.get(Customer, customer_id)
    fields = _checked(draft)
    if fields["code"] != row.code:
        _refuse_taken(work, fields["code"])
    if amend(work, row, seen, fields):
        _enter_words(work, row)


@permitted(Permission.CUSTOMER_EDIT)
def archive_customer(
    work: UnitOfWork, customer_id: UUID, seen: int, *, archived: bool = True
) -> None:
    """Put a customer away, or take them back into use; nothing of theirs is lost."""
    amend(work, work.get(Customer, customer_id), seen, {"archived": archived})


@permitted(Permission.CUSTOMER_EDIT)
def add_contact(work: UnitOfWork, customer_id: UUID, draft: ContactDraft) -> ContactId:
    """Enter a contact of a customer."""
    customer = work.peek(Customer, customer_id)
    row = Contact(customer_id=customer.id, **_checked_contact(draft))
    work.add(row)
    _enter_words(work, customer)
    return ContactId(row.id)


@permitted(Permission.CUSTOMER_EDIT)
def change_contact(work: UnitOfWork, contact_id: UUID, seen: int, draft: ContactDraft) -> None:
    """Change what is entered of a contact.

    Raises:
        Stale: Somebody else has changed it meanwhile.
    """
    row = work.get(Contact, contact_id)
    if amend(work, row, seen, _checked_contact(draft)):
        _enter_words(work, work.peek(Customer, row.customer_id))


@permitted(Permission.CUSTOMER_EDIT)
def archive_contact(
    work: UnitOfWork, contact_id: UUID, seen: int, *, archived: bool = True
) -> None:
    """Put a contact away, or take them back into use."""
    amend(work, work.get(Contact, contact_id), seen, {"archived": archived})


@permitted(Permission.PERSON_MANAGE)
def give_portal_access(work: UnitOfWork, contact_id: UUID, profile: PortalProfile) -> PersonId:
    """Enter a contact as a person of the portal; `sign_in.invite` mails the link.

    Raises:
        Conflict: The contact has access already.
    """
    contact = work.get(Contact, contact_id)
    if contact.person_id is not None:
        raise Conflict(f"{contact.name} has access to the portal already.")
    person_id = enter_person(
        work,
        PersonDraft(name=contact.name, email=contact.email, job_title=contact.duty),
        (Role.CU,),
        customer_id=contact.customer_id,
        profile=profile,
    )
    contact.person_id = person_id
    work.add(contact)
    return person_id


def _summary(row: Customer) -> CustomerSummary:
    return CustomerSummary(
        CustomerId(row.id),
        row.code,
        row.name,
        row.country,
        row.accredited,
        row.decision_rule,
        row.release_rule,
        row.archived,
    )


def _checked(draft: CustomerDraft) -> dict[str, Any]:
    if draft.decision_rule is DecisionRule.OWN:
        # Its figures stand on a line; a customer has none to begin with.
        raise Invalid("Choose a rule of the catalogue.", field="decision_rule")
    return asdict(draft) | {
        "code": filled(draft.code, "code", "a code, such as K4", most=20),
        "name": filled(draft.name, "name", "the customer's name"),
        "address": limited(draft.address, "address", most=LONGEST_TEXT),
        "country": limited(draft.country, "country", most=60),
        "vat_id": limited(draft.vat_id, "vat_id", most=40),
        "tax_rate": within(draft.tax_rate, 0, 100, "tax_rate"),
        "discount_percent": within(draft.discount_percent, 0, 100, "discount_percent"),
    }


def _checked_contact(draft: ContactDraft) -> dict[str, Any]:
    return {
        "name": filled(draft.name, "contact_name", "the contact's name"),
        "email": email_address(draft.email, "contact_email"),
        "phone": limited(draft.phone, "contact_phone", most=40),
        "duty": limited(draft.duty, "contact_duty"),
    }


def _refuse_taken(work: UnitOfWork, code: str) -> None:
    if work.exec(select(Customer.id).where(Customer.code == code)).first() is not None:
        raise CustomerCodeTaken(f"Another customer has the code {code}.", field="code")


def _refuse_foreign(work: UnitOfWork, customer_id: UUID) -> None:
    own = work.actor.customer_id
    if own is not None and own != customer_id:
        raise NotFound("There is no such customer.")


def _enter_words(work: UnitOfWork, row: Customer) -> None:
    names = work.exec(
        select(Contact.name, Contact.email).where(Contact.customer_id == row.id)
    ).all()
    told = [text for pair in names for text in pair]
    enter_words(work, KIND, row.id, (row.code, row.name, row.address, row.vat_id, *told))
