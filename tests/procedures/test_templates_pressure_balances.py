"""The template for pressure balances: effective area by cross-floating."""

from math import exp

import pytest

from tests.procedures.template_peers import Peer, certificate, mean_of, rectangle
from tests.procedures.template_runs import (
    evaluated,
    inputs_turned,
    parameter,
    reading,
    row_of,
    told_by,
)

BALANCES = "pressure-balances"
GRAVITY = 9.81236
READ = {
    1: ("1.019376 1.019380 1.019374", "20.32"),
    3: ("3.058155 3.058163 3.058158", "20.35"),
    5: ("5.096980 5.096992 5.096985", "20.41"),
}
CERTIFICATE = {
    1: (0.00002, 0.00004, 0.00001),
    3: (0.00005, 0.0001, 0.00003),
    5: (0.00008, 0.00016, 0.00005),
}


def balance_peer(nominal):
    """Return the budget of the effective area at one pressure in square millimetres."""
    masses, warm = READ[nominal]
    correction, expanded, drift = CERTIFICATE[nominal]
    air = (0.34848 * 998 - 0.009 * 45 * exp(0.061 * 20.2)) / (273.15 + 20.2)
    per_metre = (912 - 1.2) * GRAVITY * 1e-6

    def area(m, noticed, share, g, air, steel, tilt, own, drift, head, alpha, t):  # noqa: PLR0917
        force = (m + noticed) * share * g * (1 - air / steel) * (1 - tilt)
        return force / ((own + drift + head) * (1 + alpha * (t - 20))) - 10

    return Peer(
        area,
        {
            "m": mean_of([float(each) for each in masses.split()]),
            "noticed": rectangle(1e-5),
            "share": certificate(5e-6, value=1),
            "g": certificate(2e-5, value=GRAVITY),
            "air": rectangle(0.01, value=air),
            "steel": rectangle(80, value=7920),
            "tilt": rectangle(2e-7),
            "own": certificate(expanded, value=nominal + correction),
            "drift": rectangle(drift),
            "head": rectangle(per_metre * 0.001, value=-per_metre * 0.012),
            "alpha": rectangle(1e-6, value=2.2e-5),
            "t": rectangle(0.1, value=float(warm)),
        },
    )


@pytest.mark.parametrize("nominal", READ)
def test_gtc_and_trials_give_the_same_budget_at_each_pressure(nominal):
    found, peer = evaluated(BALANCES)[f"{nominal}-mpa"], balance_peer(nominal)
    value, u, _ = peer.by_gtc()
    assert found.error_of_indication == pytest.approx(value, abs=1e-10)
    assert found.combined_standard_uncertainty == pytest.approx(u, rel=1e-7)
    mean, half = peer.by_trials()
    assert found.error_of_indication == pytest.approx(mean, abs=0.01 * half)
    assert found.expanded_uncertainty == pytest.approx(half, rel=0.06)


def test_the_order_of_the_input_quantities_leaves_the_result():
    one, other = (evaluated(BALANCES, design=each)["3-mpa"] for each in (None, inputs_turned))
    assert one.error_of_indication == other.error_of_indication
    assert one.expanded_uncertainty == pytest.approx(other.expanded_uncertainty, rel=1e-12)


def test_more_mass_for_the_same_pressure_is_a_larger_area():
    heavier = reading(_3_mpa="3.058461 3.058469 3.058464")
    one = evaluated(BALANCES)["3-mpa"].error_of_indication
    other = evaluated(BALANCES, example=heavier)["3-mpa"].error_of_indication
    # 0.306 g on 3.058 kg are 100 ppm of 10 mm².
    assert other - one == pytest.approx(0.0010, rel=2e-3)


def test_a_warm_piston_has_a_larger_area_that_is_brought_back_to_20_degrees():
    warm = reading(_3_mpa_t="30.35")
    one = evaluated(BALANCES)["3-mpa"].error_of_indication
    other = evaluated(BALANCES, example=warm)["3-mpa"].error_of_indication
    assert other - one == pytest.approx(-10 * 2.2e-5 * 10, rel=2e-3)


def test_the_area_without_pressure_is_told_and_not_judged():
    told = told_by(evaluated(BALANCES)["3-mpa"])
    assert "Area without pressure, off nominal: " in told
    assert "Change with pressure: " in told
    assert "ppm/MPa, : " not in told


def test_the_air_is_weighed_by_the_climate_of_the_room():
    row = row_of(evaluated(BALANCES)["3-mpa"], "Air density")
    assert row.sensitivity_coefficient == pytest.approx(-10 / 7920, rel=1e-3)


def test_the_limit_is_a_share_of_the_nominal_area():
    found = evaluated(BALANCES, example=parameter(limit_ppm="200"))["5-mpa"]
    assert found.limit_text == "±0.002 mm²"
