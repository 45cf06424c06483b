"""The section of failed work: rows of text, once more, and only for those who may."""

from datetime import UTC, datetime
from uuid import UUID

import pytest

from calibra_app.core.access import Actor, Role
from calibra_app.core.errors import Conflict, Invalid, Unavailable
from calibra_app.core.paging import Page
from calibra_app.services.upkeep import FailedWork, Record
from calibra_app.ui import routes
from calibra_app.ui.gate import policy_of
from calibra_app.ui.pages.settings import upkeep as module
from calibra_app.ui.pages.settings.failed_work import failed_work
from calibra_app.ui.pages.settings.state import SettingsState
from calibra_app.ui.pages.settings.upkeep import UpkeepState

KEY = UUID(int=5)
SRF = Record("srf", UUID(int=8), "SRF-2026-0413")
LETTER = FailedWork(
    KEY,
    "Letter “quotation” to Yara Haddad",
    datetime(2026, 12, 2, 10, 41, tzinfo=UTC),
    4,
    "The mail server does not answer.",
    SRF,
    repeatable=True,
)
UPKEEP = FailedWork(UUID(int=6), "Hourly upkeep", LETTER.since, 1, "Why", None, repeatable=False)


@pytest.fixture
def opened(answering, monkeypatch):
    """Open the section as somebody, with what the services answer."""
    joined = []

    async def join(_state, topic, *_more, refresh):
        joined.append((topic, refresh))

    async def open_section(*roles, **answers):
        async def current(_state):
            return Actor(3, UUID(int=9), "Victor Hale", frozenset(roles or {Role.TA}))

        monkeypatch.setattr(module, "current_actor", current)
        monkeypatch.setattr(module.LIVE, "join", join)
        given = {
            "list_failed_work": Page((LETTER, UPKEEP)),
            "try_again": LETTER.what,
            "set_aside": LETTER.what,
        }
        calls = answering(UpkeepState, **(given | answers))
        state = UpkeepState()
        await UpkeepState.load.fn(state)
        return state, calls, joined

    return open_section


async def test_each_failure_is_a_row_of_text_with_its_record(opened):
    state, _, joined = await opened()
    letter, upkeep = state.rows
    assert (letter.what, letter.why) == (LETTER.what, LETTER.why)
    assert letter.when.endswith("10:41, tried 4 times")
    assert (letter.record, letter.path) == ("SRF-2026-0413", routes.srf(SRF.id))
    assert (upkeep.path, upkeep.repeatable) == ("", False)
    assert upkeep.when.endswith("tried once")
    assert (state.tally, state.shown) == ("2", "2 failed jobs")
    assert joined == [("t:3:jobs", "again")]


@pytest.mark.parametrize("kind", ["srf", "quotation", "certificate", "invoice", "customer"])
async def test_every_record_has_a_page(opened, kind):
    listed = FailedWork(KEY, "x", LETTER.since, 1, "y", Record(kind, SRF.id, "z"), repeatable=True)
    state, _, _ = await opened(list_failed_work=Page((listed,)))
    assert str(SRF.id) in state.rows[0].path


async def test_who_may_not_repeat_is_asked_for_nothing_and_watches_nothing(opened):
    state, calls, joined = await opened(Role.QM)
    assert (state.rows, state.tally, calls, joined) == ([], "", [], [])


async def test_what_is_tried_again_is_told_and_the_list_read_anew(opened):
    state, calls, _ = await opened()
    told = await UpkeepState.retry.fn(state, str(KEY))
    assert "Yara Haddad is tried again" in str(told).replace("\\u201d", "”")
    assert [(name, given) for name, given, _ in calls] == [
        ("list_failed_work", ("",)),
        ("try_again", (KEY,)),
        ("list_failed_work", ("",)),
    ]


async def test_who_comes_second_is_told_and_sees_the_list_as_it_is(opened):
    state, calls, _ = await opened(try_again=Conflict("It was offered again before."))
    told = await UpkeepState.retry.fn(state, str(KEY))
    assert "offered again before" in str(told)
    assert calls[-1][0] == "list_failed_work"


@pytest.mark.parametrize("key", ["", "x", str(KEY) + "0"])
async def test_what_is_no_identifier_reaches_no_service(opened, key):
    state, calls, _ = await opened()
    assert "no such record" in str(await UpkeepState.retry.fn(state, key))
    assert "try_again" not in [name for name, *_ in calls]


async def test_the_form_that_sets_aside_names_the_job_and_a_reason_closes_it(opened):
    state, calls, _ = await opened()
    await UpkeepState.ask_aside.fn(state, str(KEY))
    assert state.asked_words.startswith(LETTER.what)
    told = await UpkeepState.put_aside.fn(state, {"reason": "Wrong address."})
    assert "is set aside" in str(told)
    assert ("set_aside", (KEY, "Wrong address.")) in [(name, given) for name, given, _ in calls]
    assert (state.asked, calls[-1][0]) == ("", "list_failed_work")


async def test_a_missing_reason_is_told_beside_its_field_and_the_form_stays(opened):
    state, _, _ = await opened(set_aside=Invalid("Give the reason.", field="reason"))
    await UpkeepState.ask_aside.fn(state, str(KEY))
    await UpkeepState.put_aside.fn(state, {"reason": ""})
    assert (state.asked, state.errors) == (str(KEY), {"reason": "Give the reason."})


async def test_a_job_that_somebody_else_closed_closes_the_form_too(opened):
    state, calls, _ = await opened(set_aside=Conflict("It was offered again before."))
    await UpkeepState.ask_aside.fn(state, str(KEY))
    told = await UpkeepState.put_aside.fn(state, {"reason": "Late."})
    assert "offered again before" in str(told)
    assert (state.asked, calls[-1][0]) == ("", "list_failed_work")


async def test_no_form_opens_for_a_job_that_is_not_on_the_list(opened):
    state, _, _ = await opened()
    await UpkeepState.ask_aside.fn(state, str(UUID(int=77)))
    assert state.asked == ""


async def test_the_next_page_is_put_behind_the_first(opened):
    state, calls, _ = await opened(list_failed_work=Page((LETTER,), "next"))
    assert (state.tally, state.shown) == ("1+", "1 failed job+")
    await UpkeepState.more.fn(state)
    assert calls[-1][1] == ("next",)
    assert len(state.rows) == 2


async def test_a_database_that_is_away_is_told(opened):
    state, _, _ = await opened(list_failed_work=Unavailable("The database does not answer."))
    assert (state.rows, state.loading) == ([], False)


@pytest.mark.parametrize(
    "event", ["again", "more", "retry", "ask_aside", "close_aside", "put_aside"]
)
@pytest.mark.parametrize("role", [*Role, None])
def test_the_gate_lets_those_alone_through_who_may_repeat(event, role):
    policy = policy_of(f"{UpkeepState.get_full_name()}.{event}")
    actor = Actor(3, UUID(int=9), "Somebody", frozenset({role} - {None}))
    assert policy.admits(actor, from_browser=True) == (role in {Role.TA, Role.LM})
    assert not policy.admits(None, from_browser=True)


@pytest.mark.parametrize(("held", "section"), [(["job:retry"], "failed"), ([], "branding")])
async def test_the_section_opens_for_those_alone_who_may_repeat(held, section, monkeypatch):
    async def read(_state):
        return None

    monkeypatch.setattr(SettingsState, "_read", read)
    state = SettingsState()
    state.permissions = held
    await SettingsState.choose.fn(state, "failed")
    assert state.section == section


def test_the_section_builds():
    assert failed_work().render()
