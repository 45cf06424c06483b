"""The gate: no event runs without a declared policy, a live session and the declared types."""

from contextlib import contextmanager

import pytest
import reflex as rx
from reflex_base.registry import RegistrationContext
from sqlmodel import select
from typing_extensions import TypedDict

from calibra_app.config import settings
from calibra_app.core.access import Permission, Role
from calibra_app.models.person import PersonRole, SignInSession
from calibra_app.persistence import engine
from calibra_app.ui import gate
from calibra_app.ui.base import AppState
from calibra_app.ui.gate import action, internal, policy_of, public, signed_in


class Grinding(TypedDict):
    """A form."""

    grade: str


class MillState(AppState):
    """A page of this test: counts what reached its events."""

    turns: int = 0
    note: str = ""
    _secret: str = ""

    @public
    async def look(self):
        self.turns += 1

    @signed_in
    async def greet(self, name: str = "nobody"):
        self.note = name
        self._secret = name

    @action(Permission.PERSON_MANAGE)
    async def grind(self, times: int):
        self.turns += times

    @action(Permission.AUDIT_TRAIL_READ, reading=True)
    async def read(self):
        self.note = "read"

    @action(Permission.ROOM_EDIT, Permission.PERSON_MANAGE)
    async def either(self, form: Grinding):
        self.note = form["grade"]

    @action(Permission.PERSON_MANAGE)
    async def load(self):
        self.note = "loaded"

    @internal
    async def tick(self):
        self.turns += 100


def deltas(sent):
    merged = {}
    for kind, delta in sent:
        if kind == "delta":
            merged.update(delta.get(MillState.get_full_name(), {}))
    return {name.removesuffix("_rx_state_"): value for name, value in merged.items()}


def orders(sent):
    return [kind for kind, _ in sent if kind != "delta"]


async def test_anybody_may_call_a_public_event(site):
    async with site() as open_tab:
        assert deltas(await open_tab().send(MillState.look))["turns"] == 1


async def test_a_stranger_is_sent_to_the_sign_in_page(site):
    async with site() as open_tab:
        sent = await open_tab().send(MillState.grind, times=2)
    assert "turns" not in deltas(sent)
    assert orders(sent) == ["_redirect"]
    assert "/sign-in" in str(sent)


async def test_whoever_holds_the_permission_gets_through(site, a_session):
    async with site() as open_tab:
        sent = await open_tab(a_session(roles={Role.TA})).send(MillState.grind, times=3)
    assert deltas(sent)["turns"] == 3


async def test_a_role_without_the_permission_is_told_so(site, a_session):
    async with site() as open_tab:
        sent = await open_tab(a_session(roles={Role.TE})).send(MillState.grind, times=3)
    assert "turns" not in deltas(sent)
    assert "Your roles do not include this" in str(sent)


async def test_a_page_that_may_not_load_says_that_nothing_is_there(site, a_session):
    async with site() as open_tab:
        sent = await open_tab(a_session(roles={Role.TE})).send(MillState.load)
    assert "note" not in deltas(sent)
    assert "'absent_rx_state_': True" in str(sent)


async def test_a_right_to_read_opens_what_only_looks(site, a_session):
    async with site() as open_tab:
        sent = await open_tab(a_session(roles={Role.VA})).send(MillState.read)
    assert deltas(sent)["note"] == "read"


async def test_one_of_several_permissions_is_enough(site, a_session):
    async with site() as open_tab:
        tab = open_tab(a_session(roles={Role.TA}))
        sent = await tab.send(MillState.either, form={"grade": "fine"})
    assert deltas(sent)["note"] == "fine"


@pytest.mark.parametrize(
    "payload",
    [
        {"times": "many"},
        {"times": [1, 2]},
        {"times": {"a": 1}},
        {"times": None},
        {},
        {"times": 1, "also": 2},
        {"self": 1, "times": 1},
    ],
)
async def test_an_argument_of_another_type_does_not_reach_the_event(site, a_session, payload):
    async with site() as open_tab:
        tab = open_tab(a_session(roles={Role.TA}))
        sent = await tab.send_payload(MillState.grind, payload)
    assert "turns" not in deltas(sent)
    assert "unexpected" in str(sent)


async def test_a_browser_cannot_start_what_is_internal(site, a_session):
    async with site() as open_tab:
        tab = open_tab(a_session(roles={Role.TA}))
        assert "turns" not in deltas(await tab.send(MillState.tick))
        assert deltas(await tab.started_by_server(MillState.tick))["turns"] == 100


@pytest.mark.parametrize(
    "name",
    [
        "setvar",
        "reset",
        "get_state",
        "_secret",
        "set_turns",
        "no_such_event",
    ],
)
async def test_what_nobody_declared_cannot_be_called(site, a_session, name):
    async with site() as open_tab:
        tab = open_tab(a_session(roles={Role.TA}))
        for state in (MillState, AppState, rx.State):
            sent = await tab.send_payload(
                f"{state.get_full_name()}.{name}", {"var_name": "turns", "value": 7}
            )
            assert "turns" not in deltas(sent)


async def test_a_session_that_has_ended_opens_nothing(site, a_session, work_in):
    cookie = a_session(roles={Role.TA})
    async with site() as open_tab:
        tab = open_tab(cookie)
        assert deltas(await tab.send(MillState.grind, times=1))["turns"] == 1
        with work_in() as work:
            for session in work.exec(select(SignInSession)).all():
                session.ended_at = work.now
        gate.forget_actors()
        assert orders(await tab.send(MillState.grind, times=1)) == ["_redirect"]


async def test_a_role_taken_away_is_gone_when_the_session_is_next_looked_up(
    site, a_session, a_person, work_in
):
    person = a_person(roles={Role.TA})
    cookie = a_session(person)
    async with site() as open_tab:
        tab = open_tab(cookie)
        assert deltas(await tab.send(MillState.grind, times=1))["turns"] == 1
        with work_in() as work:
            for role in work.exec(select(PersonRole)).all():
                role.ended_at = work.now
        gate.forget_actors()
        assert "do not include" in str(await tab.send(MillState.grind, times=1))
    assert gate.KNOWN_SECONDS <= 60


async def test_a_session_of_one_laboratory_is_none_at_the_address_of_another(
    site, a_session, owner, laboratories
):
    cookie = a_session(roles={Role.TA})
    with owner.connect() as connection:
        slug = {
            number: connection.exec_driver_sql(
                "SELECT slug FROM tenant WHERE id = %s", (laboratories[number],)
            ).scalar_one()
            for number in (1, 2)
        }
    async with site() as open_tab:
        at_home = open_tab(cookie, host=f"{slug[1]}.localhost:3000")
        abroad = open_tab(cookie, host=f"{slug[2]}.localhost:3000")
        nowhere = open_tab(cookie, host="evil.example")
        assert deltas(await at_home.send(MillState.grind, times=1))["turns"] == 1
        assert orders(await abroad.send(MillState.grind, times=1)) == ["_redirect"]
        assert orders(await nowhere.send(MillState.grind, times=1)) == ["_redirect"]


async def test_whoever_takes_over_a_tabs_token_finds_it_empty(site, a_session):
    async with site() as open_tab:
        ada = open_tab(a_session(roles={Role.TA}), token="one-token")
        await ada.send(MillState.greet, name="only Ada knows")
        thief = open_tab(token="one-token")
        sent = await thief.send(MillState.look)
        assert "only Ada knows" not in str(sent)
        assert deltas(sent)["turns"] == 1
        other = open_tab(a_session(roles={Role.TE}), token="one-token")
        sent = await other.send(MillState.greet)
        assert "only Ada knows" not in str(sent)


async def test_a_flood_of_events_is_slowed_down(site, a_session):
    async with site() as open_tab:
        tab = open_tab(a_session(roles={Role.TA}))
        answers = [await tab.send(MillState.look) for _ in range(int(gate.EVENTS_AT_ONCE) + 40)]
    assert any("too quick" in str(sent) for sent in answers)
    assert "too quick" not in str(answers[0])


def test_a_public_method_without_a_policy_does_not_load():
    with pytest.raises(TypeError, match="declares nobody"):

        class Careless(AppState):
            def wipe(self):
                """Do harm."""


def test_an_argument_without_a_type_does_not_load():
    with pytest.raises(TypeError, match="has no type"):

        class Vague(AppState):
            @public
            def wipe(self, what):
                """Do harm."""


def test_an_action_names_its_permission():
    with pytest.raises(TypeError, match="at least one"):
        action()


def test_no_event_of_the_site_is_undeclared():
    assert [
        name for name in gate.undeclared() if "careless" not in name and "vague" not in name
    ] == []


def test_no_state_of_ours_can_be_set_by_name():
    handlers = RegistrationContext.get().event_handlers
    assert f"{MillState.get_full_name()}.setvar" not in handlers
    assert f"{AppState.get_full_name()}.setvar" not in handlers
    assert policy_of(f"{rx.State.get_full_name()}.setvar") is None


async def test_a_form_is_read_as_the_browser_wraps_it(site, a_session):
    async with site() as open_tab:
        tab = open_tab(a_session(roles={Role.TA}))
        form = {"__reflex_form_data__": [["grade", "fine"]]}
        sent = await tab.send_payload(MillState.either, {"form": form})
    assert deltas(sent)["note"] == "fine"


@pytest.mark.parametrize("entries", [5, [["grade"]], [["grade", {"a": 1}]], ["grade"], [[[], 1]]])
async def test_what_only_looks_like_a_form_does_not_reach_the_event(site, a_session, entries):
    async with site() as open_tab:
        tab = open_tab(a_session(roles={Role.TA}))
        form = {"__reflex_form_data__": entries}
        sent = await tab.send_payload(MillState.either, {"form": form})
    assert "note" not in deltas(sent)
    assert "unexpected" in str(sent)


@pytest.mark.parametrize(
    ("place", "way"),
    [
        ("/", "/sign-in/"),
        ("/board/", "/sign-in/?next=/board/"),
        # An event that was on its way while its page was left.
        ("/sign-in/?next=/board/", "/sign-in/?next=/board/"),
    ],
)
def test_the_way_to_the_sign_in_page_names_the_way_back_once(monkeypatch, place, way):
    monkeypatch.setattr(gate, "router_of_event", lambda: {"asPath": place})
    assert gate.sign_in_path() == way


async def test_a_page_outlives_a_database_that_is_away(site, a_session, monkeypatch):
    async with site() as open_tab:
        tab = open_tab(a_session(roles={Role.TA}))
        await tab.send(MillState.grind, times=3)
        with _database_away(monkeypatch):
            sent = await tab.send(MillState.grind, times=1)
        assert "turns" not in deltas(sent)
        assert "The database does not answer" in str(sent)
        assert "_redirect" not in orders(sent)
        sent = await tab.send(MillState.grind, times=1)
    # Neither signed out nor emptied: it goes on where it was.
    assert deltas(sent)["turns"] == 4


@contextmanager
def _database_away(monkeypatch):
    """Let nobody answer where the database is; sessions are looked up anew."""
    with monkeypatch.context() as patch:
        patch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
        _look_elsewhere()
        yield
    _look_elsewhere()


def _look_elsewhere():
    settings.cache_clear()
    engine.forget_engines()
    gate.forget_actors()


async def test_an_event_may_leave_gaps_in_what_it_answers():
    shown = rx.toast("Done")

    async def answer(_state):
        return [None, shown, None]

    event = gate.signed_in(answer)
    assert await event(None) == [shown]
