"""Published worked examples: GUM annex H, EA-4/02 supplements, by number."""

import math

import pytest

from calibra_app.metrology.cases import evaluate_case
from calibra_app.metrology.coverage import (
    Contribution,
    Coverage,
    Method,
    combined_standard_uncertainty,
    coverage_factor,
    effective_degrees_of_freedom,
)
from calibra_app.metrology.regression import fit_line
from calibra_app.metrology.variance import analyse_variance


def normal(name, value, u, dof=None):
    quantity = {"name": name, "value": value, "dist": "normal", "u": u}
    return quantity if dof is None else quantity | {"dof": dof}


def test_gum_h1_end_gauge_from_its_tabulated_terms():
    """JCGM 100:2008, table H.1: u_c = 32 nm, nu_eff = 16, t99(16) = 2.92, U99 = 93 nm."""
    terms = [
        Contribution(25, 18),
        Contribution(9.7, 25.6),
        Contribution(2.9, 50),
        Contribution(16.6, 2),
    ]
    combined = combined_standard_uncertainty(terms)
    degrees = effective_degrees_of_freedom(terms)
    k = coverage_factor(Coverage(Method.T, 0.99), degrees)
    assert round(combined) == 32
    assert degrees == pytest.approx(16.7, abs=0.1)
    assert (round(k, 2), round(k * combined)) == (2.92, 93)


def test_gum_h1_end_gauge_from_its_measurement_function():
    """JCGM 100:2008, H.1: the terms of theta and alpha vanish at first order."""
    length = 50.000623e6
    answer = evaluate_case(
        {
            "kind": "budget",
            "model": "l_S + d - l_S*(d_alpha*theta + alpha*d_theta)",
            "inputs": [
                normal("l_S", length, 25, 18),
                normal("d", 215, 9.7, 25.6),
                {"name": "d_alpha", "value": 0, "dist": "rectangular", "a": 1e-6, "dof": 50},
                normal("theta", -0.1, 0.41),
                normal("alpha", 11.5e-6, 1.2e-6),
                {"name": "d_theta", "value": 0, "dist": "rectangular", "a": 0.05, "dof": 2},
            ],
            "coverage": {"method": "t", "p": 0.99, "dof": "truncate"},
        }
    )
    assert answer["y"] == pytest.approx(50.000838e6, abs=1)
    assert round(answer["u_c"]) == 32
    assert math.floor(answer["nu_eff"]) == 16
    assert answer["contributions"]["d_alpha"] == pytest.approx(2.9, abs=0.05)
    assert answer["contributions"]["d_theta"] == pytest.approx(16.6, abs=0.05)
    assert answer["contributions"]["theta"] == 0


def test_gum_h1_second_order_term():
    """JCGM 100:2008, H.1.7: the second-order terms raise u_c from 32 nm to 34 nm."""
    length = 50.000623e6
    answer = evaluate_case(
        {
            "kind": "budget",
            "model": "l_S + d - l_S*(d_alpha*theta + alpha*d_theta)",
            "second_order": True,
            "inputs": [
                normal("l_S", length, 25),
                normal("d", 215, 9.7),
                normal("d_alpha", 0, 0.58e-6),
                normal("theta", -0.1, 0.41),
                normal("alpha", 11.5e-6, 1.2e-6),
                normal("d_theta", 0, 0.029),
            ],
        }
    )
    assert round(answer["u_c"]) == 34


def test_gum_h2_resistance_and_reactance_from_simultaneous_readings():
    """JCGM 100:2008, table H.4."""
    answer = evaluate_case(
        {
            "kind": "budget",
            "correlate_readings": True,
            "inputs": [
                {"name": "V", "dist": "readings",
                 "readings": [5.007, 4.994, 5.005, 4.990, 4.999]},
                {"name": "I", "dist": "readings",
                 "readings": [19.663e-3, 19.639e-3, 19.640e-3, 19.685e-3, 19.678e-3]},
                {"name": "phi", "dist": "readings",
                 "readings": [1.0456, 1.0438, 1.0468, 1.0428, 1.0433]},
            ],
            "model": {"R": "V/I*cos(phi)", "X": "V/I*sin(phi)", "Z": "V/I"},
        }
    )  # fmt: skip
    assert answer["y"]["R"] == pytest.approx(127.732, abs=5e-4)
    assert answer["y"]["X"] == pytest.approx(219.847, abs=5e-4)
    assert answer["y"]["Z"] == pytest.approx(254.260, abs=5e-4)
    assert answer["u_c"]["R"] == pytest.approx(0.071, abs=5e-4)
    # 0.2956 from the readings; the guide prints 0.295.
    assert answer["u_c"]["X"] == pytest.approx(0.295, abs=1e-3)
    assert answer["u_c"]["Z"] == pytest.approx(0.236, abs=5e-4)
    # Five simultaneous sets leave four degrees of freedom, as H.2.4 finds directly.
    assert answer["nu_eff"]["Z"] == pytest.approx(4)
    found = answer["output_correlations"]
    assert found["R,X"] == pytest.approx(-0.588, abs=1e-3)
    assert found["R,Z"] == pytest.approx(-0.485, abs=1e-3)
    assert found["X,Z"] == pytest.approx(0.993, abs=1e-3)


def test_gum_h3_calibration_line_of_a_thermometer():
    """JCGM 100:2008, H.3.3 and H.3.4."""
    temperatures = [21.521, 22.012, 22.512, 23.003, 23.507, 23.999, 24.513, 25.002, 25.503,
                    26.010, 26.511]  # fmt: skip
    corrections = [-0.171, -0.169, -0.166, -0.159, -0.164, -0.165, -0.156, -0.157, -0.159,
                   -0.161, -0.160]  # fmt: skip
    line = fit_line(temperatures, corrections, 20.0)
    assert line.intercept == pytest.approx(-0.1712, abs=5e-5)
    assert line.u_intercept == pytest.approx(0.0029, abs=5e-5)
    assert line.slope == pytest.approx(0.00218, abs=5e-6)
    assert line.u_slope == pytest.approx(0.00067, abs=5e-6)
    assert line.correlation == pytest.approx(-0.930, abs=5e-4)
    assert line.scatter == pytest.approx(0.0035, abs=5e-5)
    assert line.at(30.0) == pytest.approx(-0.1494, abs=5e-5)
    assert line.u_at(30.0) == pytest.approx(0.0041, abs=5e-5)


def test_gum_h5_zener_reference_on_ten_days():
    """JCGM 100:2008, H.5.2: F = 2.25 above F95(9, 40) = 2.12; s_B = 43 uV; u = 18 uV."""
    means = [172, 116, 13, 144, 106, 31, 60, 125, 163, 41]
    deviations = [60, 77, 111, 101, 67, 93, 80, 73, 88, 86]
    result = analyse_variance(means, deviations, 5)
    assert round(result.mean) == 97
    assert round(result.s_means) == 57
    assert result.ratio == pytest.approx(2.25, abs=0.02)
    assert result.critical_ratio == pytest.approx(2.12, abs=0.005)
    assert result.significant
    assert round(result.s_between) == 43
    assert round(result.u_mean) == 18


def test_ea_4_02_s9_handheld_multimeter_at_100_volt():
    """EA-4/02, S9: one rectangle dominates, k = 1.65, U = 0.05 V."""
    combined = combined_standard_uncertainty(
        [Contribution(0.05 / 3**0.5), Contribution(0.001), Contribution(0.011 / 3**0.5)]
    )
    k = coverage_factor(Coverage(Method.RECTANGULAR, 0.95))
    assert combined == pytest.approx(0.030, abs=5e-4)
    assert (round(k, 2), round(k * combined, 2)) == (1.65, 0.05)


def test_ea_4_02_s10_vernier_caliper():
    """EA-4/02, S10: two rectangles of 25 um and 50 um, beta = 0.33, k = 1.83, U = 0.06 mm."""
    coverage = Coverage(Method.TRAPEZOIDAL, 0.95, half_widths=(25.0, 50.0))
    k = coverage_factor(coverage)
    combined = combined_standard_uncertainty(
        [Contribution(50 / 3**0.5), Contribution(25 / 3**0.5), Contribution(1.7)]
    )
    assert round(k, 2) == 1.83
    assert round(combined) in (32, 33)
    assert round(k * combined / 1000, 2) == 0.06


@pytest.mark.parametrize(
    ("degrees", "at_9545", "at_95"),
    [
        (1, 13.968, 12.706),
        (2, 4.527, 4.303),
        (3, 3.307, 3.182),
        (4, 2.869, 2.776),
        (5, 2.649, 2.571),
        (8, 2.366, 2.306),
        (10, 2.284, 2.228),
        (20, 2.133, 2.086),
        (50, 2.051, 2.009),
    ],
)
def test_students_factors_are_those_of_the_tables(degrees, at_9545, at_95):
    """JCGM 100:2008, table G.2."""
    assert round(coverage_factor(Coverage(Method.T, 0.9545), degrees), 3) == at_9545
    assert round(coverage_factor(Coverage(Method.T, 0.95), degrees), 3) == at_95
