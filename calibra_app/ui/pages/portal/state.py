"""What the pages of the portal know and do; every deed asks its service, which asks whose it is."""

from datetime import datetime
from typing import Any

import reflex as rx
from reflex.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.clock import system_clock
from calibra_app.core.errors import CalibraError, Conflict, Invalid
from calibra_app.core.ids import RevisionId, ShipmentId, SrfId
from calibra_app.services.dispatch.shipping import Proof, confirm_delivery
from calibra_app.services.portal.home import (
    list_portal_requests,
    portal_home,
    portal_request,
    request_calibration,
)
from calibra_app.services.portal.library import (
    list_portal_certificates,
)
from calibra_app.services.quotations.answers import (
    Reaction,
    accept_offer,
    ask_change,
    decide_with_price,
    reject_offer,
)
from calibra_app.services.srf.decisions import Decision, Reply
from calibra_app.services.srf.drafts import discard_srf, submit_srf
from calibra_app.services.srf.inquiry import answer_question
from calibra_app.ui import format as shown
from calibra_app.ui import routes, typed
from calibra_app.ui.base import AppState, Refusals, ask, current_actor, notice
from calibra_app.ui.format import Region
from calibra_app.ui.gate import action
from calibra_app.ui.listing import Listing
from calibra_app.ui.live import LIVE
from calibra_app.ui.pages.portal.rows import (
    DueRow,
    InquiryRow,
    OfferRow,
    PaperRow,
    ParcelRow,
    QuestionRow,
    RequestRow,
    paper_path,
)
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say

SEE, DECIDE = Permission.PORTAL_SEE, Permission.CUSTOMER_DECISION_RECORD
ANSWER, DRAFT = Permission.QUOTATION_ANSWER, Permission.SRF_DRAFT
INFORM = Permission.INFORMATION_EXCHANGE


async def _topic(state: rx.State) -> str:
    actor = await current_actor(state)
    # Personnel has no customer and hears nothing here.
    return f"t:{actor.tenant_id}:customer:{actor.customer_id}"


class PortalState(Refusals, AppState):
    """The first page: what waits for the customer, what is with us, what falls due."""

    found: bool = False
    customer: str = ""
    may_decide: bool = False
    inquiries: list[InquiryRow] = []
    questions: list[QuestionRow] = []
    offers: list[OfferRow] = []
    requests: list[RequestRow] = []
    due: list[DueRow] = []
    # When the list was read; it stays when a later reading fails.
    read_at: str = ""
    stale: bool = False
    inquiry: InquiryRow = InquiryRow()
    question: QuestionRow = QuestionRow()
    # What the open dialog signs or asks: inform, proceed, return, accept, reject, change.
    deed: str = ""
    offer: OfferRow = OfferRow()

    @action(SEE, reading=True)
    async def load(self):
        """Show the first page, and follow what changes."""
        self.deed = ""
        try:
            topic = await _topic(self)
        except CalibraError as error:
            return notice(error)
        await LIVE.join(self, topic, PortalState, refresh="refresh")
        return await self._show()

    @action(SEE, reading=True)
    async def refresh(self):
        """Read everything anew after a change."""
        return await self._show()

    @action(INFORM)
    async def begin_informing(self, key: str):
        """Ask for the answer to what the laboratory has to know."""
        self._accepted()
        self.inquiry = next((row for row in self.inquiries if row.key == key), InquiryRow())
        self.deed = "inform" if self.inquiry.key else ""

    @action(INFORM)
    async def inform(self, form: Form):
        """Answer what the laboratory has to know."""
        try:
            key = SrfId(typed.identity(self.inquiry.key))
            answer = typed.text(form, "answer")
            await ask(self, answer_question, key, self.inquiry.version, answer)
        except CalibraError as error:
            return self._not_done(error)
        return await self._after(say("Thank you. The laboratory has your answer."))

    @action(DECIDE)
    async def begin_decision(self, key: str, deed: str):
        """Ask for the signature of a decision."""
        self._accepted()
        self.question = next((row for row in self.questions if row.key == key), QuestionRow())
        known = bool(self.question.key) and deed in {"proceed", "return"}
        self.deed = deed if known else ""

    @action(DECIDE)
    async def decide(self, form: Form):
        """Sign the decision: go on, or take the item back as it is."""
        try:
            reply = Reply(
                decision=Decision(self.deed),
                reason=typed.text(form, "reason"),
                password=typed.text(form, "password"),
            )
            key = typed.identity(self.question.key)
            await ask(self, decide_with_price, key, reply, seen=self.question.version)
        except CalibraError as error:
            return self._not_done(error)
        return await self._after(say("Thank you. The laboratory knows."))

    @action(ANSWER)
    async def begin_answer(self, key: str, deed: str):
        """Ask for what an answer to an offer needs."""
        self._accepted()
        self.offer = next((row for row in self.offers if row.key == key), OfferRow())
        known = bool(self.offer.key) and deed in {"accept", "reject", "change"}
        self.deed = deed if known else ""

    @action(ANSWER)
    async def answer(self, form: Form):
        """Accept or reject the offer, or ask for another one."""
        reaction = Reaction(
            remark=typed.text(form, "reason"), password=typed.text(form, "password")
        )
        deeds = {"accept": accept_offer, "reject": reject_offer, "change": ask_change}
        try:
            if self.deed not in deeds:
                raise Conflict(say("This is not possible any more."))
            key = RevisionId(typed.identity(self.offer.key))
            await ask(self, deeds[self.deed], key, reaction)
        except CalibraError as error:
            return self._not_done(error)
        return await self._after(say("Thank you. The laboratory has your answer."))

    @action(DECIDE, ANSWER, INFORM)
    async def close(self):
        """Close the dialog; nothing is signed."""
        self.deed = ""

    @action(DRAFT)
    async def request_due(self):
        """Begin a request for everything that falls due."""
        return await self._request([row.key for row in self.due])

    @action(DRAFT)
    async def request_one(self, key: str):
        """Begin a request for one instrument."""
        return await self._request([key])

    async def _request(self, keys: list[str]) -> EventSpec | None:
        try:
            ids = [typed.identity(key) for key in keys]
            srf_id = await ask(self, request_calibration, ids)
        except CalibraError as error:
            return notice(error)
        return rx.redirect(routes.portal_request(srf_id))

    def _not_done(self, error: CalibraError) -> EventSpec | None:
        if isinstance(error, Conflict):
            return self._refused(Invalid(error.message))
        return self._refused(error)

    async def _after(self, sentence: str) -> Any:
        self.deed = ""
        told = self._accepted(sentence)
        if str(self.router.page.path).startswith(routes.PORTAL_REQUESTS):
            # The dialog was opened on the page of one request, which reads itself.
            return [PortalRequestState.refresh_request, told]
        return [await self._show(), told]

    async def _show(self) -> EventSpec | None:
        try:
            home = await ask(self, portal_home)
        except CalibraError as error:
            self.stale = self.found
            return notice(error)
        region = Region(self.locale, self.zone)
        self.customer = home.customer
        self.may_decide = home.may_decide
        self.inquiries = [InquiryRow.of(row, region) for row in home.inquiries]
        self.questions = [QuestionRow.of(row, region) for row in home.questions]
        self.offers = [OfferRow.of(row, region) for row in home.offers]
        self.requests = [RequestRow.of(row, region) for row in home.requests]
        self.due = [DueRow.of(row, region) for row in home.due]
        self.read_at = _now(region)
        self.found, self.stale = True, False
        return None


class PortalRequestState(PortalState):
    """One own request: items, papers, parcels, bills, and handing a draft in."""

    key: str = ""
    request: RequestRow = RequestRow()
    there: bool = False
    papers: list[PaperRow] = []
    bills: list[PaperRow] = []
    parcels: list[ParcelRow] = []

    @action(SEE, reading=True)
    async def load_request(self):
        """Show the request of the address, and follow what changes."""
        self.there = False
        self.deed = ""
        try:
            self.key = str(typed.path_argument(self, "srf_id"))
            topic = await _topic(self)
        except CalibraError as error:
            return self._not_shown(error)
        await LIVE.join(self, topic, PortalRequestState, refresh="refresh_request")
        return await self._show()

    @action(SEE, reading=True)
    async def refresh_request(self):
        """Read the request anew."""
        return await self._show()

    @action(Permission.SRF_SUBMIT)
    async def hand_in(self):
        """Hand the draft in."""
        try:
            number = await ask(self, submit_srf, self._id(), self.request.version)
        except CalibraError as error:
            return notice(error)
        told = say("{number} is with the laboratory.", number=number)
        return [await self._show(), self._accepted(told)]

    @action(DRAFT)
    async def discard(self):
        """Throw the draft away."""
        try:
            reason = say("Discarded in the portal")
            await ask(self, discard_srf, self._id(), self.request.version, reason)
        except CalibraError as error:
            return notice(error)
        return rx.redirect(routes.PORTAL)

    @action(Permission.SHIPMENT_SEND)
    async def arrived(self, key: str):
        """Confirm that a parcel arrived."""
        proof = Proof(self.person_name, say("Confirmed in the portal"))
        try:
            await ask(self, confirm_delivery, ShipmentId(typed.identity(key)), None, proof)
        except CalibraError as error:
            return notice(error)
        return [await self._show(), self._accepted(say("Thank you."))]

    def _id(self) -> SrfId:
        return SrfId(typed.identity(self.key))

    async def _show(self) -> EventSpec | None:
        try:
            home = await ask(self, portal_home)
            detail = await ask(self, portal_request, self._id())
        except CalibraError as error:
            return self._not_shown(error)
        region = Region(self.locale, self.zone)
        self.may_decide = home.may_decide
        self.request = RequestRow.of(detail.request, region)
        self.inquiries = [InquiryRow.of(row, region) for row in detail.inquiries]
        self.questions = [QuestionRow.of(row, region) for row in detail.questions]
        self.papers = [
            PaperRow(row.title, row.number, paper_path(row.id)) for row in detail.documents
        ]
        self.bills = [PaperRow.of_invoice(row, region) for row in detail.invoices]
        self.parcels = [ParcelRow.of(row, region) for row in detail.shipments]
        self.there = True
        return None


class PortalRequestsState(Listing, AppState):
    """All own requests."""

    rows: list[RequestRow] = []

    @action(SEE, reading=True)
    async def load(self):
        """Fill the list, and follow what changes."""
        try:
            topic = await _topic(self)
        except CalibraError as error:
            return notice(error)
        await LIVE.join(self, topic, PortalRequestsState, refresh="refresh")
        return await self._read("")

    @action(SEE, reading=True)
    async def refresh(self):
        """Read the list anew."""
        return await self._read("")

    @action(SEE, reading=True)
    async def more(self):
        """Put the next page behind the others."""
        return await self._read(self.next_cursor)

    async def _read(self, cursor: str) -> EventSpec | None:
        try:
            page = await ask(self, list_portal_requests, cursor)
        except CalibraError as error:
            self.loading = False
            return notice(error)
        region = Region(self.locale, self.zone)
        new = [RequestRow.of(row, region) for row in page.rows]
        self.rows = [*self.rows, *new] if cursor else new
        self._take(self.rows, page, say("{count} request"), say("{count} requests"))
        return None


class PortalCertificatesState(Listing, AppState):
    """The library of released certificates."""

    rows: list[PaperRow] = []

    @action(Permission.CERTIFICATE_DOWNLOAD, reading=True)
    async def load(self):
        """Fill the library, and follow what changes."""
        try:
            topic = await _topic(self)
        except CalibraError as error:
            return notice(error)
        await LIVE.join(self, topic, PortalCertificatesState, refresh="refresh")
        return await self._read("")

    @action(Permission.CERTIFICATE_DOWNLOAD, reading=True)
    async def refresh(self):
        """Read the library anew."""
        return await self._read("")

    @action(Permission.CERTIFICATE_DOWNLOAD, reading=True)
    async def find(self, text: str):
        """Search while somebody types."""
        self.search = text
        return await self._read("")

    @action(Permission.CERTIFICATE_DOWNLOAD, reading=True)
    async def more(self):
        """Put the next page behind the others."""
        return await self._read(self.next_cursor)

    async def _read(self, cursor: str) -> EventSpec | None:
        try:
            page = await ask(self, list_portal_certificates, self.search, cursor)
        except CalibraError as error:
            self.loading = False
            return notice(error)
        region = Region(self.locale, self.zone)
        new = [PaperRow.of_certificate(row, region) for row in page.rows]
        self.rows = [*self.rows, *new] if cursor else new
        self._take(self.rows, page, say("{count} certificate"), say("{count} certificates"))
        return None


def _now(region: Region) -> str:
    now: datetime = system_clock()
    return shown.clock_time(now, region=region)
