"""What the pages of invoices know and do."""

from decimal import Decimal
from typing import Any

from reflex.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError, Conflict, Invalid
from calibra_app.core.ids import InvoiceId, SrfId
from calibra_app.services.invoices.issuing import (
    Change,
    credit_invoice,
    issue_invoice,
    preview_invoice,
)
from calibra_app.services.invoices.payments import record_payment
from calibra_app.services.invoices.register import (
    InvoiceState,
    get_invoice,
    list_invoices,
    list_ready,
)
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.ui import typed
from calibra_app.ui.base import AppState, Refusals, ask, current_actor, notice
from calibra_app.ui.format import Region, read_number
from calibra_app.ui.gate import action
from calibra_app.ui.listing import Listing
from calibra_app.ui.live import LIVE
from calibra_app.ui.pages.invoices.rows import (
    ChargeRow,
    DraftView,
    InvoiceRow,
    PaperRow,
    PaymentRow,
    ReadyRow,
    SumsView,
    papers_of,
)
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say

ISSUE, PAY = Permission.INVOICE_ISSUE, Permission.PAYMENT_RECORD


class InvoicesState(Listing, Refusals, AppState):
    """What is ready to be charged, and the invoices that were issued."""

    ready: list[ReadyRow] = []
    ready_cursor: str = ""
    rows: list[InvoiceRow] = []
    chosen: str = ""
    draft: DraftView = DraftView()
    charges: list[ChargeRow] = []
    drafting: bool = False
    # What was typed into the draft so far: by the key of its line, amount and explanation.
    amounts: dict[str, str] = {}
    reasons: dict[str, str] = {}

    @action(ISSUE, reading=True)
    async def load(self):
        """Fill both lists, and follow what changes."""
        self.drafting = False
        try:
            actor = await current_actor(self)
        except CalibraError as error:
            return notice(error)
        await LIVE.join(self, f"t:{actor.tenant_id}:invoices", InvoicesState, refresh="refresh")
        return await self._read("")

    @action(ISSUE, reading=True)
    async def refresh(self):
        """Read the lists anew after a change somewhere."""
        return await self._read("")

    @action(ISSUE, reading=True)
    async def choose(self, state: str):
        """Narrow the list of invoices to a state, or widen it again."""
        self.chosen = "" if state == self.chosen else state
        return await self._read("")

    @action(ISSUE, reading=True)
    async def more(self):
        """Put the next page of invoices behind the others."""
        return await self._read(self.next_cursor)

    @action(ISSUE, reading=True)
    async def more_ready(self):
        """Put the next page of what is ready behind the others."""
        try:
            page = await ask(self, list_ready, self.ready_cursor)
        except CalibraError as error:
            return notice(error)
        region = Region(self.locale, self.zone)
        self.ready = [*self.ready, *(ReadyRow.of(row, region) for row in page.rows)]
        self.ready_cursor = page.next_cursor
        return None

    @action(ISSUE, reading=True)
    async def open_draft(self, key: str):
        """Show what the invoice of a request would say."""
        self._accepted()
        self.amounts, self.reasons = {}, {}
        try:
            preview = await ask(self, preview_invoice, SrfId(typed.identity(key)))
        except CalibraError as error:
            return notice(error)
        region = Region(self.locale, self.zone)
        self.draft = DraftView.of(preview, region)
        currency = preview.bill.currency
        self.charges = [ChargeRow.of(each, currency, region) for each in preview.bill.charges]
        self.drafting = True
        return None

    @action(ISSUE, reading=True)
    async def close_draft(self):
        """Close the draft; nothing was issued."""
        self.drafting = False

    @action(ISSUE, reading=True)
    async def amount_typed(self, key: str, written: str):
        """Reckon the sums anew with another amount."""
        self.amounts = {**self.amounts, key: written}
        return await self._reckon()

    @action(ISSUE, reading=True)
    async def reason_typed(self, key: str, written: str):
        """Note why a line is charged otherwise than offered."""
        self.reasons = {**self.reasons, key: written}
        return await self._reckon()

    @action(ISSUE)
    async def issue(self, form: Form):
        """Issue the invoice."""
        try:
            invoice_id = await ask(
                self,
                issue_invoice,
                SrfId(typed.identity(self.draft.key)),
                self.draft.version,
                self._changes(form),
                typed.text(form, "password"),
            )
        except GuardFailed as error:
            return self._refused(Invalid(error.message))
        except CalibraError as error:
            return self._refused(error)
        self.drafting = False
        number = self.draft.title
        del invoice_id
        return await self._read("") or self._accepted(say("{number} is invoiced.", number=number))

    async def _reckon(self) -> EventSpec | None:
        region = Region(self.locale, self.zone)
        try:
            changes = self._changes({})
            preview = await ask(
                self, preview_invoice, SrfId(typed.identity(self.draft.key)), changes
            )
        except CalibraError as error:
            return self._refused(error)
        self._accepted()
        self.draft = DraftView.of(preview, region)
        currency = preview.bill.currency
        self.charges = [ChargeRow.of(each, currency, region) for each in preview.bill.charges]
        return None

    def _changes(self, form: Form) -> dict[str, Change]:
        """Return what is charged otherwise than proposed; the sent form is newer than the notes."""
        found: dict[str, Change] = {}
        for row in self.charges:
            written = typed.text(form, f"amount-{row.key}") or self.amounts.get(row.key, "")
            sent = f"why-{row.key}" in form
            noted = self.reasons.get(row.key, row.why)
            why = typed.text(form, f"why-{row.key}") if sent else noted
            amount = _amount(written or row.typed, f"amount-{row.key}")
            found[row.key] = Change(amount, why)
        return found

    async def _read(self, cursor: str) -> EventSpec | None:
        states = (InvoiceState(self.chosen),) if self.chosen in set(InvoiceState) else ()
        region = Region(self.locale, self.zone)
        try:
            page = await ask(self, list_invoices, states, cursor)
            ready = await ask(self, list_ready)
        except CalibraError as error:
            self.loading = False
            return notice(error)
        new = [InvoiceRow.of(row, region) for row in page.rows]
        self.rows = [*self.rows, *new] if cursor else new
        self.ready = [ReadyRow.of(row, region) for row in ready.rows]
        self.ready_cursor = ready.next_cursor
        self._take(self.rows, page, say("{count} invoice"), say("{count} invoices"))
        return None


class OneInvoiceState(Refusals, AppState):
    """One invoice with its payments and papers."""

    found: bool = False
    key: str = ""
    version: int = 0
    row: InvoiceRow = InvoiceRow()
    sums: SumsView = SumsView()
    charges: list[ChargeRow] = []
    payments: list[PaymentRow] = []
    papers: list[PaperRow] = []
    is_open: bool = False
    credited: bool = False
    paying: bool = False
    crediting: bool = False

    @action(ISSUE, reading=True)
    async def load(self):
        """Show the invoice of the address, and follow what changes on it."""
        self.found = self.paying = self.crediting = False
        try:
            self.key = str(typed.path_argument(self, "invoice_id"))
            actor = await current_actor(self)
        except CalibraError as error:
            return self._not_shown(error)
        topic = f"t:{actor.tenant_id}:invoice:{self.key}"
        await LIVE.join(self, topic, OneInvoiceState, refresh="refresh")
        return await self._show()

    @action(ISSUE, reading=True)
    async def refresh(self):
        """Read the invoice anew."""
        return await self._show()

    @action(PAY)
    async def begin_payment(self):
        """Ask what came in."""
        self._accepted()
        self.paying = True

    @action(ISSUE)
    async def begin_credit(self):
        """Ask why the invoice is taken back."""
        self._accepted()
        self.crediting = True

    @action(ISSUE, PAY)
    async def close(self):
        """Close the dialog."""
        self.paying = self.crediting = False

    @action(PAY)
    async def pay(self, form: Form):
        """Record a payment."""
        try:
            amount = typed.number(form, "amount")
            reference = typed.text(form, "reference")
            done = await ask(self, record_payment, self._id(), amount, reference)
        except CalibraError as error:
            return self._refused(error)
        self.paying = False
        told = say("{amount} is recorded.", amount=f"{amount:.2f}")
        if done.released:
            told = say(
                "Paid. Released for the customer: {numbers}.", numbers=", ".join(done.released)
            )
        return await self._show() or self._accepted(told)

    @action(ISSUE)
    async def credit(self, form: Form):
        """Take the invoice back with a credit note."""
        try:
            reason = typed.text(form, "reason")
            password = typed.text(form, "password")
            await ask(self, credit_invoice, self._id(), self.version, reason, password)
        except GuardFailed as error:
            return self._refused(Invalid(error.message, field="reason"))
        except Conflict as error:
            return self._refused(Invalid(error.message))
        except CalibraError as error:
            return self._refused(error)
        self.crediting = False
        return await self._show() or self._accepted(say("The credit note is issued."))

    def _id(self) -> InvoiceId:
        return InvoiceId(typed.identity(self.key))

    async def _show(self) -> Any:
        try:
            detail = await ask(self, get_invoice, self._id())
        except CalibraError as error:
            return self._not_shown(error)
        region = Region(self.locale, self.zone)
        currency = detail.net.currency
        self.version = detail.version
        self.row = InvoiceRow.of(detail.summary, region)
        self.sums = SumsView.of(detail, region)
        self.charges = [ChargeRow.of(each, currency, region) for each in detail.charges]
        self.payments = [PaymentRow.of(each, region) for each in detail.payments]
        self.papers = papers_of(detail)
        self.is_open = detail.summary.state is InvoiceState.ISSUED
        self.credited = detail.summary.state is InvoiceState.CREDITED
        self.found = True
        return None


def _amount(written: str, field: str) -> Decimal:
    try:
        return read_number(written)
    except ValueError as error:
        raise Invalid(str(error), field=field) from error
