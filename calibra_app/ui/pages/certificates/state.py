"""What the pages of certificates know and do."""

from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.clock import system_clock
from calibra_app.core.errors import CalibraError
from calibra_app.core.ids import CertificateId, DocumentId, LineId, SrfId
from calibra_app.services.certificates import (
    AmendmentDraft,
    CertificateDetail,
    WithdrawalCause,
    authorize_amendment,
    authorize_certificate,
    get_certificate,
    list_certificates,
    list_waiting,
    prepare_amendment,
    refuse_work,
    withdraw_certificate,
)
from calibra_app.services.documents import print_again
from calibra_app.services.srf.reopening import reopen_srf
from calibra_app.services.srf.states import LineState
from calibra_app.ui import format as shown
from calibra_app.ui import notices, routes, typed
from calibra_app.ui.base import AppState, Refusals, ask, current_actor, notice
from calibra_app.ui.gate import action
from calibra_app.ui.listing import Listing
from calibra_app.ui.live import LIVE
from calibra_app.ui.pages.certificates.rows import (
    CheckRow,
    ListRow,
    Paper,
    SignatureRow,
    StepRow,
    steps_of,
)
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say, say_number

SEE, AUTHORIZE = Permission.CERTIFICATE_DOWNLOAD, Permission.CERTIFICATE_AUTHORIZE
VIEWS = ("waiting", "all")
# The sheet of paper is as wide as paper; where the window is narrower, it is shown smaller.
_NARROW = "<style>@media (max-width: 820px) { body { zoom: 0.72 } }</style>"


class CertificatesState(Listing, Refusals, AppState):
    """The lists: what waits for a signatory, and what was issued."""

    rows: list[ListRow] = []
    waiting: list[ListRow] = []
    view: str = "waiting"

    @action(SEE, reading=True)
    async def load(self):
        """Watch the board's topic, then read both lists."""
        try:
            actor = await current_actor(self)
            await LIVE.join(self, f"t:{actor.tenant_id}:board", CertificatesState, refresh="again")
        except CalibraError as error:
            return notice(error)
        if str(Permission.CERTIFICATE_AUTHORIZE) not in self.permissions:
            self.view = "all"
        return await self._read("")

    @action(SEE, reading=True)
    async def again(self):
        """Read both lists anew, from their top."""
        return await self._read("")

    @action(SEE, reading=True)
    async def find(self, text: str):
        """Search while somebody types."""
        self.search, self.view = text, "all"
        return await self._read("")

    @action(SEE, reading=True)
    async def more(self):
        """Put the next page behind the others."""
        return await self._read(self.next_cursor)

    @action(SEE, reading=True)
    async def show(self, view: str):
        """Show the other list."""
        self.view = view if view in VIEWS else "all"

    async def _read(self, cursor: str) -> EventSpec | None:
        region = shown.Region(self.locale, self.zone)
        try:
            page = await ask(self, list_certificates, search=self.search, cursor=cursor)
            waiting = await ask(self, list_waiting)
        except CalibraError as error:
            self.loading = False
            return notice(error)
        new = [ListRow.of(row, region) for row in page.rows]
        self.rows = [*self.rows, *new] if cursor else new
        self.waiting = [ListRow.of(row, region) for row in waiting]
        self._take(self.rows, page, say("{count} certificate"), say("{count} certificates"))
        return None


class CertificateState(Refusals, AppState):
    """One certificate, or the draft of a line that waits for one."""

    found: bool = False
    trouble: str = ""
    key: str = ""
    line_key: str = ""
    certificate_key: str = ""
    srf_key: str = ""
    document_key: str = ""
    line_version: int = 0
    version: int = 0
    srf_version: int = 0
    paper: Paper = Paper()
    html: str = ""
    checks: list[CheckRow] = []
    missing: list[CheckRow] = []
    signatures: list[SignatureRow] = []
    steps: list[StepRow] = []
    fields: dict[str, str] = {}
    tab: str = "paper"
    signer: str = ""
    # Which dialog is open: sign, refuse, reopen, amend, withdraw; empty for none.
    form: str = ""

    @action(SEE, reading=True)
    async def load(self):
        """Show the certificate of the address, and follow its request."""
        self.found, self.form, self.tab, self.trouble = False, "", "paper", ""
        try:
            self.key = str(typed.path_argument(self, "certificate_id"))
            detail = await ask(self, get_certificate, UUID(self.key))
            actor = await current_actor(self)
            topic = f"t:{actor.tenant_id}:srf:{detail.srf_id}"
            await LIVE.join(self, topic, CertificateState, refresh="again")
        except CalibraError as error:
            return self._not_shown(error)
        return await self._read()

    @action(SEE, reading=True)
    async def again(self):
        """Read it anew: its request or its printing moved on."""
        return await self._read()

    @action(SEE, reading=True)
    async def show(self, tab: str):
        """Show the paper, its checks or its data."""
        self.tab = tab if tab in {"paper", "checks", "data"} else "paper"

    @action(SEE, reading=True)
    async def open_form(self, name: str):
        """Open one of the dialogs."""
        self._accepted()
        if name in {"sign", "refuse", "reopen", "amend", "withdraw"}:
            self.form = name
            at = shown.signed_at(system_clock(), region=shown.Region(self.locale, self.zone))
            self.signer = f"{self.person_name} · {self.role_titles} · {at}"

    @action(SEE, reading=True)
    async def close_form(self):
        """Close whatever dialog is open; what was typed is gone."""
        self.form = ""

    @action(AUTHORIZE)
    async def sign(self, form: Form):
        """Authorize what is shown, with the signatory's password."""
        password = str(form.get("password") or "")
        try:
            if self.certificate_key:
                await ask(self, authorize_amendment, self._certificate(), self.version, password)
            else:
                line_id = LineId(typed.identity(self.line_key))
                new = await ask(self, authorize_certificate, line_id, self.line_version, password)
                self.key = str(new)
        except CalibraError as error:
            return self._refused(error)
        return await self._done(say("Signed. The worker prints it; leaving the page is safe."))

    @action(Permission.CERTIFICATE_REFUSE)
    async def refuse(self, form: Form):
        """Refuse the work: back to the bench, or on hold."""
        try:
            to = LineState.ON_HOLD if typed.ticked(form, "hold") else LineState.REWORK
            line_id = LineId(typed.identity(self.line_key))
            reason = typed.text(form, "reason")
            await ask(self, refuse_work, line_id, self.line_version, reason, to)
        except CalibraError as error:
            return self._refused(error)
        self._accepted()
        self.form = ""
        return [notices.done(say("The work is refused.")), rx.redirect(routes.CERTIFICATES)]

    @action(Permission.SRF_REOPEN)
    async def reopen(self, form: Form):
        """Open the request again, so that the certificate can be amended."""
        try:
            await ask(
                self,
                reopen_srf,
                SrfId(typed.identity(self.srf_key)),
                self.srf_version,
                typed.text(form, "reason"),
                str(form.get("password") or ""),
            )
        except CalibraError as error:
            return self._refused(error)
        return await self._done(say("The request is open again."))

    @action(Permission.AMENDMENT_PREPARE)
    async def amend(self, form: Form):
        """Prepare an amendment with the fields that were changed."""
        changes = {
            name: typed.text(form, name)
            for name, value in self.fields.items()
            if typed.text(form, name) != value
        }
        try:
            draft = AmendmentDraft(typed.text(form, "reason"), changes)
            new = await ask(self, prepare_amendment, self._certificate(), draft)
        except CalibraError as error:
            return self._refused(error)
        self._accepted()
        self.form = ""
        return [
            notices.done(say("The amendment waits for a signatory.")),
            rx.redirect(routes.certificate(new)),
        ]

    @action(Permission.CERTIFICATE_WITHDRAW)
    async def withdraw(self, form: Form):
        """Withdraw the certificate; who has it is told."""
        try:
            told = await ask(
                self,
                withdraw_certificate,
                self._certificate(),
                self.version,
                typed.choice(form, "cause", WithdrawalCause),
                typed.text(form, "reason"),
                str(form.get("password") or ""),
            )
        except CalibraError as error:
            return self._refused(error)
        words = say_number(
            "Withdrawn; {count} person is told.", "Withdrawn; {count} are told.", told
        )
        return await self._done(words)

    @action(Permission.JOB_RETRY, Permission.SRF_SEE, reading=True)
    async def print_once_more(self):
        """Ask the worker again for a paper whose printing failed."""
        try:
            await ask(self, print_again, DocumentId(typed.identity(self.document_key)))
        except CalibraError as error:
            return notice(error)
        return await self._read()

    def _certificate(self) -> CertificateId:
        return CertificateId(typed.identity(self.certificate_key))

    async def _done(self, sentence: str) -> list[EventSpec | None]:
        self._accepted()
        self.form = ""
        await self._read()
        return [notices.done(sentence)]

    async def _read(self) -> EventSpec | None:
        try:
            detail = await ask(self, get_certificate, UUID(self.key))
        except CalibraError as error:
            self.found, self.trouble = False, error.message
            return notice(error)
        self._show(detail)
        return None

    def _show(self, detail: CertificateDetail) -> None:
        region = shown.Region(self.locale, self.zone)
        self.line_key, self.srf_key = str(detail.line_id), str(detail.srf_id)
        self.certificate_key = str(detail.certificate_id or "")
        self.document_key = str(detail.document_id or "")
        self.line_version, self.version = detail.line_version, detail.version
        self.srf_version = detail.srf_version
        self.paper = Paper.of(detail, region, shown.today(region.zone))
        self.html = detail.html.replace("</head>", f"{_NARROW}</head>", 1)
        self.checks = [CheckRow.of(each, self.paper.srf_path) for each in detail.checks]
        self.missing = [row for row in self.checks if not row.met]
        self.signatures = [SignatureRow.of(each, region) for each in detail.signatures]
        self.steps = steps_of(detail)
        self.fields = dict(detail.amendable)
        self.found = True
