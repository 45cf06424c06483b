"""The register of requests: search, a chip for each phase, pages by key."""

from collections.abc import Mapping

import reflex as rx
from reflex_base.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError
from calibra_app.services.srf.register import SrfFilter, list_srfs
from calibra_app.services.srf.states import LABORATORY, SUSPENDED, HeaderState
from calibra_app.ui import routes
from calibra_app.ui.base import AppState, ask, current_actor, may, notice
from calibra_app.ui.components import layout
from calibra_app.ui.components.button import link_button
from calibra_app.ui.components.shell import shell
from calibra_app.ui.components.status import badge
from calibra_app.ui.components.table import (
    Column,
    cell,
    link_cell,
    pager,
    record,
    search_field,
    table,
    toolbar,
)
from calibra_app.ui.format import Region
from calibra_app.ui.gate import action
from calibra_app.ui.listing import Listing
from calibra_app.ui.live import LIVE
from calibra_app.ui.pages.requests.rows import SrfRow
from calibra_app.ui.words import say

_WAITING = (*(HeaderState(state.value) for state in SUSPENDED), HeaderState.INFO_REQUIRED)
PHASES: Mapping[str, tuple[str, str, tuple[HeaderState, ...]]] = {
    "draft": (say("Drafts"), "pencil-line", (HeaderState.DRAFT,)),
    "intake": (
        say("Intake"),
        "inbox",
        (HeaderState.SUBMITTED, HeaderState.CONTRACT_REVIEW, HeaderState.INFO_REQUIRED),
    ),
    "offer": (
        say("Offer"),
        "file-text",
        (HeaderState.QUOTED, HeaderState.AWAITING_APPROVAL, HeaderState.ACCEPTED),
    ),
    "laboratory": (say("In the laboratory"), "gauge", LABORATORY),
    "waiting": (say("Waiting"), "hourglass", _WAITING),
    "release": (
        say("Release"),
        "badge-check",
        (
            HeaderState.APPROVED,
            HeaderState.INVOICED,
            HeaderState.DISPATCHED,
            HeaderState.DELIVERED,
            HeaderState.REOPENED,
        ),
    ),
    "ended": (
        say("Ended"),
        "archive",
        (HeaderState.CLOSED, HeaderState.REJECTED, HeaderState.CANCELLED),
    ),
}


class RequestsState(Listing, AppState):
    """The list of requests."""

    rows: list[SrfRow] = []
    phase: str = ""

    @action(Permission.SRF_SEE, reading=True)
    async def load(self):
        """Fill the list from its top, and follow what changes."""
        wanted = str(self.router.page.params.get("phase", ""))
        if wanted in PHASES:
            self.phase = wanted
        try:
            actor = await current_actor(self)
        except CalibraError as error:
            return notice(error)
        await LIVE.join(self, f"t:{actor.tenant_id}:board", RequestsState, refresh="refresh")
        return await self._read("")

    @action(Permission.SRF_SEE, reading=True)
    async def refresh(self):
        """Read the top of the list anew after a change somewhere."""
        return await self._read("")

    @action(Permission.SRF_SEE, reading=True)
    async def find(self, text: str):
        """Search while somebody types."""
        self.search = text
        return await self._read("")

    @action(Permission.SRF_SEE, reading=True)
    async def choose_phase(self, phase: str):
        """Narrow the list to a phase, or widen it again."""
        self.phase = "" if phase == self.phase or phase not in PHASES else phase
        return await self._read("")

    @action(Permission.SRF_SEE, reading=True)
    async def more(self):
        """Put the next page behind the others."""
        return await self._read(self.next_cursor)

    async def _read(self, cursor: str) -> EventSpec | None:
        states = PHASES[self.phase][2] if self.phase else ()
        wanted = SrfFilter(states=states, words=self.search)
        try:
            page = await ask(self, list_srfs, wanted, cursor)
        except CalibraError as error:
            self.loading = False
            return notice(error)
        region = Region(self.locale, self.zone)
        new = [SrfRow.of(row, region) for row in page.rows]
        self.rows = [*self.rows, *new] if cursor else new
        self._take(self.rows, page, say("{count} request"), say("{count} requests"))
        return None


def register_page() -> rx.Component:
    """Return the list of requests."""
    state = RequestsState
    return shell(
        say("Requests"),
        layout.page(
            toolbar(
                search_field(
                    state.search,
                    state.find,
                    placeholder=say("Number, customer, tag, serial number"),
                ),
                *(
                    layout.filter_chip(
                        words,
                        pressed=state.phase == phase,
                        on_click=state.choose_phase(phase),
                        symbol=symbol,
                    )
                    for phase, (words, symbol, _) in PHASES.items()
                ),
            ),
            table(
                (
                    say("Request"),
                    say("Customer"),
                    say("State"),
                    Column(say("Items"), right=True),
                    say("Promised"),
                    say("Their reference"),
                    say("Since"),
                ),
                state.rows,
                _row,
                label=say("Requests"),
                loading=state.loading,
                empty=_nothing(),
            ),
            pager(state.shown, more=state.next_cursor != "", on_more=state.more),
        ),
        here=routes.REQUESTS,
        primary=rx.cond(
            may(Permission.SRF_DRAFT),
            link_button(
                say("New request"),
                href=routes.NEW_REQUEST,
                kind="primary",
                symbol="plus",
                custom_attrs={"data-key": "n"},
            ),
        ),
    )


def _row(row: SrfRow) -> rx.Component:
    return record(
        link_cell(row.number, row.path),
        cell(row.customer),
        cell(
            layout.row(
                badge(row.state, row.tone, row.icon),
                rx.cond(row.urgent, badge(say("Urgent"), "red", "zap")),
            )
        ),
        cell(row.lines, right=True),
        cell(row.promised, class_name="num"),
        cell(row.reference),
        cell(row.since, class_name="num second"),
    )


def _nothing() -> rx.Component:
    state = RequestsState
    narrowed = (state.search != "") | (state.phase != "")
    return rx.cond(
        narrowed,
        layout.empty(
            say("No request fits"),
            say("Take the filter away, or search by the beginning of a word."),
            symbol="search",
        ),
        layout.empty(
            say("No requests yet"),
            say("What customers send in to be calibrated stands here, the newest first."),
            symbol="clipboard-list",
        ),
    )
