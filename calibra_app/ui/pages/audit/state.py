"""What the page of the audit trail knows and does."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from reflex.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError
from calibra_app.services.audit_trail import (
    AuditEntry,
    AuditFilter,
    Change,
    audited_tables,
    chain_head,
    list_audit,
    people_of_trail,
    verify_audit,
)
from calibra_app.ui import format as shown
from calibra_app.ui import typed
from calibra_app.ui.base import AppState, Refusals, ask, notice
from calibra_app.ui.format import NOTHING, Region
from calibra_app.ui.gate import action
from calibra_app.ui.listing import Listing
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say

READ = Permission.AUDIT_TRAIL_READ
LONGEST_SHOWN = 120
MOST_SHOWN = 4
_DEEDS = {"insert": say("entered"), "update": say("changed"), "delete": say("removed")}
_TONES = {"insert": "green", "update": "blue", "delete": "red"}


def words_of(name: str) -> str:
    """Return the name of a table or column as people read it."""
    return name.removesuffix("_id").replace("_", " ")


def told(value: Any) -> str:
    """Return a stored value as text, cut where it is long."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return say("yes") if value else say("no")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One column, old and new."""

    column: str
    before: str
    after: str
    entered: bool

    @classmethod
    def of(cls, change: Change, *, entered: bool) -> Self:
        """Return one column as text."""
        return cls(words_of(change.column), told(change.before), told(change.after), entered)


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One change of one record, as text."""

    key: str = ""
    day: str = ""
    first_of_day: bool = False
    at: str = ""
    person: str = ""
    initials: str = ""
    deed: str = ""
    tone: str = "gray"
    table: str = ""
    record: str = ""
    reason: str = ""
    number: str = ""
    changes: list[ChangeRow] = field(default_factory=list)
    others: list[ChangeRow] = field(default_factory=list)
    more: str = ""

    @classmethod
    def of(cls, entry: AuditEntry, region: Region, *, first_of_day: bool) -> Self:
        """Return one entry as text."""
        entered = entry.operation == "insert"
        rest = len(entry.changes) - MOST_SHOWN

        def row(change: Change) -> ChangeRow:
            return ChangeRow.of(change, entered=entered)

        who = entry.person or say("Calibra")
        return cls(
            key=str(entry.id),
            day=shown.day(entry.at, region=region),
            first_of_day=first_of_day,
            at=shown.signed_at(entry.at, region=region).split(" ", 3)[-1],
            person=who,
            initials=shown.initials(who),
            deed=_DEEDS.get(entry.operation, entry.operation),
            tone=_TONES.get(entry.operation, "gray"),
            table=words_of(entry.table),
            record=entry.record,
            reason=entry.reason,
            number="" if entry.sequence is None else shown.number(entry.sequence, region=region),
            changes=[*map(row, entry.changes[:MOST_SHOWN])],
            others=[*map(row, entry.changes[MOST_SHOWN:])],
            more=say("and {count} more", count=rest) if rest > 0 else "",
        )


class AuditState(Listing, Refusals, AppState):
    """The trail, what it is narrowed to, and the state of its chain."""

    rows: list[EntryRow] = []
    people: list[tuple[str, str]] = []
    tables: list[tuple[str, str]] = []
    wanted: dict[str, str] = {}
    narrowed: bool = False
    linked: str = ""
    until: str = ""
    verifying: bool = False
    verdict: str = ""
    broken: bool = False

    @action(READ, reading=True)
    async def load(self):
        """Show the newest changes."""
        self.wanted, self.verdict, self.broken, self.narrowed = {}, "", False, False
        self._accepted()
        try:
            people = await ask(self, people_of_trail)
            head = await ask(self, chain_head)
        except CalibraError as error:
            return notice(error)
        region = Region(zone=self.zone)
        everybody, everything = ("", say("Everybody")), ("", say("Everything"))
        self.people = [everybody, *people]
        self.tables = [
            everything,
            *((name, words_of(name).capitalize()) for name in audited_tables()),
        ]
        self.linked = shown.number(head.entries, region=region)
        self.until = shown.signed_at(head.until, region=region) if head.until else ""
        return await self._read("")

    @action(READ, reading=True)
    async def narrow(self, form: Form):
        """Show the changes that fit."""
        try:
            typed.maybe_day(form, "since")
            typed.maybe_day(form, "until")
        except CalibraError as error:
            return self._refused(error)
        self._accepted()
        names = ("person", "table", "record", "since", "until")
        self.wanted = {name: typed.text(form, name) for name in names}
        self.narrowed = any(self.wanted.values())
        return await self._read("")

    @action(READ, reading=True)
    async def more(self):
        """Put the next page behind the others."""
        return await self._read(self.next_cursor)

    @action(READ, reading=True)
    async def verify(self):
        """Verify the whole chain and tell what was found."""
        self.verifying = True
        yield
        try:
            found = await ask(self, verify_audit)
        except CalibraError as error:
            self.verifying = False
            yield notice(error)
            return
        region = Region(zone=self.zone)
        self.verifying = False
        self.linked = shown.number(found.entries, region=region)
        first = found.first
        self.broken = first is not None
        if first is None:
            self.verdict = say(
                "All {count} entries follow from one another, back to the first.",
                count=self.linked,
            )
        else:
            self.verdict = say(
                "Entry {number} does not hold: {what}. {count} places in all."
                " Keep a copy of the database before anything else, and tell the operator.",
                number=shown.number(first.sequence, region=region),
                what=first.what,
                count=len(found.breaks),
            )

    async def _read(self, cursor: str) -> EventSpec | None:
        zone = ZoneInfo(self.zone)

        def midnight(name: str) -> datetime | None:
            day = typed.maybe_day(dict(self.wanted), name)
            return None if day is None else datetime.combine(day, datetime.min.time(), zone)

        last = midnight("until")
        wanted = AuditFilter(
            person_id=self.wanted.get("person", ""),
            table=self.wanted.get("table", ""),
            record=self.wanted.get("record", ""),
            since=midnight("since"),
            # The day that was chosen belongs to the list.
            until=last + timedelta(days=1) if last else None,
        )
        try:
            page = await ask(self, list_audit, wanted, cursor)
        except CalibraError as error:
            self.loading = False
            return notice(error)
        region = Region(zone=self.zone)
        day = self.rows[-1].day if cursor and self.rows else ""
        new: list[EntryRow] = []
        for entry in page.rows:
            here = shown.day(entry.at, region=region)
            new.append(EntryRow.of(entry, region, first_of_day=here != day))
            day = here
        self.rows = [*self.rows, *new] if cursor else new
        self._take(self.rows, page, say("{count} change"), say("{count} changes"))
        return None
