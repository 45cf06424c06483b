"""Gauges and transmitters: rising and falling, hysteresis, loop current."""

from decimal import Decimal

import pytest

from calibra_app.demo.instruments import decimals, instrument
from calibra_app.demo.standards import BY_ASSET
from calibra_app.metrology.conformity import SIMPLE_ACCEPTANCE
from calibra_app.procedures.base import Direction
from calibra_app.procedures.pressure import hysteresis_of
from calibra_app.procedures.registry import evaluate_point


def evaluated(number, key, sheet, standards=("STD-P-002",)):
    item = instrument(number)
    return evaluate_point(
        item.procedure,
        item.version,
        item.point(key),
        sheet.get(key, ()),
        [BY_ASSET[asset].as_reference() for asset in standards],
        {},
        item.parameters,
        SIMPLE_ACCEPTANCE,
        (),
        sheet,
    )


def row(found, title):
    return next(one for one in found.rows if one.title == title)


def test_the_basic_sequence_goes_up_and_down_and_repeats_one_point():
    points = instrument(9).points
    assert [point.direction for point in points] == [Direction.UP] * 5 + [Direction.DOWN] * 5
    assert [point.nominal for point in points[:5]] == [point.nominal for point in points[:4:-1]]
    assert {point.key: point.repeats for point in points if point.repeats > 1} == {"10-bar-up": 3}


def test_hysteresis_is_the_largest_difference_on_the_sheet():
    sheet = {
        "4-bar-up": decimals("4.00"),
        "4-bar-down": decimals("4.06"),
        "8-bar-up": decimals("8.00"),
        "8-bar-down": (),
    }
    assert hysteresis_of(sheet) == Decimal("0.06")
    sheet["10-bar-up"] = decimals("10.02 10.03 10.02")
    assert row(evaluated(9, "10-bar-up", sheet), "Hysteresis").spread == pytest.approx(0.03)


def test_ten_bar_has_its_figures_before_anything_else_is_read():
    found = evaluated(9, "10-bar-up", {"10-bar-up": decimals("10.24 10.25 10.23")})
    assert (found.error_text, found.uncertainty_text, found.statement) == (
        "+0.240",
        "0.022",
        "fail",
    )


def test_two_readings_of_three_give_a_first_uncertainty():
    found = evaluated(9, "10-bar-up", {"10-bar-up": decimals("10.24 10.25")})
    assert found.uncertainty_text
    assert not found.complete


def test_the_ideal_current_follows_the_pressure():
    expected = {point.key: point.expected for point in instrument(4).points}
    assert expected["0-bar-up"] == 4
    assert expected["2p5-bar-up"] == 8
    assert expected["10-bar-down"] == 20


def test_a_pressure_uncertainty_reaches_the_current_through_the_slope():
    found = evaluated(4, "10-bar-up", {"10-bar-up": decimals("20.002 20.003")})
    standard = row(found, "Pressure standard")
    assert standard.sensitivity_coefficient == pytest.approx(1.6)
    assert standard.contribution == pytest.approx(0.0032)
    assert row(found, "Loop ammeter").contribution == pytest.approx(0.0008)
    # The ammeter reads 0.4 µA too little at 20 mA.
    assert found.error_of_indication == pytest.approx(0.0029)


def test_a_missing_standard_leaves_the_mean_and_says_why():
    found = evaluated(9, "10-bar-up", {"10-bar-up": decimals("10.24 10.25")}, standards=())
    assert found.mean_text == "10.245"
    assert found.uncertainty_text == ""
    assert found.warnings == ("Choose a reference standard for gauge pressure.",)


def test_a_standard_is_not_used_beyond_its_certificate():
    found = evaluated(9, "16-bar-up", {"16-bar-up": decimals("16.01")}, standards=("STD-P-001",))
    assert "not calibrated" in found.warnings[0]
