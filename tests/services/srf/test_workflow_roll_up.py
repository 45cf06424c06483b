"""The header as it follows from its lines: the printed vectors and an independent reference."""

from dataclasses import replace
from itertools import combinations_with_replacement, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibra_app.services.srf.roll_up import DERIVED, LineStanding, badges, roll_up
from calibra_app.services.srf.states import HeaderState, LineState

# Flow B9, as printed.
VECTORS = """
Received, Received, Received | Received
Received, Assigned | Received
Assigned, Assigned | Assigned
Assigned, In Progress | In Progress
QC, QC | QC
QC, In Progress | In Progress
QC, Approved | QC
Approved, Approved, Approved | Approved
Approved, Subcontracted | Subcontracted
On Hold, On Hold | On Hold
On Hold, Awaiting Customer | Awaiting Customer
Rework | Rework
Rework, QC | In Progress
Rework, Approved | In Progress
Pending, Received | Received
Pending, Pending | Accepted
Pending, Approved | In Progress
Approved, Rejected | Approved
Assigned, Subcontracted | Assigned
QC, Awaiting Parts | QC
Pending, Subcontracted | Subcontracted
Received, Approved | In Progress
"""
PRINTED = [
    pytest.param(*line.split(" | "), id=line.replace(" | ", " → "))
    for line in VECTORS.strip().splitlines()
]


def line_state(words):
    return LineState(words.strip().lower().replace(" ", "_"))


def standings(*states):
    return [LineStanding(LineState(state)) for state in states]


@pytest.mark.parametrize(("lines", "header"), PRINTED)
@pytest.mark.parametrize("current", sorted(DERIVED))
def test_each_printed_vector_holds_wherever_the_header_stood(lines, header, current):
    rolled = roll_up(standings(*map(line_state, lines.split(","))), current)
    assert rolled == header.lower().replace(" ", "_")


@pytest.mark.parametrize("current", sorted(set(HeaderState) - DERIVED))
def test_outside_the_stretch_the_header_keeps_its_own_state(current):
    for state in LineState:
        assert roll_up(standings(state, state), current) is current


def test_work_that_was_begun_counts_while_its_line_waits():
    """Flow B10, Wednesday 09:55."""
    lines = [
        LineStanding(LineState.AWAITING_CUSTOMER, started=True),
        *standings("pending", "assigned", "subcontracted"),
    ]
    assert roll_up(lines, HeaderState.IN_PROGRESS) is HeaderState.IN_PROGRESS
    untouched = standings("awaiting_customer", "pending", "assigned", "subcontracted")
    assert roll_up(untouched, HeaderState.RECEIVED) is HeaderState.ASSIGNED


def test_a_line_measured_again_keeps_the_request_in_progress():
    lines = [
        LineStanding(LineState.ASSIGNED, started=True, calibrated=True),
        *standings("returned"),
    ]
    assert roll_up(lines, HeaderState.IN_PROGRESS) is HeaderState.IN_PROGRESS


@pytest.mark.parametrize(
    ("lines", "header"),
    [
        (standings("cancelled", "cancelled"), HeaderState.CANCELLED),
        (standings("cancelled", "rejected"), HeaderState.REJECTED),
        (standings("rejected"), HeaderState.REJECTED),
        (standings("returned", "returned"), HeaderState.IN_PROGRESS),
        (
            [LineStanding(LineState.RETURNED, calibrated=True), *standings("rejected")],
            HeaderState.APPROVED,
        ),
    ],
)
def test_when_every_line_has_ended(lines, header):
    assert roll_up(lines, HeaderState.IN_PROGRESS) is header


def test_a_request_without_lines_keeps_its_state():
    assert roll_up([], HeaderState.ACCEPTED) is HeaderState.ACCEPTED


def reference(states, started):
    """Work the rule out from its words alone, over plain text, for lines not yet approved before.

    a. no working line; b. all approved; c. all at QC; d. something started; e. nothing started.
    """
    gone = ("returned", "rejected", "cancelled")
    pressing = ["awaiting_customer", "awaiting_parts", "subcontracted", "on_hold"]
    begun_by_state = ("in_progress", "awaiting_parts", "qc", "rework", "approved", "released")
    here = [(s, b or s in begun_by_state) for s, b in zip(states, started, strict=True)]
    here = [(s, b) for s, b in here if s not in gone]
    if not here:
        if all(s == "cancelled" for s in states):
            return "cancelled"
        return "rejected" if "rejected" in states else "in_progress"
    working = [s for s, _ in here if s not in pressing]
    stuck = [p for p in pressing if p in [s for s, _ in here]]
    result = None
    if working == []:
        result = stuck[0]
    elif set(working) <= {"approved", "released"}:
        result = stuck[0] if stuck else "approved"
    elif set(working) <= {"approved", "released", "qc"}:
        result = "qc"
    elif any(b for _, b in here):
        result = "rework" if set(working) == {"rework"} else "in_progress"
    else:
        came = [s for s in working if s != "pending"]
        if came == []:
            result = stuck[0] if stuck else "accepted"
        else:
            result = "received" if "received" in came else "assigned"
    return result


def test_the_roll_up_equals_the_reference_for_every_request_of_up_to_three_lines():
    each = list(product(LineState, (False, True)))
    for size in (1, 2, 3):
        for lines in combinations_with_replacement(each, size):
            rolled = roll_up(
                [LineStanding(state, started=begun) for state, begun in lines],
                HeaderState.IN_PROGRESS,
            )
            expected = reference([str(s) for s, _ in lines], [b for _, b in lines])
            assert rolled == expected, lines


@given(st.lists(st.tuples(st.sampled_from(list(LineState)), st.booleans()), min_size=4, max_size=8))
def test_the_roll_up_equals_a_reference_written_from_the_rule(lines):
    rolled = roll_up(
        [LineStanding(state, started=begun) for state, begun in lines], HeaderState.IN_PROGRESS
    )
    assert rolled == reference([str(s) for s, _ in lines], [b for _, b in lines])


@given(st.lists(st.sampled_from(list(LineState)), min_size=1, max_size=6), st.randoms())
def test_the_order_of_the_lines_does_not_matter(states, random):
    shuffled = list(states)
    random.shuffle(shuffled)
    assert roll_up(standings(*states), HeaderState.RECEIVED) is roll_up(
        standings(*shuffled), HeaderState.RECEIVED
    )


@given(st.lists(st.sampled_from(list(LineState)), min_size=1, max_size=6))
def test_rolling_up_twice_changes_nothing(states):
    once = roll_up(standings(*states), HeaderState.RECEIVED)
    assert roll_up(standings(*states), once) is once


@pytest.mark.parametrize(
    ("states", "told"),
    [
        (("subcontracted", "qc", "qc", "approved"), ("1 of 4 subcontracted",)),
        (("awaiting_customer", "awaiting_parts", "in_progress"), ("2 waiting",)),
        (("on_hold", "rework", "cancelled"), ("1 on hold", "1 in rework")),
        (("pending", "received"), ("1 to come",)),
        (("pending", "pending"), ()),
        (("received", "received"), ()),
    ],
)
def test_badges_tell_what_the_header_leaves_out(states, told):
    assert badges(standings(*states)) == told


def test_what_is_done_on_site_is_visited_and_does_not_come():
    here, sent, visited = standings("received", "pending", "pending")
    assert badges([here, sent, replace(visited, on_site=True)]) == ("1 to come", "1 to visit")
