"""What the pages of reference standards know and do."""

import reflex as rx
from reflex.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError
from calibra_app.services.equipment import (
    CertificateDraft,
    StandardCondition,
    StandardDraft,
    StandardStatus,
    accept_certificate,
    add_certificate,
    change_standard,
    get_standard,
    list_certificates,
    list_standards,
    quarantine_standard,
    register_standard,
    return_standard,
    set_aside,
)
from calibra_app.ui import notices, routes, typed
from calibra_app.ui.base import AppState, Refusals, ask, notice
from calibra_app.ui.components.chart import NO_DRAWING, Drawing, drawing_of
from calibra_app.ui.format import Region
from calibra_app.ui.gate import action
from calibra_app.ui.listing import Listing
from calibra_app.ui.pages.standards.points import read_points
from calibra_app.ui.pages.standards.rows import (
    CertificateRow,
    PointRow,
    StandardRow,
    StandardText,
    drift_figure,
    drift_sentence,
    quantities_of,
)
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say

SEE, REGISTER = Permission.LABORATORY_SEE, Permission.STANDARD_REGISTER


def standard_draft(form: Form) -> StandardDraft:
    """Return what was typed into the form of a standard."""
    return StandardDraft(
        code=typed.text(form, "code"),
        name=typed.text(form, "name"),
        discipline=typed.text(form, "discipline"),
        manufacturer=typed.text(form, "manufacturer"),
        model=typed.text(form, "model"),
        serial=typed.text(form, "serial"),
        location=typed.text(form, "location"),
        interval_months=typed.maybe_whole(form, "interval_months") or 0,
        notes=typed.text(form, "notes"),
    )


class StandardsState(Listing, Refusals, AppState):
    """The register of reference standards."""

    rows: list[StandardRow] = []
    condition: str = ""
    adding: bool = False

    @action(SEE, reading=True)
    async def load(self):
        """Fill the list from its top."""
        self.adding = False
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
    async def show_condition(self, condition: str):
        """Show those that stand like this today; the same again shows all."""
        self.condition = "" if condition == self.condition else condition
        return await self._read("")

    @action(REGISTER)
    async def open_form(self):
        """Open the form for a new standard."""
        self._accepted()
        self.adding = True

    @action(REGISTER)
    async def close_form(self):
        """Close the form; what was typed is gone."""
        self.adding = False

    @action(REGISTER)
    async def save(self, form: Form):
        """Enter the standard, then go to it for its certificate."""
        try:
            standard_id = await ask(self, register_standard, standard_draft(form))
        except CalibraError as error:
            return self._refused(error)
        self.adding = False
        self._accepted()
        return [
            notices.done(say("Entered. It is used once its certificate is accepted.")),
            rx.redirect(routes.standard(standard_id)),
        ]

    async def _read(self, cursor: str) -> EventSpec | None:
        condition = StandardCondition(self.condition) if self.condition else None
        try:
            page = await ask(self, list_standards, self.search, condition=condition, cursor=cursor)
        except CalibraError as error:
            self.loading = False
            return notice(error)
        region = Region(self.locale, self.zone)
        new = [StandardRow.of(row, region) for row in page.rows]
        self.rows = [*self.rows, *new] if cursor else new
        self._take(self.rows, page, say("{count} standard"), say("{count} standards"))
        return None


class StandardState(Refusals, AppState):
    """One reference standard with its certificates."""

    found: bool = False
    key: str = ""
    version: int = 0
    standard: StandardText = StandardText()
    certificates: list[CertificateRow] = []
    certificate: str = ""
    points: list[PointRow] = []
    quantities: list[list[str]] = []
    quantity: str = ""
    figure: Drawing = NO_DRAWING
    sentence: str = ""
    # Which form is open: edit, certificate, quarantine, return, aside; empty for none.
    form: str = ""

    @action(SEE, reading=True)
    async def load(self):
        """Show the standard of the address."""
        self.found, self.form, self.certificate, self.quantity = False, "", "", ""
        try:
            self.key = str(typed.path_argument(self, "standard_id"))
        except CalibraError as error:
            return self._not_shown(error)
        return await self._show()

    @action(SEE, reading=True)
    async def choose_certificate(self, key: str):
        """Show the points of another certificate."""
        self.certificate = key
        return await self._show()

    @action(SEE, reading=True)
    async def choose_quantity(self, quantity: str):
        """Draw the drift of another quantity."""
        self.quantity = quantity
        return await self._show()

    @action(REGISTER, Permission.STANDARD_QUARANTINE, Permission.STANDARD_RETURN)
    async def open_form(self, name: str):
        """Open one of the forms."""
        self._accepted()
        self.form = name

    @action(SEE, reading=True)
    async def close_form(self):
        """Close whatever form is open; what was typed is gone."""
        self.form = ""

    @action(REGISTER)
    async def save(self, form: Form):
        """Change what is entered of the standard."""
        try:
            standard_id = typed.identity(self.key)
            await ask(self, change_standard, standard_id, self.version, standard_draft(form))
        except CalibraError as error:
            return self._refused(error)
        return await self._done(say("Saved."))

    @action(REGISTER)
    async def save_certificate(self, form: Form):
        """Enter a certificate with its points."""
        try:
            draft = CertificateDraft(
                number=typed.text(form, "number"),
                provider=typed.text(form, "provider"),
                issued_on=typed.day(form, "issued_on"),
                due_on=typed.day(form, "due_on"),
                points=read_points(typed.text(form, "points")),
                traceability=typed.text(form, "traceability"),
            )
            added = await ask(self, add_certificate, typed.identity(self.key), draft)
        except CalibraError as error:
            return self._refused(error)
        self.certificate = str(added)
        return await self._done(say("Entered. It counts once somebody accepts it."))

    @action(Permission.STANDARD_ACCEPT)
    async def accept(self, key: str):
        """Accept a certificate: its points and due date count from now on."""
        try:
            await ask(self, accept_certificate, typed.identity(key))
        except CalibraError as error:
            return notice(error)
        return await self._done(say("The certificate is accepted."))

    @action(Permission.STANDARD_QUARANTINE)
    async def quarantine(self, form: Form):
        """Take the standard out of use at once."""
        try:
            reason = typed.text(form, "reason")
            await ask(self, quarantine_standard, typed.identity(self.key), reason)
        except CalibraError as error:
            return self._refused(error)
        return await self._done(say("{code} is in quarantine.", code=self.standard.code))

    @action(Permission.STANDARD_RETURN)
    async def return_to_service(self, form: Form):
        """Return the standard from quarantine."""
        try:
            reason = typed.text(form, "reason")
            limited = typed.ticked(form, "limited_use")
            await ask(self, return_standard, typed.identity(self.key), reason, limited_use=limited)
        except CalibraError as error:
            return self._refused(error)
        return await self._done(say("{code} is in service again.", code=self.standard.code))

    @action(REGISTER)
    async def put_aside(self, form: Form):
        """Note that the standard is away, retired or lost."""
        try:
            status = typed.choice(form, "status", StandardStatus)
            reason = typed.text(form, "reason")
            await ask(self, set_aside, typed.identity(self.key), status, reason)
        except CalibraError as error:
            return self._refused(error)
        return await self._done(say("Noted."))

    async def _done(self, sentence: str) -> EventSpec | None:
        self.form = ""
        return await self._show() or self._accepted(sentence)

    async def _show(self) -> EventSpec | None:
        try:
            standard_id = typed.identity(self.key)
            detail = await ask(self, get_standard, standard_id)
            records = await ask(self, list_certificates, standard_id)
        except CalibraError as error:
            return self._not_shown(error)
        region = Region(self.locale, self.zone)
        self.found, self.version = True, detail.version
        self.standard = StandardText.of(detail, region)
        self.certificates = [CertificateRow.of(record, region) for record in records]
        shown = next(
            (record for record in records if str(record.id) == self.certificate),
            records[0] if records else None,
        )
        self.certificate = str(shown.id) if shown else ""
        names = quantities_of(records)
        self.quantities = [[name, name] for name in names]
        if self.quantity not in names:
            self.quantity = names[0] if names else ""
        points = shown.draft.points if shown else ()
        self.points = [PointRow.of(point, region) for point in points]
        self.figure = drawing_of(drift_figure(records, self.quantity))
        self.sentence = drift_sentence(records, self.quantity)
        return None
