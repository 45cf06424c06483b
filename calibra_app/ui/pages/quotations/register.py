"""What the register of quotations knows and does: list, search, follow-up, the first offer."""

from collections.abc import Mapping

import reflex as rx
from reflex_base.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError
from calibra_app.core.ids import SrfId
from calibra_app.services.quotations import QuotationState
from calibra_app.services.quotations.offers import create_offer
from calibra_app.services.quotations.register import (
    QuotationFilter,
    find_quotation,
    list_quotations,
    list_unanswered,
)
from calibra_app.services.srf.queries import get_srf
from calibra_app.ui import format as shown
from calibra_app.ui import routes, typed
from calibra_app.ui.base import AppState, ask, current_actor, notice
from calibra_app.ui.format import Region
from calibra_app.ui.gate import action
from calibra_app.ui.listing import Listing
from calibra_app.ui.live import LIVE
from calibra_app.ui.pages.quotations.rows import QuotationRow
from calibra_app.ui.words import say, say_number

SEE = Permission.QUOTATION_SEE
PHASES: Mapping[str, tuple[str, str, tuple[QuotationState, ...]]] = {
    "draft": (say("Drafts"), "pencil-line", (QuotationState.DRAFT,)),
    "approval": (say("Waits for approval"), "shield-check", (QuotationState.INTERNAL_APPROVAL,)),
    "sent": (say("With the customer"), "send", (QuotationState.SENT,)),
    "accepted": (say("Accepted"), "circle-check", (QuotationState.ACCEPTED,)),
    "ended": (
        say("Rejected or expired"),
        "archive",
        (QuotationState.REJECTED, QuotationState.EXPIRED),
    ),
}


class QuotationsState(Listing, AppState):
    """The list of quotations, and the question whether to make an offer."""

    rows: list[QuotationRow] = []
    phase: str = ""
    waiting: str = ""
    # The reviewed request from whose page somebody comes to make its offer.
    srf_key: str = ""
    srf_version: int = 0
    srf_words: str = ""
    asking: bool = False
    refusal: str = ""
    busy: bool = False

    @action(SEE, reading=True)
    async def load(self):
        """Fill the list from its top; coming from a request, ask whether to make its offer."""
        wanted = str(self.router.page.params.get("phase", ""))
        self.phase = wanted if wanted in PHASES else ""
        self.asking, self.refusal = False, ""
        try:
            actor = await current_actor(self)
        except CalibraError as error:
            return notice(error)
        topic = f"t:{actor.tenant_id}:quotations"
        await LIVE.join(self, topic, QuotationsState, refresh="refresh")
        return await self._read("") or await self._ask_for_offer()

    @action(SEE, reading=True)
    async def refresh(self):
        """Read the top of the list anew after a change somewhere."""
        return await self._read("")

    @action(SEE, reading=True)
    async def find(self, text: str):
        """Search while somebody types."""
        self.search = text
        return await self._read("")

    @action(SEE, reading=True)
    async def choose_phase(self, phase: str):
        """Narrow the list to a phase, or widen it again."""
        self.phase = "" if phase == self.phase or phase not in PHASES else phase
        return await self._read("")

    @action(SEE, reading=True)
    async def more(self):
        """Put the next page behind the others."""
        return await self._read(self.next_cursor)

    @action(Permission.QUOTATION_WRITE)
    async def close(self):
        """Do not make the offer."""
        self.asking = False

    @action(Permission.QUOTATION_WRITE)
    async def make_offer(self):
        """Make the offer of the request, priced from the price book, and open it."""
        self.refusal, self.busy = "", True
        try:
            srf_id = SrfId(typed.identity(self.srf_key))
            quotation_id = await ask(self, create_offer, srf_id, self.srf_version)
        except CalibraError as error:
            self.refusal = error.message
            return None
        finally:
            self.busy = False
        self.asking = False
        return rx.redirect(routes.quotation(quotation_id))

    async def _ask_for_offer(self) -> EventSpec | None:
        written = str(self.router.page.params.get("srf", ""))
        if not written:
            return None
        try:
            srf_id = SrfId(typed.identity(written))
            detail = await ask(self, get_srf, srf_id)
            known = await ask(self, find_quotation, srf_id)
        except CalibraError as error:
            return notice(error)
        if detail.state != "contract_review" and known is not None:
            return rx.redirect(routes.quotation(known))
        self.srf_key, self.srf_version = written, detail.version
        self.srf_words = say(
            "{number}, {customer}: {count} lines, priced from the price book.",
            number=detail.number,
            customer=detail.customer,
            count=len(detail.lines),
        )
        offered = next((each for each in detail.offered if each.number == "T09"), None)
        self.refusal = " ".join(offered.refusals) if offered else ""
        self.asking = True
        return None

    async def _read(self, cursor: str) -> EventSpec | None:
        states = PHASES[self.phase][2] if self.phase else ()
        wanted = QuotationFilter(states, self.search)
        try:
            page = await ask(self, list_quotations, wanted, cursor)
            unanswered = await ask(self, list_unanswered)
        except CalibraError as error:
            self.loading = False
            return notice(error)
        today, region = shown.today(self.zone), Region(zone=self.zone)
        new = [QuotationRow.of(row, today, region) for row in page.rows]
        self.rows = [*self.rows, *new] if cursor else new
        self._take(self.rows, page, say("{count} quotation"), say("{count} quotations"))
        self.waiting = ""
        if unanswered:
            what = say_number("{count} offer waits", "{count} offers wait", len(unanswered))
            oldest = unanswered[0].age_days
            days = say_number("{count} day", "{count} days", oldest)
            self.waiting = (
                say("{what} for an answer, the oldest for {days}.", what=what, days=days)
                if oldest
                else say("{what} for an answer.", what=what)
            )
        return None
