"""One request moved through the machine: the sample week replayed, and random walks."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibra_app.core.access import Actor, Role, system_actor
from calibra_app.core.errors import CalibraError, Forbidden
from calibra_app.services.srf.records import Record, next_record, verify_chain
from calibra_app.services.srf.roll_up import LineStanding, badges, roll_up
from calibra_app.services.srf.states import HeaderState, LineState, words
from calibra_app.services.srf.turnaround import LineEvent, turnaround
from calibra_app.services.srf.workflow import (
    TRANSITIONS,
    Level,
    legal_line_transitions,
    legal_transitions,
    line_effect,
    may_act,
    next_header_state,
    next_line_state,
    require_actor,
)

MONDAY = datetime(2026, 11, 30, tzinfo=UTC)


@dataclass
class Line:
    """A line with all that ever happened to it."""

    state: LineState = LineState.PENDING
    reviewed: bool = False
    started: bool = False
    calibrated: bool = False
    deeds: list[str] = field(default_factory=list)

    @property
    def standing(self):
        return LineStanding(self.state, self.started, self.calibrated)


@dataclass
class Request:
    """A request as the services will keep it: header, lines and the chain of records."""

    header: HeaderState = HeaderState.DRAFT
    lines: list[Line] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)

    def record(self, actor, number):
        states = [line.state for line in self.lines]
        content = {
            "actor": actor.name,
            "action": number,
            "header": self.header,
            "lines": states,
        }
        self.records.append(next_record(self.records[-1] if self.records else None, content))

    def move_header(self, actor, number, to=None):
        require_actor(actor, TRANSITIONS[number])
        self.header = next_header_state(number, self.header, to=to)
        for line in self.lines:
            line.state = line_effect(number, line.state)
            if number == "T50":
                line.reviewed, line.deeds = False, []
        self.record(actor, number)

    def move_line(self, actor, number, at, to=None):
        require_actor(actor, TRANSITIONS[number])
        line = self.lines[at]
        line.state = next_line_state(
            number,
            line.state,
            reviewed=line.reviewed,
            started=line.started,
            to=to,
            header=self.header,
        )
        line.reviewed = number == "T37" or (line.reviewed and line.state is LineState.QC)
        line.started = line.started or line.state is LineState.IN_PROGRESS
        line.calibrated = line.calibrated or line.state is LineState.APPROVED
        line.deeds.append(number)
        self.header = roll_up([each.standing for each in self.lines], self.header)
        self.record(actor, number)

    def release(self, actor):
        """Show the certificates to the customer: the step without a number (flow B3)."""
        for line in self.lines:
            if line.state is LineState.APPROVED:
                line.state = LineState.RELEASED
        self.record(actor, "release")


def person(name, *roles):
    customer = UUID(int=3) if Role.CU in roles else None
    return Actor(1, UUID(int=7), name, frozenset(roles), customer_id=customer)


ASHA, RUTH = person("Asha", Role.FD), person("Ruth", Role.ST)
MARCO, OLAF = person("Marco", Role.DI), person("Olaf", Role.CU)
TOMASZ, DANIEL = person("Tomasz", Role.TE), person("Daniel", Role.TE)
JONAS, GRACE = person("Jonas", Role.TR), person("Grace", Role.FI)
HELENA, KENJI = person("Helena", Role.AS), person("Kenji", Role.AS)
SYSTEM = system_actor(1)

# Flow B10: who, transition, which of lines 9 to 12 (empty: the header), then lines and header.
# P pending, R received, A assigned, I in progress, C awaiting customer, S subcontracted, Q at QC,
# V approved, L released, T returned.
WEEK = [
    (ASHA, "T02", "", "PPPP", "Submitted"),
    (ASHA, "T04", "", "PPPP", "Contract Review"),
    (RUTH, "T06", "", "PPPP", "Info Required"),
    (OLAF, "T07", "", "PPPP", "Contract Review"),
    (ASHA, "T09", "", "PPPP", "Quoted"),
    (ASHA, "T12", "", "PPPP", "Awaiting Approval"),
    (OLAF, "T14", "", "PPPP", "Accepted"),
    (ASHA, "T18", "0 2 3", "RPRR", "Received"),
    (MARCO, "T21", "0 2", "APAR", "Received"),
    (MARCO, "T24", "3", "APAS", "Assigned"),
    (TOMASZ, "T23", "0", "IPAS", "In Progress"),
    (TOMASZ, "T27", "0", "CPAS", "In Progress"),
    (OLAF, "T28", "0", "IPAS", "In Progress"),
    (TOMASZ, "T32", "0", "QPAS", "In Progress"),
    (DANIEL, "T23", "2", "QPIS", "In Progress"),
    (DANIEL, "T32", "2", "QPQS", "In Progress"),
    (TOMASZ, "T18", "1", "QRQS", "In Progress"),
    (MARCO, "T21", "1", "QAQS", "In Progress"),
    (TOMASZ, "T23", "1", "QIQS", "In Progress"),
    (TOMASZ, "T32", "1", "QQQS", "QC"),
    (JONAS, "T37", "0 1 2", "QQQS", "QC"),
    (HELENA, "T38", "0 2", "VQVS", "QC"),
    (KENJI, "T38", "1", "VVVS", "Subcontracted"),
    (ASHA, "T33", "3", "VVVQ", "QC"),
    (JONAS, "T37", "3", "VVVQ", "QC"),
    (HELENA, "T38", "3", "VVVV", "Approved"),
    (GRACE, "T40", "", "VVVV", "Invoiced"),
    (SYSTEM, "release", "", "LLLL", "Invoiced"),
    (ASHA, "T42", "", "LLLL", "Dispatched"),
    (SYSTEM, "T44", "", "TTTT", "Delivered"),
    (SYSTEM, "T47", "", "TTTT", "Closed"),
]
LETTERS = {
    "P": "pending",
    "R": "received",
    "A": "assigned",
    "I": "in_progress",
    "C": "awaiting_customer",
    "S": "subcontracted",
    "Q": "qc",
    "V": "approved",
    "L": "released",
    "T": "returned",
}


def test_the_sample_week_runs_through_the_machine():
    """Flow B10, SRF-2026-0414."""
    request = Request(lines=[Line() for _ in range(4)])
    request.record(ASHA, "T01")
    seen = {}
    for actor, number, which, lines, header in WEEK:
        if number == "release":
            request.release(actor)
        elif which:
            for at in map(int, which.split()):
                request.move_line(actor, number, at)
        else:
            request.move_header(actor, number)
        assert words(request.header) == header, number
        assert [line.state for line in request.lines] == [LETTERS[each] for each in lines], number
        seen[number, lines] = badges([line.standing for line in request.lines])
    assert seen["T27", "CPAS"] == ("1 waiting", "1 of 4 subcontracted", "1 to come")
    assert seen["T32", "QQQS"] == ("1 of 4 subcontracted",)
    assert len(request.records) >= 26
    assert verify_chain(request.records) is None


def test_the_sample_weeks_clock_stands_for_three_hours_and_a_quarter():
    """Flow B10: line 9 waits for Olaf on Wednesday from 09:55 to 13:10."""
    steps = [
        (1, 8, 30, "received"),
        (1, 9, 0, "assigned"),
        (2, 9, 10, "in_progress"),
        (2, 9, 55, "awaiting_customer"),
        (2, 13, 10, "in_progress"),
        (2, 14, 30, "qc"),
        (4, 9, 0, "approved"),
    ]
    events = [
        LineEvent(MONDAY + timedelta(days=d, hours=h, minutes=m), LineState(state))
        for d, h, m, state in steps
    ]
    wall = events[-1].at - events[0].at
    assert wall - turnaround(events, MONDAY) == timedelta(hours=3, minutes=15)


@pytest.mark.parametrize(
    ("actor", "number"),
    [(OLAF, "T12"), (GRACE, "T14"), (TOMASZ, "T42"), (SYSTEM, "T40"), (RUTH, "T47")],
)
def test_in_the_sample_week_nobody_does_another_ones_deed(actor, number):
    request = Request(HeaderState.QUOTED)
    with pytest.raises(Forbidden):
        request.move_header(actor, number)
    assert (request.header, request.records) == (HeaderState.QUOTED, [])


ACTORS = [*(person(role.value, role) for role in Role), SYSTEM]
# Deeds that would end most walks at their beginning, or throw them back to it.
SHORT_CUTS = {"T03", "T05", "T08", "T11", "T13", "T15", "T16", "T19", "T52", "T55"}


def choose(random, request):
    """Pick a deed and a role: mostly a legal deed by who may do it, sometimes any by anybody."""
    at = random.randrange(len(request.lines))
    line = request.lines[at]
    legal = [
        *legal_transitions(request.header),
        *legal_line_transitions(line.state, reviewed=line.reviewed, header=request.header),
    ]
    if random.random() < 0.9:
        legal = [each for each in legal if each.number not in SHORT_CUTS] or legal
    wild = random.random() < 0.2 or not legal
    transition = random.choice(list(TRANSITIONS.values()) if wild else legal)
    able = [actor for actor in ACTORS if may_act(actor, transition)]
    actor = random.choice(able if random.random() < 0.7 else ACTORS)
    targets = transition.line_to or transition.header_to
    return actor, transition, at, random.choice(targets) if targets else None


def try_deed(request, actor, transition, at, to):
    if transition.level is not Level.HEADER and transition.line_from:
        request.move_line(actor, transition.number, at, to if transition.number != "T28" else None)
    else:
        request.move_header(actor, transition.number, to)


def hold_invariants(before, request, actor, transition, at):
    """What flow B5 calls forbidden by construction."""
    number = transition.number
    assert len(request.records) == before["records"] + 1
    if before["header"] in {HeaderState.REJECTED, HeaderState.CANCELLED}:
        assert number in {"T53", "T54"}
        assert request.header is before["header"]
    changed = [n for n, line in enumerate(request.lines) if line.state != before["lines"][n].state]
    if actor.roles == {Role.FI}:
        assert not changed
    if actor.roles == {Role.TE} and changed:
        assert before["lines"][changed[0]].state is not LineState.QC
    if transition.line_from:
        assert changed in ([], [at])
        line = request.lines[at]
        if line.state is LineState.APPROVED and at in changed:
            worked = [deed for deed in line.deeds if deed in {"T32", "T33", "T36", "T37", "T38"}]
            assert worked[-2:] == ["T37", "T38"]
            assert {"T32", "T33"} & set(worked[:-2])
    standings = [each.standing for each in request.lines]
    if transition.line_from:
        assert roll_up(standings, request.header) is request.header


def walk(seed, steps):
    random = Random(seed)  # noqa: S311  repeats with its seed
    tally = {"done": 0, "refused": 0}
    states = set()
    request = Request(lines=[Line() for _ in range(random.randint(1, 4))])
    for _ in range(steps):
        finished = (HeaderState.REJECTED, HeaderState.CANCELLED)
        if request.header in finished and random.random() < 0.5:
            assert verify_chain(request.records) is None
            request = Request(lines=[Line() for _ in range(random.randint(1, 4))])
        before = {
            "header": request.header,
            "records": len(request.records),
            "lines": [replace(line) for line in request.lines],
        }
        actor, transition, at, to = choose(random, request)
        try:
            try_deed(request, actor, transition, at, to)
        except CalibraError:
            tally["refused"] += 1
            assert len(request.records) == before["records"]
            assert request.header is before["header"]
            assert [line.state for line in request.lines] == [
                line.state for line in before["lines"]
            ]
            continue
        tally["done"] += 1
        states.add(request.header)
        hold_invariants(before, request, actor, transition, at)
    assert verify_chain(request.records) is None
    return tally, states


def test_ten_thousand_random_deeds_by_random_roles_break_nothing():
    """Flow B8, 3."""
    tally, states = walk(seed=20261130, steps=10_000)
    assert tally["done"] + tally["refused"] == 10_000
    assert min(tally.values()) > 1_000
    assert len(states) >= 20


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_any_walk_keeps_the_rules(seed):
    walk(seed, steps=200)
