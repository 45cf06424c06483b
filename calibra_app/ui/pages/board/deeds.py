"""Moves: what a drop does at once, and the dialogs for what it still needs."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import reflex as rx
from reflex_base.event import EventSpec

from calibra_app.core.access import Permission
from calibra_app.core.errors import CalibraError, Invalid
from calibra_app.core.ids import LineId
from calibra_app.services.calibrations.start import start_work
from calibra_app.services.equipment import list_rooms
from calibra_app.services.scope.providers import list_providers
from calibra_app.services.srf.deed_forms import DeedForm, do_deed
from calibra_app.services.srf.deeds import (
    MOVERS,
    Asks,
    CardKind,
    Deed,
    DeedLine,
    drop_card,
    open_deed,
)
from calibra_app.services.srf.guards import GuardFailed
from calibra_app.services.srf.planning import Candidate, candidates
from calibra_app.services.srf.states import HoldKind
from calibra_app.services.srf.subcontract import (
    ProviderPoint,
    ResultDetail,
    ResultDraft,
    record_result,
    result_of_provider,
)
from calibra_app.services.srf.workflow import hold_permission
from calibra_app.ui import notices, routes, typed
from calibra_app.ui.base import ask, current_actor, notice
from calibra_app.ui.gate import action
from calibra_app.ui.pages.board.state import BoardState
from calibra_app.ui.typed import Form
from calibra_app.ui.words import say, say_number

# Deeds that have a page of their own.
_ELSEWHERE = frozenset(
    {
        Asks.REVIEW,
        Asks.CERTIFICATE,
        Asks.QUOTATION,
        Asks.INVOICE,
        Asks.SHIPMENT,
        Asks.REQUEST,
    }
)
HOLDS = {
    HoldKind.CUSTOMER: say("The customer asked to wait"),
    HoldKind.CAPACITY: say("No capacity"),
    HoldKind.EQUIPMENT: say("Equipment fails"),
    HoldKind.ENVIRONMENT: say("Environment out of limits"),
    HoldKind.NONCONFORMITY: say("Nonconforming work"),
    HoldKind.CREDIT: say("Credit"),
}
_FIGURES = 7


@dataclass(frozen=True, slots=True)
class ItemRow:
    """An item that a deed concerns."""

    key: str
    version: int
    tag: str
    name: str


@dataclass(frozen=True, slots=True)
class DeedView:
    """The deed whose dialog is open."""

    asks: str = ""
    number: str = ""
    title: str = ""
    submit: str = ""
    question: str = ""
    signed: bool = False
    several: bool = False
    choices: list[list[str]] = field(default_factory=list[list[str]])
    lines: list[ItemRow] = field(default_factory=list[ItemRow])

    @classmethod
    def of(cls, deed: Deed) -> "DeedView":
        """Return a deed as its dialog shows it."""
        tags = ", ".join(line.tag for line in deed.lines[:2])
        more = len(deed.lines) - 2
        named = f"{tags} +{more}" if more > 0 else tags
        words = say("Move") if deed.asks is Asks.CHOICE else deed.words
        return cls(
            asks=deed.asks.value,
            number=deed.number,
            title=f"{words}: {named}" if named else words,
            submit=deed.words,
            question=deed.question,
            signed=deed.signed,
            several=len(deed.lines) > 1,
            choices=[list(choice) for choice in deed.choices],
            lines=[_item(line) for line in deed.lines],
        )


@dataclass(frozen=True, slots=True)
class ResultView:
    """What was taken over from a provider's certificate, for the one who compares."""

    number: str = ""
    issued: str = ""
    entered_by: str = ""
    mine: bool = False
    file_path: str = ""
    points: list[list[str]] = field(default_factory=list[list[str]])

    @classmethod
    def of(cls, result: ResultDetail) -> "ResultView":
        """Return a provider's result as text."""
        draft = result.draft
        return cls(
            number=draft.certificate_number,
            issued=draft.issued_on.isoformat(),
            entered_by=result.entered_by,
            mine=result.mine,
            file_path=f"/api/v1/files/{draft.file_id}" if draft.file_id else "",
            points=[
                [
                    point.label,
                    f"{point.indication} {point.unit}",
                    f"{point.error} {point.unit}",
                    f"{point.expanded_uncertainty} {point.unit}",
                    point.k,
                ]
                for point in draft.points
            ],
        )


class MoveState(BoardState):
    """Cards on the move."""

    asking: bool = False
    busy: bool = False
    deed: DeedView = DeedView()
    result: ResultView = ResultView()
    day: str = ""
    room: str = ""
    people_for: list[list[str]] = []
    nobody: bool = False
    rooms: list[list[str]] = []
    providers: list[list[str]] = []
    holds: list[list[str]] = []
    file_id: str = ""
    file_name: str = ""

    @action(*MOVERS)
    async def move(self, card_id: str, column: str, version: int):
        """Drop a card: do it, or open the dialog of what is still needed."""
        self._accepted()
        kind = CardKind(self.kind or CardKind.LINE)
        try:
            dropped = await ask(
                self,
                drop_card,
                kind,
                typed.identity(card_id),
                version,
                column,
                every_state=self.every_state,
            )
        except CalibraError as error:
            await self._read_again([card_id])
            return self._taken_back(error)
        if dropped.deed is None:
            await self._read_again([card_id])
            return self._accepted(dropped.done)
        return await self._open(dropped.deed)

    @action(Permission.SRF_SEE, reading=True)
    async def open_card(self, card_id: str):
        """Go to the request that a card belongs to."""
        try:
            found = (await self._look_again([card_id])).cards
        except CalibraError as error:
            return notice(error)
        return rx.redirect(routes.srf(found[0].srf_id)) if found else None

    @action(*MOVERS)
    async def choose(self, number: str):
        """Go on with one of several deeds that lead to the same column."""
        try:
            lines = [LineId(typed.identity(item.key)) for item in self.deed.lines]
            deed = await ask(self, open_deed, number, lines)
        except CalibraError as error:
            return self._taken_back(error)
        return await self._open(deed)

    @action(*MOVERS)
    async def choose_day(self, written: str):
        """Show who may do the work on another day."""
        try:
            await self._find_people(date.fromisoformat(written))
        except ValueError:
            return None
        except CalibraError as error:
            return notice(error)
        return None

    @action(*MOVERS)
    async def close(self):
        """Leave the deed undone; the card goes back."""
        self.asking = False
        self.undo += 1

    @action(*MOVERS)
    async def file_kept(self, key: str, name: str):
        """Remember the certificate that was uploaded."""
        self.file_id, self.file_name = key, name

    @action(*MOVERS)
    async def do(self, form: Form):
        """Do the deed of the dialog with what was filled in."""
        self.busy = True
        try:
            told = await ask(self, do_deed, self._form(form))
        except CalibraError as error:
            self.busy = False
            return self._held_up(error)
        return await self._done(told)

    @action(Permission.SUBCONTRACT_EXCHANGE)
    async def keep_result(self, form: Form):
        """Type over what the provider's certificate says."""
        try:
            draft = ResultDraft(
                typed.text(form, "certificate_number"),
                typed.day(form, "issued_on"),
                points_of_text(typed.text(form, "points")),
                typed.identity(self.file_id) if self.file_id else None,
            )
            item = self.deed.lines[0]
            line_id = LineId(typed.identity(item.key))
            await ask(self, record_result, line_id, item.version, draft)
        except CalibraError as error:
            return self._held_up(error)
        return await self._done(say("Typed. A second person compares it with the certificate."))

    async def _open(self, deed: Deed) -> EventSpec | list[Any] | None:
        if deed.asks is Asks.SHEET:
            return await self._to_sheet(deed)
        if deed.asks in _ELSEWHERE:
            return rx.redirect(routes.srf(deed.srf_id))
        self.deed, self.result = DeedView.of(deed), ResultView()
        self.file_id = self.file_name = ""
        try:
            await self._prepare(deed)
        except CalibraError as error:
            return self._taken_back(error)
        self.asking = True
        return None

    async def _prepare(self, deed: Deed) -> None:
        match deed.asks:
            case Asks.ASSIGN:
                rooms = await ask(self, list_rooms)
                self.rooms = [[str(room.id), f"{room.code} · {room.name}"] for room in rooms]
                await self._find_people(self._tomorrow())
            case Asks.HOLD:
                actor = await current_actor(self)
                self.holds = [
                    [kind.value, HOLDS[kind]]
                    for kind in HoldKind
                    if actor.may(hold_permission(kind, releasing=False))
                ]
            case Asks.PROVIDER:
                providers = await ask(self, list_providers)
                self.providers = [[str(one.id), one.draft.name] for one in providers]
            case Asks.RESULT:
                found = await ask(self, result_of_provider, deed.lines[0].id)
                self.result = ResultView.of(found) if found else ResultView()
            case _:
                pass

    async def _find_people(self, day: date) -> None:
        line_id = LineId(typed.identity(self.deed.lines[0].key))
        found = await ask(self, candidates, line_id, day)
        self.day = day.isoformat()
        ranked = sorted(found, key=lambda one: (one.absent, one.open_lines, one.name))
        self.people_for = [[str(one.person_id), _candidate(one)] for one in ranked]
        self.nobody = not ranked

    async def _to_sheet(self, deed: Deed) -> EventSpec | list[Any] | None:
        line = deed.lines[0]
        try:
            sheet_id = line.sheet_id or await ask(self, start_work, line.id, line.version)
        except CalibraError as error:
            return self._taken_back(error)
        return rx.redirect(routes.sheet(sheet_id))

    async def _done(self, told: str) -> EventSpec | None:
        self.asking = self.busy = False
        keys = [item.key for item in self.deed.lines]
        if self.kind == CardKind.LINE:
            await self._read_again(keys)
        # A request's card comes by the bus; until then its move is drawn as it was dropped.
        return self._accepted(told)

    def _form(self, form: Form) -> DeedForm:
        deed = self.deed
        chosen = [
            item
            for item in deed.lines
            if not deed.several or typed.ticked(form, f"item-{item.key}")
        ]
        assigns = deed.asks == Asks.ASSIGN
        return DeedForm(
            deed.number,
            tuple((LineId(typed.identity(item.key)), item.version) for item in chosen),
            person_id=typed.identity(typed.text(form, "person"), "person") if assigns else None,
            day=typed.day(form, "day") if assigns else None,
            room_id=_maybe(typed.text(form, "room")),
            hold=typed.choice(form, "hold", HoldKind) if deed.asks == Asks.HOLD else None,
            reason=typed.text(form, "reason"),
            price=typed.maybe_number(form, "price"),
            provider_id=_maybe(typed.text(form, "provider")),
            place=typed.text(form, "place"),
            evidence=typed.text(form, "evidence"),
            password=str(form.get("password") or ""),
            oneself=deed.asks == Asks.TAKE,
        )

    def _held_up(self, error: CalibraError) -> EventSpec | None:
        """Show in the open dialog why the deed was refused; what was typed stays."""
        if error.field:
            return self._refused(error)
        self.errors = {}
        self.form_error = _sentence(error)
        return None

    def _taken_back(self, error: CalibraError) -> EventSpec:
        """Let the card go back, and say which guard stands in the way."""
        self.asking = False
        self.undo += 1
        if isinstance(error, GuardFailed):
            return notices.warned(_sentence(error))
        return notice(error)

    def _tomorrow(self) -> date:
        return date.fromisoformat(self.today) + timedelta(days=1)


def points_of_text(written: str) -> tuple[ProviderPoint, ...]:
    """Return the values of a certificate, typed or pasted one to a line.

    Raises:
        Invalid: A line does not have its seven figures.
    """
    points: list[ProviderPoint] = []
    for at, line in enumerate(filter(str.strip, written.splitlines()), start=1):
        parts = [part.strip() for part in line.replace("\t", ";").split(";")]
        if len(parts) != _FIGURES:
            raise Invalid(
                say(
                    "Value {at} has {found} parts; it needs seven, divided by semicolons.",
                    at=at,
                    found=len(parts),
                ),
                field="points",
            )
        points.append(ProviderPoint(*parts))
    return tuple(points)


def _item(line: DeedLine) -> ItemRow:
    return ItemRow(str(line.id), line.version, line.tag, line.name)


def _candidate(one: Candidate) -> str:
    load = say_number("{count} open item", "{count} open items", one.open_lines)
    return f"{one.name} · {say('absent')}" if one.absent else f"{one.name} · {load}"


def _sentence(error: CalibraError) -> str:
    return f"{error.guard} · {error.message}" if isinstance(error, GuardFailed) else error.message


def _maybe(written: str) -> UUID | None:
    return typed.identity(written) if written else None
