"""Templates for thermometers in use: indicators, loggers, chambers, liquid in glass."""

import pytest

from tests.procedures.template_peers import Known, Peer, certificate, mean_of, rectangle
from tests.procedures.template_runs import (
    evaluated,
    inputs_turned,
    parameter,
    reading,
    result_of,
    row_of,
    told_by,
)

INDICATORS = "temperature-indicators"
LOGGERS = "temperature-loggers"
CHAMBERS = "temperature-chambers"
GLASS = "temperature-liquid-in-glass"
SIMULATED = {
    0: ([0.02, 0.03, 0.02], 100.0, 0.3908, 0.002, 0.004),
    100: ([100.06, 100.06, 100.07], 138.506, 0.3793, 0.00238506, 0.006),
}
LOGGED = {
    -25: (
        [-25.012, -25.008, -25.015, -25.010, -25.005],
        [-24.8, -24.8, -24.9, -24.8, -24.8],
        (0.009002, 0.03),
    ),
    5: ([5.004, 5.006, 5.001, 5.003, 5.006], [5.1, 5.2, 5.1, 5.1, 5.1], (0.0029992, 0.02)),
}
PLACES = {
    "centre": "252.28 252.16 252.27 252.17 252.27 252.17",
    "1": "253.08 252.96 253.07 252.97 253.07 252.97",
    "2": "251.60 252.80 252.20 252.20 252.20 252.20",
    "3": "251.72 251.80 251.75 251.78 251.74 251.81",
    "4": "252.42 252.40 252.44 252.41 252.43 252.42",
    "5": "252.62 252.58 252.64 252.61 252.60 252.61",
    "6": "251.95 251.94 251.97 251.96 251.93 251.95",
    "7": "252.15 252.14 252.18 252.15 252.13 252.15",
    "8": "252.05 252.03 252.07 252.04 252.06 252.05",
}
CHAMBER = "250.8 250.0 250.7 250.1 250.4 250.4"


def indicator_peer(nominal):
    """Return the budget of one simulated temperature in kelvin."""
    readings, ohms, slope, correction, expanded = SIMULATED[nominal]

    def error(off, step, own, drift, since, leads, table):  # noqa: PLR0917
        return off + step - (own + drift + since + leads) / slope - table

    # The scatter of the reading is above its step, which then does not count.
    off = mean_of([each - nominal for each in readings])
    step = rectangle(0.005)
    kept = (off, rectangle(0)) if off.uncertainty > step.uncertainty else (Known(off.value), step)
    return Peer(
        error,
        {
            "off": kept[0],
            "step": kept[1],
            "own": certificate(expanded, value=correction),
            "drift": rectangle(0.001),
            "since": rectangle(50e-6 * ohms + 0.01),
            "leads": rectangle(0.005),
            "table": rectangle(0.002),
        },
    )


def logger_peer(nominal):
    """Return the budget of one temperature of the logger in kelvin."""
    reference, logged, (correction, expanded) = LOGGED[nominal]

    def error(e, step, heat, own, drift, step_s, places, time):  # noqa: PLR0917
        return e + step + heat - own - drift - step_s - places - time

    return Peer(
        error,
        {
            "e": mean_of([i - t for t, i in zip(reference, logged, strict=True)]),
            "step": rectangle(0.05),
            "heat": rectangle(0.02),
            "own": certificate(expanded, value=correction),
            "drift": rectangle(0.01),
            "step_s": rectangle(0.0005),
            "places": rectangle(0.05),
            "time": rectangle(0.03),
        },
    )


def chamber_peer():
    """Return the budget of the chamber's indicator in kelvin."""
    read = {key: [float(one) for one in text.split()] for key, text in PLACES.items()}
    means = {key: sum(values) / len(values) for key, values in read.items()}
    homogeneity = max(abs(mean - means["centre"]) for mean in means.values())
    swing = max(max(values) - min(values) for values in read.values())

    def error(shown, step, centre, *rest, **named):
        return shown + step - centre - sum(named.values())

    return Peer(
        error,
        {
            "shown": mean_of([float(one) for one in CHAMBER.split()]),
            "step": rectangle(0.05),
            "centre": mean_of(read["centre"]),
            "own": certificate(0.05),
            "drift": rectangle(0.05),
            "step_s": rectangle(0.005),
            "heat": rectangle(0.05),
            "places": rectangle(homogeneity),
            "time": rectangle(swing / 2),
            "rays": rectangle(1.0),
            "load": rectangle(0.16),
        },
    )


def mercury_peer():
    """Return the budget of the mercury thermometer at 80 °C in kelvin."""
    reference, read = [80.012, 80.015, 80.011, 80.014], [79.90, 79.92, 79.90, 79.92]
    bath = sum(reference) / 4
    e = mean_of([i - t for t, i in zip(reference, read, strict=True)])
    step = rectangle(0.01)
    kept = (e, rectangle(0)) if e.uncertainty > step.uncertainty else (Known(e.value), step)

    def error(e, step, out, thread, own, drift, step_s, places, time, ice):  # noqa: PLR0917
        stem = 0.00016 * out * (bath - thread)
        return e + stem + step + ice - own - drift - places - time - step_s

    return Peer(
        error,
        {
            "e": kept[0],
            "step": kept[1],
            "out": rectangle(2, value=35),
            "thread": rectangle(3, value=38),
            "own": certificate(0.016, value=0.0052),
            "drift": rectangle(0.006),
            "step_s": rectangle(0.0005),
            "places": rectangle(0.01),
            "time": rectangle(0.005),
            "ice": rectangle(0.01),
        },
    )


CASES = {
    (INDICATORS, "temperature-0-c"): indicator_peer(0),
    (INDICATORS, "temperature-100-c"): indicator_peer(100),
    (LOGGERS, "minus-25-c"): logger_peer(-25),
    (LOGGERS, "5-c"): logger_peer(5),
    (CHAMBERS, "indicator-250-c"): chamber_peer(),
    (GLASS, "bath-80-c"): mercury_peer(),
}


@pytest.mark.parametrize(("key", "row"), CASES)
def test_gtc_and_trials_give_the_same_budget(key, row):
    found, peer = evaluated(key)[row], CASES[key, row]
    value, u, _ = peer.by_gtc()
    assert found.error_of_indication == pytest.approx(value, abs=1e-8)
    assert found.combined_standard_uncertainty == pytest.approx(u, rel=1e-7)
    mean, half = peer.by_trials()
    assert found.error_of_indication == pytest.approx(mean, abs=0.01 * half)
    assert found.expanded_uncertainty == pytest.approx(half, rel=0.06)


@pytest.mark.parametrize(("key", "row"), CASES)
def test_the_order_of_the_input_quantities_leaves_the_result(key, row):
    one, other = evaluated(key)[row], evaluated(key, design=inputs_turned)[row]
    assert one.error_of_indication == other.error_of_indication
    assert one.expanded_uncertainty == pytest.approx(other.expanded_uncertainty, rel=1e-13)


def test_millivolts_are_simulated_as_well_as_ohms():
    def couple(example):
        example["parameters"] |= {
            "points": [{"temperature": "100", "signal": "4.096", "slope": "0.0414"}],
            "signal_function": "DC voltage",
            "signal_unit": "mV",
            "calibrator_floor": "0.002",
            "lead_limit": "0",
            "junction_limit": "0.2",
        }
        (known, _) = example["standards"][0]["points"]
        volts = {"function": "DC voltage", "unit": "mV", "uncertainty_unit": "mV"}
        example["standards"][0]["points"] = [
            {**known, **volts, "nominal": n, "correction": 0.001} for n in (0, 10)
        ]

    found = evaluated(INDICATORS, example=couple)["temperature-100-c"]
    assert found.complete
    assert found.error_of_indication == pytest.approx(0.19 / 3 - 0.001 / 0.0414)
    assert row_of(found, "Reference junction").contribution == pytest.approx(0.2 / 3**0.5)


def test_a_bath_that_swings_while_a_logger_is_read_is_told():
    assert "Swing of the reference while reading: 0.005 K" in told_by(evaluated(LOGGERS)["5-c"])
    swinging = reading(_5_c_t="5.000 5.090 5.000 5.020 5.030")
    found = evaluated(LOGGERS, example=swinging)["5-c"]
    assert any(each.startswith("Swing of the reference") for each in found.warnings)


def test_the_corrected_reference_stands_beside_a_logger():
    found = evaluated(LOGGERS)["5-c"]
    assert found.reference_value == pytest.approx(5.004 + 0.0029992)
    assert found.limit_text == "±1 K"


def test_the_farthest_place_of_a_chamber_counts_for_all_of_it():
    nearer = reading(places_1=PLACES["centre"])
    one, other = result_of(CHAMBERS), result_of(CHAMBERS, example=nearer)
    assert row_of(one, "Homogeneity").spread > row_of(other, "Homogeneity").spread
    found = result_of(CHAMBERS, example=parameter(homogeneity_wanted="0.2"))
    assert any(each.startswith("Homogeneity") for each in found.warnings)


def test_the_chamber_at_250_degrees_has_the_published_budget():
    found = result_of(CHAMBERS)
    published = {
        "Centre": 24,
        "Thermometers": 25,
        "Thermometers: drift": 29,
        "Resolution of the thermometers": 3,
        "Self-heating": 29,
        "Homogeneity": 462,
        "Stability": 346,
        "Radiation": 577,
        "Loading": 92,
        "Resolution of the chamber": 29,
    }
    for title, millikelvins in published.items():
        assert row_of(found, title).contribution * 1000 == pytest.approx(millikelvins, abs=0.5)
    assert found.mean == pytest.approx(250.4)


def test_a_chamber_without_a_reading_at_its_centre_waits():
    def unread(example):
        del example["readings"]["places-centre"]

    assert evaluated(CHAMBERS, example=unread)["indicator-250-c"].uncertainty_text == ""


def test_the_thread_that_is_colder_than_the_bath_makes_a_thermometer_read_low():
    # 35 degrees at 38 °C in a bath of 80.013 °C: 0.00016·35·42.013 K = 0.235 K.
    outside = result_of(GLASS).error_of_indication
    inside = result_of(GLASS, example=reading(bath_80_c_n_out="0")).error_of_indication
    assert outside - inside == pytest.approx(0.00016 * 35 * (80.013 - 38))


def test_a_change_of_the_ice_point_stands_in_every_budget():
    changed = reading(ice_begin="0.10")
    row = row_of(result_of(GLASS, example=changed), "Change of the ice point")
    assert row.spread == pytest.approx(0.04)
