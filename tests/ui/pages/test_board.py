"""The boards before real services: cards as text, drops, dialogs, what is heard and refused."""

from datetime import date, timedelta

import pytest
import reflex as rx

from calibra_app.core.errors import Invalid
from calibra_app.models.srf import HoldKind, LineState, SrfLine
from calibra_app.persistence.search import enter_words
from calibra_app.ui.components import finding
from calibra_app.ui.components.finding import FindingState
from calibra_app.ui.live import LIVE
from calibra_app.ui.pages.board import deeds, state
from calibra_app.ui.pages.board.deeds import MoveState, points_of_text
from calibra_app.ui.pages.board.page import PAGES
from calibra_app.ui.pages.board.rows import GONE
from calibra_app.ui.pages.board.state import BoardState
from tests.board_stages import a_request, change
from tests.builders import PASSWORD, a_house


@pytest.fixture
def house(work_in):
    """A staffed laboratory with customer K2 and two instruments."""
    return a_house(work_in)


@pytest.fixture
def here(house):
    """A request whose two items are here; the ids of its lines."""
    return a_request(house)


@pytest.fixture
def at_board(house, monkeypatch):
    """Sit down as somebody before the board; services and database are the real ones."""

    def sit(name="Marco Bellini", page=MoveState):
        async def ask(_state, service, /, *args, **named):
            with house.work(name) as work:
                return service(work, *args, **named)

        async def current_actor(_state):
            return house.actor(name)

        async def quiet(*_args, **_named):
            return None

        for module in (deeds, state, finding):
            monkeypatch.setattr(module, "ask", ask)
            monkeypatch.setattr(module, "current_actor", current_actor)
        for each in ("join", "join_presence", "be_present"):
            monkeypatch.setattr(LIVE, each, quiet)
        root = rx.State(init_substates=True, _reflex_internal_init=True)
        return root.get_substate(page.get_full_name().split("."))

    return sit


async def opened(at_board, name="Marco Bellini"):
    page = at_board(name)
    await BoardState.load.fn(page)
    return page


def card_of(page, line_id):
    rows = {card["id"]: card for card in [*page.cards, *page.fresh]}
    return rows.get(str(line_id))


async def move(page, line_id, column, version=None):
    card = card_of(page, line_id)
    return await MoveState.move.fn(page, card["id"], column, version or card["version"])


def state_of(house, line_id):
    with house.work() as work:
        return work.peek(SrfLine, line_id).state


def test_the_page_can_be_drawn():
    assert [path for path, _, _ in PAGES] == ["/board/"]
    assert PAGES[0][1]().render()


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Mei Lin", "line"), ("Priya Menon", "line"), ("Asha Rao", "srf"), ("Grace Liu", "srf")],
)
async def test_each_role_begins_with_its_own_board(here, at_board, name, kind):
    page = await opened(at_board, name)
    assert page.kind == kind


async def test_it_listens_before_it_reads(house, here, at_board, monkeypatch):
    order = []
    page = at_board()
    asked = state.ask

    async def ask(*args, **named):
        order.append("read")
        return await asked(*args, **named)

    async def join(*_args, **_named):
        order.append("listen")

    monkeypatch.setattr(state, "ask", ask)
    monkeypatch.setattr(LIVE, "join", join)
    await BoardState.load.fn(page)
    assert order[0] == "listen"
    assert "read" in order


async def test_cards_are_text_in_lanes_of_disciplines(here, at_board):
    page = await opened(at_board)
    card = card_of(page, here[0])
    assert (card["tag"], card["column"], card["lane"]) == ("KA-MIC-0007", "received", "dimensional")
    assert [lane["title"] for lane in page.lane_rows] == ["Dimensional"]
    assert card["targets"]["assigned"] == "Assign"
    assert [column["title"] for column in page.columns][3:5] == ["In progress", "Waiting"]
    assert page.columns[3]["limit"] == 8


async def test_lanes_follow_person_and_customer(house, here, at_board):
    change(house, here[0], state=LineState.ASSIGNED, assignee_id=house.people["Mei Lin"])
    page = await opened(at_board)
    await BoardState.choose_lanes.fn(page, "person")
    assert [lane["title"] for lane in page.lane_rows] == ["Not assigned", "Mei Lin"]
    await BoardState.choose_lanes.fn(page, "customer")
    assert [lane["title"] for lane in page.lane_rows] == ["Customer K2"]
    await BoardState.choose_lanes.fn(page, "nonsense")
    assert page.lane_rows == []


async def test_what_is_heard_is_read_again_and_merged(house, here, at_board):
    page = await opened(at_board)
    change(house, here[0], state=LineState.ASSIGNED, assignee_id=house.people["Mei Lin"])
    await BoardState.catch_up.fn(page, [f"line:{here[0]}", "srf:01a1", f"line:{here[0]}"])
    (card,) = page.fresh
    assert (card["id"], card["column"]) == (str(here[0]), "assigned")


async def test_what_has_left_the_board_is_taken_away(house, here, at_board):
    page = await opened(at_board)
    change(house, here[0], state=LineState.CANCELLED)
    await BoardState.catch_up.fn(page, [f"line:{here[0]}"])
    assert page.fresh == [
        {"id": str(here[0]), "version": GONE, "column": "", "tag": "", "gone": True}
    ]
    assert page.shown == 1


async def test_a_made_up_id_is_no_reason_to_fall(here, at_board):
    page = await opened(at_board)
    answer = await BoardState.catch_up.fn(page, ["line:not-an-id"])
    assert "no such record" in str(answer)


async def test_filters_narrow_and_are_taken_away_together(house, here, at_board):
    change(house, here[0], urgent=True)
    page = await opened(at_board)
    await BoardState.switch.fn(page, "urgent")
    assert ([card["id"] for card in page.cards], page.narrowed) == ([str(here[0])], True)
    await BoardState.choose_person.fn(page, "no-id")
    await BoardState.show_all.fn(page)
    assert (len(page.cards), page.narrowed, page.urgent_count) == (2, False, 1)


async def test_every_state_has_a_column_on_demand(here, at_board):
    page = await opened(at_board)
    await BoardState.switch.fn(page, "every_state")
    assert len(page.columns) == 12


async def test_the_other_board_shows_requests_in_twelve_columns(here, at_board):
    page = await opened(at_board)
    await BoardState.show_board.fn(page, "srf")
    (card,) = page.cards
    assert (card["tag"], card["column"], len(page.columns)) == ("SRF-T-1", "received", 12)


async def test_a_drop_opens_the_dialog_with_who_may_do_it(here, at_board):
    page = await opened(at_board)
    await move(page, here[0], "assigned")
    assert (page.asking, page.deed.asks) == (True, "assign")
    assert [words for _, words in page.people_for] == [
        "Mei Lin · 0 open items",
        "Ruth Okoye · 0 open items",
    ]


async def test_the_dialog_assigns_and_the_card_is_read_again(house, here, at_board):
    page = await opened(at_board)
    await move(page, here[0], "assigned")
    form = {"person": str(house.people["Mei Lin"]), "day": page.day, "room": ""}
    answer = await MoveState.do.fn(page, form)
    assert "Assign: KA-MIC-0007." in str(answer)
    assert page.asking is False
    assert page.fresh[-1]["column"] == "assigned"


async def test_what_is_missing_stands_beside_its_field_and_the_dialog_stays(here, at_board):
    page = await opened(at_board)
    await move(page, here[0], "assigned")
    await MoveState.do.fn(page, {"person": "", "day": page.day})
    assert (page.asking, list(page.errors)) == (True, ["person"])
    assert page.busy is False


async def test_a_guard_is_named_in_the_dialog(house, here, at_board):
    page = await opened(at_board)
    await move(page, here[0], "assigned")
    form = {"person": str(house.people["Tomasz Nowak"]), "day": page.day}
    await MoveState.do.fn(page, form)
    assert page.form_error.startswith("G11 · No valid authorization")
    assert page.asking


async def test_a_refused_drop_says_why_and_the_card_goes_back(house, here, at_board):
    page = await opened(at_board)
    before = page.undo
    answer = await move(page, here[0], "qc")
    assert "goes to" in str(answer)
    assert page.undo == before + 1
    told = await BoardState.refuse.fn(page, str(here[0]), "approved")
    assert "KA-MIC-0007: From Received it goes to" in str(told)
    assert await BoardState.refuse.fn(page, "unknown", "approved") is None


async def test_a_drop_on_an_old_card_is_a_conflict_and_shows_the_new_one(house, here, at_board):
    page = await opened(at_board)
    old = card_of(page, here[0])["version"]
    change(house, here[0], urgent=True)
    answer = await move(page, here[0], "assigned", old)
    assert "changed in the meantime" in str(answer)
    assert page.fresh[-1]["urgent"] is True


async def test_a_technician_takes_from_the_queue_by_the_drop(house, here, at_board):
    page = await opened(at_board, "Mei Lin")
    await move(page, here[0], "assigned")
    assert page.asking is False
    assert page.fresh[-1]["people"][0]["name"] == "Mei Lin"


async def test_several_ways_are_offered_and_then_filled_in(house, here, at_board):
    change(house, here[0], state=LineState.IN_PROGRESS, assignee_id=house.people["Mei Lin"])
    page = await opened(at_board, "Mei Lin")
    await move(page, here[0], "waiting")
    assert [number for number, _ in page.deed.choices] == ["T25", "T27", "T30"]
    await MoveState.choose.fn(page, "T25")
    assert [kind for kind, _ in page.holds] == ["equipment", "environment", "nonconformity"]
    form = {"hold": "equipment", "reason": "The comparator drifts."}
    await MoveState.do.fn(page, form)
    assert state_of(house, here[0]) is LineState.ON_HOLD


async def test_a_signed_release_asks_for_the_password(house, here, at_board):
    change(
        house,
        here[0],
        state=LineState.ON_HOLD,
        hold_kind=HoldKind.NONCONFORMITY,
        assignee_id=house.people["Mei Lin"],
    )
    page = await opened(at_board, "Samuel Okafor")
    await move(page, here[0], "in_progress")
    assert (page.deed.asks, page.deed.signed) == ("resume", True)
    await MoveState.do.fn(page, {"password": "wrong"})
    assert (page.asking, list(page.errors)) == (True, ["password"])
    await MoveState.do.fn(page, {"password": PASSWORD})
    assert state_of(house, here[0]) is LineState.IN_PROGRESS


async def test_a_request_lists_its_items_and_takes_those_that_are_ticked(house, here, at_board):
    page = await opened(at_board)
    await BoardState.show_board.fn(page, "srf")
    (card,) = page.cards
    await MoveState.move.fn(page, card["id"], "assigned", card["version"])
    assert (page.deed.several, len(page.deed.lines)) == (True, 2)
    form = {"person": str(house.people["Mei Lin"]), "day": page.day, f"item-{here[1]}": "on"}
    await MoveState.do.fn(page, form)
    assert state_of(house, here[0]) is LineState.RECEIVED
    assert state_of(house, here[1]) is LineState.ASSIGNED


async def test_another_day_shows_who_may_work_then(here, at_board):
    page = await opened(at_board)
    await move(page, here[0], "assigned")
    other = date.fromisoformat(page.day) + timedelta(days=3)
    await MoveState.choose_day.fn(page, other.isoformat())
    assert page.day == other.isoformat()
    assert await MoveState.choose_day.fn(page, "soon") is None


async def test_leaving_the_dialog_draws_the_card_back(here, at_board):
    page = await opened(at_board)
    await move(page, here[0], "assigned")
    before = page.undo
    await MoveState.close.fn(page)
    assert (page.asking, page.undo) == (False, before + 1)


async def test_a_card_leads_to_its_request(house, here, at_board):
    page = await opened(at_board)
    answer = await MoveState.open_card.fn(page, str(here[0]))
    with house.work() as work:
        assert str(work.peek(SrfLine, here[0]).srf_id) in str(answer)


async def test_without_the_database_the_last_board_stays_with_its_trouble(
    here, at_board, monkeypatch
):
    page = await opened(at_board)

    async def ask(*_args, **_named):
        raise Invalid("The database does not answer.")

    monkeypatch.setattr(state, "ask", ask)
    await BoardState.refresh.fn(page)
    assert page.trouble == "The database does not answer."
    assert len(page.cards) == 2


def test_a_providers_values_are_read_by_line():
    (point,) = points_of_text("25 mm; 25; mm; 25.0014; 0.0014; 0.0008; 2.00\n\n")
    assert (point.label, point.indication, point.k) == ("25 mm", "25.0014", "2.00")
    assert points_of_text("25 mm\t25\tmm\t25.0014\t0.0014\t0.0008\t2.00")[0] == point
    with pytest.raises(Invalid, match="Value 1 has 2 parts") as refusal:
        points_of_text("25 mm; 25")
    assert refusal.value.field == "points"


async def test_the_palette_finds_records_with_their_page(house, here, at_board):
    page = at_board("Asha Rao", FindingState)
    await FindingState.look_for.fn(page, "no such thing")
    assert page.found == []
    with house.work() as work:
        enter_words(work, "instrument", house.instrument_ids[0], ["KA-MIC-0007"])
    await FindingState.look_for.fn(page, "ka-mic")
    entry = next(entry for entry in page.found if entry["group"] == "Instruments")
    assert entry["label"] == "KA-MIC-0007"
    assert entry["href"].startswith("/requests/")
