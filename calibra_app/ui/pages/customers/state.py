"""What the pages of customers know and do."""

import reflex as rx
from reflex.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError
from calibra_app.services.customers import (
    ContactDraft,
    CustomerDraft,
    DecisionRule,
    PortalProfile,
    ReleaseRule,
    TaxTreatment,
    add_contact,
    add_customer,
    archive_contact,
    archive_customer,
    change_contact,
    change_customer,
    get_customer,
    give_portal_access,
    list_customers,
)
from calibra_app.services.equipment import list_instruments
from calibra_app.services.sign_in import invite
from calibra_app.ui import routes, typed
from calibra_app.ui.agreements import PROFILES
from calibra_app.ui.base import AppState, Refusals, ask, notice
from calibra_app.ui.format import Region
from calibra_app.ui.gate import action
from calibra_app.ui.listing import Listing
from calibra_app.ui.pages.customers.rows import ContactRow, CustomerRow, CustomerText, OwnedRow
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say

SEE, EDIT = Permission.CUSTOMER_SEE, Permission.CUSTOMER_EDIT


def customer_draft(form: Form) -> CustomerDraft:
    """Return what was typed into the form of a customer."""
    return CustomerDraft(
        code=typed.text(form, "code"),
        name=typed.text(form, "name"),
        address=typed.text(form, "address"),
        country=typed.text(form, "country"),
        vat_id=typed.text(form, "vat_id"),
        language=typed.text(form, "language") or "en",
        accredited=typed.ticked(form, "accredited"),
        decision_rule=typed.choice(form, "decision_rule", DecisionRule),
        release_rule=typed.choice(form, "release_rule", ReleaseRule),
        tax_treatment=typed.choice(form, "tax_treatment", TaxTreatment),
        tax_rate=typed.number(form, "tax_rate"),
        discount_percent=typed.number(form, "discount_percent"),
        due_date_on_label=typed.ticked(form, "due_date_on_label"),
        standing_agreement=typed.ticked(form, "standing_agreement"),
    )


class CustomersState(Listing, Refusals, AppState):
    """The list of customers and the form for a new one."""

    rows: list[CustomerRow] = []
    archived: bool = False
    adding: bool = False

    @action(SEE, reading=True)
    async def load(self):
        """Fill the list from its top."""
        return await self._read("")

    @action(SEE, reading=True)
    async def find(self, text: str):
        """Search while somebody types."""
        self.search = text
        return await self._read("")

    @action(SEE, reading=True)
    async def more(self):
        """Put the next page behind the others."""
        return await self._read(self.next_cursor)

    @action(SEE, reading=True)
    async def show_archived(self):
        """Show those put away instead, or those in use again."""
        self.archived = not self.archived
        return await self._read("")

    @action(EDIT)
    async def open_form(self):
        """Open the form for a new customer."""
        self._accepted()
        self.adding = True

    @action(EDIT)
    async def close_form(self):
        """Close the form; what was typed is gone."""
        self.adding = False

    @action(EDIT)
    async def save(self, form: Form):
        """Enter the customer, then go to them."""
        try:
            customer_id = await ask(self, add_customer, customer_draft(form))
        except CalibraError as error:
            return self._refused(error)
        self.adding = False
        return [
            self._accepted(say("{name} is entered.", name=typed.text(form, "name"))),
            rx.redirect(routes.customer(customer_id)),
        ]

    async def _read(self, cursor: str) -> EventSpec | None:
        try:
            page = await ask(
                self, list_customers, self.search, archived=self.archived, cursor=cursor
            )
        except CalibraError as error:
            self.loading = False
            return notice(error)
        new = [CustomerRow.of(row) for row in page.rows]
        self.rows = [*self.rows, *new] if cursor else new
        self._take(self.rows, page, say("{count} customer"), say("{count} customers"))
        return None


class CustomerState(Refusals, AppState):
    """One customer with contacts."""

    found: bool = False
    version: int = 0
    key: str = ""
    customer: CustomerText = CustomerText()
    contacts: list[ContactRow] = []
    owned: list[OwnedRow] = []
    owned_more: bool = False
    editing: bool = False
    # The contact in the form; an empty key is a new one.
    contact: ContactRow = ContactRow()
    contact_open: bool = False
    access_open: bool = False

    @action(SEE, reading=True)
    async def load(self):
        """Show the customer of the address."""
        self.found = False
        self.editing = self.contact_open = self.access_open = False
        try:
            self.key = str(typed.path_argument(self, "customer_id"))
        except CalibraError as error:
            return self._not_shown(error)
        return await self._show()

    @action(EDIT)
    async def edit(self):
        """Open the form of the customer."""
        self._accepted()
        self.editing = True

    @action(EDIT)
    async def close(self):
        """Close whatever form is open."""
        self.editing = self.contact_open = self.access_open = False

    @action(EDIT)
    async def save(self, form: Form):
        """Change the customer."""
        try:
            draft = customer_draft(form)
            await ask(self, change_customer, typed.identity(self.key), self.version, draft)
        except CalibraError as error:
            return self._refused(error)
        self.editing = False
        return await self._show() or self._accepted(say("Saved."))

    @action(EDIT)
    async def archive(self):
        """Put the customer away, or take them back into use."""
        try:
            await ask(
                self,
                archive_customer,
                typed.identity(self.key),
                self.version,
                archived=not self.customer.archived,
            )
        except CalibraError as error:
            return notice(error)
        return await self._show()

    @action(EDIT)
    async def open_contact(self, key: str):
        """Open the form of a contact; of a new one without a key."""
        self._accepted()
        known = [row for row in self.contacts if row.key == key]
        self.contact = known[0] if known else ContactRow()
        self.contact_open = True

    @action(EDIT)
    async def save_contact(self, form: Form):
        """Enter or change the contact in the form."""
        draft = ContactDraft(
            typed.text(form, "contact_name"),
            typed.text(form, "contact_email"),
            typed.text(form, "contact_phone"),
            typed.text(form, "contact_duty"),
        )
        try:
            if self.contact.key:
                contact_id = typed.identity(self.contact.key)
                await ask(self, change_contact, contact_id, self.contact.version, draft)
            else:
                await ask(self, add_contact, typed.identity(self.key), draft)
        except CalibraError as error:
            return self._refused(error)
        self.contact_open = False
        return await self._show() or self._accepted(say("{name} is saved.", name=draft.name))

    @action(EDIT)
    async def archive_contact(self, key: str, version: int, archived: bool):
        """Put a contact away, or take them back into use."""
        try:
            contact_id = typed.identity(key)
            await ask(self, archive_contact, contact_id, version, archived=archived)
        except CalibraError as error:
            return notice(error)
        return await self._show()

    @action(Permission.PERSON_MANAGE)
    async def open_access(self, key: str):
        """Ask what a contact may do in the portal."""
        self._accepted()
        known = [row for row in self.contacts if row.key == key]
        self.contact = known[0] if known else ContactRow()
        self.access_open = bool(known)

    @action(Permission.PERSON_MANAGE)
    async def close_access(self):
        """Close the question."""
        self.access_open = False

    @action(Permission.PERSON_MANAGE)
    async def give_access(self, form: Form):
        """Enter the contact as a person of the portal and mail the link."""
        try:
            profile = typed.choice(form, "profile", PortalProfile)
            contact_id = typed.identity(self.contact.key)
            person_id = await ask(self, give_portal_access, contact_id, profile)
            await ask(self, invite, person_id)
        except CalibraError as error:
            return self._refused(error)
        self.access_open = False
        sent = say("{name} gets a link by mail.", name=self.contact.name)
        return await self._show() or self._accepted(sent)

    async def _show(self) -> EventSpec | None:
        try:
            detail = await ask(self, get_customer, typed.identity(self.key))
        except CalibraError as error:
            return self._not_shown(error)
        self.found = True
        self.version = detail.version
        self.customer = CustomerText.of(detail)
        self.contacts = [ContactRow.of(contact) for contact in detail.contacts]
        return await self._show_owned()

    async def _show_owned(self) -> EventSpec | None:
        self.owned, self.owned_more = [], False
        # Finance sees customers and not their instruments.
        if str(Permission.INSTRUMENT_REGISTER) not in self.readable:
            return None
        try:
            page = await ask(self, list_instruments, customer_id=typed.identity(self.key))
        except CalibraError as error:
            return notice(error)
        region = Region(self.locale, self.zone)
        self.owned = [OwnedRow.of(row, region) for row in page.rows]
        self.owned_more = bool(page.next_cursor)
        return None


PROFILE_CHOICES = [(profile.value, words) for profile, words in PROFILES.items()]
