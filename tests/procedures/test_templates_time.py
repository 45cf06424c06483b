"""Templates for time, frequency and rotation: stopwatches, counters, tachometers."""

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

WATCH, TACHOMETER, COUNTER = "time-stopwatch", "rotation-tachometer", "frequency-counter"
STARTED = [60.031, 60.154, 59.982, 60.077, 60.120]
SHOWN = [60.11, 60.13, 60.06, 60.04, 60.19]


def interval(seconds, **changes):
    return evaluated(WATCH, **changes)[f"interval-{seconds}-s"]


def speed(number, **changes):
    return evaluated(TACHOMETER, **changes)[f"{number}-min1"]


def offset(hertz, **changes):
    return evaluated(COUNTER, **changes)[f"offset-{hertz}-hz"]


def watched(d, step, bias, reference, drift, reference_step):  # noqa: PLR0917
    return d + step + bias - reference - drift - reference_step


def turned(n, step, slip, frequency, ageing, frequency_step):  # noqa: PLR0917
    return n + step + slip - 60 * (frequency + ageing + frequency_step)


PEERS = {
    "interval-60-s": Peer(watched, {
        "d": mean_of([shown - started for shown, started in zip(SHOWN, STARTED, strict=True)]),
        "step": rectangle(0.005), "bias": rectangle(0.03), "reference": certificate(0.002),
        "drift": rectangle(0.001), "reference_step": rectangle(0.0005),
    }),
    "interval-900-s": Peer(watched, {
        "d": Known(900.26 - 900.214, 0.07 * 2**0.5), "step": rectangle(0.005),
        "bias": rectangle(0.03), "drift": rectangle(0.01), "reference_step": rectangle(0.0005),
        # Between 100 s without and 10 000 s with 0.004 s of correction.
        "reference": certificate(0.01, value=0.004 * 800 / 9900),
    }),
    "rate-0-s-d": Peer(lambda r, step, analyser, drift: r + step - analyser - drift, {
        "r": mean_of([0.31, 0.29, 0.30, 0.32, 0.30, 0.28, 0.31, 0.30, 0.29, 0.31]),
        "step": rectangle(0.005), "analyser": certificate(0.02), "drift": rectangle(0.01),
    }),
    "offset-1000000-hz": Peer(
        lambda y, step, gate, trigger, standard, ageing, room: (
            y + step + gate - standard - ageing + 1e6 * trigger / 10 + room
        ),
        {
            # One part in a million of 1 MHz is 1 Hz.
            "y": mean_of([0.152, 0.151, 0.153, 0.152, 0.150]), "step": rectangle(0.0005),
            "gate": rectangle(1e-8 * 1e6 / 10), "trigger": Known(0.0, 2**0.5 * 1e-9),
            # Between 1 kHz without and 10 MHz with 0.00005 Hz of correction.
            "standard": certificate(0.0001, value=0.00005 * (1e6 - 1e3) / (1e7 - 1e3)),
            "ageing": rectangle(0.0001), "room": rectangle(0.01),
        },
    ),
    "30000-min1": Peer(turned, {
        "n": mean_of([30002, 30003, 30002, 30002, 30001]), "step": Known(0.0),
        "slip": Known(0.0), "ageing": rectangle(0.0001), "frequency_step": rectangle(0.00005),
        # Between 100 Hz with 0.000005 Hz and 1000 Hz with 0.00005 Hz of correction.
        "frequency": certificate(0.0002, value=500.000025),
    }),
}  # fmt: skip


@pytest.mark.parametrize("key", PEERS)
def test_gtc_and_trials_find_the_same_error_and_uncertainty(key):
    (found,) = [
        results[key] for results in map(evaluated, (WATCH, COUNTER, TACHOMETER)) if key in results
    ]
    value, uncertainty, freedom = PEERS[key].by_gtc()
    assert found.error_of_indication == pytest.approx(value, abs=1e-7)
    assert found.combined_standard_uncertainty == pytest.approx(uncertainty, rel=1e-6)
    assert found.degrees_of_freedom == pytest.approx(freedom, rel=1e-5)
    mean, scatter = PEERS[key].scatter_of_trials()
    assert mean == pytest.approx(value, abs=0.01 * uncertainty)
    assert scatter == pytest.approx(uncertainty, rel=0.01)


@pytest.mark.parametrize("key", [WATCH, COUNTER, TACHOMETER])
def test_the_order_of_the_input_quantities_leaves_the_result(key):
    plain, other = evaluated(key), evaluated(key, design=inputs_turned)
    results = [(one, other[row]) for row, one in plain.items() if one.rows]
    assert len(results) >= 2
    for one, again in results:
        assert one.error_of_indication == again.error_of_indication
        assert one.expanded_uncertainty == pytest.approx(again.expanded_uncertainty, rel=1e-14)


def test_a_single_run_has_the_published_scatter_of_two_presses():
    found = interval(900)
    presses = row_of(found, "Repeatability with the operator's reaction")
    assert round(presses.contribution, 2) == 0.10
    assert found.degrees_of_freedom == float("inf")
    example = read_template(data_of(WATCH), WATCH).example
    assert (example.confidence, "0.10 s" in example.notes) == ("computed", True)


def test_several_runs_have_their_own_scatter():
    presses = row_of(interval(60), "Repeatability with the operator's reaction")
    assert presses.degrees_of_freedom == 4
    assert presses.spread == pytest.approx(0.0584354, rel=1e-5)


def test_the_limit_of_a_watch_is_a_share_of_the_interval_and_a_constant():
    assert interval(900).limit_trace == (
        "0.3 s + 0.02 % of 900 s = ±0.48 s (the maker's specification)"
    )
    loose = interval(900, example=parameter(limit_percent="0.1"))
    assert loose.upper_limit == pytest.approx(1.2)


def test_a_rectangle_that_dominates_gives_the_factor_of_ea_4_02():
    found = speed(600)
    assert round(found.coverage_factor, 2) == 1.65
    assert "Resolution dominates: k of a rectangular shape." in told_by(found)


def test_where_the_readings_scatter_more_than_the_step_they_count_and_not_the_step():
    found = speed(30000)
    assert {row.title for row in found.rows if row.contribution} == {
        "Repeatability", "Frequency", "Frequency: ageing", "Resolution of the frequency",
    }  # fmt: skip
    # t for 95 % and four degrees of freedom.
    assert found.coverage_factor == pytest.approx(2.776, abs=5e-4)


def test_a_disc_with_marks_turns_more_slowly_at_the_same_frequency():
    found = speed(600, example=parameter(marks="4"))
    assert found.reference_value == pytest.approx(150)
    assert speed(
        600, example=lambda example: (parameter(marks="4")(example),
                                      reading(_600_min1_f="40.0000")(example))
    ).error_of_indication == pytest.approx(0, abs=2e-4)  # fmt: skip


def test_slip_of_a_contact_tachometer_grows_with_the_speed():
    rows = [row_of(speed(n, example=parameter(slip_percent="0.02")), "Slip") for n in (600, 3000)]
    assert [row.spread for row in rows] == pytest.approx([0.12, 0.6])


def test_a_longer_gate_counts_more_finely():
    long = offset(10000000, example=parameter(gate="100"))
    short = offset(10000000, example=parameter(gate="1"))
    rows = [row_of(found, "Count of the gate").contribution for found in (short, long)]
    assert rows[0] == pytest.approx(100 * rows[1])
    assert long.error_of_indication == short.error_of_indication


def test_ageing_is_the_slope_of_the_line_through_a_day():
    # By hand: sum of time by frequency, both about their means, 0.678 over 360 h².
    assert f"Ageing in a day: {24 * 0.678 / 360 / 10:.3g} ppm" in told_by(offset(10000000))
    worse = reading(ageing_0_h="10000001.100")
    assert any(
        each.startswith("Ageing in a day: 0.03") and "does not hold" in each
        for each in offset(10000000, example=worse).warnings
    )


def test_a_counter_whose_ageing_is_not_watched_is_stated_without_it():
    def unwatched(example):
        example["readings"] = {
            key: text for key, text in example["readings"].items() if key.startswith("offset")
        }

    found = offset(1000000, example=unwatched)
    assert found.uncertainty_text == offset(1000000).uncertainty_text
    assert "Ageing in a day: 0 ppm" in told_by(found)
