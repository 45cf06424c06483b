"""The scope: which points lie inside, how small a U may be stated, which rows contradict."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from calibra_app.core.access import Role
from calibra_app.core.errors import Conflict, Forbidden, Invalid
from calibra_app.services.scope import (
    CmcDraft,
    OutsideScope,
    ScopePoint,
    ScopeVerdict,
    add_cmc,
    change_cmc,
    cmc_for,
    end_cmc,
    list_cmc,
    scope_check,
)

CLAMP = CmcDraft(
    "electrical", "MP-ELE-09", "AC current by clamp", Decimal(1), Decimal(100), "A",
    Decimal("0.02"), "A", date(2026, 1, 1), relative=Decimal("0.004"),
)  # fmt: skip
VOLTS = CmcDraft(
    "electrical", "MP-ELE-04", "DC voltage", Decimal(-1000), Decimal(1000), "V",
    Decimal("0.003"), "mV", date(2026, 1, 1), relative=Decimal("0.000015"),
)  # fmt: skip


def amps(*values):
    return [ScopePoint(Decimal(value), "A", "AC current by clamp") for value in values]


@pytest.fixture
def scope(work_in):
    with work_in() as work:
        return {draft.procedure_code: add_cmc(work, draft) for draft in (CLAMP, VOLTS)}


@pytest.mark.parametrize(
    ("points", "verdict", "sentence"),
    [
        (amps(1, 50, 100), ScopeVerdict.IN_SCOPE, "in scope"),
        (
            amps(50, 200, 400, 600),
            ScopeVerdict.PARTLY,
            "partly: 200 A, 400 A, 600 A outside",
        ),
        (amps(200), ScopeVerdict.OUTSIDE, "outside the scope"),
        ([], ScopeVerdict.OUTSIDE, "outside the scope"),
    ],
)
def test_the_scope_is_checked_point_by_point(work_in, scope, points, verdict, sentence):
    with work_in() as work:
        check = scope_check(work, "MP-ELE-09", points)
    assert (check.verdict, check.sentence) == (verdict, sentence)


def test_a_point_in_another_unit_of_the_quantity_is_understood(work_in, scope):
    with work_in() as work:
        inside = scope_check(work, "MP-ELE-04", [ScopePoint(Decimal(500), "mV", "DC voltage")])
        other = scope_check(work, "MP-ELE-04", [ScopePoint(Decimal(5), "Ω")])
    assert (inside.verdict, other.verdict) == (ScopeVerdict.IN_SCOPE, ScopeVerdict.OUTSIDE)


def test_the_capability_at_a_value_is_its_fixed_and_its_relative_part(work_in, scope):
    with work_in() as work:
        assert cmc_for(work, "MP-ELE-04", Decimal(10), "V") == Decimal("0.153")
        assert cmc_for(work, "MP-ELE-04", Decimal(10), "V", result_unit="V") == Decimal("0.000153")
        with pytest.raises(OutsideScope):
            cmc_for(work, "MP-ELE-04", Decimal(1001), "V")


def test_an_ended_row_counts_no_longer_but_stays_on_record(work_in, scope):
    with work_in() as work:
        end_cmc(work, scope["MP-ELE-09"], 1)
        assert scope_check(work, "MP-ELE-09", amps(50)).verdict is ScopeVerdict.OUTSIDE
        assert scope_check(work, "MP-ELE-09", amps(50), date(2026, 1, 2)).sentence == "in scope"
        assert len(list_cmc(work).rows) == 1
        assert len(list_cmc(work, ended=True).rows) == 2


def test_rows_that_overlap_are_refused(work_in, scope):
    with pytest.raises(Conflict, match="overlaps") as refused, work_in() as work:
        add_cmc(work, replace(CLAMP, low=Decimal(50), high=Decimal(600)))
    assert refused.value.field == "low"
    with work_in() as work:
        add_cmc(work, replace(CLAMP, low=Decimal(100), high=Decimal(600)))
        change_cmc(work, scope["MP-ELE-09"], 1, replace(CLAMP, absolute=Decimal("0.03")))


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"low": Decimal(200)}, "high"),
        ({"absolute": Decimal(0), "relative": Decimal(0)}, "absolute"),
        ({"unit": "parsnips"}, "unit"),
        ({"absolute_unit": "parsnips"}, "absolute_unit"),
        ({"valid_to": date(2025, 1, 1)}, "valid_to"),
        ({"measurand": ""}, "measurand"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(work_in, change, field):
    with pytest.raises(Invalid) as refused, work_in() as work:
        add_cmc(work, replace(CLAMP, **change))
    assert refused.value.field == field


def test_a_reviewer_reads_the_scope_and_changes_nothing(work_in, scope):
    with work_in(roles={Role.TR}) as work:
        assert len(list_cmc(work, procedure_code="MP-ELE-04").rows) == 1
        with pytest.raises(Forbidden):
            end_cmc(work, scope["MP-ELE-04"], 1)


def test_another_laboratory_has_no_scope_of_ours(work_in, scope):
    with work_in(laboratory=2) as work:
        assert list_cmc(work).rows == ()
        assert scope_check(work, "MP-ELE-09", amps(50)).verdict is ScopeVerdict.OUTSIDE
