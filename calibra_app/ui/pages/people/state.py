"""What the page of people knows and does."""

from datetime import date, timedelta

from reflex.event import EventSpec

from calibra_app.core.access import Permission, Role
from calibra_app.core.errors import CalibraError
from calibra_app.services.people import (
    CompetenceDraft,
    Deed,
    PersonDraft,
    PersonStatus,
    change_person,
    end_competence,
    get_person,
    invite_person,
    list_absences,
    list_competences,
    list_invitations,
    list_people,
    record_absence,
    record_competence,
    set_roles,
    set_status,
)
from calibra_app.services.sign_in import invite
from calibra_app.ui import format as shown
from calibra_app.ui import typed
from calibra_app.ui.base import AppState, Refusals, ask, notice
from calibra_app.ui.format import Region
from calibra_app.ui.gate import action
from calibra_app.ui.listing import Listing
from calibra_app.ui.pages.people.rows import (
    ROLES,
    AbsenceRow,
    CompetenceRow,
    InvitationRow,
    MatrixRow,
    PersonRow,
    PersonText,
    matrix_of,
)
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say

SEE, MANAGE = Permission.LABORATORY_SEE, Permission.PERSON_MANAGE
JUDGE = Permission.COMPETENCE_RECORD
ABSENCES_AHEAD = timedelta(days=60)


class PeopleState(Listing, Refusals, AppState):
    """Personnel, the matrix, and the person beside the list."""

    # Which part is shown: people, competence, absences, invitations.
    part: str = "people"
    rows: list[PersonRow] = []
    matrix: list[MatrixRow] = []
    absences: list[AbsenceRow] = []
    invitations: list[InvitationRow] = []
    # What is open: person, new, competence, absence; empty for nothing.
    open: str = ""
    person: PersonText = PersonText()
    competences: list[CompetenceRow] = []
    choices: list[list[str]] = []

    @action(SEE, reading=True)
    async def load(self):
        """Fill the part that is shown."""
        self.open = ""
        return await self._fill()

    @action(SEE, reading=True)
    async def choose_part(self, part: str):
        """Show another part."""
        self.part, self.open = part, ""
        return await self._fill()

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
    async def open_person(self, key: str):
        """Open one person beside the list."""
        self._accepted()
        refused = await self._show(key)
        self.open = "" if refused else "person"
        return refused

    @action(SEE, reading=True)
    async def close(self):
        """Close what is open; what was typed is gone."""
        self.open = ""

    @action(MANAGE)
    async def open_new(self):
        """Open the form for a new person."""
        self._accepted()
        self.person, self.open = PersonText(), "new"

    @action(JUDGE)
    async def open_competence(self):
        """Open the form for a decision on the person's competence."""
        self._accepted()
        self.open = "competence"

    @action(Permission.LINE_ASSIGN, MANAGE)
    async def open_absence(self):
        """Open the form for an absence."""
        self._accepted()
        try:
            page = await ask(self, list_people)
        except CalibraError as error:
            return notice(error)
        self.choices = [[str(row.id), row.name] for row in page.rows]
        self.open = "absence"
        return None

    @action(MANAGE)
    async def invite_new(self, form: Form):
        """Enter the person in the form and mail them a link."""
        try:
            draft = _person_draft(form)
            await ask(self, invite_person, draft, _roles(form))
        except CalibraError as error:
            return self._refused(error)
        self.open = ""
        sent = say("{name} gets a link by mail.", name=draft.name)
        return await self._fill() or self._accepted(sent)

    @action(MANAGE)
    async def save(self, form: Form):
        """Change the person in the form, and which roles they hold."""
        person_id = typed.identity(self.person.key)
        try:
            await ask(self, change_person, person_id, self.person.version, _person_draft(form))
            await ask(self, set_roles, person_id, _roles(form))
        except CalibraError as error:
            return self._refused(error)
        self.open = ""
        return await self._fill() or self._accepted(say("{name} is saved.", name=self.person.name))

    @action(MANAGE)
    async def change_status(self, status: str):
        """Suspend the person, let them in again, or note that they have left."""
        try:
            wanted = PersonStatus(status)
        except ValueError:
            return None
        try:
            person_id = typed.identity(self.person.key)
            await ask(self, set_status, person_id, self.person.version, wanted)
        except CalibraError as error:
            return notice(error)
        self.open = ""
        return await self._fill()

    @action(MANAGE)
    async def invite_again(self, key: str):
        """Mail another link to somebody who has not used theirs."""
        try:
            await ask(self, invite, typed.identity(key))
        except CalibraError as error:
            return notice(error)
        return await self._fill() or self._accepted(say("A new link is on its way."))

    @action(JUDGE)
    async def save_competence(self, form: Form):
        """Record a decision on the person's competence."""
        try:
            draft = CompetenceDraft(
                person_id=typed.identity(self.person.key),
                deed=typed.choice(form, "deed", Deed),
                discipline=typed.text(form, "discipline"),
                procedure_code=typed.text(form, "procedure_code"),
                valid_from=typed.day(form, "valid_from"),
                valid_to=typed.maybe_day(form, "valid_to"),
                evidence=typed.text(form, "evidence"),
            )
            await ask(self, record_competence, draft)
        except CalibraError as error:
            return self._refused(error)
        self.open = "person"
        return await self._show(self.person.key) or self._accepted(say("Recorded."))

    @action(JUDGE)
    async def end(self, key: str, version: int):
        """Let a competence end with yesterday."""
        try:
            yesterday = self._today() - timedelta(days=1)
            await ask(self, end_competence, typed.identity(key), version, yesterday)
        except CalibraError as error:
            return notice(error)
        return await self._show(self.person.key)

    @action(Permission.LINE_ASSIGN, MANAGE)
    async def save_absence(self, form: Form):
        """Record that somebody is not at work."""
        try:
            await ask(
                self,
                record_absence,
                typed.identity(typed.text(form, "person"), "person"),
                typed.day(form, "starts_on"),
                typed.day(form, "ends_on"),
                typed.text(form, "reason"),
            )
        except CalibraError as error:
            return self._refused(error)
        self.open = ""
        return await self._fill() or self._accepted(say("Recorded."))

    def _today(self) -> date:
        return shown.today(self.zone)

    async def _show(self, key: str) -> EventSpec | None:
        try:
            person_id = typed.identity(key)
            detail = await ask(self, get_person, person_id)
            found = await ask(self, list_competences, self._today(), person_id=person_id)
        except CalibraError as error:
            return notice(error)
        region = Region(self.locale, self.zone)
        self.person = PersonText.of(detail)
        self.competences = [CompetenceRow.of(record, region) for record in found]
        return None

    async def _fill(self) -> EventSpec | None:
        if self.part == "people":
            return await self._read("")
        region, today = Region(self.locale, self.zone), self._today()
        try:
            if self.part == "competence":
                self.matrix = matrix_of(await ask(self, list_competences, today))
            elif self.part == "absences":
                away = await ask(self, list_absences, today, today + ABSENCES_AHEAD)
                self.absences = [AbsenceRow.of(record, region, today) for record in away]
            else:
                open_ones = await ask(self, list_invitations)
                self.invitations = [InvitationRow.of(each, region) for each in open_ones]
        except CalibraError as error:
            return notice(error)
        return None

    async def _read(self, cursor: str) -> EventSpec | None:
        try:
            page = await ask(self, list_people, self.search, cursor=cursor)
        except CalibraError as error:
            self.loading = False
            return notice(error)
        new = [PersonRow.of(row) for row in page.rows]
        self.rows = [*self.rows, *new] if cursor else new
        self._take(self.rows, page, say("{count} person"), say("{count} people"))
        return None


def _person_draft(form: Form) -> PersonDraft:
    return PersonDraft(
        name=typed.text(form, "name"),
        email=typed.text(form, "email"),
        job_title=typed.text(form, "job_title"),
        team=typed.text(form, "team"),
    )


def _roles(form: Form) -> tuple[Role, ...]:
    return tuple(role for role in ROLES if typed.ticked(form, f"role_{role.value}"))
