"""What the dashboard and the lists behind its figures know and do."""

from datetime import datetime

import reflex as rx
from reflex.event import EventSpec

from calibra_app.core.access import Actor, Permission, Role
from calibra_app.core.clock import system_clock
from calibra_app.core.errors import CalibraError, NotFound
from calibra_app.services.dashboard.day import Day, open_day
from calibra_app.services.dashboard.figures import Figure, list_figure
from calibra_app.services.dashboard.flow import Flow, measure_flow
from calibra_app.services.equipment import list_standards
from calibra_app.services.srf.states import LineState
from calibra_app.ui import format as shown
from calibra_app.ui import routes
from calibra_app.ui.base import AppState, ask, current_actor, notice
from calibra_app.ui.components.chart import NO_DRAWING, Drawing, drawing_of
from calibra_app.ui.components.status import look_of
from calibra_app.ui.format import Region
from calibra_app.ui.gate import action, signed_in
from calibra_app.ui.listing import Listing
from calibra_app.ui.live import LIVE
from calibra_app.ui.pages.dashboard.rows import (
    WORDS,
    BarRow,
    DecisionRow,
    DueRow,
    ItemRow,
    NewsRow,
    TileRow,
    bars,
    days_of,
    flow_sentence,
    tiles,
    weeks_figure,
)
from calibra_app.ui.words import say

SEE = Permission.DASHBOARD_SEE
MOST_DUE = 5
NOON, EVENING = 12, 18
# Which four figures a role sees first; the first role that is held decides.
_BY_ROLE: tuple[tuple[Role, tuple[Figure, ...]], ...] = (
    (Role.LM, (Figure.IN_HAND, Figure.OVERDUE, Figure.AT_RISK, Figure.TO_AUTHORIZE)),
    (Role.AS, (Figure.TO_AUTHORIZE, Figure.TO_REVIEW, Figure.OVERDUE, Figure.AT_RISK)),
    (Role.TR, (Figure.TO_REVIEW, Figure.TO_AUTHORIZE, Figure.OVERDUE, Figure.AT_RISK)),
    (Role.ST, (Figure.MINE, Figure.UNASSIGNED, Figure.OVERDUE, Figure.AT_RISK)),
    (Role.TE, (Figure.MINE, Figure.UNASSIGNED, Figure.OVERDUE, Figure.AT_RISK)),
    (Role.DI, (Figure.UNASSIGNED, Figure.OVERDUE, Figure.AT_RISK, Figure.IN_HAND)),
    (Role.FD, (Figure.SUBMITTED, Figure.OFFERED, Figure.WITH_CUSTOMER, Figure.OVERDUE)),
    (Role.FI, (Figure.OFFERED, Figure.IN_HAND, Figure.OVERDUE, Figure.WITH_CUSTOMER)),
)
_OTHERS = (Figure.IN_HAND, Figure.OVERDUE, Figure.AT_RISK, Figure.WITH_CUSTOMER)


def figures_of(actor: Actor) -> tuple[Figure, ...]:
    """Return the figures that a person sees first."""
    return next((figures for role, figures in _BY_ROLE if role in actor.roles), _OTHERS)


def greeting(name: str, now: datetime, region: Region) -> str:
    """Return how the page greets a person at this time of day."""
    hour = int(shown.clock_time(now, region=region)[:2])
    words = (
        say("Good morning, {name}")
        if hour < NOON
        else say("Good afternoon, {name}")
        if hour < EVENING
        else say("Good evening, {name}")
    )
    return words.format(name=name.split(maxsplit=1)[0] if name else "")


class DayState(AppState):
    """Today in the laboratory."""

    loading: bool = True
    hello: str = ""
    today: str = ""
    tiles: list[TileRow] = []
    bars: list[BarRow] = []
    decisions: list[DecisionRow] = []
    waiting: str = ""
    own: list[ItemRow] = []
    own_first: bool = False
    news: list[NewsRow] = []
    due: list[DueRow] = []
    months: list[tuple[str, str]] = []
    weeks: Drawing = NO_DRAWING
    sentence: str = ""
    measured: bool = False
    money: bool = False
    invoiced: str = ""
    still_open: str = ""
    late_invoices: str = ""

    @signed_in
    async def load(self):
        """Show the day and follow what changes; a customer is at home in the portal."""
        try:
            actor = await current_actor(self)
        except CalibraError as error:
            return notice(error)
        if actor.customer_id is not None:
            return rx.redirect(routes.PORTAL)
        await LIVE.join(self, f"t:{actor.tenant_id}:board", DayState, refresh="refresh")
        return await self._read(actor)

    @action(SEE, reading=True)
    async def refresh(self):
        """Read the day anew after a change somewhere."""
        try:
            actor = await current_actor(self)
        except CalibraError as error:
            return notice(error)
        return await self._read(actor)

    async def _read(self, actor: Actor) -> EventSpec | None:
        try:
            day = await ask(self, open_day)
            flow = await ask(self, measure_flow)
            due = await ask(self, list_standards)
        except CalibraError as error:
            self.loading = False
            return notice(error)
        region = Region(zone=self.zone)
        self.hello = greeting(actor.name, day.now, region)
        self.today = f"{day.today:%A} {shown.day(day.today, region=region)}"
        self.due = [DueRow.of(each, region) for each in due.rows[:MOST_DUE]]
        self._show_day(day, actor, region)
        self._show_flow(day, flow, actor)
        self.loading = False
        return None

    def _show_day(self, day: Day, actor: Actor, region: Region) -> None:
        self.bars = bars(day)
        self.decisions = [DecisionRow.of(each, day.now, region) for each in day.decisions]
        self.waiting = str(day.waiting) if day.waiting > len(day.decisions) else ""
        self.own = [ItemRow.of(each, day.now, region) for each in day.own]
        self.own_first = bool(actor.roles & {Role.TE, Role.ST})
        self.news = [NewsRow.of(each, day.now, region) for each in day.news]
        self.money = day.takings is not None
        if day.takings is not None:
            self.invoiced = shown.money(day.takings.invoiced, region=region)
            self.still_open = shown.money(day.takings.open, region=region)
            self.late_invoices = str(day.takings.overdue)

    def _show_flow(self, day: Day, flow: Flow, actor: Actor) -> None:
        self.tiles = tiles(day, flow, figures_of(actor))
        self.measured = flow.long.items > 0
        self.sentence = flow_sentence(flow)
        self.weeks = drawing_of(weeks_figure(flow))
        self.months = [
            (say("30 days"), f"{days_of(flow.short.median)} / {days_of(flow.short.ninth_decile)}"),
            (say("90 days"), f"{days_of(flow.long.median)} / {days_of(flow.long.ninth_decile)}"),
        ]


class FigureState(Listing, AppState):
    """The list behind one figure."""

    rows: list[ItemRow] = []
    title: str = ""
    nothing: str = ""
    figure: str = ""
    line_state: str = ""

    @action(SEE, reading=True)
    async def load(self):
        """Show the list of the address, and follow what changes."""
        params = self.router.page.params
        self.rows, self.next_cursor, self.loading = [], "", True
        try:
            chosen = Figure(str(params.get("figure_name", "")))
            state = str(params.get("state", ""))
            self.line_state = LineState(state).value if state else ""
            actor = await current_actor(self)
        except ValueError:
            return notice(NotFound(say("There is no such list.")))
        except CalibraError as error:
            return notice(error)
        self.figure = chosen.value
        words = WORDS[chosen]
        self.nothing = words.nothing
        self.title = words.title
        if self.line_state:
            self.title = look_of(self.line_state, line=True).words
        await LIVE.join(self, f"t:{actor.tenant_id}:board", FigureState, refresh="refresh")
        return await self._read("")

    @action(SEE, reading=True)
    async def refresh(self):
        """Read the top of the list anew after a change somewhere."""
        return await self._read("") if self.figure else None

    @action(SEE, reading=True)
    async def more(self):
        """Put the next page behind the others."""
        return await self._read(self.next_cursor) if self.figure else None

    async def _read(self, cursor: str) -> EventSpec | None:
        state = LineState(self.line_state) if self.line_state else None
        try:
            page = await ask(self, list_figure, Figure(self.figure), state, cursor)
        except CalibraError as error:
            self.loading = False
            return notice(error)
        region = Region(zone=self.zone)
        now = system_clock()
        new = [ItemRow.of(row, now, region) for row in page.rows]
        self.rows = [*self.rows, *new] if cursor else new
        self._take(self.rows, page, say("{count} in this list"), say("{count} in this list"))
        return None
