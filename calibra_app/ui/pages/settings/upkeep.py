"""What the section of failed work knows and does: once more, or set aside for good."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from reflex.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.clock import system_clock
from calibra_app.core.errors import CalibraError, Conflict
from calibra_app.services.upkeep import (
    FailedWork,
    Record,
    list_failed_work,
    set_aside,
    try_again,
)
from calibra_app.ui import format as shown
from calibra_app.ui import notices, routes, typed
from calibra_app.ui.base import AppState, Refusals, ask, current_actor, notice
from calibra_app.ui.format import Region
from calibra_app.ui.gate import action
from calibra_app.ui.listing import Listing
from calibra_app.ui.live import LIVE
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say, say_number

SETTINGS = Permission.BRANDING_SET
RETRY = Permission.JOB_RETRY
_PATHS: Mapping[str, Callable[[UUID], str]] = {
    "srf": routes.srf,
    "quotation": routes.quotation,
    "certificate": routes.certificate,
    "invoice": routes.invoice,
    "customer": routes.customer,
    "person": lambda _person: routes.PEOPLE,
}


@dataclass(frozen=True, slots=True)
class FailedRow:
    """One job that was given up, as text."""

    key: str = ""
    what: str = ""
    when: str = ""
    why: str = ""
    record: str = ""
    path: str = ""
    repeatable: bool = True

    @classmethod
    def of(cls, job: FailedWork, now: datetime, region: Region) -> Self:
        """Return one job as text."""
        tries = say_number("tried once", "tried {count} times", job.tries)
        record = job.record or Record("", job.id, "")
        return cls(
            key=str(job.id),
            what=job.what,
            when=say(
                "{moment}, {tries}",
                moment=shown.moment(job.since, now, region=region),
                tries=tries,
            ),
            why=job.why,
            record=record.label,
            path=_PATHS[record.kind](record.id) if record.kind else "",
            repeatable=job.repeatable,
        )


class UpkeepState(Refusals, Listing, AppState):
    """The jobs that were given up, and how many there are."""

    rows: list[FailedRow] = []
    # Beside the section's name; empty while there is nothing to tell.
    tally: str = ""
    # The job that is about to be set aside, and what the form says of it; empty for none.
    asked: str = ""
    asked_words: str = ""

    @action(SETTINGS, reading=True)
    async def load(self):
        """Watch what becomes of jobs, for those who may repeat them."""
        try:
            actor = await current_actor(self)
            if not actor.may(RETRY):
                self.rows, self.tally, self.loading = [], "", False
                return None
            await LIVE.join(self, f"t:{actor.tenant_id}:jobs", UpkeepState, refresh="again")
        except CalibraError as error:
            return notice(error)
        return await self._read("")

    @action(RETRY)
    async def again(self):
        """Read the list anew, from its top."""
        return await self._read("")

    @action(RETRY)
    async def more(self):
        """Put the next page behind the others."""
        return await self._read(self.next_cursor)

    @action(RETRY)
    async def retry(self, key: str):
        """Hand one job over once more; it goes from the list."""
        try:
            what = await ask(self, try_again, typed.identity(key))
        except Conflict as error:
            # Somebody else was quicker: the list is behind.
            return await self._read("") or notice(error)
        except CalibraError as error:
            return notice(error)
        return await self._read("") or notices.done(say("{what} is tried again.", what=what))

    @action(RETRY)
    async def ask_aside(self, key: str):
        """Ask why a job is to be set aside."""
        what = next((row.what for row in self.rows if row.key == key), "")
        self._accepted()
        self.asked = key if what else ""
        self.asked_words = say(
            "{what}: it stays undone and leaves this list. The reason is kept in the audit trail.",
            what=what,
        )

    @action(RETRY)
    async def close_aside(self):
        """Leave the job on the list; what was typed is gone."""
        self.asked = ""

    @action(RETRY)
    async def put_aside(self, form: Form):
        """Set the job aside; it goes from the list."""
        try:
            reason = typed.text(form, "reason")
            what = await ask(self, set_aside, typed.identity(self.asked), reason)
        except Conflict as error:
            self.asked = ""
            return await self._read("") or notice(error)
        except CalibraError as error:
            return self._refused(error)
        self.asked = ""
        return await self._read("") or notices.done(say("{what} is set aside.", what=what))

    async def _read(self, cursor: str) -> EventSpec | None:
        try:
            page = await ask(self, list_failed_work, cursor)
        except CalibraError as error:
            self.loading = False
            return notice(error)
        region, now = Region(self.locale, self.zone), system_clock()
        new = [FailedRow.of(job, now, region) for job in page.rows]
        self.rows = [*self.rows, *new] if cursor else new
        self._take(self.rows, page, say("{count} failed job"), say("{count} failed jobs"))
        more = "+" if page.next_cursor else ""
        self.tally = f"{len(self.rows)}{more}" if self.rows else ""
        return None
