"""What the page of one request knows: its lines, reviews, papers, custody, records and deeds."""

from datetime import datetime
from typing import Any
from uuid import UUID

from reflex_base.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.clock import system_clock
from calibra_app.core.errors import CalibraError
from calibra_app.core.ids import DocumentId, SrfId
from calibra_app.services.documents import list_documents, print_again
from calibra_app.services.srf.custody import custody_of_srf
from calibra_app.services.srf.past import srf_at
from calibra_app.services.srf.queries import SrfDetail, get_srf
from calibra_app.services.srf.review import LineReview, reviews_of
from calibra_app.ui import format as shown
from calibra_app.ui import routes, typed
from calibra_app.ui.base import AppState, Refusals, ask, current_actor, notice
from calibra_app.ui.components.status import look_of
from calibra_app.ui.format import Region
from calibra_app.ui.gate import action
from calibra_app.ui.live import LIVE
from calibra_app.ui.pages.requests.deeds import DeedRow, deeds_of, primary_of
from calibra_app.ui.pages.requests.past_rows import PastLineRow, PastView, past_lines
from calibra_app.ui.pages.requests.rows import (
    CustodyRow,
    DecisionRow,
    LineRow,
    PaperRow,
    RecordRow,
    RelativeRow,
    ReviewRow,
)
from calibra_app.ui.words import say

CHANNELS = {
    "desk": say("Front desk"),
    "courier": say("Courier"),
    "pickup": say("Pick-up"),
    "site": say("On site"),
    "portal": say("Portal"),
}
# While the header is one of these, its lines go on from the board.
_ON_THE_BOARD = frozenset(
    {"received", "assigned", "in_progress", "on_hold", "awaiting_parts", "subcontracted", "rework"}
)


class RequestState(Refusals, AppState):
    """One request as it stands now, and as a record froze it."""

    found: bool = False
    key: str = ""
    version: int = 0
    number: str = ""
    customer: str = ""
    customer_path: str = ""
    contact: str = ""
    channel: str = ""
    reference: str = ""
    languages: str = ""
    remarks: str = ""
    promised: str = ""
    # The clock of the slowest line.
    turnaround: str = ""
    created: str = ""
    state_name: str = ""
    state_words: str = ""
    state_tone: str = "gray"
    state_icon: str = "clipboard-list"
    marks: list[str] = []
    question: str = ""
    answer: str = ""
    writing: str = ""
    lines: list[LineRow] = []
    reviews: list[ReviewRow] = []
    papers: list[PaperRow] = []
    custody: list[CustodyRow] = []
    records: list[RecordRow] = []
    decisions: list[DecisionRow] = []
    deeds: list[DeedRow] = []
    primary: DeedRow = DeedRow()
    # The deed that would lead on, but for what stands in its way.
    waits: DeedRow = DeedRow()
    quotation: str = ""
    quotation_path: str = ""
    relatives: list[RelativeRow] = []
    tab: str = "lines"
    under_review: bool = False
    open_proposals: int = 0
    to_receive: int = 0
    # Something is still expected at the desk, not only at the customer's.
    desk_waits: bool = False
    # Time travel: a sequence of 0 is now.
    past: PastView = PastView()
    past_rows: list[PastLineRow] = []

    @action(Permission.SRF_SEE, reading=True)
    async def load(self):
        """Show the request of the address, and follow what changes on it."""
        self.found = False
        self.past = PastView()
        self.tab = "lines"
        self._accepted()
        try:
            self.key = str(typed.path_argument(self, "srf_id"))
            actor = await current_actor(self)
        except CalibraError as error:
            return self._not_shown(error)
        topic = f"t:{actor.tenant_id}:srf:{self.key}"
        await LIVE.join(self, topic, RequestState, refresh="refresh")
        return await self._show()

    @action(Permission.SRF_SEE, reading=True)
    async def refresh(self):
        """Read everything anew after somebody changed something."""
        return await self._show() if self.key else None

    @action(Permission.SRF_SEE, reading=True)
    async def choose_tab(self, tab: str):
        """Show one part of the request."""
        self.tab = tab

    @action(Permission.SRF_SEE, reading=True)
    async def look_back(self, sequence: int):
        """Show the request as a record froze it; read-only."""
        try:
            past = await ask(self, srf_at, self._id(), sequence)
        except CalibraError as error:
            return notice(error)
        self.past = PastView.of(past, self._region())
        self.past_rows = past_lines(past)
        return None

    @action(Permission.SRF_SEE, reading=True)
    async def back_to_now(self):
        """Show the request as it stands now."""
        self.past = PastView()

    @action(Permission.JOB_RETRY, Permission.SRF_SEE)
    async def print_again(self, key: str):
        """Ask once more for a paper whose printing failed."""
        try:
            document_id = DocumentId(typed.identity(key))
            actor = await current_actor(self)
            await ask(self, print_again, document_id, f"t:{actor.tenant_id}:srf:{self.key}")
        except CalibraError as error:
            return notice(error)
        return await self._show()

    def _id(self) -> SrfId:
        return SrfId(typed.identity(self.key))

    def _region(self) -> Region:
        return Region(self.locale, self.zone)

    async def _show(self) -> EventSpec | None:
        """Read the request and everything that belongs to it."""
        try:
            detail = await ask(self, get_srf, self._id())
            reviews = await ask(self, reviews_of, self._id())
            papers = await ask(self, list_documents, "srf", UUID(self.key))
            custody = await ask(self, custody_of_srf, self._id())
        except CalibraError as error:
            return self._not_shown(error)
        now = system_clock()
        self._take_heading(detail, now)
        self._take_lines(detail, reviews)
        self.papers = [PaperRow.of(paper) for paper in reversed(papers)]
        self.custody = [CustodyRow.of(entry, now, self._region()) for entry in reversed(custody)]
        self._take_deeds(detail)
        self.found = True
        return None

    def _take_heading(self, detail: SrfDetail, now: datetime) -> None:
        region = self._region()
        look = look_of(detail.state)
        self.version = detail.version
        self.number = detail.number or say("Draft")
        self.customer = detail.customer
        self.customer_path = routes.customer(detail.customer_id)
        self.contact = detail.contact or shown.NOTHING
        self.channel = CHANNELS.get(detail.channel, detail.channel)
        self.reference = detail.reference or shown.NOTHING
        self.languages = detail.languages.upper()
        self.remarks = detail.remarks
        self.promised = shown.day(detail.promised_on, region=region)
        clocks = [line.turnaround for line in detail.lines if line.turnaround is not None]
        self.turnaround = shown.duration(max(clocks)) if clocks else shown.NOTHING
        self.created = shown.moment(detail.created_at, now, region=region)
        self.state_name = detail.state.value
        self.state_words, self.state_tone, self.state_icon = look.words, look.tone, look.icon
        self.marks = list(detail.badges)
        self.quotation = detail.quotation
        self.quotation_path = routes.quotation(detail.quotation_id) if detail.quotation_id else ""
        self.relatives = [RelativeRow.of(each) for each in detail.relatives]
        self.question, self.answer = detail.question, detail.answer
        self.writing = ""
        if detail.state in {"draft", "submitted", "contract_review", "info_required"}:
            self.writing = f"{routes.NEW_REQUEST}?srf={detail.id}"
        self.records = [RecordRow.of(entry, now, region) for entry in reversed(detail.timeline)]
        self.decisions = [DecisionRow.of(each, now, region) for each in detail.decisions]

    def _take_lines(self, detail: SrfDetail, reviews: tuple[LineReview, ...]) -> None:
        by_line = {review.line_id: review for review in reviews}
        region = self._region()
        self.lines = [LineRow.of(line, by_line.get(line.id), region) for line in detail.lines]
        tags = {line.id: f"{line.tag} · {line.description}" for line in detail.lines}
        self.reviews = [ReviewRow.of(review, tags[review.line_id]) for review in reviews]
        self.under_review = detail.state in {"contract_review", "info_required"}
        self.open_proposals = sum(
            asked.mine and asked.answer is None and asked.proposal is not None
            for review in reviews
            for asked in review.asked
        )
        self.to_receive = sum(not row.here and not row.ended for row in self.lines)
        self.desk_waits = any(not (row.here or row.ended or row.on_site) for row in self.lines)

    def _take_deeds(self, detail: SrfDetail) -> None:
        self.deeds = deeds_of(detail)
        self.primary = primary_of(self.deeds)
        self.waits = DeedRow()
        if self.primary.refusal:
            self.waits = self.primary
        my_questions = any(
            asked.mine and not asked.answer for row in self.reviews for asked in row.questions
        )
        waiting_items = self.desk_waits and bool(detail.number)
        open_review = self.under_review and my_questions
        if open_review and (not self.primary.number or self.primary.refusal):
            self.primary = DeedRow("review", say("Answer the review"), "clipboard-list")
        elif not self.primary.number and waiting_items and detail.state in {"accepted", "received"}:
            self.primary = DeedRow("T18", say("Receive items"), "package-check")
        elif not self.primary.number and detail.state in _ON_THE_BOARD:
            self.primary = DeedRow(
                "board", say("Go on at the board"), "square-kanban", path=routes.BOARD
            )

    async def _after(self, sentence: str) -> list[Any]:
        """Read anew and say what was done."""
        shown_fault = await self._show()
        return [each for each in (shown_fault, self._accepted(sentence)) if each is not None]
