"""What the guided intake knows and does: customer, items by scan or search, completeness, scope."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import reflex as rx
from reflex_base.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError, Conflict, Invalid
from calibra_app.core.ids import LineId, SrfId
from calibra_app.services.customers import CustomerDetail, get_customer, list_customers
from calibra_app.services.equipment import list_instruments
from calibra_app.services.scope import list_procedures
from calibra_app.services.srf.agreement import Adjustment, Choice, DecisionRule, Urgency
from calibra_app.services.srf.drafts import (
    Heading,
    add_instruments,
    change_agreement,
    change_heading,
    create_srf,
    remove_line,
    submit_srf,
)
from calibra_app.services.srf.promises import outlooks
from calibra_app.services.srf.queries import LineDetail, SrfDetail, get_srf
from calibra_app.services.srf.register import SrfFilter, list_srfs
from calibra_app.services.srf.review import check_scope, reviews_of
from calibra_app.services.srf.states import HeaderState
from calibra_app.ui import notices, routes, typed
from calibra_app.ui.agreements import RELEASES, RULES
from calibra_app.ui.base import AppState, Refusals, ask, notice
from calibra_app.ui.components.choice import Option
from calibra_app.ui.format import Region
from calibra_app.ui.gate import action
from calibra_app.ui.pages.requests.intake_rows import (
    FoundRow,
    as_usual,
    beside_label,
    beside_line,
    is_active,
    lacking,
    rows_of,
)
from calibra_app.ui.pages.requests.rows import LineRow, SrfRow
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say

WRITE = Permission.SRF_DRAFT
MOST_FOUND = 8
MOST_OFFERED = 20
MOST_OPEN = 5
_OVER = frozenset({HeaderState.CLOSED, HeaderState.REJECTED, HeaderState.CANCELLED})
_OPEN = tuple(state for state in HeaderState if state not in _OVER)


class IntakeState(Refusals, AppState):
    """A request that is being written; it is kept from its first item on."""

    key: str = ""
    version: int = 0
    number: str = ""
    is_draft: bool = True
    customer_key: str = ""
    customer: str = ""
    customer_options: list[Option] = []
    contacts: list[list[str]] = []
    contact: str = ""
    channel: str = "desk"
    reference: str = ""
    remarks: str = ""
    rule: str = ""
    release: str = ""
    accredited: bool = True
    standing: bool = False
    open_srfs: list[SrfRow] = []
    sought: str = ""
    found: list[FoundRow] = []
    lines: list[LineRow] = []
    percent: str = "0"
    missing_lines: int = 0
    also_open: str = ""
    line: LineRow = LineRow()
    changing: bool = False
    # How often the fields in the table were drawn afresh.
    drawn: int = 0
    procedures: list[list[str]] = []
    _details: dict[str, LineDetail] = {}

    @action(WRITE)
    async def load(self):
        """Begin anew, or go on with the draft that the address names."""
        # Who types quickly has searched already when the page comes to its loading.
        found = self.customer_options
        self.reset()
        self.customer_options = found
        if not (written := str(self.router.page.params.get("srf", ""))):
            return None
        try:
            self.key = str(typed.identity(written))
        except CalibraError as error:
            return self._not_shown(error)
        return await self._show()

    @action(WRITE)
    async def find_customers(self, text: str):
        """Search customers while somebody types."""
        try:
            page = await ask(self, list_customers, text)
        except CalibraError as error:
            return notice(error)
        options = [Option(value=str(row.id), words=row.name, note=row.code) for row in page.rows]
        self.customer_options = options[:MOST_OFFERED]
        return None

    @action(WRITE)
    async def choose_customer(self, key: str):
        """Show what is agreed with the customer, and what of theirs is open."""
        if self.key:
            return self._refused(
                Conflict(say("A request keeps its customer; discard it and begin anew."))
            )
        self._accepted()
        return await self._take_customer(key) or notices.focus("label")

    @action(WRITE)
    async def choose_contact(self, key: str):
        """Say who of the customer asks."""
        self.contact = key
        return await self._keep_heading()

    @action(WRITE)
    async def choose_channel(self, channel: str):
        """Say how the items come."""
        self.channel = channel
        return await self._keep_heading()

    @action(WRITE)
    async def set_reference(self, text: str):
        """Keep the customer's own order number."""
        self.reference = text
        return await self._keep_heading()

    @action(WRITE)
    async def look(self, text: str):
        """Search the customer's instruments while somebody types."""
        self.sought = text.strip()
        if not self.customer_key or not self.sought:
            self.found = []
            return None
        try:
            page = await ask(
                self, list_instruments, self.sought, customer_id=UUID(self.customer_key)
            )
        except CalibraError as error:
            return notice(error)
        there = {detail.instrument_id for detail in self._details.values() if is_active(detail)}
        self.found = [FoundRow.of(each) for each in page.rows if each.id not in there][:MOST_FOUND]
        return None

    @action(WRITE)
    async def scan(self, form: Form):
        """Add the instrument whose label was scanned or typed."""
        label = typed.text(form, "label")
        if not self.customer_key:
            return self._refused(Invalid(say("Choose the customer first."), field="customer"))
        if not label:
            return None
        try:
            page = await ask(self, list_instruments, label, customer_id=UUID(self.customer_key))
        except CalibraError as error:
            return self._refused(error)
        exact = [each for each in page.rows if label.upper() in {each.tag.upper(), each.serial}]
        if not exact and len(page.rows) != 1:
            told = say("This customer has no instrument labelled “{label}”.", label=label)
            return self._refused(Invalid(told, field="label"))
        return await self._add((exact or list(page.rows))[0].id)

    @action(WRITE)
    async def add(self, key: str):
        """Add an instrument that the search found."""
        try:
            return await self._add(typed.identity(key))
        except CalibraError as error:
            return self._refused(error)

    @action(WRITE)
    async def set_urgency(self, key: str, urgency: str):
        """Say how soon the customer wants one item."""
        try:
            chosen = typed.choice({"urgency": urgency}, "urgency", Urgency)
        except CalibraError as error:
            return notice(error)
        return await self._agree(key, lambda old: replace(old, urgency=chosen))

    @action(WRITE)
    async def set_promise(self, key: str, day: str):
        """Promise a day for one item."""
        try:
            promised = typed.maybe_day({"promised_on": day}, "promised_on")
        except CalibraError as error:
            return notice(error)
        return await self._agree(key, lambda old: replace(old, promised_on=promised))

    @action(WRITE)
    async def fill_as_usual(self):
        """Answer what is still open on every line as this laboratory usually does."""
        for detail in tuple(self._details.values()):
            usual = as_usual(detail.agreement)
            if usual != detail.agreement and is_active(detail):
                try:
                    await ask(self, change_agreement, detail.id, detail.version, usual)
                except CalibraError as error:
                    await self._show()
                    return self._refused(error)
        return await self._show()

    @action(WRITE)
    async def open_line(self, key: str):
        """Show everything that is agreed for one item."""
        self._accepted()
        self.line = next((row for row in self.lines if row.key == key), LineRow())
        if not self.procedures:
            try:
                page = await ask(self, list_procedures)
            except CalibraError as error:
                return notice(error)
            self.procedures = [[each.code, f"{each.code} {each.title}"] for each in page.rows]
        self.changing = bool(self.line.key)
        return None

    @action(WRITE)
    async def close_line(self):
        """Close the item."""
        self.changing = False

    @action(WRITE)
    async def save_line(self, form: Form):
        """Keep what is agreed for the item that is open."""
        try:
            known = self._details[self.line.key]
            agreement = replace(
                known.agreement,
                procedure_code=typed.text(form, "procedure_code"),
                decision_rule=typed.choice(form, "decision_rule", DecisionRule),
                accredited=typed.ticked(form, "accredited"),
                adjustment=typed.choice(form, "adjustment", Adjustment),
                as_found=typed.choice(form, "as_found", Choice),
                due_on_label=typed.choice(form, "due_on_label", Choice),
                urgency=typed.choice(form, "urgency", Urgency),
                promised_on=typed.maybe_day(form, "promised_on"),
                remarks=typed.text(form, "remarks"),
            )
            await ask(self, change_agreement, known.id, self.line.version, agreement)
            await ask(self, check_scope, self._id())
        except CalibraError as error:
            return self._refused(error)
        self.changing = False
        # What was refused in the table is not what stands now.
        self.drawn += 1
        return await self._show() or self._accepted(say("Saved."))

    @action(WRITE)
    async def remove(self, key: str, version: int):
        """Take an item off the request."""
        try:
            await ask(self, remove_line, LineId(typed.identity(key)), version)
        except CalibraError as error:
            return self._refused(error)
        return await self._show()

    @action(WRITE)
    async def check(self):
        """Compare every item with the scope again."""
        try:
            await ask(self, check_scope, self._id())
        except CalibraError as error:
            return self._refused(error)
        return await self._show() or self._accepted(say("The scope is checked."))

    @action(Permission.SRF_SUBMIT)
    async def submit(self):
        """Hand the request in and go to its page."""
        if (lack := lacking(self.customer_key, self.contact, self.lines)) is not None:
            return self._refused(lack)
        try:
            number = await ask(self, submit_srf, self._id(), self.version)
        except CalibraError as error:
            return self._refused(error)
        return [
            self._accepted(say("{number} is submitted.", number=number)),
            rx.redirect(routes.srf(self.key)),
        ]

    def _id(self) -> SrfId:
        return SrfId(typed.identity(self.key))

    def _heading(self) -> Heading:
        return Heading(
            customer_id=typed.identity(self.customer_key, "customer"),
            contact_id=UUID(self.contact) if self.contact else None,
            channel=self.channel,
            customer_reference=self.reference,
            remarks=self.remarks,
        )

    async def _keep_heading(self) -> EventSpec | None:
        if not self.key:
            return None
        try:
            await ask(self, change_heading, self._id(), self.version, self._heading())
        except CalibraError as error:
            return self._refused(error)
        return await self._show()

    async def _add(self, instrument_id: UUID) -> Any:
        begun = bool(self.key)
        try:
            if begun:
                await ask(self, add_instruments, self._id(), [instrument_id])
            else:
                self.key = str(await ask(self, create_srf, self._heading(), [instrument_id]))
            await ask(self, check_scope, self._id())
        except CalibraError as error:
            return self._refused(beside_label(error))
        self._accepted()
        self.found, self.sought = [], ""
        fault = await self._show()
        # The address names the draft, so that a reload goes on with it.
        address = f"{routes.NEW_REQUEST}?srf={self.key}"
        kept = None if begun else rx.redirect(address, replace=True)
        after = (fault, kept, rx.set_value("label", ""), notices.focus("label"))
        return [each for each in after if each is not None]

    async def _agree(self, key: str, change: Any) -> EventSpec | None:
        if (known := self._details.get(key)) is None:
            return None
        try:
            await ask(self, change_agreement, known.id, known.version, change(known.agreement))
        except CalibraError as error:
            return self._refused(beside_line(error, known.position))
        self._accepted()
        return await self._show()

    async def _show(self) -> EventSpec | None:
        try:
            detail = await ask(self, get_srf, self._id())
            reviews = await ask(self, reviews_of, self._id())
            promises = await ask(self, outlooks, self._id())
        except CalibraError as error:
            return self._not_shown(error)
        if not self.customer_key:
            fault = await self._take_customer(str(detail.customer_id))
            if fault is not None:
                return fault
        self._take_heading(detail)
        active = [line for line in detail.lines if is_active(line)]
        self._details = {str(line.id): line for line in active}
        self.lines = rows_of(active, reviews, promises, Region(self.locale, self.zone))
        shares = [line.completeness.percent for line in active]
        self.percent = str(round(sum(shares) / len(shares))) if shares else "0"
        self.missing_lines = sum(share < 100 for share in shares)  # noqa: PLR2004 - percent
        self.also_open = ", ".join(
            say("{tag} on {number}", tag=line.tag, number=line.also_on)
            for line in active
            if line.also_on
        )
        return None

    def _take_heading(self, detail: SrfDetail) -> None:
        self.version = detail.version
        self.number = detail.number
        self.is_draft = detail.state is HeaderState.DRAFT
        self.contact = str(detail.contact_id) if detail.contact_id else ""
        self.channel = detail.channel
        self.reference = detail.reference
        self.remarks = detail.remarks

    async def _take_customer(self, key: str) -> EventSpec | None:
        try:
            customer_id = typed.identity(key, "customer")
            known: CustomerDetail = await ask(self, get_customer, customer_id)
            page = await ask(self, list_srfs, SrfFilter(states=_OPEN, customer_id=customer_id))
        except CalibraError as error:
            return self._refused(error)
        draft = known.draft
        self.customer_key = key
        self.customer = draft.name
        self.contacts = [[str(each.id), each.name] for each in known.contacts if not each.archived]
        self.contact = self.contacts[0][0] if self.contacts else ""
        self.rule = RULES[draft.decision_rule]
        self.release = RELEASES[draft.release_rule]
        self.accredited = draft.accredited
        self.standing = draft.standing_agreement
        region = Region(self.locale, self.zone)
        others = [row for row in page.rows if str(row.id) != self.key]
        self.open_srfs = [SrfRow.of(row, region) for row in others[:MOST_OPEN]]
        return None
