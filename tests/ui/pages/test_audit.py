"""The page of the audit trail."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from calibra_app.core.errors import Unavailable
from calibra_app.core.paging import Page
from calibra_app.persistence.chain import Break
from calibra_app.services.audit_trail import AuditEntry, ChainHead, Change, Verification
from calibra_app.ui.pages.audit.page import audit_page
from calibra_app.ui.pages.audit.state import AuditState, told

NOON = datetime(2026, 12, 2, 11, 0, tzinfo=UTC)


def an_entry(at=NOON, changes=1, operation="update"):
    columns = tuple(Change(f"column_{place}", place, place + 1) for place in range(changes))
    return AuditEntry(
        UUID(int=1), at, "Mei Lin", "srf_line", operation, "x", "Wrong item", "r", columns, 11_207
    )


def answers(answering, *entries, **more):
    given = {
        "people_of_trail": (("9", "Mei Lin"),),
        "chain_head": ChainHead(12_418, NOON),
        "list_audit": Page(entries),
    }
    return answering(AuditState, **(given | more))


async def test_a_change_is_told_with_person_old_new_and_reason(answering):
    answers(answering, an_entry())
    state = AuditState()
    await AuditState.load.fn(state)
    (row,) = state.rows
    assert (row.person, row.deed, row.table, row.reason) == (
        "Mei Lin", "changed", "srf line", "Wrong item",
    )  # fmt: skip
    assert [(each.column, each.before, each.after) for each in row.changes] == [
        ("column 0", "0", "1")
    ]
    assert row.number == "11\N{NARROW NO-BREAK SPACE}207"


async def test_each_day_is_named_once_over_its_changes(answering):
    answers(answering, an_entry(), an_entry(), an_entry(NOON - timedelta(days=1)))
    state = AuditState()
    await AuditState.load.fn(state)
    assert [row.first_of_day for row in state.rows] == [True, False, True]


async def test_many_columns_are_folded(answering):
    answers(answering, an_entry(changes=9))
    state = AuditState()
    await AuditState.load.fn(state)
    (row,) = state.rows
    assert (len(row.changes), len(row.others), row.more) == (4, 5, "and 5 more")


async def test_the_last_day_that_was_chosen_belongs_to_the_list(answering):
    calls = answers(answering)
    state = AuditState()
    state.zone = "UTC"
    form = {
        "person": "9",
        "table": "srf",
        "record": " A ",
        "since": "2026-12-01",
        "until": "2026-12-02",
    }
    await AuditState.narrow.fn(state, form)
    _, (wanted, _), _ = calls[-1]
    assert (wanted.person_id, wanted.table, wanted.record) == ("9", "srf", "A")
    assert wanted.until - wanted.since == timedelta(days=2)
    assert state.narrowed is True


async def test_a_day_that_is_none_is_refused_beside_its_field(answering):
    calls = answers(answering)
    state = AuditState()
    await AuditState.narrow.fn(state, {"since": "yesterday"})
    assert "since" in state.errors
    assert calls == []


async def verified(answering, answer):
    answers(answering, verify_audit=answer)
    state = AuditState()
    events = [event async for event in AuditState.verify.fn(state)]
    return state, events


async def test_a_whole_chain_is_told(answering):
    state, _ = await verified(answering, Verification(931, ()))
    assert (state.broken, state.verifying) == (False, False)
    assert state.verdict.startswith("All 931 entries")


async def test_the_first_place_that_does_not_hold_is_named(answering):
    breaks = (Break(11_207, "the entry was altered"), Break(11_300, "links are missing"))
    state, _ = await verified(answering, Verification(12_418, breaks))
    assert state.broken is True
    assert (
        "Entry 11\N{NARROW NO-BREAK SPACE}207 does not hold: the entry was altered" in state.verdict
    )
    assert "2 places" in state.verdict


async def test_a_database_that_does_not_answer_is_told(answering):
    state, events = await verified(answering, Unavailable("It does not answer."))
    assert (state.verifying, state.verdict) == (False, "")
    assert "does not answer" in str(events[-1])


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "–"), ("", "–"), (True, "yes"), ({"a": 1}, '{"a": 1}'), ("x" * 200, "x" * 120 + "…")],
)
def test_a_stored_value_is_told_as_text(value, words):
    assert told(value) == words


def test_the_page_builds():
    assert audit_page().render()
