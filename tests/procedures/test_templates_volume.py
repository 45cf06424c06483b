"""Templates for volume: pipettes and glassware, from weighings by the densities of the day."""

from math import exp

import pytest

from calibra_app.procedures.templates import read_template
from tests.procedures.template_peers import Known, Peer, certificate, mean_of, rectangle
from tests.procedures.template_runs import (
    data_of,
    evaluated,
    inputs_turned,
    parameter,
    reading,
    row_of,
    told_by,
)

PIPETTE, GLASS = "volume-pipette", "volume-glassware"
FULL = [99.62, 99.71, 99.55, 99.68, 99.74, 99.60, 99.66, 99.58, 99.70, 99.64]


def pipette(**changes):
    return evaluated(PIPETTE, **changes)["volume-100-ul"]


def glass(**changes):
    return evaluated(GLASS, **changes)["100-ml"]


def water(t):
    """Return the density of water by Tanaka and others, g/mL."""
    return 0.99997495 * (1 - (t - 3.983035) ** 2 * (t + 301.797) / (522528.9 * (t + 69.34881)))


def volume(mass, t, rho_a, rho_b, gamma, rho_error):  # noqa: PLR0917
    return (
        mass / (water(t) + rho_error - rho_a) * (1 - rho_a / rho_b) * (1 - gamma * (t - 20))
    )  # fmt: skip


# 21.4 °C, 54 %RH, 1013.0 hPa by the approximation of OIML R 111, in g/mL.
AIR = (0.34848 * 1013 - 0.009 * 54 * exp(0.061 * 21.4)) / (273.15 + 21.4) / 1000
PEER = Peer(
    lambda m, e, zero, load, line, cal, drift, t, rho, a, b, gamma, process, hand: (
        volume(m + e + zero + load + line + cal + drift, t, a, b, gamma, rho)
        + process + hand - 100
    ),
    {
        "m": mean_of(FULL), "e": rectangle(0.0125, 0.025), "zero": rectangle(0.005),
        "load": rectangle(0.005), "line": rectangle(0.02), "cal": certificate(0.03),
        "drift": rectangle(0.02), "t": rectangle(0.2, 21.5), "rho": Known(0.0, 0.000005),
        "a": rectangle(0.000005, AIR), "b": rectangle(0.06, 8.0),
        "gamma": rectangle(0.000024, 0.00024), "process": Known(0.0, 0.07),
        "hand": rectangle(0.05),
    },
)  # fmt: skip


def test_gtc_and_trials_find_the_same_systematic_error_and_uncertainty():
    found = pipette()
    value, uncertainty, freedom = PEER.by_gtc()
    assert found.error_of_indication == pytest.approx(value, abs=1e-6)
    assert found.combined_standard_uncertainty == pytest.approx(uncertainty, rel=1e-6)
    assert found.degrees_of_freedom == pytest.approx(freedom, rel=1e-5)
    mean, scatter = PEER.scatter_of_trials()
    assert mean == pytest.approx(value, abs=0.01 * uncertainty)
    assert scatter == pytest.approx(uncertainty, rel=0.01)


@pytest.mark.parametrize("key", [PIPETTE, GLASS])
def test_the_order_of_the_input_quantities_leaves_the_result(key):
    plain, turned = evaluated(key), evaluated(key, design=inputs_turned)
    compared = [(one, turned[row]) for row, one in plain.items() if one.rows]
    assert compared
    for one, other in compared:
        assert one.error_of_indication == other.error_of_indication
        assert one.expanded_uncertainty == pytest.approx(other.expanded_uncertainty, rel=1e-14)


@pytest.mark.parametrize(("water_at", "printed"), [("20.0", 1.0029), ("21.5", 1.0032)])
def test_the_factor_from_mass_to_volume_is_the_one_printed_in_iso_8655(water_at, printed):
    def unexpanding(example):
        parameter(cubic_expansion="0")(example)
        reading(volume_100_ul_t_w=water_at, evaporation_0_ul="0 0 0 0")(example)
        example["environment"]["temperature"] = [water_at, water_at]

    found = pipette(example=unexpanding)
    factor = found.reference_value / (sum(FULL) / len(FULL))
    assert round(factor, 4) == printed


def test_a_warmer_plastic_holds_less_at_20_degrees():
    stiff = pipette(example=parameter(cubic_expansion="0")).reference_value
    assert pipette().reference_value == pytest.approx(stiff * (1 - 0.00024 * 1.5), rel=1e-9)


def test_what_evaporates_is_added_to_what_was_weighed():
    dry = pipette(example=reading(evaporation_0_ul="0 0 0 0"))
    assert pipette().reference_value - dry.reference_value == pytest.approx(
        0.025 * 1.0028, rel=1e-3
    )
    assert row_of(pipette(), "Evaporation").spread == pytest.approx(0.0125)


def test_without_blank_cycles_nothing_evaporates_and_the_sheet_says_no_more():
    def unmeasured(example):
        del example["readings"]["evaporation-0-ul"]

    found = pipette(example=unmeasured)
    assert found.uncertainty_text
    assert row_of(found, "Evaporation").spread == 0


@pytest.mark.parametrize(("limit", "says"), [("0.3", "holds"), ("0.06", "does not hold")])
def test_the_random_error_stands_beside_the_systematic_one(limit, says):
    found = pipette(example=parameter(random_error_limit=limit))
    assert f"Random error: 0.06124 µL, at most {limit}: {says}." in told_by(found)


@pytest.mark.parametrize(
    ("nominal", "limit"), [("10", 0.12), ("100", 0.8), ("150", 1.6), ("1000", 8)]
)
def test_the_limit_is_that_of_the_nominal_volume_at_every_volume(nominal, limit):
    found = pipette(example=parameter(v_max=nominal))
    assert found.upper_limit == pytest.approx(limit)
    assert "not checked against the source" in found.limit_trace


def test_the_published_flask_has_the_printed_contributions():
    found = glass()
    assert row_of(found, "Repeatability").contribution == pytest.approx(0.014, abs=5e-4)
    assert row_of(found, "Meniscus").contribution == pytest.approx(0.00866, abs=5e-6)
    weighings = [row_of(found, f"Balance, {which}").contribution for which in ("full", "empty")]
    assert sum(each**2 for each in weighings) ** 0.5 == pytest.approx(0.00127, rel=0.01)
    density = row_of(found, "Density of the weights")
    assert density.standard_uncertainty == pytest.approx(0.0346, abs=5e-5)
    expansion = row_of(found, "Cubic expansion")
    assert expansion.standard_uncertainty == pytest.approx(2.89e-7, abs=5e-10)
    assert found.degrees_of_freedom == pytest.approx(17.3, abs=0.1)


def test_glass_of_class_b_may_be_off_twice_as_far():
    assert glass().upper_limit == pytest.approx(0.1)
    assert glass(example=parameter(glass_class="B")).upper_limit == pytest.approx(0.2)


def test_the_published_source_is_named_with_what_was_not_at_hand():
    found = read_template(data_of(GLASS), GLASS)
    assert found.example.confidence == "published"
    assert "cg-19" in found.example.source
    assert "not at hand" in found.example.source
