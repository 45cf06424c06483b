"""Published worked examples that need Monte Carlo or second order: JCGM 101, EA-4/02, JCGM 106.

What is printed is compared to its last digit; what is drawn, to what a million trials can tell.
"""

import pytest

from calibra_app.metrology.cases import evaluate_case

ROOT3 = 3**0.5
P95 = {"method": "normal", "p": 0.95}


def normal(name, value, u):
    return {"name": name, "value": value, "dist": "normal", "u": u}


def rectangle(name, half_width, value=0.0):
    return {"name": name, "value": value, "dist": "rectangular", "a": half_width}


def constant(name, value):
    return {"name": name, "value": value, "dist": "constant"}


def linear(model, inputs, **others):
    case = {"kind": "budget", "model": model, "inputs": inputs, "coverage": P95}
    return evaluate_case(case | others)


def drawn(model, inputs, **others):
    case = {"kind": "monte_carlo", "model": model, "inputs": inputs, "trials": 1_000_000}
    return evaluate_case(case | {"coverage": {"p": 0.95}} | others)


def validated(answer, simulated, digits):
    ends = [answer["y"] - answer["U"], answer["y"] + answer["U"]]
    asked = {"u": answer["u_c"], "digits": digits, "guf": ends, "mc": simulated["symmetric"]}
    return evaluate_case({"kind": "guf_validation", "input": asked})


@pytest.mark.parametrize(
    ("half_widths", "u_c", "expanded", "end", "agrees"),
    [
        (None, 2.0, 3.92, 3.92, True),
        ((1, 1, 1, 1), 2.0, 3.92, 3.88, True),
        ((1, 1, 1, 10), 10.1, 19.9, 17.0, False),
    ],
)
def test_jcgm_101_9_2_four_quantities_are_added(half_widths, u_c, expanded, end, agrees):
    """JCGM 101:2008, tables 2 to 4; the last one is where the linear result is not validated."""
    inputs = [
        normal(f"x{index}", 0, 1) if half_widths is None
        else rectangle(f"x{index}", ROOT3 * half_widths[index])
        for index in range(4)
    ]  # fmt: skip
    one, other = linear("x0+x1+x2+x3", inputs), drawn("x0+x1+x2+x3", inputs)
    assert one["u_c"] == pytest.approx(u_c, abs=0.05)
    assert one["U"] == pytest.approx(expanded, abs=0.05)
    assert other["symmetric"] == pytest.approx([-end, end], abs=0.03)
    assert other["mean"] == pytest.approx(0, abs=0.05)
    assert other["std"] == pytest.approx(one["u_c"], rel=0.003)
    assert validated(one, other, 2)["validated"] is agrees


def test_jcgm_101_9_3_calibration_of_a_weight():
    """JCGM 101:2008, 9.3, in mg: 0.0539 to first order, 0.0750 to second, 0.0754 by trials."""
    inputs = [
        normal("m_R", 100_000.000, 0.050), normal("dm", 1.234, 0.020),
        rectangle("rho_a", 0.10, 1.20), rectangle("rho_W", 1000, 8000),
        rectangle("rho_R", 50, 8000), constant("m_nom", 100_000), constant("rho_0", 1.2),
    ]  # fmt: skip
    model = "(m_R + dm)*(1 + (rho_a - rho_0)*(1/rho_W - 1/rho_R)) - m_nom"
    first, second = linear(model, inputs), linear(model, inputs, second_order=True)
    trials = drawn(model, inputs)
    assert round(first["y"], 4) == 1.2340
    assert (round(first["u_c"], 4), round(second["u_c"], 4)) == (0.0539, 0.0750)
    assert [round(first["y"] + sign * first["U"], 4) for sign in (-1, 1)] == [1.1285, 1.3395]
    assert trials["mean"] == pytest.approx(1.2341, abs=0.0004)
    assert trials["std"] == pytest.approx(0.0754, abs=0.0003)
    low, high = trials["shortest"]
    assert high - low == pytest.approx(1.3825 - 1.0834, abs=0.002)
    assert "rho_W" in first["warning"]
    assert validated(first, trials, 1)["validated"] is False


@pytest.mark.parametrize(
    ("x1", "r", "by_gum", "by_trials"),
    [
        (0.000, 0.0, (0, 50), (50, 50, 150)),
        (0.010, 0.0, (100, 112), (150, 112, 367)),
        (0.050, 0.0, (500, 502), (2551, 502, 3543 - 1590)),
        (0.000, 0.9, (0, None), (50, 67, 185)),
        (0.010, 0.9, (100, None), (150, 121, 398 - 13)),
        (0.050, 0.9, (500, None), (2551, 505, 3555 - 1628)),
    ],
)
def test_jcgm_101_9_4_comparison_loss(x1, r, by_gum, by_trials):
    """JCGM 101:2008, tables 6 to 8, in units of 10⁻⁶: y = X1² + X2² near zero."""
    inputs, model = [normal("X1", x1, 0.005), normal("X2", 0, 0.005)], "X1**2 + X2**2"
    rows = [["X1", "X2", r]] if r else []
    (first, second), (mean, std, length) = by_gum, by_trials
    answer = linear(model, inputs, correlations=rows)
    assert 1e6 * answer["u_c"] == pytest.approx(first, abs=1e-9)
    if second is not None:
        raised = linear(model, inputs, second_order=True)
        assert round(1e6 * raised["u_c"]) == second
    trials = drawn(model, inputs, correlations=rows)
    assert 1e6 * trials["mean"] == pytest.approx(mean, abs=1.5)
    assert 1e6 * trials["std"] == pytest.approx(std, abs=1)
    low, high = trials["shortest"]
    assert 1e6 * (high - low) == pytest.approx(length, rel=0.01)


def test_ea_4_02_s2_weight_of_ten_kilogram():
    """EA-4/02, S2: 10.000 025 kg ± 59 mg with a pooled s of 25 mg from earlier series."""
    readings = {"dist": "readings", "readings": [0.010, 0.030, 0.020], "pooled_s": 0.025}
    inputs = [
        normal("m_S", 10_000.005, 0.0225), rectangle("d_D", 0.015), {"name": "d_m"} | readings,
        rectangle("d_C", 0.010), rectangle("d_B", 0.010),
    ]  # fmt: skip
    answer = linear("m_S+d_D+d_m+d_C+d_B", inputs, coverage={"method": "fixed", "k": 2})
    assert answer["y"] == pytest.approx(10_000.025, abs=1e-9)
    assert round(1e3 * answer["u_c"], 1) == 29.3
    assert round(1e3 * answer["U"]) == 59


def test_ea_4_02_s3_standard_resistor_of_ten_kiloohm():
    """EA-4/02, S3: (10 000.178 ± 0.017) ohm."""
    ratios = [1.0000104, 1.0000107, 1.0000106, 1.0000103, 1.0000105]
    inputs = [
        normal("R_S", 10_000.053, 0.0025), rectangle("d_D", 0.010, 0.020),
        rectangle("d_TS", 0.00275), rectangle("d_TX", 0.0055),
        {"name": "r_C", "value": 1, "dist": "triangular", "a": 1e-6},
        {"name": "r", "dist": "readings", "readings": ratios},
    ]  # fmt: skip
    model = "(R_S + d_D + d_TS)*r_C*r - d_TX"
    answer = linear(model, inputs, coverage={"method": "fixed", "k": 2})
    assert round(answer["y"], 3) == 10_000.178
    assert round(1e3 * answer["u_c"], 2) == 8.33
    assert round(answer["U"], 3) == 0.017


def test_ea_4_02_s4_gauge_block_needs_the_term_of_second_order():
    """EA-4/02, S4: 49.999 926 mm ± 73 nm; the product of two zero-valued inputs brings 11.8 nm."""
    readings = {"dist": "readings", "readings": [-100, -90, -80, -90, -110], "pooled_s": 12}
    inputs = [
        normal("l_S", 50_000_020, 15), rectangle("d_D", 30), {"name": "d"} | readings,
        rectangle("d_C", 32), constant("L", 50e6), constant("alpha", 11.5e-6),
        rectangle("dt", 0.05), {"name": "da", "value": 0, "dist": "triangular", "a": 2e-6},
        rectangle("Dt", 0.5), rectangle("d_V", 6.7),
    ]  # fmt: skip
    model = "l_S + d_D + d + d_C - L*(alpha*dt + da*Dt) - d_V"
    k2 = {"method": "fixed", "k": 2}
    first = linear(model, inputs, coverage=k2)
    second = linear(model, inputs, coverage=k2, second_order=True)
    assert first["y"] == pytest.approx(49_999_926)
    assert first["warning"].startswith("nothing of da, Dt at first order")
    assert (round(second["u_c"], 1), round(second["U"])) == (36.4, 73)
    assert (second["u_c"] ** 2 - first["u_c"] ** 2) ** 0.5 == pytest.approx(11.8, abs=0.05)


def test_jcgm_106_8_3_3_a_speed_that_surely_exceeds_the_limit():
    """JCGM 106:2012, example in 8.3.3: above 100 km/h with 99.9 % at an indicated 107 km/h."""
    exceed = {"limit": 100, "p": 0.999, "u_rel": 0.02}
    answer = evaluate_case({"kind": "conformity", "input": {"exceed": exceed}})
    assert round(answer["threshold"]) == 107
