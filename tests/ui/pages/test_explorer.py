"""The decision-rule explorer: figures in, pictures and answers out; bad ones change nothing."""

from urllib.parse import parse_qs

import plotly.graph_objects as go
import pytest
import reflex as rx

from calibra_app.core.access import Permission
from calibra_app.models.srf import SrfLine
from calibra_app.services.srf.agreement import Agreement
from calibra_app.ui import routes
from calibra_app.ui.gate import policy_of
from calibra_app.ui.pages.explorer import sending, state
from calibra_app.ui.pages.explorer.entry import EXAMPLE
from calibra_app.ui.pages.explorer.page import PAGES
from calibra_app.ui.pages.explorer.sending import AGREE, SendingState
from calibra_app.ui.pages.explorer.state import SEE, ExplorerState
from tests.builders import a_house
from tests.stages import accepted, line_ids, under_review

PASS, FAIL = "Pass", "Fail"


def root_of(page):
    root = rx.State(init_substates=True, _reflex_internal_init=True)
    return root.get_substate(page.get_full_name().split("."))


@pytest.fixture
def at_address(monkeypatch):
    """Sit before the page at an address: `at_address(ExplorerState, y="1.2", lower="1")`."""

    def go(page=ExplorerState, ask=None, **params):
        async def nobody(*_args, **_named):
            raise AssertionError("the figures alone ask nobody")

        for module in (state, sending):
            monkeypatch.setattr(module, "ask", ask or nobody)
        seated = root_of(page)
        router = seated.router
        monkeypatch.setattr(type(seated), "router", _Router(params, router), raising=False)
        return seated

    return go


class _Router:
    """A router whose page has the given parameters."""

    def __init__(self, params, known):
        self.page = type("Page", (), {"params": params, "path": routes.DECISION_RULES})()
        self.session, self.headers = known.session, known.headers


async def opened(at_address, **params):
    seated = at_address(**params)
    assert await ExplorerState.load.fn(seated) is None
    return seated


def rows_of(page):
    return {row.rule: row for row in page.rows}


def test_the_page_can_be_drawn_and_asks_for_a_right():
    ((path, page, _),) = PAGES
    assert page().render()
    assert routes.route(path).permission is SEE
    for name, handler in ExplorerState.event_handlers.items():
        policy = policy_of(f"{ExplorerState.get_full_name()}.{name}")
        assert policy is not None, handler
    sending_policy = policy_of(f"{SendingState.get_full_name()}.send")
    assert sending_policy.permissions == {*AGREE}
    assert not sending_policy.reading


async def test_the_example_is_there_at_once_with_the_word_of_every_rule(at_address):
    page = await opened(at_address)
    assert page.ready
    assert page.chosen.verdict == PASS
    assert page.head.chance == "94.5 %"
    assert page.head.tur == "4"
    said = [row.verdict for row in page.rows]
    assert len(said) == 7
    assert {PASS, FAIL, "Conditional pass"} <= set(said)
    assert go.Figure(page.zones).layout.shapes
    assert [part["name"] for part in page.zones["data"]] == ["inside", "outside", "y ± U"]
    assert page.second_sentence


async def test_a_moved_figure_changes_the_answer_and_the_address(at_address):
    page = await opened(at_address)
    await ExplorerState.set_figure.fn(page, "y", "1,2", False)
    assert page.chosen.verdict == FAIL
    assert page.head.chance == "5.48 %"
    assert parse_qs(page.query)["y"] == ["1,2"]
    assert page.answered == 2


async def test_a_bad_figure_is_told_beside_its_field_and_the_picture_stays(at_address):
    page = await opened(at_address)
    before = (page.zones, page.rows, page.query)
    for name, text, word in (
        ("y", "abc", "Write a number"),
        ("U", "0", "greater than zero"),
        ("U", "-1", "greater than zero"),
        ("upper", "-2", "above the lower"),
        ("k", "", "Give a number"),
        ("y", "1e99", "too large"),
    ):
        kept = page.texts[name]
        await ExplorerState.set_figure.fn(page, name, text, False)
        assert word in page.errors[name], name
        assert (page.zones, page.rows, page.query) == before
        await ExplorerState.set_figure.fn(page, name, kept, False)
        assert page.errors == {}


async def test_one_limit_is_enough_and_none_is_not(at_address):
    page = await opened(at_address)
    await ExplorerState.set_figure.fn(page, "lower", "", False)
    assert page.errors == {}
    assert page.head.tur == "\N{EN DASH}"
    assert page.chosen.accepts == "up to 1.000"
    refused = [row for row in page.rows if row.refusal]
    assert len(refused) == 2
    await ExplorerState.choose.fn(page, "view", "tur")
    assert "lower and an upper limit" in page.second_sentence
    await ExplorerState.set_figure.fn(page, "upper", "", False)
    assert "lower or an upper" in page.errors["upper"]


async def test_the_history_of_the_items_brings_the_risks_in_the_long_run(at_address):
    page = await opened(at_address)
    assert page.chosen.false_acceptance == "\N{EN DASH}"
    await ExplorerState.choose.fn(page, "known", "itp")
    assert (page.chosen.false_acceptance, page.chosen.false_rejection) == ("0.858 %", "1.55 %")
    await ExplorerState.set_figure.fn(page, "itp", "120", False)
    assert "99.9999" in page.errors["itp"]
    await ExplorerState.choose.fn(page, "known", "u0")
    assert page.errors == {}


async def test_each_view_of_the_second_picture_has_its_lines_and_its_sentence(at_address):
    page = await opened(at_address, **EXAMPLE, known="itp", rule="guard_band")
    sentences = set()
    for view in ("truth", "guard", "tur"):
        await ExplorerState.choose.fn(page, "view", view)
        assert len(page.second["data"]) == 2
        # Plotly's own classes know every part of the picture.
        assert go.Figure(page.second).layout.xaxis.title.text
        sentences.add(page.second_sentence)
    assert len(sentences) == 3


async def test_another_way_to_give_the_uncertainty_converts_it(at_address):
    page = await opened(at_address)
    await ExplorerState.choose.fn(page, "given", "u")
    assert page.texts["u"] == "0.125"
    await ExplorerState.set_figure.fn(page, "k", "4", False)
    assert page.head.tur == "2"
    await ExplorerState.choose.fn(page, "given", "U")
    assert page.texts["U"] == "0.500"
    assert page.head.tur == "2"


async def test_a_rule_of_the_comparison_is_taken_with_its_own_figure(at_address):
    page = await opened(at_address)
    place = next(row.place for row in page.rows if row.rule.startswith("Guard band w = U, four"))
    await ExplorerState.take_rule.fn(page, place)
    assert page.choices["rule"] == "four_outcomes"
    assert page.asks == ["r"]
    assert page.chosen.verdict == "Conditional pass"
    await ExplorerState.take_rule.fn(page, 99)
    assert page.choices["rule"] == "four_outcomes"


async def test_a_rule_that_is_not_of_the_usual_ones_joins_the_comparison(at_address):
    page = await opened(at_address)
    await ExplorerState.choose.fn(page, "rule", "guard_band")
    await ExplorerState.set_figure.fn(page, "r", "0.83", True)
    assert len(page.rows) == 8
    assert page.chosen.rule == "Guard band w = 0.83·U"
    assert page.chosen.accepts == "\N{MINUS SIGN}0.792 to 0.792"
    assert [row.chosen for row in page.rows].count(True) == 1


async def test_a_slider_in_the_hand_keeps_its_reach(at_address):
    page = await opened(at_address)
    before = page.reach
    await ExplorerState.set_figure.fn(page, "upper", "3", True)
    assert page.reach == before
    await ExplorerState.set_figure.fn(page, "upper", "300", False)
    assert page.reach != before


async def test_an_unknown_name_or_choice_changes_nothing(at_address):
    page = await opened(at_address)
    before = (page.texts, page.choices)
    await ExplorerState.set_figure.fn(page, "__class__", "1", False)
    await ExplorerState.choose.fn(page, "rule", "coin")
    await ExplorerState.choose.fn(page, "nothing", "")
    assert (page.texts, page.choices) == before


async def test_the_address_brings_the_same_figures_again(at_address):
    first = await opened(at_address, **EXAMPLE, known="itp", rule="specific_pfa", unit="mm")
    await ExplorerState.set_figure.fn(first, "p", "1", False)
    await ExplorerState.set_figure.fn(first, "lower", "", False)
    await ExplorerState.choose.fn(first, "known", "u0")
    await ExplorerState.set_figure.fn(first, "y0", "0", False)
    params = {name: values[0] for name, values in parse_qs(first.query).items()}
    again = await opened(at_address, **params)
    assert again.rows == first.rows
    assert (again.query, again.unit) == (first.query, "mm")
    assert again.texts["lower"] == ""


@pytest.fixture
def house(work_in):
    """A staffed laboratory with two items."""
    return a_house(work_in)


@pytest.fixture
def at_desk(house, at_address, monkeypatch):
    """Sit before the page as somebody, with real services behind it."""

    def sit(page, name="Ruth Okoye", **params):
        async def ask(_state, service, /, *args, **named):
            with house.work(name) as work:
                return service(work, *args, **named)

        return at_address(page, ask=ask, **params)

    return sit


def of(page, name):
    return getattr(page, name)


async def test_the_explorer_begins_with_the_limits_of_an_item(house, at_desk):
    line_id, _ = line_ids(house, under_review(house))
    page = at_desk(ExplorerState, line=str(line_id))
    await ExplorerState.load.fn(page)
    assert page.line_open
    assert "KA-MIC-0007" in page.line_title
    assert page.choices["rule"] == "tur"
    assert len(page.points) > 1
    assert page.unit
    before = page.texts["upper"]
    assert float(before) > 0
    await ExplorerState.choose_point.fn(page, "1")
    assert page.point == "1"
    # The house of these tests has no scope, so a usual ratio is assumed and said so.
    assert "assumed" in page.point_words
    assert page.head.tur == "4"
    assert parse_qs(page.query)["line"] == [str(line_id)]


async def test_an_item_that_is_not_there_is_told_and_the_example_stands(house, at_desk):
    page = at_desk(ExplorerState, line="00000000-0000-7000-8000-000000000000")
    assert await ExplorerState.load.fn(page) is not None
    assert page.ready
    assert page.line == ""
    assert page.chosen.verdict == PASS


async def test_the_chosen_rule_goes_to_the_contract_review_of_the_item(house, at_desk):
    line_id, _ = line_ids(house, under_review(house))
    page = at_desk(
        SendingState,
        line=str(line_id),
        rule="guard_band",
        r="0.83",
        y="0.8",
        U="0.25",
        k="2",
        lower="-1",
        upper="1",
    )
    await ExplorerState.load.fn(page)
    await SendingState.open_sending.fn(page)
    assert page.sending
    assert page.target == str(line_id)
    assert "0.83 U" in page.note
    await SendingState.send.fn(page, {"target": page.target, "note": page.note})
    assert not page.sending
    assert "KA-MIC-0007" in page.agreed
    with house.work("Priya Menon") as work:
        agreed = Agreement.of_line(work.peek(SrfLine, line_id))
    assert agreed.rule_words == "Guard band w = 0.83·U"
    assert page.line_rule == agreed.rule_words
    again = at_desk(ExplorerState, line=str(line_id))
    await ExplorerState.load.fn(again)
    assert again.chosen.rule == agreed.rule_words
    assert (again.texts["upper"], again.point) == ("1", "")
    assert parse_qs(agreed.chosen_rule.figures)["r"] == ["0.83"]


async def test_what_cannot_be_sent_is_told_in_the_dialog(house, at_desk):
    line_id, _ = line_ids(house, under_review(house))
    page = at_desk(SendingState)
    await ExplorerState.load.fn(page)
    await SendingState.open_sending.fn(page)
    await SendingState.send.fn(page, {"target": "", "note": "x"})
    assert list(page.errors) == ["target"]
    await SendingState.send.fn(page, {"target": str(line_id), "note": " "})
    assert list(page.errors) == ["note"]
    assert page.sending
    await SendingState.look_for.fn(page, "no such thing")
    assert page.options == []
    await SendingState.close_sending.fn(page)
    assert not page.sending


async def test_figures_that_cannot_be_read_open_no_dialog(house, at_desk):
    page = at_desk(SendingState)
    await ExplorerState.load.fn(page)
    await ExplorerState.set_figure.fn(page, "y", "x", False)
    assert "figures right" in str(await SendingState.open_sending.fn(page))
    assert not page.sending


async def test_an_item_past_its_review_is_shown_and_not_offered(house, at_desk):
    line_id, _ = line_ids(house, accepted(house))
    page = at_desk(SendingState, line=str(line_id))
    await ExplorerState.load.fn(page)
    assert not page.line_open
    await SendingState.open_sending.fn(page)
    assert page.target == ""
    await SendingState.send.fn(page, {"target": str(line_id), "note": "A note"})
    assert list(page.errors) == ["target"]


def test_who_may_look_may_not_send():
    assert Permission.DECISION_RULE_EDIT not in AGREE
