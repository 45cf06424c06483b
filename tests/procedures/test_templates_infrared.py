"""The template for infrared thermometers: a black body, its emissivity and its size."""

import pytest

from tests.procedures.template_peers import Known, Peer, certificate, mean_of, rectangle
from tests.procedures.template_runs import evaluated, inputs_turned, parameter, row_of

INFRARED = "temperature-infrared"
READ = {
    50: ([50.02, 50.03, 50.01, 50.02, 50.02], [50.4, 50.5, 50.4, 50.4, 50.5]),
    300: ([300.11, 300.14, 300.10, 300.12, 300.13], [302.1, 302.4, 302.2, 302.3, 302.2]),
}
SOURCE = {50: (0.10002, 0.3, 0.1), 300: (0.45018, 0.8, 0.3)}


def source_peer(nominal):
    """Return the budget of one temperature of the source in kelvin."""
    true, read = READ[nominal]
    correction, expanded, drift = SOURCE[nominal]
    e = mean_of([i - t for t, i in zip(true, read, strict=True)])
    step = rectangle(0.05)
    e, step = (e, rectangle(0)) if e.uncertainty > step.uncertainty else (Known(e.value), step)
    wien = 10.5 * (nominal + 273.15) ** 2 / 14388

    def error(e, step, own, size, **named):
        return e + step + size - own - sum(named.values())

    return Peer(
        error,
        {
            "e": e,
            "step": step,
            "own": certificate(expanded, value=correction),
            "size": rectangle(0.002 * abs(nominal - 23)),
            "ambient": rectangle(0.1),
            "drift": rectangle(drift),
            "emissivity": rectangle(wien * 0.003 / 0.995),
            "area": rectangle(0.1),
            "time": rectangle(0.05),
            "room": rectangle(0.02),
        },
    )


@pytest.mark.parametrize("nominal", READ)
def test_gtc_and_trials_give_the_same_budget(nominal):
    found, peer = evaluated(INFRARED)[f"{nominal}-c"], source_peer(nominal)
    value, u, _ = peer.by_gtc()
    assert found.error_of_indication == pytest.approx(value, abs=1e-8)
    assert found.combined_standard_uncertainty == pytest.approx(u, rel=1e-8)
    mean, half = peer.by_trials()
    assert found.error_of_indication == pytest.approx(mean, abs=0.01 * half)
    assert found.expanded_uncertainty == pytest.approx(half, rel=0.06)


def test_the_order_of_the_input_quantities_leaves_the_result():
    one, other = (evaluated(INFRARED, design=each)["300-c"] for each in (None, inputs_turned))
    assert one.expanded_uncertainty == pytest.approx(other.expanded_uncertainty, rel=1e-13)


def test_emissivity_matters_more_at_longer_waves():
    short = evaluated(INFRARED, example=parameter(wavelength="1"))["300-c"]
    long = evaluated(INFRARED)["300-c"]
    ratio = row_of(long, "Emissivity").contribution / row_of(short, "Emissivity").contribution
    assert ratio == pytest.approx(10.5)


def test_a_source_at_the_temperature_of_the_room_has_no_effect_of_its_size():
    def level(example):
        example["environment"]["temperature"] = ["50", "50"]

    found = evaluated(INFRARED, example=level)["50-c"]
    assert row_of(found, "Size of source").spread == 0
    assert any(each.startswith("Temperature outside") for each in found.warnings)


@pytest.mark.parametrize(("row", "limit"), [("50-c", "±1 K"), ("300-c", "±3 K")])
def test_the_limit_is_the_larger_of_a_share_and_one_kelvin(row, limit):
    assert evaluated(INFRARED)[row].limit_text == limit
