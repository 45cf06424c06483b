"""Electrical, temperature, humidity, dimensional, torque: plans and what each discipline adds."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibra_app.demo.cmc import cmc_of
from calibra_app.demo.instruments import INSTRUMENTS, decimals, instrument
from calibra_app.demo.readings import observation, sheet_of
from calibra_app.demo.standards import BY_ASSET
from calibra_app.metrology.cmc import Cmc
from calibra_app.metrology.conformity import GUARDED_ACCEPTANCE
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.procedures.registry import (
    PROCEDURES,
    evaluate_point,
    plan_points,
    plausibility_of,
    procedure_of,
)


def evaluated(number, key, readings, *, cmc=None, environment=None):
    item = instrument(number)
    return evaluate_point(
        item.procedure,
        item.version,
        item.point(key),
        readings,
        [BY_ASSET[asset].as_reference() for asset in item.standards],
        environment or {},
        item.parameters,
        GUARDED_ACCEPTANCE,
        cmc_of(item.procedure) if cmc is None else cmc,
    )


def row(found, title):
    return next(one for one in found.rows if one.title == title)


def test_a_range_without_stated_points_is_read_at_ten_and_ninety_percent():
    parameters = {
        "ranges": [
            {"function": "DC voltage", "range": "20 V", "unit": "V", "resolution": "0.001",
             "full_scale": "20"},
        ]
    }  # fmt: skip
    points = plan_points("MP-ELE-04", "7", parameters)
    assert [point.nominal for point in points] == [Decimal(2), Decimal(18)]


def test_a_missing_parameter_is_named():
    with pytest.raises(MetrologyError, match="ranges"):
        plan_points("MP-ELE-04", "7", {})


def test_an_unknown_version_is_refused():
    with pytest.raises(MetrologyError, match="version 99"):
        procedure_of("MP-ELE-04", "99")


def test_no_two_procedures_share_key_and_version():
    assert len({(one.key, one.version) for one in PROCEDURES}) == len(PROCEDURES) == 12


def test_the_position_in_the_jaws_belongs_to_a_clamp_meter():
    found = evaluated(12, "ac-current-by-clamp-600-a-50-50-hz", decimals("50.1 50.2 50.1"))
    assert row(found, "Position of the conductor").spread == pytest.approx(0.15)


def test_closed_faces_need_no_gauge_block():
    found = evaluated(5, "0-mm", decimals("0 0 1 0 0"))
    assert "Gauge block" not in {one.title for one in found.rows}
    assert row(found, "Temperature difference").contribution == 0


def test_a_caliper_is_read_by_its_outside_and_inside_jaws():
    groups = [point.group for point in instrument(6).points]
    assert (groups.count("Outside jaws"), groups.count("Inside jaws")) == (5, 2)


def test_humidity_pays_six_percent_of_itself_for_a_kelvin():
    found = evaluated(3, "50-rh", decimals("50.1 50.0 50.1 50.0 50.2"))
    assert row(found, "Temperature gradient").sensitivity_coefficient == pytest.approx(3.0)


def test_the_standards_correction_is_taken_off():
    found = evaluated(7, "60-n-m", decimals("60.0 60.0 60.0 60.0 60.0"))
    assert found.error_of_indication == pytest.approx(-0.05)


def test_u_below_the_cmc_is_raised_and_the_note_says_so():
    row_of_scope = Cmc(0.05, range_min=-40, range_max=160, unit="°C", uncertainty_unit="K")
    found = evaluated(
        2, "100-c", decimals("100.12 100.13 100.12 100.11 100.12"), cmc=[row_of_scope]
    )
    assert (found.uncertainty_text, found.floored) == ("0.050", True)
    assert found.computed_uncertainty == pytest.approx(0.0256, abs=5e-5)
    assert any("below the CMC" in line for line in found.explanations)


def test_a_climate_outside_the_limits_is_pointed_out():
    found = evaluated(5, "25-mm", decimals("1 1 2 1 2"), environment={"temperature": [19.9, 20.8]})
    assert found.warnings == ("Temperature outside 19.5 to 20.5 °C.",)


def test_a_limit_may_come_from_a_table_by_range():
    item = instrument(6)
    limits = {point.key: procedure_of(item.procedure, item.version) for point in item.points}
    assert len(limits) == 7
    found = evaluated(6, "outside-150-mm", decimals("150.00 150.01 150.00"))
    assert found.limit_trace == "±0.03 mm (ISO 13385-1, step table)"


def test_ten_times_too_much_is_asked_about():
    item = instrument(8)
    point = item.point("dc-voltage-200-v-10")
    question = plausibility_of(
        item.procedure, item.version, point, item.parameters, Decimal("100.1")
    )
    assert question is not None
    assert question.text == "×10?"


@pytest.mark.parametrize("number", [item.number for item in INSTRUMENTS])
def test_no_reading_of_the_sample_is_asked_about(number):
    item = instrument(number)
    for point in item.points:
        readings = sheet_of(observation(number).as_found)[point.key]
        for typed in readings:
            question = plausibility_of(
                item.procedure, item.version, point, item.parameters, typed, readings
            )
            assert question is None, (point.key, typed)


volts = st.lists(st.integers(-9, 9), min_size=2, max_size=8)


@settings(max_examples=60, deadline=None)
@given(volts)
def test_turning_all_signs_turns_the_error_and_nothing_else(steps):
    one = evaluated(5, "25-mm", [Decimal(step) for step in steps])
    other = evaluated(5, "25-mm", [Decimal(-step) for step in steps])
    assert other.error_of_indication == -one.error_of_indication
    assert other.expanded_uncertainty == one.expanded_uncertainty
    assert other.statement == one.statement


@settings(max_examples=60, deadline=None)
@given(volts, st.integers(1, 9))
def test_more_scatter_never_makes_the_uncertainty_smaller(steps, factor):
    calm = evaluated(5, "25-mm", [Decimal(step) for step in steps])
    wild = evaluated(5, "25-mm", [Decimal(step * factor) for step in steps])
    assert wild.combined_standard_uncertainty >= calm.combined_standard_uncertainty * (1 - 1e-12)


@settings(max_examples=60, deadline=None)
@given(volts)
def test_the_order_of_the_readings_does_not_matter(steps):
    readings = [Decimal(step) for step in steps]
    one, other = evaluated(5, "25-mm", readings), evaluated(5, "25-mm", readings[::-1])
    assert replace(one, outlier=None) == replace(other, outlier=None)


def test_without_an_agreed_limit_there_is_a_result_and_no_statement():
    item = instrument(8)
    point = item.point("dc-voltage-200-v-10")
    found = evaluate_point(
        item.procedure,
        item.version,
        point,
        decimals("10.00 10.01 10.00 10.01 10.00"),
        [BY_ASSET["STD-E-001"].as_reference()],
        {},
        {"ranges": item.parameters["ranges"]},
        GUARDED_ACCEPTANCE,
        (),
    )
    assert (found.error_text, found.uncertainty_text) == ("+0.0040", "0.0080")
    assert (found.statement, found.limit_text, found.limit_trace) == (
        "no_statement",
        "",
        "no limit is agreed",
    )
