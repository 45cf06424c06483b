"""The two boards: every state has its place, every drop its deed or its reason."""

from itertools import chain, product

import pytest

from calibra_app.services.srf.board import (
    ARCHIVE,
    COLUMNS,
    LINE_ARCHIVE,
    LINE_COLUMNS,
    OFF_BOARD,
    Column,
    LineCard,
    board_targets,
    column_of,
    line_board_targets,
)
from calibra_app.services.srf.roll_up import DERIVED
from calibra_app.services.srf.states import HeaderState, LineState
from calibra_app.services.srf.workflow import TRANSITIONS


def test_every_state_stands_in_one_column_in_the_archive_or_off_the_board():
    placed = [*chain.from_iterable(COLUMNS.values()), *ARCHIVE, *OFF_BOARD]
    assert sorted(placed) == sorted(HeaderState)
    assert tuple(COLUMNS) == tuple(Column)
    assert sorted((*LINE_COLUMNS, *LINE_ARCHIVE)) == sorted(LineState)


@pytest.mark.parametrize(
    ("state", "column"),
    [
        ("contract_review", "Intake"),
        ("awaiting_approval", "Offer"),
        ("accepted", "Expected"),
        ("rework", "In progress"),
        ("subcontracted", "Waiting"),
        ("dispatched", "Out"),
        ("closed", None),
        ("draft", None),
    ],
)
def test_a_request_stands_in_its_column(state, column):
    assert column_of(HeaderState(state)) == column


@pytest.mark.parametrize(("state", "column"), list(product(HeaderState, Column)))
def test_every_drop_of_a_request_has_a_deed_that_leads_there_or_a_reason(state, column):
    drop = board_targets(state)[column]
    assert drop.allowed != bool(drop.reason)
    for number in drop.transitions:
        transition = TRANSITIONS[number]
        if drop.lines:
            assert state in DERIVED
            assert any(to in COLUMNS[column] for to in transition.line_to)
        else:
            assert any(to in COLUMNS[column] for to in transition.header_to)
            assert state in transition.header_from


@pytest.mark.parametrize(
    ("state", "column", "numbers", "lines"),
    [
        ("submitted", Column.INTAKE, ("T04",), False),
        ("contract_review", Column.OFFER, ("T09",), False),
        ("contract_review", Column.EXPECTED, ("T10",), False),
        ("awaiting_approval", Column.EXPECTED, ("T14",), False),
        ("accepted", Column.RECEIVED, ("T18",), True),
        ("received", Column.ASSIGNED, ("T21",), True),
        ("assigned", Column.IN_PROGRESS, ("T23",), True),
        ("in_progress", Column.WAITING, ("T25", "T27", "T30"), True),
        ("in_progress", Column.QC, ("T32",), True),
        ("approved", Column.INVOICED, ("T40",), False),
        ("approved", Column.OUT, ("T41",), False),
        ("invoiced", Column.OUT, ("T42",), False),
        ("dispatched", Column.DELIVERED, ("T44",), False),
        ("delivered", Column.REOPENED, ("T48",), False),
    ],
)
def test_what_a_drop_does(state, column, numbers, lines):
    drop = board_targets(HeaderState(state))[column]
    assert (drop.transitions, drop.lines) == (numbers, lines)


def test_a_drop_in_the_laboratory_looks_at_the_lines_themselves():
    cards = (LineCard(LineState.QC, reviewed=True), LineCard(LineState.ASSIGNED))
    drops = board_targets(HeaderState.IN_PROGRESS, cards)
    assert drops[Column.APPROVED].transitions == ("T38",)
    assert drops[Column.RECEIVED].transitions == ("T22",)
    assert not drops[Column.QC].allowed
    assert drops[Column.IN_PROGRESS].reason == "The request stands in In progress already."


def test_a_refused_drop_says_why_and_where_the_card_may_go():
    drops = board_targets(HeaderState.CONTRACT_REVIEW)
    assert drops[Column.DELIVERED].reason == (
        "A request that is Contract Review does not go to Delivered next. "
        "It goes to Offer or Expected."
    )
    assert board_targets(HeaderState.INVOICED)[Column.INVOICED].reason == (
        "The request stands in Invoiced already."
    )


def test_a_column_that_the_laboratory_has_switched_off_takes_no_card():
    without = frozenset({HeaderState.INVOICED})
    drops = board_targets(HeaderState.APPROVED, without=without)
    assert not drops[Column.INVOICED].allowed
    assert drops[Column.OUT].transitions == ("T41",)
    lines = line_board_targets(LineState.RECEIVED, without=frozenset({HeaderState.SUBCONTRACTED}))
    assert not lines[LineState.SUBCONTRACTED].allowed


@pytest.mark.parametrize(
    ("state", "column", "reviewed"), list(product(LineState, LINE_COLUMNS, (False, True)))
)
def test_every_drop_of_a_line_has_a_deed_that_leads_there_or_a_reason(state, column, reviewed):
    drop = line_board_targets(state, reviewed=reviewed)[column]
    assert drop.allowed != bool(drop.reason)
    for number in drop.transitions:
        assert state in TRANSITIONS[number].line_from
        assert column in TRANSITIONS[number].line_to


def test_a_line_is_approved_by_a_drop_only_after_its_review():
    assert not line_board_targets(LineState.QC)[LineState.APPROVED].allowed
    approved = line_board_targets(LineState.QC, reviewed=True)[LineState.APPROVED]
    assert approved.transitions == ("T38",)


def test_nobody_releases_a_certificate_by_hand():
    released = line_board_targets(LineState.APPROVED)[LineState.RELEASED]
    assert "release rule" in released.reason


def test_lines_of_a_request_that_is_not_accepted_move_nowhere():
    drops = line_board_targets(LineState.PENDING, header=HeaderState.SUBMITTED)
    assert not [column for column, drop in drops.items() if drop.allowed]
