"""The pages of procedures, scope, prices and people."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from calibra_app.core.access import Role
from calibra_app.core.errors import Conflict, Invalid
from calibra_app.core.paging import Page
from calibra_app.services.people import (
    CompetenceRecord,
    Deed,
    PersonDetail,
    PersonStatus,
    PersonSummary,
)
from calibra_app.services.scope import (
    CmcDraft,
    CmcRecord,
    MeasurementModel,
    PriceKind,
    PriceRecord,
    ProcedureDetail,
    ProcedureDraft,
    ProcedureStatus,
    ProcedureSummary,
    VersionSummary,
)
from calibra_app.ui.format import Region
from calibra_app.ui.pages.people.page import people_page
from calibra_app.ui.pages.people.rows import matrix_of
from calibra_app.ui.pages.people.state import PeopleState
from calibra_app.ui.pages.prices import PricesState, prices_page
from calibra_app.ui.pages.procedures.page import procedures_page
from calibra_app.ui.pages.procedures.state import ProceduresState
from calibra_app.ui.pages.scope import ScopeState, capability, scope_page

ONE, TWO, THREE = UUID(int=1), UUID(int=2), UUID(int=3)
NARROW = "\N{NARROW NO-BREAK SPACE}"


def cmc(absolute="0.003", relative="0.000015"):
    return CmcDraft(
        "electrical", "MP-ELE-04", "DC voltage", Decimal(-1000), Decimal(1000), "V",
        Decimal(absolute), "mV", date(2026, 1, 1), relative=Decimal(relative),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("absolute", "relative", "parts"),
    [
        ("0.003", "0.000015", (f"0.003{NARROW}mV", "1.5", "\N{MINUS SIGN}5")),
        ("0.02", "0.004", (f"0.02{NARROW}mV", "0.004", "")),
        ("0.6", "0", (f"0.6{NARROW}mV", "", "")),
        ("0", "0.0001", ("", "1", "\N{MINUS SIGN}4")),
    ],
)
def test_a_capability_is_printed_as_scopes_print_it(absolute, relative, parts):
    shown = capability(cmc(absolute, relative), Region())
    assert (shown.fixed, shown.share, shown.power) == parts


async def test_the_scope_shows_ranges_and_opens_a_row_as_it_was_typed(answering):
    record = CmcRecord(ONE, 2, cmc(), valid=True)
    answering(ScopeState, list_cmc=Page((record,)), list_procedures=Page(()))
    state = ScopeState()
    await ScopeState.load.fn(state)
    assert state.rows[0].span == f"\N{MINUS SIGN}1000 … 1000{NARROW}V"
    await ScopeState.open_form.fn(state, str(ONE))
    assert (state.row.low, state.row.relative) == ("-1000", "0.000015")


async def test_a_row_that_overlaps_is_refused_beside_its_range(answering):
    answering(
        ScopeState,
        list_cmc=Page((CmcRecord(ONE, 2, cmc(), valid=True),)),
        list_procedures=Page(()),
        change_cmc=Conflict("It overlaps.", field="low"),
    )
    state = ScopeState()
    await ScopeState.load.fn(state)
    await ScopeState.open_form.fn(state, str(ONE))
    form = {
        "low": "0", "high": "1", "absolute": "1", "relative": "0", "valid_from": "2026-01-01",
    }  # fmt: skip
    await ScopeState.save.fn(state, form)
    assert (state.errors, state.open) == ({"low": "It overlaps."}, True)


PRICE = PriceRecord(
    ONE, 1, False, "CAL-1", "Micrometer", PriceKind.CALIBRATION, Decimal("48.00"), "EUR",
    "MP-DIM-02", False,
)  # fmt: skip


async def test_prices_are_shown_with_cents_and_changed_with_a_comma(answering):
    calls = answering(PricesState, list_prices=Page((PRICE,)), change_price=None)
    state = PricesState()
    await PricesState.load.fn(state)
    assert (state.rows[0].shown, state.rows[0].amount) == ("48.00\N{NO-BREAK SPACE}EUR", "48.00")
    await PricesState.open_form.fn(state, str(ONE))
    form = {"code": "CAL-1", "title": "M", "kind": "calibration", "amount": "49,50"}
    await PricesState.save.fn(state, form)
    assert calls[1][1][2].amount == Decimal("49.50")
    assert not state.open


async def test_a_price_of_letters_is_refused_beside_the_field(answering):
    calls = answering(PricesState)
    state = PricesState()
    await PricesState.open_form.fn(state, "")
    await PricesState.save.fn(state, {"kind": "calibration", "amount": "much"})
    assert (list(state.errors), calls, state.open) == (["amount"], [], True)


PROCEDURE = ProcedureDetail(
    ONE, 3, ProcedureDraft("MP-ELE-04", "Multimeters", "electrical", "MP-ELE-04"),
    (
        VersionSummary(TWO, 1, 8, ProcedureStatus.IN_REVIEW, "7", None, {}, "Faster", None, None),
        VersionSummary(
            THREE, 1, 7, ProcedureStatus.EFFECTIVE, "7", date(2026, 1, 1),
            {"warm_up_minutes": "30"}, "", None, None,
        ),
    ),
)  # fmt: skip
SUMMARY = ProcedureSummary(ONE, "MP-ELE-04", "Multimeters", "electrical", 7, date(2026, 1, 1))
PROCEDURES = Page((SUMMARY,))


async def test_a_procedure_opens_with_its_revisions(answering):
    answering(ProceduresState, list_procedures=PROCEDURES, get_procedure=PROCEDURE)
    state = ProceduresState()
    await ProceduresState.load.fn(state)
    await ProceduresState.open_one.fn(state, str(ONE))
    told = [(row.revision, row.words) for row in state.versions]
    assert told == [("8", "In review"), ("7", "In effect")]
    assert state.versions[1].settings == "warm up minutes 30"


async def test_a_revision_goes_one_step_on(answering):
    calls = answering(
        ProceduresState,
        list_procedures=PROCEDURES,
        get_procedure=PROCEDURE,
        approve_version=None,
    )
    state = ProceduresState()
    await ProceduresState.open_one.fn(state, str(ONE))
    await ProceduresState.approve.fn(state, str(TWO))
    assert calls[1][:2] == ("approve_version", (TWO,))


async def test_a_revision_offers_the_versions_of_its_own_model(answering):
    models = (
        MeasurementModel("designed", "", "Our own"),
        MeasurementModel("MP-ELE-04", "7", "x"),
        MeasurementModel("MP-MAS-01", "6", "y"),
    )
    answering(ProceduresState, get_procedure=PROCEDURE, list_models=models)
    state = ProceduresState()
    await ProceduresState.open_one.fn(state, str(ONE))
    await ProceduresState.open_form.fn(state, "version")
    assert state.open == "version"
    assert state.model_versions == [["7", "7"], ["designed", "Our own"]]
    await ProceduresState.open_form.fn(state, "new")
    assert (state.open, state.procedure.key) == ("edit", "")


def competence(person, name, deed, discipline, code="", *, valid=True):
    return CompetenceRecord(
        ONE, 1, person, name, deed, discipline, code, date(2026, 1, 1), None, "", valid
    )


def test_the_matrix_has_a_row_for_each_person_and_a_cell_for_each_discipline():
    rows = matrix_of(
        (
            competence(ONE, "Mei Lin", Deed.PERFORM, "dimensional"),
            competence(ONE, "Mei Lin", Deed.PERFORM, "mass"),
            competence(TWO, "Tomasz Nowak", Deed.PERFORM, "mass", "MP-MAS-01"),
            competence(TWO, "Tomasz Nowak", Deed.REVIEW, "mass", valid=False),
        )
    )
    assert [(row.name, row.initials) for row in rows] == [("Mei Lin", "ML"), ("Tomasz Nowak", "TN")]
    mei, tomasz = rows
    assert [len(cell) for cell in mei.cells] == [1, 0, 0, 1, 0, 0, 0]
    assert [mark.only for mark in tomasz.cells[3]] == ["MP-MAS-01"]


PERSON = PersonDetail(
    ONE, 4, "Mei Lin", "ML", "mei@m.example", "Technician", "", "en", PersonStatus.ACTIVE, None,
    (Role.TE,), None, None,
)  # fmt: skip
MEI = PersonSummary(
    ONE, "Mei Lin", "ML", "mei@m.example", "Technician", PersonStatus.ACTIVE, (Role.TE,)
)
PEOPLE = Page((MEI,))


async def test_a_person_opens_with_roles_and_is_saved_with_those_that_are_ticked(answering):
    calls = answering(
        PeopleState,
        list_people=PEOPLE,
        get_person=PERSON,
        list_competences=(),
        change_person=None,
        set_roles=(),
    )
    state = PeopleState()
    await PeopleState.load.fn(state)
    assert state.rows[0].roles == "Technician"
    await PeopleState.open_person.fn(state, str(ONE))
    assert state.person.roles == ("TE",)
    form = {"name": "Mei Lin", "email": "mei@m.example", "role_TE": True, "role_ST": True}
    await PeopleState.save.fn(state, form)
    assert calls[-3][:2] == ("change_person", (ONE, 4, calls[-3][1][2]))
    assert calls[-2][1] == (ONE, (Role.ST, Role.TE))


async def test_roles_that_do_not_go_together_are_refused_beside_the_roles(answering):
    answering(PeopleState, invite_person=Invalid("They do not go together.", field="roles"))
    state = PeopleState()
    await PeopleState.open_new.fn(state)
    await PeopleState.invite_new.fn(state, {"name": "X", "role_TA": True, "role_AS": True})
    assert (state.errors, state.open) == ({"roles": "They do not go together."}, "new")


async def test_each_part_asks_for_its_own(answering):
    calls = answering(PeopleState, list_competences=(), list_absences=(), list_invitations=())
    state = PeopleState()
    for part in ("competence", "absences", "invitations"):
        await PeopleState.choose_part.fn(state, part)
    assert [name for name, _, _ in calls] == [
        "list_competences", "list_absences", "list_invitations",
    ]  # fmt: skip


@pytest.mark.parametrize("page", [procedures_page, scope_page, prices_page, people_page])
def test_the_pages_build(page):
    assert page().render()
