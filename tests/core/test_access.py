"""Who may do what: the permission table cell by cell, and the decorator that asks it."""

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibra_app.core.access import (
    NOBODY,
    ROLE_GRANTS,
    Actor,
    Grant,
    Permission,
    Role,
    conflicts_of,
    link_actor,
    operator_actor,
    permitted,
    system_actor,
    visitor,
    within_deed,
)
from calibra_app.core.errors import Forbidden
from calibra_app.core.role_table import EXTRA, PRINTED, read_cell

COLUMNS = ("TA", "LM", "QM", "AS", "TR", "ST", "TE", "DI", "FD", "FI", "CU", "VA")
# What each printed cell means for three tries: to do the deed, to look, to do the part for others.
MEANING = {
    "": (False, False, False),
    "R": (False, True, False),
    "R (public part)": (False, True, False),
    "O read": (False, True, False),
    "propose": (False, True, True),
    "A propose": (False, True, True),
    "O (propose)": (False, True, True),
    "O (ask)": (False, True, True),
    "O (agree)": (False, True, True),
    "S (agree)": (False, True, True),
}
DOES = (True, True, True)


def transcribed():
    text = Path(__file__).with_name("permission_table.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            number, permission, *cells = (cell.strip() for cell in line.split("|"))
            yield int(number), permission, dict(zip(COLUMNS, cells, strict=True))


CELLS = [
    pytest.param(permission, role, cell, id=f"{number}-{role}")
    for number, permission, row in transcribed()
    for role, cell in row.items()
]


@dataclass
class Desk:
    """The least that a deed stands on."""

    actor: Actor


def somebody(*roles, **more):
    return Actor(1, UUID(int=7), "Asha Rao", frozenset(roles), **more)


def opens(actor, permission, **how):
    @permitted(permission, **how)
    def deed(work):
        return "done"

    try:
        return deed(Desk(actor)) == "done"
    except Forbidden:
        return False


def test_the_table_has_83_rows_of_12_cells_each_for_a_permission_of_its_own():
    rows = list(transcribed())
    assert [number for number, _, _ in rows] == list(range(1, 84))
    assert len(CELLS) == 996
    assert len({permission for _, permission, _ in rows}) == 83
    assert tuple(Role) == COLUMNS


def test_the_rows_stand_in_the_order_of_the_table():
    assert [permission for _, permission, _ in transcribed()] == list(PRINTED)


def test_each_permission_stands_in_exactly_one_part_of_the_table():
    assert set(PRINTED) | set(EXTRA) == set(Permission) == set(ROLE_GRANTS)
    assert not set(PRINTED) & set(EXTRA)


def test_permissions_are_listed_alphabetically_as_thing_and_deed():
    assert list(Permission) == sorted(Permission)
    assert all(permission.count(":") == 1 and permission.deed for permission in Permission)


@pytest.mark.parametrize(("permission", "role", "printed"), CELLS)
def test_each_cell_is_as_printed_and_decides(permission, role, printed):
    named = Permission(permission)
    actor = somebody(Role(role))
    assert ROLE_GRANTS[named][Role(role)] == read_cell(printed)
    tried = (
        opens(actor, named),
        opens(actor, named, reading=True),
        opens(actor, named, partly=True),
    )
    assert tried == MEANING.get(printed, DOES)


@pytest.mark.parametrize(
    ("printed", "grants", "note"),
    [
        ("", set(), ""),
        ("A", {Grant.ALLOWED}, ""),
        ("A (evidence)", {Grant.ALLOWED}, "evidence"),
        ("S (O)", {Grant.SIGN, Grant.OWN}, "O"),
        ("S (approver)", {Grant.SIGN}, "approver"),
        ("S approve", {Grant.SIGN}, "approve"),
        ("L (team)", {Grant.LIMIT}, "team"),
        ("O read", {Grant.OWN, Grant.READ}, "read"),
        ("O (propose)", {Grant.OWN, Grant.PROPOSE}, "propose"),
        ("A propose", {Grant.PROPOSE}, "propose"),
        ("propose", {Grant.PROPOSE}, "propose"),
        ("S (agree)", {Grant.SIGN, Grant.AGREE}, "agree"),
        ("O (if agreed)", {Grant.OWN}, "if agreed"),
    ],
)
def test_a_printed_cell_is_read_as(printed, grants, note):
    cell = read_cell(printed)
    assert (cell.grants, cell.note) == (grants, note)


def test_a_code_that_the_table_does_not_know_is_refused():
    with pytest.raises(ValueError, match="no code"):
        read_cell("X")


def test_a_refusal_names_the_person_and_the_deed():
    @permitted(Permission.SRF_SUBMIT)
    def submit(work):
        """Submit."""

    with pytest.raises(Forbidden, match=r"Asha Rao may not submit a request\."):
        submit(Desk(somebody(Role.FI)))


def test_any_one_of_several_permissions_is_enough():
    @permitted(Permission.CONTRACT_REVIEW_COMMERCIAL, Permission.CONTRACT_REVIEW_TECHNICAL)
    def review(work, answer):
        return answer

    assert review(Desk(somebody(Role.ST)), answer="yes") == "yes"
    assert review.__permission__ == (
        Permission.CONTRACT_REVIEW_COMMERCIAL,
        Permission.CONTRACT_REVIEW_TECHNICAL,
    )
    assert review.__name__ == "review"
    with pytest.raises(Forbidden, match="review the price of a request or review the method"):
        review(Desk(somebody(Role.TE)), "yes")


def test_a_decorator_without_a_permission_is_refused_at_import():
    with pytest.raises(ValueError, match="at least one"):
        permitted()


def test_a_step_within_a_deed_is_marked_and_asks_nobody():
    @within_deed
    def step(work):
        return work.actor.name

    assert step(Desk(somebody())) == "Asha Rao"
    assert step.__within_deed__
    assert not hasattr(step, "__permission__")


def test_an_actor_without_a_role_may_nothing():
    assert not any(somebody().may(each, reading=True, partly=True) for each in Permission)


@given(
    st.frozensets(st.sampled_from(Role)),
    st.sampled_from(Permission),
    st.booleans(),
    st.booleans(),
)
def test_roles_add_up_and_never_take_away(roles, permission, reading, partly):
    together = somebody(*roles).may(permission, reading=reading, partly=partly)
    assert together == any(
        somebody(role).may(permission, reading=reading, partly=partly) for role in roles
    )


def test_a_condition_binds_only_where_no_role_is_free_of_it():
    permission = Permission.QUOTATION_ANSWER
    assert somebody(Role.FD).notes(permission) == {"evidence"}
    assert somebody(Role.CU).notes(permission) == {"approver"}
    assert somebody(Role.DI).notes(Permission.ITEM_RECEIVE) == frozenset()
    assert somebody(Role.TE).notes(Permission.ITEM_RECEIVE) == {"site"}
    assert somebody(Role.TE, Role.DI).notes(Permission.ITEM_RECEIVE) == frozenset()


def test_a_condition_on_reading_binds_readers_alone():
    permission = Permission.CMC_EDIT
    assert somebody(Role.CU).notes(permission, reading=True) == {"public part"}
    assert somebody(Role.CU).notes(permission) == frozenset()
    assert somebody(Role.TE).notes(permission, reading=True) == frozenset()


def test_own_work_only_is_told_from_all_work():
    assert somebody(Role.TE).only_own(Permission.INDICATION_ENTER)
    assert not somebody(Role.TE, Role.ST).only_own(Permission.INDICATION_ENTER)
    assert not somebody(Role.FD).only_own(Permission.INDICATION_ENTER)
    assert somebody(Role.CU).only_own(Permission.INVOICE_ISSUE, reading=True)


def test_the_worker_may_a_short_list_and_no_more():
    worker = system_actor(1)
    assert worker.person_id == NOBODY
    assert {each for each in Permission if worker.may(each, reading=True, partly=True)} == {
        Permission.CERTIFICATE_PUBLISH,
        Permission.DASHBOARD_SEE,
        Permission.DOCUMENT_PRINT,
        Permission.INFORMATION_EXCHANGE,
        Permission.LABORATORY_SEE,
        Permission.NOTICE_SEND,
        Permission.PLANNING_HOLD_MANAGE,
        Permission.QUOTATION_EXPIRE,
        Permission.SHIPMENT_SEND,
        Permission.SRF_CLOSE,
        Permission.SRF_DRAFT,
    }


def test_no_service_account_ever_holds_a_right_to_sign():
    for account in (system_actor(1), visitor(1), operator_actor(1)):
        signing = {each for each in Permission if Grant.SIGN in account.grants(each)}
        assert signing == set()


def test_the_holder_of_a_link_may_open_and_answer_a_quotation_only():
    holder = link_actor(1, UUID(int=5), "Olaf Jensen")
    assert holder.customer_id == UUID(int=5)
    assert {each for each in Permission if holder.may(each, reading=True)} == {
        Permission.QUOTATION_ANSWER,
        Permission.QUOTATION_SEE,
    }


def test_a_visitor_stands_at_the_door_and_the_operator_sees_no_laboratory():
    assert {each for each in Permission if visitor(1).may(each, reading=True)} == {
        Permission.CERTIFICATE_VERIFY,
        Permission.SESSION_OPEN,
    }
    assert {each for each in Permission if operator_actor(1).may(each, reading=True)} == {
        Permission.TENANT_FOUND
    }


@pytest.mark.parametrize(
    ("roles", "sentence"),
    [
        ((Role.TA, Role.AS), "does not authorize certificates"),
        ((Role.FI, Role.TE), "does not do the work"),
        ((Role.VA, Role.LM), "only reads"),
        ((Role.CU, Role.FD), "not of the laboratory's personnel"),
    ],
)
def test_roles_in_conflict_are_named(roles, sentence):
    (found,) = conflicts_of(roles)
    assert sentence in found


def test_other_roles_go_together():
    assert conflicts_of((Role.TR, Role.ST, Role.LM)) == ()
    assert conflicts_of((Role.VA,)) == ()


def test_an_auditor_writes_nothing_but_a_finding():
    """Flow C3, rule 10; reading the trail, exporting a copy and simulating write no record."""
    auditor = somebody(Role.VA)
    assert {each for each in Permission if auditor.may(each)} == {
        Permission.AUDIT_TRAIL_READ,
        Permission.NONCONFORMITY_REPORT,
        Permission.PERMISSION_SIMULATE,
        Permission.PROFILE_KEEP,
        Permission.RECORD_COPY_EXPORT,
    }
    assert auditor.notes(Permission.NONCONFORMITY_REPORT) == {"finding"}


def test_finance_never_changes_a_technical_record():
    """Flow B5, forbidden by construction."""
    technical = {
        Permission.INDICATION_ENTER,
        Permission.INDICATION_CORRECT,
        Permission.SHEET_SIGN,
        Permission.SHEET_REVIEW,
        Permission.CERTIFICATE_AUTHORIZE,
        Permission.TECHNICAL_HOLD_PLACE,
        Permission.LINE_ASSIGN,
    }
    assert not any(somebody(Role.FI).may(each, reading=True) for each in technical)
