"""The dashboard and the lists behind its figures, as text."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from uuid import UUID

import pytest

from calibra_app.core.access import Actor, Role
from calibra_app.core.errors import Unavailable
from calibra_app.core.ids import SrfId
from calibra_app.core.money import Money
from calibra_app.core.paging import Page
from calibra_app.services.dashboard.day import Day, Decision, DecisionKind, News, Takings
from calibra_app.services.dashboard.figures import IN_HAND, Figure, FigureRow
from calibra_app.services.dashboard.flow import Flow, Turnaround, Week
from calibra_app.services.srf.states import HeaderState, LineState
from calibra_app.ui import routes
from calibra_app.ui.format import Region
from calibra_app.ui.pages.dashboard import state as module
from calibra_app.ui.pages.dashboard.page import dashboard_page, figure_page
from calibra_app.ui.pages.dashboard.rows import WORDS, flow_sentence, tiles, weeks_figure
from calibra_app.ui.pages.dashboard.state import DayState, FigureState, figures_of, greeting

NOW = datetime(2026, 12, 2, 7, 0, tzinfo=UTC)
ONE = SrfId(UUID(int=1))
EMPTY = Turnaround(0)
LATELY = Turnaround(8, Decimal("4.0"), Decimal("7.1"))
FLOW = Flow(
    LATELY,
    Turnaround(5, Decimal("4.3"), Decimal("8.0")),
    LATELY,
    (Week(date(2026, 11, 23), EMPTY), Week(date(2026, 11, 30), LATELY)),
    passed=6,
)
LATE = FigureRow(
    ONE, "SRF-2026-0412", "Northwind", LineState.ASSIGNED, "NB-HYG-031", "Hygrometer", 3,
    "Daniel Ortiz", date(2026, 12, 1), NOW, late=True,
)  # fmt: skip


def a_day(**changes):
    given = {
        "today": NOW.date(),
        "now": NOW,
        "figures": dict.fromkeys(Figure, 3),
        "by_state": dict.fromkeys(IN_HAND, 0) | {LineState.ASSIGNED: 4, LineState.QC: 1},
        "decisions": (Decision(DecisionKind.OVERDUE, LATE),),
        "waiting": 5,
        "own": (LATE,),
        "news": (News(ONE, "SRF-2026-0412", "Mei Lin", "start", HeaderState.IN_PROGRESS, NOW),),
        "takings": None,
    }
    return Day(**(given | changes))


@pytest.fixture
def signed_in(monkeypatch):
    """Let somebody sit at the page, and nobody listen."""

    def sit(*roles, customer=None):
        actor = Actor(1, UUID(int=9), "Priya Menon", frozenset(roles), customer_id=customer)

        async def current(_state):
            return actor

        async def join(*_given, **_named):
            return None

        monkeypatch.setattr(module, "current_actor", current)
        monkeypatch.setattr(module.LIVE, "join", join)
        return actor

    return sit


def answers(answering, **changes):
    return answering(
        DayState, open_day=a_day(**changes), measure_flow=FLOW, list_standards=Page(())
    )


async def test_the_day_is_shown_as_text(answering, signed_in):
    signed_in(Role.LM)
    answers(answering)
    state = DayState()
    await DayState.load.fn(state)
    assert state.hello == "Good morning, Priya"
    assert [tile.label for tile in state.tiles][:4] == [
        "Work in hand", "Overdue", "At risk", "To authorize",
    ]  # fmt: skip
    (decision,) = state.decisions
    assert (decision.title, decision.verb, decision.initials) == ("NB-HYG-031", "Replan", "DO")
    assert "Promised 1 Dec" in decision.why
    assert state.waiting == "5"
    assert (state.loading, state.money) == (False, False)


async def test_each_tile_and_bar_leads_to_its_list(answering, signed_in):
    signed_in(Role.LM)
    answers(answering)
    state = DayState()
    await DayState.load.fn(state)
    assert state.tiles[1].href == routes.figure("overdue")
    assigned = next(bar for bar in state.bars if bar.words == "Assigned")
    assert (assigned.count, assigned.share) == ("4", "100%")
    assert assigned.href == routes.figure("in_hand", "assigned")


async def test_money_is_written_out_where_it_may_be_seen(answering, signed_in):
    signed_in(Role.FI)
    euro = Takings(Money(Decimal("1200.5"), "EUR"), Money(Decimal(0), "EUR"), 2)
    answers(answering, takings=euro)
    state = DayState()
    await DayState.load.fn(state)
    assert (state.money, state.late_invoices) == (True, "2")
    assert "1200.50" in state.invoiced


async def test_a_customer_is_at_home_in_the_portal(answering, signed_in):
    signed_in(Role.CU, customer=UUID(int=3))
    calls = answers(answering)
    assert routes.PORTAL in str(await DayState.load.fn(DayState()))
    assert calls == []


async def test_a_refusal_becomes_a_notice(answering, signed_in):
    signed_in(Role.LM)
    answering(DayState, open_day=Unavailable("The database does not answer."))
    state = DayState()
    assert "does not answer" in str(await DayState.load.fn(state))
    assert state.loading is False


@pytest.mark.parametrize(
    ("roles", "first"),
    [
        ({Role.TE}, Figure.MINE),
        ({Role.AS}, Figure.TO_AUTHORIZE),
        ({Role.TR}, Figure.TO_REVIEW),
        ({Role.FD}, Figure.SUBMITTED),
        ({Role.TE, Role.LM}, Figure.IN_HAND),
        ({Role.VA}, Figure.IN_HAND),
    ],
)
def test_each_role_sees_its_own_figures_first(roles, first):
    actor = Actor(1, UUID(int=9), "Somebody", frozenset(roles))
    assert figures_of(actor)[0] is first


def test_turnaround_tells_whether_it_became_faster():
    (*_, turnaround, first_pass) = tiles(a_day(), FLOW, ())
    assert (turnaround.value, turnaround.note) == ("4.0", "0.3 d faster")
    assert (first_pass.value, first_pass.unit) == ("75", "%")


def test_a_new_laboratory_shows_dashes_and_a_sentence():
    nothing = Flow(EMPTY, EMPTY, EMPTY, (Week(date(2026, 11, 30), EMPTY),), passed=0)
    assert [tile.value for tile in tiles(a_day(), nothing, ())] == ["–", "–"]
    assert flow_sentence(nothing) == "No item was approved in the last 90 days."
    assert weeks_figure(nothing).layout.annotations == ()


def test_the_lines_of_the_weeks_are_named_at_their_ends():
    texts = [note.text for note in weeks_figure(FLOW).layout.annotations]
    assert texts == ["<b>P50 4.0 d</b>", "<b>P90 7.1 d</b>"]


@pytest.mark.parametrize(
    ("hour", "words"),
    [(6, "Good morning, Ada"), (12, "Good afternoon, Ada"), (18, "Good evening, Ada")],
)
def test_the_greeting_follows_the_laboratorys_clock(hour, words):
    now = datetime(2026, 12, 2, hour, tzinfo=UTC)
    assert greeting("Ada Lovelace", now, Region(zone="UTC")) == words


def test_every_figure_has_words_and_its_list_says_when_it_is_empty():
    assert {*WORDS} == {*Figure}
    assert all(words.nothing.endswith(".") for words in WORDS.values())


async def test_a_list_shows_its_items(answering, signed_in, monkeypatch):
    signed_in(Role.LM)
    calls = answering(FigureState, list_figure=Page((LATE,), "next"))
    address = SimpleNamespace(
        page=SimpleNamespace(params={"figure_name": "in_hand", "state": "assigned"})
    )
    monkeypatch.setattr(FigureState, "router", address)
    state = FigureState()
    await FigureState.load.fn(state)
    assert (state.title, state.shown) == ("Assigned", "1 in this list+")
    (row,) = state.rows
    assert (row.title, row.number, row.late) == ("NB-HYG-031", "SRF-2026-0412 · 3", True)
    assert calls == [("list_figure", (Figure.IN_HAND, LineState.ASSIGNED, ""), {})]


@pytest.mark.parametrize(
    "params", [{"figure_name": "no-such"}, {"figure_name": "mine", "state": "x"}]
)
async def test_an_unknown_list_is_refused_plainly(params, signed_in, monkeypatch):
    signed_in(Role.LM)
    monkeypatch.setattr(FigureState, "router", SimpleNamespace(page=SimpleNamespace(params=params)))
    assert "no such list" in str(await FigureState.load.fn(FigureState()))


@pytest.mark.parametrize("page", [dashboard_page, figure_page])
def test_the_pages_build(page):
    assert page().render()
