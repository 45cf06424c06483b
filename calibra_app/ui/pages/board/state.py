"""What the boards know: the cards, how they are narrowed and laid out, and what was heard of them.

The bus says which cards have changed, never what they hold: each page reads them again under its
own rights and hands them to the board, which merges them by version.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from reflex_base.event import EventSpec

from calibra_app.core.access import Actor, Permission, Role
from calibra_app.core.errors import CalibraError
from calibra_app.services.srf.board_filter import BoardFilter
from calibra_app.services.srf.cards import (
    BoardCard,
    Cards,
    board_choices,
    column_limits,
    line_cards,
    line_cards_of,
    srf_cards,
    srf_cards_of,
)
from calibra_app.services.srf.deeds import CardKind
from calibra_app.ui import notices, typed
from calibra_app.ui.base import AppState, Refusals, ask, current_actor, notice
from calibra_app.ui.format import Region
from calibra_app.ui.gate import action
from calibra_app.ui.live import LIVE
from calibra_app.ui.pages.board.rows import (
    LANES,
    Shown,
    card_row,
    columns_of,
    gone_row,
    lane_of,
    lanes_of,
    tally,
)

WINDOW = 64
MOST_HEARD = 200
# Whoever works on requests rather than on items sees those first.
_OF_REQUESTS = frozenset({Role.FD, Role.FI, Role.TA, Role.VA})
_READ: Mapping[CardKind, Callable[..., Cards]] = {
    CardKind.LINE: line_cards,
    CardKind.SRF: srf_cards,
}
_READ_AGAIN: Mapping[CardKind, Callable[..., Cards]] = {
    CardKind.LINE: line_cards_of,
    CardKind.SRF: srf_cards_of,
}


class BoardState(Refusals, AppState):
    """One of the two boards."""

    kind: str = ""
    lanes: str = ""
    words: str = ""
    discipline: str = ""
    person: str = ""
    customer: str = ""
    urgent: bool = False
    late: bool = False
    queue: bool = False
    every_state: bool = False

    today: str = ""
    loading: bool = True
    trouble: str = ""
    narrowed: bool = False
    empty: bool = False
    columns: list[dict[str, Any]] = []
    lane_rows: list[dict[str, Any]] = []
    cards: list[dict[str, Any]] = []
    # Cards read again since; the board merges them by version.
    fresh: list[dict[str, Any]] = []
    # These two belong to the bus.
    heard: list[dict[str, Any]] = []
    presence: list[dict[str, str]] = []
    # Counts what takes a drawn move back, and what empties the search field.
    undo: int = 0
    cleared: str = "0"
    shown: int = 0
    more: str = ""
    late_count: int = 0
    urgent_count: int = 0
    disciplines: list[list[str]] = []
    people: list[list[str]] = []
    customers: list[list[str]] = []

    _known: dict[str, tuple[bool, bool]] = {}

    @action(Permission.SRF_SEE, reading=True)
    async def load(self):
        """Show the board that the address asks for, and follow what changes on it."""
        try:
            actor = await current_actor(self)
        except CalibraError as error:
            return notice(error)
        self._accepted()
        self._take_address(actor)
        topic = f"t:{actor.tenant_id}:board"
        await LIVE.join(self, topic, BoardState, "heard", refresh="refresh")
        await LIVE.join_presence(self, topic, BoardState)
        await LIVE.be_present(self, topic, actor, initials=self.person_initials)
        return await self._show()

    @action(Permission.SRF_SEE, reading=True)
    async def refresh(self):
        """Read everything anew: after the bus was away, or on demand."""
        return await self._show()

    @action(Permission.SRF_SEE, reading=True)
    async def catch_up(self, changed: list[str]):
        """Read the cards again of which something was heard, such as "line:01a1…"."""
        prefix = f"{self.kind}:"
        ids = [one.removeprefix(prefix) for one in changed[:MOST_HEARD] if one.startswith(prefix)]
        return await self._read_again(ids) if ids else None

    @action(Permission.SRF_SEE, reading=True)
    async def show_board(self, kind: str):
        """Show the other board."""
        self.kind = CardKind(kind).value if kind in list(CardKind) else CardKind.LINE.value
        self.lanes = _usual_lanes(CardKind(self.kind))
        return await self._show()

    @action(Permission.SRF_SEE, reading=True)
    async def choose_lanes(self, lanes: str):
        """Group the cards."""
        self.lanes = lanes if lanes in LANES else "none"
        return await self._show()

    @action(Permission.SRF_SEE, reading=True)
    async def find(self, words: str):
        """Narrow the board to cards with these words."""
        self.words = words
        return await self._show()

    @action(Permission.SRF_SEE, reading=True)
    async def choose_discipline(self, discipline: str):
        """Narrow the board to a discipline."""
        self.discipline = discipline
        return await self._show()

    @action(Permission.SRF_SEE, reading=True)
    async def choose_person(self, person: str):
        """Narrow the board to what one person is to do."""
        self.person = person
        return await self._show()

    @action(Permission.SRF_SEE, reading=True)
    async def choose_customer(self, customer: str):
        """Narrow the board to a customer."""
        self.customer = customer
        return await self._show()

    @action(Permission.SRF_SEE, reading=True)
    async def switch(self, chip: str):
        """Turn one of the filters on or off."""
        match chip:
            case "urgent":
                self.urgent = not self.urgent
            case "late":
                self.late = not self.late
            case "queue":
                self.queue = not self.queue
            case "every_state":
                self.every_state = not self.every_state
            case _:
                return None
        return await self._show()

    @action(Permission.SRF_SEE, reading=True)
    async def show_all(self):
        """Take every filter away."""
        self._clear()
        self.cleared = str(int(self.cleared) + 1)
        return await self._show()

    @action(Permission.SRF_SEE, reading=True)
    async def refuse(self, card_id: str, column: str):
        """Say why a card cannot be dropped on a column."""
        card = next((one for one in [*self.fresh, *self.cards] if one["id"] == card_id), None)
        reason = card.get("refused", {}).get(column, "") if card else ""
        if not card or not reason:
            return None
        return notices.warned(f"{card['tag']}: {reason}")

    def _take_address(self, actor: Actor) -> None:
        asked: dict[str, str] = {
            name: str(value) for name, value in self.router.page.params.items() if value
        }
        narrowed = {"late", "urgent", "queue", "discipline", "person", "customer", "words"}
        if narrowed & asked.keys():
            self._clear()
            self.late, self.urgent = "late" in asked, "urgent" in asked
            self.queue = "queue" in asked
            self.discipline = asked.get("discipline", "")
            self.person = asked.get("person", "")
            self.customer = asked.get("customer", "")
            self.words = asked.get("words", "")
        kind = {"instruments": CardKind.LINE, "requests": CardKind.SRF}.get(asked.get("board", ""))
        if kind is None and not self.kind:
            kind = CardKind.SRF if actor.roles <= _OF_REQUESTS else CardKind.LINE
        if kind is not None:
            self.kind, self.lanes = kind.value, _usual_lanes(kind)
        if asked.get("lanes", "") in LANES:
            self.lanes = asked["lanes"]

    def _clear(self) -> None:
        self.words = self.discipline = self.person = self.customer = ""
        self.urgent = self.late = self.queue = False

    async def _show(self) -> EventSpec | None:
        kind = CardKind(self.kind or CardKind.LINE)
        try:
            found = await ask(self, _READ[kind], self._wanted())
            limits = await ask(self, column_limits)
            choices = await ask(self, board_choices)
        except CalibraError as error:
            # What was shown last stays, with the trouble above it.
            self.trouble, self.loading = error.message, False
            return None
        self.narrowed = self._wanted() != BoardFilter(every_state=self.every_state)
        written = Shown(kind, self.lanes, found.today, Region(self.locale, self.zone))
        self.trouble, self.loading = "", False
        self.today = found.today.isoformat()
        columns = columns_of(kind, limits, every_state=self.every_state)
        self.columns = [{**column} for column in columns]
        self.lane_rows = [{**lane} for lane in lanes_of(found.cards, self.lanes)]
        self.cards = [{**card_row(card, written)} for card in found.cards]
        self.fresh = []
        self.more = str(found.rest) if found.rest else ""
        self._known = tally(found.cards)
        self._count()
        self.disciplines = [[one, one.capitalize()] for one in choices.disciplines]
        self.people = [[str(one.id), one.name] for one in choices.people]
        self.customers = [[str(key), name] for key, name in choices.customers]
        return None

    async def _read_again(self, ids: Sequence[str]) -> EventSpec | None:
        """Read some cards again and hand them to the board; those not there any more leave it."""
        kind = CardKind(self.kind or CardKind.LINE)
        try:
            again = await self._look_again(ids)
        except CalibraError as error:
            return notice(error)
        found = again.cards
        written = Shown(kind, self.lanes, again.today, Region(self.locale, self.zone))
        rows: dict[str, dict[str, Any]] = {one: {**gone_row(one)} for one in ids}
        rows |= {str(card.id): {**card_row(card, written)} for card in found}
        self.fresh = [*(row for row in self.fresh if row["id"] not in rows), *rows.values()][
            -WINDOW:
        ]
        self._known = {
            key: marks
            for key, marks in {**self._known, **tally(found)}.items()
            if not rows.get(key, {}).get("gone")
        }
        self._count()
        if self._new_lane(found):
            return await self._show()
        return None

    async def _look_again(self, ids: Sequence[str]) -> Cards:
        kind = CardKind(self.kind or CardKind.LINE)
        keys = [typed.identity(one) for one in ids]
        return await ask(self, _READ_AGAIN[kind], self._wanted(), keys)

    def _new_lane(self, cards: Sequence[BoardCard]) -> bool:
        if self.lanes == "none":
            return False
        lanes = {lane["id"] for lane in self.lane_rows}
        return any(lane_of(card, self.lanes) not in lanes for card in cards)

    def _count(self) -> None:
        marks = self._known.values()
        self.shown = len(self._known)
        self.empty = not self._known and not self.trouble
        self.late_count = sum(late for late, _ in marks)
        self.urgent_count = sum(urgent for _, urgent in marks)

    def _wanted(self) -> BoardFilter:
        return BoardFilter(
            words=self.words[:100],
            discipline=self.discipline,
            person_id=_maybe_id(self.person),
            customer_id=_maybe_id(self.customer),
            urgent=self.urgent,
            overdue=self.late,
            unassigned=self.queue,
            every_state=self.every_state,
        )


def _usual_lanes(kind: CardKind) -> str:
    return "none" if kind is CardKind.SRF else "discipline"


def _maybe_id(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None
