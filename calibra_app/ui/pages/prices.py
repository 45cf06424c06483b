"""The price book: state above, page beneath."""

from dataclasses import dataclass
from typing import Self

import reflex as rx
from reflex.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError
from calibra_app.core.money import Money
from calibra_app.services.scope import (
    PriceDraft,
    PriceKind,
    PriceRecord,
    add_price,
    archive_price,
    change_price,
    list_prices,
)
from calibra_app.ui import routes, typed
from calibra_app.ui.base import AppState, Refusals, ask, may, notice
from calibra_app.ui.components import layout
from calibra_app.ui.components.choice import check_box, select_field
from calibra_app.ui.components.dialog import form_dialog
from calibra_app.ui.components.form import columns, number_field, text_field
from calibra_app.ui.components.keeping import away_button, away_filter, enter_button, opening_cell
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.table import (
    Column,
    cell,
    pager,
    record,
    search_field,
    table,
    toolbar,
)
from calibra_app.ui.format import Region, money, quantity
from calibra_app.ui.gate import action
from calibra_app.ui.listing import Listing
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say

EDIT = Permission.PRICE_BOOK_EDIT
KINDS = {
    PriceKind.CALIBRATION: say("Calibration"),
    PriceKind.ADJUSTMENT: say("Adjustment"),
    PriceKind.TRAVEL: say("Travel"),
    PriceKind.HANDLING: say("Handling"),
    PriceKind.SURCHARGE: say("Surcharge"),
}


@dataclass(frozen=True, slots=True)
class PriceRow:
    """One entry, as text."""

    key: str = ""
    version: int = 0
    code: str = ""
    title: str = ""
    kind: str = "calibration"
    kind_words: str = ""
    amount: str = ""
    shown: str = ""
    currency: str = "EUR"
    procedure: str = ""
    is_percentage: bool = False
    archived: bool = False

    @classmethod
    def of(cls, row: PriceRecord, region: Region) -> Self:
        """Return the line of one entry."""
        shown = (
            quantity(row.amount, "%", region=region)
            if row.is_percentage
            else money(Money(row.amount, row.currency), region=region)
        )
        return cls(
            str(row.id),
            row.version,
            row.code,
            row.title,
            row.kind.value,
            KINDS[row.kind],
            f"{row.amount:f}",
            shown,
            row.currency,
            row.procedure_code,
            row.is_percentage,
            row.archived,
        )


class PricesState(Listing, Refusals, AppState):
    """The price book and the entry in the form."""

    rows: list[PriceRow] = []
    archived: bool = False
    open: bool = False
    price: PriceRow = PriceRow()

    @action(EDIT, reading=True)
    async def load(self):
        """Fill the list from its top."""
        self.open = False
        return await self._read("")

    @action(EDIT, reading=True)
    async def find(self, text: str):
        """Search while somebody types."""
        self.search = text
        return await self._read("")

    @action(EDIT, reading=True)
    async def more(self):
        """Put the next page behind the others."""
        return await self._read(self.next_cursor)

    @action(EDIT, reading=True)
    async def show_archived(self):
        """Show those put away instead, or those in use again."""
        self.archived = not self.archived
        return await self._read("")

    @action(EDIT)
    async def open_form(self, key: str):
        """Open the form of an entry; of a new one without a key."""
        self._accepted()
        known = [row for row in self.rows if row.key == key]
        self.price = known[0] if known else PriceRow()
        self.open = True

    @action(EDIT)
    async def close_form(self):
        """Close the form; what was typed is gone."""
        self.open = False

    @action(EDIT)
    async def save(self, form: Form):
        """Enter or change the price in the form."""
        try:
            draft = PriceDraft(
                code=typed.text(form, "code"),
                title=typed.text(form, "title"),
                kind=typed.choice(form, "kind", PriceKind),
                amount=typed.number(form, "amount"),
                currency=typed.text(form, "currency"),
                procedure_code=typed.text(form, "procedure_code"),
                is_percentage=typed.ticked(form, "is_percentage"),
            )
            if self.price.key:
                price_id = typed.identity(self.price.key)
                await ask(self, change_price, price_id, self.price.version, draft)
            else:
                await ask(self, add_price, draft)
        except CalibraError as error:
            return self._refused(error)
        self.open = False
        return await self._read("") or self._accepted(say("{code} is saved.", code=draft.code))

    @action(EDIT)
    async def archive(self):
        """Put the entry away, or take it back into use."""
        try:
            price_id = typed.identity(self.price.key)
            archived = not self.price.archived
            await ask(self, archive_price, price_id, self.price.version, archived=archived)
        except CalibraError as error:
            return notice(error)
        self.open = False
        return await self._read("")

    async def _read(self, cursor: str) -> EventSpec | None:
        try:
            page = await ask(self, list_prices, self.search, archived=self.archived, cursor=cursor)
        except CalibraError as error:
            self.loading = False
            return notice(error)
        region = Region(self.locale, self.zone)
        new = [PriceRow.of(row, region) for row in page.rows]
        self.rows = [*self.rows, *new] if cursor else new
        self._take(self.rows, page, say("{count} price"), say("{count} prices"))
        return None


def prices_page() -> rx.Component:
    """Return the price book."""
    state = PricesState
    return shell(
        say("Prices"),
        layout.page(
            toolbar(
                search_field(state.search, state.find, placeholder=say("Code, title, procedure")),
                away_filter(pressed=state.archived, on_click=state.show_archived),
            ),
            table(
                (
                    say("Code"),
                    say("Title"),
                    say("Kind"),
                    say("Procedure"),
                    Column(say("Price"), right=True),
                ),
                state.rows,
                _row,
                label=say("Price book"),
                loading=state.loading,
                empty=layout.empty(
                    say("No price here"),
                    say("What a calibration, a journey or an hour costs."),
                    symbol="banknote",
                ),
            ),
            pager(state.shown, more=state.next_cursor != "", on_more=state.more),
            _form(),
        ),
        here=routes.PRICES,
        primary=enter_button(may(EDIT), say("New price"), state.open_form("")),
    )


def _row(row: PriceRow) -> rx.Component:
    name = opening_cell(may(EDIT), row.code, PricesState.open_form(row.key))
    return record(
        name,
        cell(row.title),
        cell(row.kind_words),
        cell(row.procedure, class_name="mono one-line"),
        cell(row.shown, right=True, class_name="num one-line"),
    )


def _form() -> rx.Component:
    state = PricesState
    shown, errors = state.price, state.errors
    return form_dialog(
        state.open,
        state.close_form,
        rx.cond(shown.key == "", say("New price"), shown.code),
        columns(
            text_field("code", say("Code"), errors=errors, value=shown.code, auto_focus=True),
            select_field(
                "kind",
                say("Kind"),
                [(kind.value, words) for kind, words in KINDS.items()],
                errors=errors,
                value=shown.kind,
            ),
        ),
        text_field("title", say("Title"), errors=errors, value=shown.title),
        columns(
            number_field("amount", say("Price"), errors=errors, value=shown.amount),
            text_field("currency", say("Currency"), errors=errors, value=shown.currency),
        ),
        check_box("is_percentage", say("Hundredths of another sum"), checked=shown.is_percentage),
        text_field(
            "procedure_code",
            say("Procedure"),
            errors=errors,
            value=shown.procedure,
            optional=True,
        ),
        rx.cond(
            shown.key != "",
            layout.row(away_button(shown.archived, state.archive, size="small")),
        ),
        on_submit=state.save,
        submit=say("Save price"),
        text=say("What has been quoted keeps the price it was quoted at."),
        error=state.form_error,
    )


PAGES = ((routes.PRICES, prices_page, (PricesState.load,)),)
