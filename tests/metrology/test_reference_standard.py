"""Reference standards between their points, the CMC, slips of the finger."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibra_app.metrology.cmc import Cmc, Combination, find_cmc, floor_at_cmc
from calibra_app.metrology.plausibility import Doubt, question_of
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.reference_standard import CertificatePoint, ReferenceStandard
from calibra_app.metrology.type_a import outlier_hint

STANDARD = ReferenceStandard(
    "STD-1",
    "Pressure calibrator",
    "C-1",
    (
        CertificatePoint("pressure", 0.0, "bar", 0.0, 1.0, 2.0, 0.1, "mbar"),
        CertificatePoint("pressure", 10.0, "bar", 2.0, 4.0, 2.0, 0.3, "mbar"),
    ),
)


def test_between_two_points_the_correction_is_interpolated_and_the_larger_u_holds():
    value = STANDARD.at("pressure", 250.0, "kPa", "mbar")
    assert value.correction == pytest.approx(0.5)
    assert (value.expanded_uncertainty, value.drift, value.interpolated) == (4.0, 0.3, True)


def test_on_a_point_the_certificate_speaks_alone():
    value = STANDARD.at("pressure", 10.0, "bar", "bar")
    assert value.expanded_uncertainty == pytest.approx(0.004)
    assert not value.interpolated


@pytest.mark.parametrize(("function", "nominal"), [("pressure", 11.0), ("torque", 5.0)])
def test_nothing_is_extrapolated(function, nominal):
    with pytest.raises(MetrologyError, match="not calibrated"):
        STANDARD.at(function, nominal, "bar", "mbar")


def test_a_standard_survives_being_stored():
    stored = json.loads(json.dumps(STANDARD.as_json()))
    assert ReferenceStandard.from_json(stored) == STANDARD


def test_a_standard_without_points_is_refused():
    with pytest.raises(MetrologyError, match="points"):
        ReferenceStandard.from_json({"asset": "X"})


CMC = Cmc(3.0, 4e-4, Combination.RSS, 0.0, 20.0, "bar", "mbar")


def test_a_cmc_joins_its_absolute_and_relative_part():
    assert CMC.uncertainty_at(10.0, "bar", "mbar") == pytest.approx(5.0)


def test_u_below_the_cmc_is_raised_to_it():
    row = Cmc(0.0060, unit="V", uncertainty_unit="V")
    low = floor_at_cmc(0.0050, row, 1.0, "V", "V")
    high = floor_at_cmc(0.0080, row, 1.0, "V", "V")
    assert (low.expanded_uncertainty, low.floored) == (0.0060, True)
    assert (high.expanded_uncertainty, high.floored) == (0.0080, False)


def test_outside_the_scope_there_is_no_cmc():
    assert find_cmc([CMC], 21.0, "bar") is None
    assert find_cmc([CMC], 2000.0, "kPa") is CMC


@given(st.floats(0, 10), st.floats(0, 20))
def test_reported_u_is_never_below_the_cmc(expanded, value):
    found = floor_at_cmc(expanded, CMC, value, "bar", "mbar")
    assert found.cmc is not None
    assert found.expanded_uncertainty >= max(expanded, found.cmc)


@pytest.mark.parametrize(
    ("typed", "doubt", "meant"),
    [
        ("100.1", Doubt.TEN_TIMES, "10.01"),
        ("1.001", Doubt.A_TENTH, "10.01"),
        ("1001", Doubt.HUNDRED_TIMES, "10.01"),
        ("-10.01", Doubt.SIGN, "10.01"),
        ("17.3", Doubt.FAR_OFF, None),
    ],
)
def test_a_slip_of_the_finger_is_asked_about(typed, doubt, meant):
    question = question_of(Decimal(typed), Decimal(10), Decimal("0.1"))
    assert question is not None
    assert question.doubt is doubt
    assert question.meant == (None if meant is None else Decimal(meant))


def test_a_value_near_its_neighbours_is_not_asked_about():
    others = [Decimal("10.24"), Decimal("10.25")]
    assert question_of(Decimal("10.23"), Decimal(10), Decimal("0.1"), others) is None


def test_a_value_that_stands_out_is_pointed_at_and_kept():
    readings = [Decimal(text) for text in ("1.00", "1.01", "0.99", "1.00", "1.30")]
    assert outlier_hint(readings) == 4
    assert outlier_hint(readings[:4]) is None
