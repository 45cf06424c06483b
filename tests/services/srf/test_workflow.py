"""The table of transitions: as printed, and for every pair of state and transition."""

import re
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibra_app.core.errors import Conflict
from calibra_app.services.srf.roll_up import DERIVED
from calibra_app.services.srf.states import (
    BEFORE_APPROVED,
    ENDED,
    LABORATORY,
    OPTIONAL_STATES,
    HeaderState,
    LineState,
    words,
)
from calibra_app.services.srf.workflow import (
    BYPASS,
    TRANSITIONS,
    Level,
    NotInThisState,
    header_target,
    legal_line_transitions,
    legal_transitions,
    line_effect,
    next_header_state,
    next_line_state,
)

HEADER = {words(state): state for state in HeaderState}
LINE = {words(state): state for state in LineState}
LINE_LEVEL = {number for number, each in TRANSITIONS.items() if each.level is Level.LINE} | {"T29"}

# What the table prints in other words than a list of states.
PRINTED_STATES = {
    "–": (),
    "any before Approved": BEFORE_APPROVED,
    "before Approved": BEFORE_APPROVED,
    "Received…QC": LABORATORY,
    "same + items Returned": (),
    "state of n": (),
    "both valid": (),
    "Reopened, certificate Withdrawn": (HeaderState.REOPENED,),
    "QC (reviewed)": (LineState.QC,),
    "Rework or On Hold (NC)": (LineState.REWORK, LineState.ON_HOLD),
    "In Progress (or Received)": (LineState.IN_PROGRESS, LineState.RECEIVED),
}
# Guards that the table prints in words.
PRINTED_GUARDS = {
    "policy": {"LAPSE"},
    "date": {"EXPIRY"},
    "G30 photo": {"G30", "PHOTO"},
    "G30, price if any": {"G30", "PRICE"},
    "G27, policy": {"G27", "SHIP_FIRST"},
    "as T32 for touched cells": {"G13", "G14", "G15", "G16", "G17", "G18"},
    "G20 G21 G22 G23 G24 for header": {"G20", "G21", "G22", "G23"},
}


def printed():
    text = Path(__file__).with_name("transition_table.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            number, *cells = (cell.strip() for cell in line.split("|"))
            yield number.rstrip("†"), (number.endswith("†"), *cells)


def states_of(number, cell):
    if cell in PRINTED_STATES:
        return set(PRINTED_STATES[cell])
    names = LINE if number in LINE_LEVEL else HEADER
    plain = re.sub(r"\(.*?\)", "", cell)
    return {names[each.strip()] for each in re.split(r"[,/]", plain)}


@pytest.mark.parametrize(("number", "cells"), list(printed()))
def test_each_transition_is_as_printed(number, cells):
    around, start, _, to, guards, record, signed = cells
    transition = TRANSITIONS[number]
    if number == "T18":
        # Printed as the header sees it; the line itself comes from Pending.
        start, to = "Pending", "Received"
    if number == "T54":
        to = "both valid"  # the copy is a new draft; the cancelled request stays
    if number in LINE_LEVEL:
        assert (set(transition.line_from), set(transition.line_to)) == (
            states_of(number, start),
            states_of(number, to),
        )
        assert not transition.header_from
    else:
        assert (set(transition.header_from), set(transition.header_to)) == (
            states_of(number, start),
            states_of(number, to),
        )
        assert not transition.line_from
    expected = PRINTED_GUARDS.get(guards) or set(re.findall(r"G\d\d", guards))
    assert set(transition.guards) == expected
    assert transition.printed == (record == "P")
    assert transition.bypass == around
    if signed == "signed":
        assert transition.meaning


def test_there_are_57_transitions_24_states_and_15_of_lines():
    assert list(TRANSITIONS) == [f"T{n:02}" for n in range(1, 58)]
    assert (len(HeaderState), len(LineState)) == (24, 15)


@pytest.mark.parametrize(("number", "state"), list(product(TRANSITIONS, HeaderState)))
def test_every_pair_of_header_state_and_transition(number, state):
    transition = TRANSITIONS[number]
    if state in transition.header_from:
        targets = header_target(transition, state)
        assert targets == (transition.header_to or (state,))
        assert next_header_state(number, state) is targets[0]
        assert all(next_header_state(number, state, to=to) is to for to in targets)
        assert transition in legal_transitions(state)
    else:
        with pytest.raises(NotInThisState, match=f"this is {words(state)}"):
            next_header_state(number, state)
        assert transition not in legal_transitions(state)


@pytest.mark.parametrize(
    ("number", "state", "reviewed"), list(product(TRANSITIONS, LineState, (False, True)))
)
def test_every_pair_of_line_state_and_transition(number, state, reviewed):
    transition = TRANSITIONS[number]
    fits = state in transition.line_from and transition.reviewed in (None, reviewed)
    if fits:
        assert next_line_state(number, state, reviewed=reviewed) is transition.line_to[0]
        assert transition in legal_line_transitions(state, reviewed=reviewed)
    else:
        with pytest.raises(NotInThisState):
            next_line_state(number, state, reviewed=reviewed)
        assert transition not in legal_line_transitions(state, reviewed=reviewed)


@pytest.mark.parametrize("header", sorted(set(HeaderState) - DERIVED))
def test_lines_move_only_from_acceptance_to_approval(header):
    for state in LineState:
        assert legal_line_transitions(state, header=header) == ()
    with pytest.raises(NotInThisState, match="its lines do not move now"):
        next_line_state("T23", LineState.ASSIGNED, header=header)


def test_authorizing_waits_for_the_accepted_review():
    with pytest.raises(NotInThisState, match="review is still open"):
        next_line_state("T38", LineState.QC)
    with pytest.raises(NotInThisState, match="review is already accepted"):
        next_line_state("T37", LineState.QC, reviewed=True)
    assert issubclass(NotInThisState, Conflict)


def test_a_target_that_the_transition_does_not_have_is_refused():
    assert next_line_state("T22", LineState.ASSIGNED, to=LineState.RECEIVED) is LineState.RECEIVED
    with pytest.raises(NotInThisState, match="does not lead to QC"):
        next_line_state("T22", LineState.ASSIGNED, to=LineState.QC)
    with pytest.raises(NotInThisState, match="does not lead to Closed"):
        next_header_state("T46", HeaderState.DISPATCHED, to=HeaderState.CLOSED)


def test_a_decision_leads_back_to_where_the_line_was():
    waiting = LineState.AWAITING_CUSTOMER
    assert next_line_state("T28", waiting, started=True) is LineState.IN_PROGRESS
    assert next_line_state("T28", waiting, started=False) is LineState.RECEIVED


def test_a_restored_request_takes_the_state_of_the_record():
    restored = next_header_state("T55", HeaderState.QC, to=HeaderState.ACCEPTED)
    assert restored is HeaderState.ACCEPTED
    assert next_header_state("T55", HeaderState.QC) is HeaderState.QC
    with pytest.raises(NotInThisState):
        next_header_state("T55", HeaderState.QC, to=HeaderState.APPROVED)
    with pytest.raises(NotInThisState):
        next_header_state("T55", HeaderState.APPROVED, to=HeaderState.QC)


@pytest.mark.parametrize("state", list(HeaderState))
def test_every_state_can_be_left_but_the_archive(state):
    ways = {each.number for each in legal_transitions(state) if each.header_to}
    lines_lead_on = state in LABORATORY
    ends = {HeaderState.REJECTED, HeaderState.CANCELLED}
    assert bool(ways) or lines_lead_on or state in ends


def test_rejected_and_cancelled_requests_only_return_items_or_are_copied():
    """Flow B5, forbidden by construction."""
    assert [each.number for each in legal_transitions(HeaderState.REJECTED)] == ["T53"]
    assert [each.number for each in legal_transitions(HeaderState.CANCELLED)] == ["T53", "T54"]
    for number in ("T53", "T54"):
        assert next_header_state(number, HeaderState.CANCELLED) is HeaderState.CANCELLED


@pytest.mark.parametrize("state", sorted(OPTIONAL_STATES))
def test_a_state_that_is_switched_off_is_never_entered_and_has_a_way_around(state):
    without = frozenset({state})
    headers = [s for s in HeaderState if s is not state]
    for each, header in product(TRANSITIONS.values(), headers):
        if each in legal_transitions(header, without=without):
            assert state not in header_target(each, header, without=without)
    for line in LineState:
        for each in legal_line_transitions(line, without=without):
            assert state not in each.line_to
    around = TRANSITIONS[BYPASS[state]]
    sources = [s for s in headers if around in legal_transitions(s, without=without)]
    assert sources or around.line_from


def test_without_invoices_and_dispatch_an_approved_request_is_handed_over():
    without = frozenset({HeaderState.INVOICED, HeaderState.DISPATCHED})
    ways = [each.number for each in legal_transitions(HeaderState.APPROVED, without=without)]
    assert ways == ["T45", "T57"]
    after = next_header_state("T45", HeaderState.APPROVED, without=without)
    assert after is HeaderState.DELIVERED


def test_what_comes_back_undelivered_goes_where_it_came_from():
    without = frozenset({HeaderState.INVOICED})
    came_back = next_header_state("T46", HeaderState.DISPATCHED, without=without)
    assert came_back is HeaderState.APPROVED
    assert next_header_state("T46", HeaderState.DISPATCHED) is HeaderState.INVOICED


@pytest.mark.parametrize("number", ["T03", "T08", "T52"])
def test_a_cancelled_request_cancels_its_lines(number):
    assert line_effect(number, LineState.QC) is LineState.CANCELLED
    assert line_effect(number, LineState.REJECTED) is LineState.REJECTED


@pytest.mark.parametrize("number", ["T11", "T16"])
def test_a_declined_request_rejects_its_lines(number):
    assert line_effect(number, LineState.PENDING) is LineState.REJECTED


@pytest.mark.parametrize(
    ("number", "before", "after"),
    [
        ("T44", "released", "returned"),
        ("T45", "released", "returned"),
        ("T44", "approved", "approved"),
        ("T50", "returned", "assigned"),
        ("T53", "cancelled", "returned"),
        ("T53", "rejected", "returned"),
        ("T57", "released", "approved"),
        ("T12", "pending", "pending"),
    ],
)
def test_what_a_transition_of_the_header_does_to_a_line(number, before, after):
    assert line_effect(number, LineState(before)) == after


@given(st.sampled_from(sorted(TRANSITIONS)), st.sampled_from(list(LineState)))
def test_no_transition_of_the_header_wakes_an_ended_line_but_measuring_again(number, state):
    effect = line_effect(number, state)
    if state in ENDED and number != "T50":
        assert effect in ENDED
