"""Who may make which transition: every role, the worker and the holder of a link."""

from itertools import product
from uuid import UUID

import pytest

from calibra_app.core.access import Actor, Role, link_actor, operator_actor, system_actor, visitor
from calibra_app.core.errors import Forbidden
from calibra_app.services.srf.states import HoldKind, LineState
from calibra_app.services.srf.workflow import TRANSITIONS, may_act, require_actor, signature_of

# Who may, by the permission table (C2) through the rows that "Who wins" names.
ROLES = """
T01 LM ST FD CU SYS
T02 LM ST FD CU
T03 LM ST FD CU
T04 LM QM ST FD
T05 LM QM ST FD
T06 LM QM ST TE DI FD CU
T07 LM QM ST TE DI FD CU
T08 LM QM ST TE DI FD CU SYS
T09 LM FD FI
T10 LM QM ST FD
T11 LM QM
T12 LM FD FI
T13 LM FD FI
T14 FD CU
T15 FD CU
T16 FD CU
T17 SYS
T18 LM ST TE DI FD
T19 LM QM ST FD
T20 LM ST TE DI FD
T21 LM ST DI
T22 LM ST DI
T23 ST TE
T24 LM DI
T25 LM QM AS TR ST TE DI FD SYS
T26 LM QM DI FD
T27 LM QM ST TE DI FD CU
T28 FD CU
T29 FD CU
T30 LM ST TE
T31 LM ST TE FD
T32 ST TE
T33 LM ST DI FD
T34 LM DI
T35 TR
T36 ST TE
T37 TR
T38 AS
T39 QM AS
T40 LM FI
T41 LM DI FD
T42 LM DI FD
T43 LM FI
T44 LM TE DI FD CU SYS
T45 LM TE DI FD
T46 LM DI FD
T47 LM QM FD SYS
T48 LM QM
T49 AS
T50 LM QM
T51 LM QM
T52 LM FD
T53 LM DI FD
T54 LM ST FD CU
T55 LM
T56 LM FD
T57 QM
"""
MAY = {number: set(roles) for number, *roles in map(str.split, ROLES.strip().splitlines())}


def somebody(role):
    customer = UUID(int=3) if role is Role.CU else None
    return Actor(1, UUID(int=7), "Asha Rao", frozenset({role}), customer_id=customer)


@pytest.mark.parametrize(("number", "role"), list(product(TRANSITIONS, Role)))
def test_the_roles_of_the_table_pass_and_every_other_is_refused_by_name(number, role):
    transition, actor = TRANSITIONS[number], somebody(role)
    if role in MAY[number]:
        assert require_actor(actor, transition)
    else:
        assert may_act(actor, transition) is None
        with pytest.raises(Forbidden, match="Asha Rao may not"):
            require_actor(actor, transition)


@pytest.mark.parametrize("number", TRANSITIONS)
def test_what_happens_by_itself_is_a_short_list(number):
    allowed = may_act(system_actor(1), TRANSITIONS[number]) is not None
    assert allowed == ("SYS" in MAY[number])


def test_visitors_and_the_operator_move_nothing():
    for actor in (visitor(1), operator_actor(1)):
        assert not [each for each in TRANSITIONS.values() if may_act(actor, each)]


def test_the_holder_of_a_link_answers_the_offer_and_nothing_else():
    holder = link_actor(1, UUID(int=3), "Olaf Jensen")
    assert [n for n, each in TRANSITIONS.items() if may_act(holder, each)] == ["T14", "T15", "T16"]


@pytest.mark.parametrize(
    ("kind", "places", "releases"),
    [
        (HoldKind.CUSTOMER, "LM QM DI FD", "LM QM DI FD"),
        (HoldKind.CAPACITY, "LM QM DI FD", "LM QM DI FD"),
        (HoldKind.CREDIT, "LM QM DI FD", "LM QM DI FD"),
        (HoldKind.EQUIPMENT, "LM QM AS TR ST TE", "LM QM"),
        (HoldKind.ENVIRONMENT, "LM QM AS TR ST TE", "QM"),
        (HoldKind.NONCONFORMITY, "LM QM AS TR ST TE", "QM"),
    ],
)
def test_the_kind_of_a_hold_decides_who_places_and_who_releases_it(kind, places, releases):
    """Flow B1, 8, and C2-23 to C2-25."""
    for number, expected in (("T25", places), ("T26", releases)):
        transition = TRANSITIONS[number]
        able = [role for role in Role if may_act(somebody(role), transition, kind)]
        assert able == expected.split()


def test_only_a_quality_hold_is_released_with_a_signature():
    resume = TRANSITIONS["T26"]
    quality = somebody(Role.QM)
    assert signature_of(quality, resume, HoldKind.NONCONFORMITY) == "released"
    assert signature_of(quality, resume, HoldKind.CAPACITY) == ""


@pytest.mark.parametrize(
    ("number", "role", "meaning"),
    [
        ("T14", Role.CU, "accepted"),
        ("T14", Role.FD, ""),
        ("T28", Role.CU, "decided"),
        ("T32", Role.TE, "performed"),
        ("T36", Role.ST, "performed"),
        ("T37", Role.TR, "reviewed"),
        ("T38", Role.AS, "authorized"),
        ("T43", Role.FI, ""),
        ("T48", Role.QM, "reopened"),
        ("T55", Role.LM, "restored"),
        ("T57", Role.QM, "withdrawn"),
        ("T15", Role.CU, ""),
    ],
)
def test_what_a_signature_means(number, role, meaning):
    assert signature_of(somebody(role), TRANSITIONS[number]) == meaning


def test_conditions_of_the_permission_table_reach_the_deed():
    assert may_act(somebody(Role.FD), TRANSITIONS["T14"]).conditions == {"evidence"}
    assert may_act(somebody(Role.CU), TRANSITIONS["T14"]).conditions == {"approver"}
    assert may_act(somebody(Role.TE), TRANSITIONS["T18"]).conditions == {"site"}
    assert may_act(somebody(Role.TE), TRANSITIONS["T23"]).own_only
    assert not may_act(somebody(Role.ST), TRANSITIONS["T23"]).own_only


def test_a_part_of_a_deed_opens_that_part_alone():
    front_desk = somebody(Role.FD)
    assert may_act(front_desk, TRANSITIONS["T33"])
    assert may_act(front_desk, TRANSITIONS["T24"]) is None
    assert may_act(front_desk, TRANSITIONS["T31"])
    assert may_act(front_desk, TRANSITIONS["T30"]) is None


def test_finance_never_moves_a_line_and_a_technician_never_passes_qc():
    """Flow B5, forbidden by construction."""
    lines = [each for each in TRANSITIONS.values() if each.line_from]
    assert not [each.number for each in lines if may_act(somebody(Role.FI), each)]
    from_qc = [each for each in lines if LineState.QC in each.line_from]
    assert not [each.number for each in from_qc if may_act(somebody(Role.TE), each)]
