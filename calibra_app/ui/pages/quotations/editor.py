"""What the editor of a quotation knows and does: lines in a grid, sums that follow each key."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from reflex_base.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError, Invalid
from calibra_app.core.ids import DocumentId, QuotationId
from calibra_app.core.money import Money
from calibra_app.services.documents import list_documents, print_again
from calibra_app.services.quotations import QuotationState as Stands
from calibra_app.services.quotations.editing import Change, Field, FieldTaken, change_line
from calibra_app.services.quotations.pricing import PricedLine, Sums, add_up
from calibra_app.services.quotations.queries import QuotationDetail, get_quotation
from calibra_app.services.quotations.revisions import differences
from calibra_app.ui import format as shown
from calibra_app.ui import routes, typed
from calibra_app.ui.base import AppState, Refusals, ask, current_actor, notice
from calibra_app.ui.format import Region
from calibra_app.ui.gate import action
from calibra_app.ui.live import LIVE
from calibra_app.ui.pages.quotations.rows import (
    STATES,
    DifferenceRow,
    PaperRow,
    RevisionRow,
    ScopeRow,
    SumText,
    grid_cells,
    grid_row,
    plain,
    priced,
)
from calibra_app.ui.words import say

SEE = Permission.QUOTATION_SEE
WRITE = Permission.QUOTATION_WRITE
DIFFERENCES = "differences"
_NUMBERS = frozenset({Field.QUANTITY, Field.UNIT_PRICE, Field.SURCHARGE_PERCENT})


class QuotationState(Refusals, AppState):
    """One quotation in its newest revision, in an earlier one, or in what they differ."""

    _detail: QuotationDetail | None = None

    key: str = ""
    found: bool = False
    title: str = ""
    state_words: str = ""
    state_tone: str = "gray"
    state_icon: str = "file-text"
    customer: str = ""
    customer_path: str = ""
    srf_number: str = ""
    srf_path: str = ""
    currency: str = ""
    rows: list[dict[str, Any]] = []
    cells: dict[str, dict[str, Any]] = {}
    results: dict[str, dict[str, Any]] = {}
    clashes: dict[str, dict[str, Any]] = {}
    asks: dict[str, dict[str, Any]] = {}
    locked: str = ""
    scopes: list[ScopeRow] = []
    scope: ScopeRow = ScopeRow()
    selected: str = ""
    sums: SumText = SumText()
    tax_words: str = ""
    tax_reason: str = ""
    discount: str = ""
    limit_words: str = ""
    excess: str = ""
    problems: list[str] = []
    valid_until: str = ""
    valid_words: str = ""
    terms: str = ""
    reason: str = ""
    sent_words: str = ""
    approved_words: str = ""
    # "draft", "internal_approval", "sent" …; of the newest revision, with what may be done.
    stands: str = ""
    approvable: bool = False
    # The tab: "" for the newest revision, a number for an earlier one, or the differences.
    view: str = ""
    revisions: list[RevisionRow] = []
    differing: list[DifferenceRow] = []
    differing_words: str = ""
    papers: list[PaperRow] = []
    presence: list[dict[str, str]] = []

    @action(SEE, reading=True)
    async def load(self):
        """Show the quotation of the address, and follow what others change on it."""
        self.view, self.selected, self.clashes, self.asks = "", "", {}, {}
        self._accepted()
        try:
            key = str(typed.path_argument(self, "quotation_id"))
            actor = await current_actor(self)
        except CalibraError as error:
            self.found = False
            return self._not_shown(error)
        # After a lost line the same one is loaded again: what is being typed on it stays.
        self.found = self.found and key == self.key
        self.key = key
        topic = f"t:{actor.tenant_id}:quotation:{self.key}"
        await LIVE.join(self, topic, QuotationState, refresh="refresh")
        refused = await self._show()
        if self.found:
            # Only after the record was shown: before, nobody knows whether they may see it.
            await LIVE.join_presence(self, topic, QuotationState)
            await LIVE.be_present(self, topic, actor, initials=shown.initials(actor.name))
        return refused

    @action(SEE, reading=True)
    async def refresh(self):
        """Read everything anew after somebody changed something."""
        return await self._show() if self.key else None

    @action(SEE, reading=True)
    async def choose_view(self, view: str):
        """Show the newest revision, an earlier one, or what they differ in."""
        self.view = view
        return await self._show()

    @action(SEE, reading=True)
    async def focus(self, row: str, column: str):
        """Show what stands behind the line in whose cell somebody is."""
        self._select(row)
        try:
            actor = await current_actor(self)
        except CalibraError as error:
            return notice(error)
        topic = f"t:{actor.tenant_id}:quotation:{self.key}"
        where = f"{row}:{column}"
        marked = shown.initials(actor.name)
        await LIVE.be_present(self, topic, actor, initials=marked, where=where)
        return None

    @action(SEE, reading=True)
    async def draft(self, row: str, column: str, text: str):
        """Let the sums follow what is being typed; nothing is stored."""
        try:
            lines = self._priced_with(row, Field(column), text)
        except (Invalid, ValueError):
            return
        self._show_sums(lines)

    @action(WRITE)
    async def commit(self, row: str, column: str, text: str, base_version: int, reason: str):
        """Store one cell, unless somebody else has filled it first."""
        del reason
        cell = f"{row}:{column}"
        if column not in set(Field):
            return notice(Invalid(say("There is no such column.")))
        field = Field(column)
        try:
            value = self._value(field, text)
            change = Change(typed.identity(row), field, value, base_version)
            await ask(self, change_line, self._id(), change)
        except FieldTaken as taken:
            self.clashes = {
                **self.clashes,
                cell: {
                    "by": taken.by,
                    "at": "",
                    "theirs": _shown_value(field, taken.theirs),
                    "mine": text,
                    "version": taken.version,
                },
            }
        except CalibraError as error:
            if error.field != column:
                return notice(error)
            self.asks = {**self.asks, cell: {"said": error.message, "text": text, "refused": True}}
            return None
        self.asks = {key: one for key, one in self.asks.items() if key != cell}
        return await self._show()

    @action(WRITE)
    async def resolve(self, row: str, column: str):
        """Take an answered clash away."""
        cell = f"{row}:{column}"
        self.clashes = {key: one for key, one in self.clashes.items() if key != cell}

    @action(Permission.JOB_RETRY, WRITE)
    async def print_again(self, key: str):
        """Ask once more for a paper whose printing failed."""
        try:
            document_id = DocumentId(typed.identity(key))
            actor = await current_actor(self)
            topic = f"t:{actor.tenant_id}:quotation:{self.key}"
            await ask(self, print_again, document_id, topic)
        except CalibraError as error:
            return notice(error)
        return await self._show()

    def _id(self) -> QuotationId:
        # After a restart the server may hear what was typed before the page has loaded anew.
        named = typed.identity(self.key) if self.key else typed.path_argument(self, "quotation_id")
        return QuotationId(named)

    def _region(self) -> Region:
        return Region(zone=self.zone)

    def _value(self, field: Field, text: str) -> str | Decimal:
        if field not in _NUMBERS:
            return text
        if not text.strip() and field is Field.SURCHARGE_PERCENT:
            return Decimal(0)
        try:
            return shown.read_number(text)
        except ValueError as error:
            raise Invalid(str(error), field=field.value) from error

    def _priced_with(self, row: str, field: Field, text: str) -> dict[UUID, PricedLine]:
        detail = self._detail
        lines = {line.id: priced(line, self.currency) for line in detail.lines} if detail else {}
        at = typed.identity(row)
        if field not in _NUMBERS or at not in lines:
            raise Invalid(say("There is no such cell."))
        value = self._value(field, text)
        line = lines[at]
        amount = value if isinstance(value, Decimal) else Decimal(0)
        lines[at] = PricedLine(
            line.kind,
            Money(amount, self.currency) if field is Field.UNIT_PRICE else line.unit_price,
            amount if field is Field.QUANTITY else line.quantity,
            amount if field is Field.SURCHARGE_PERCENT else line.surcharge_percent,
            line.removed,
        )
        return lines

    def _show_sums(self, lines: dict[UUID, PricedLine]) -> None:
        detail = self._detail
        if detail is None:
            return
        sums = add_up(
            list(lines.values()),
            currency=detail.currency,
            discount_percent=detail.discount_percent,
            tax_rate=detail.tax_rate,
            treatment=detail.tax_treatment,
        )
        self.sums = self._sum_text(sums)
        self.results = {
            str(line_id): {"net": "" if line.removed else self._amount(line.net), "version": 0}
            for line_id, line in lines.items()
        }

    def _sum_text(self, sums: Sums) -> SumText:
        reduced = bool(sums.discount.amount)
        return SumText(
            self._amount(sums.discountable) if reduced else "",
            self._amount(sums.discount * -1) if reduced else "",
            self._amount(sums.net),
            self._amount(sums.tax),
            self._amount(sums.total),
        )

    def _amount(self, amount: Any) -> str:
        return shown.amount_only(amount, region=self._region())

    def _select(self, row: str) -> None:
        known = next((scope for scope in self.scopes if scope.key == row), ScopeRow())
        self.selected, self.scope = known.key, known

    async def _show(self) -> EventSpec | None:
        revision = int(self.view) if self.view.isdecimal() else None
        try:
            detail = await ask(self, get_quotation, self._id(), revision)
            papers = await ask(self, list_documents, "quotation", self._id())
            compared: Sequence[Any] = ()
            numbers = [each.revision for each in detail.revisions]
            if self.view == DIFFERENCES and len(numbers) > 1:
                compared = await ask(self, differences, self._id(), numbers[-2], numbers[-1])
        except CalibraError as error:
            return self._not_shown(error)
        self._detail = detail
        self._take_head(detail)
        self._take_lines(detail)
        self._take_conditions(detail)
        self.revisions = [RevisionRow.of(each, self._region()) for each in detail.revisions]
        self.papers = [PaperRow.of(each) for each in papers]
        self.differing = [DifferenceRow.of(each) for each in compared]
        self.differing_words = f"R{numbers[-2]} → R{numbers[-1]}" if len(numbers) > 1 else ""
        self.found = True
        return None

    def _take_head(self, detail: QuotationDetail) -> None:
        look = STATES[detail.state]
        self.title = f"{detail.number} R{detail.revision}"
        self.state_words, self.state_tone, self.state_icon = look.words, look.tone, look.icon
        self.customer = detail.customer
        self.customer_path = routes.customer(detail.customer_id)
        self.srf_number = detail.srf_number
        self.srf_path = routes.srf(detail.srf_id)
        self.stands = detail.state.value if detail.newest else "past"
        self.approvable = detail.approvable
        self.reason = detail.reason
        self.sent_words = say("Sent to {to}", to=detail.sent_to) if detail.sent_to else ""
        self.approved_words = ""
        if detail.approved_at:
            when = shown.signed_at(detail.approved_at, region=self._region())
            self.approved_words = say("Approved by {name}, {at}", name=detail.approved_by, at=when)

    def _take_lines(self, detail: QuotationDetail) -> None:
        self.currency = detail.currency
        self.rows = [grid_row(line) for line in detail.lines]
        self.cells = {key: cell for line in detail.lines for key, cell in grid_cells(line).items()}
        self.scopes = [ScopeRow.of(line, self._region()) for line in detail.lines]
        self._show_sums({line.id: priced(line, detail.currency) for line in detail.lines})
        self._select(self.selected)
        writable = detail.newest and detail.state is Stands.DRAFT
        self.locked = "" if writable else say("R{n} stays as it is.", n=detail.revision)

    def _take_conditions(self, detail: QuotationDetail) -> None:
        self.tax_words = say("Tax {rate} %", rate=plain(detail.tax_rate))
        self.tax_reason = detail.tax_reason
        self.discount = plain(detail.discount_percent)
        self.excess = detail.excess
        self.limit_words = say(
            "Limit {percent} % and {net} net",
            percent=plain(max(detail.discount_limit, detail.contract_discount)),
            net=self._amount(Money(detail.net_limit, detail.currency)),
        )
        self.problems = list(detail.problems)
        self.valid_until = detail.valid_until.isoformat() if detail.valid_until else ""
        self.valid_words = shown.day(detail.valid_until, region=self._region())
        self.terms = detail.terms


def _shown_value(field: Field, text: str) -> str:
    return plain(Decimal(text)) if field in _NUMBERS else text
