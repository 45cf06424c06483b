"""The template for pH meters: the meter alone by voltage, and with its electrode in buffers."""

import pytest

from calibra_app.procedures.templates import read_template
from tests.procedures.template_peers import Peer, certificate, mean_of, rectangle
from tests.procedures.template_runs import (
    data_of,
    evaluated,
    inputs_turned,
    parameter,
    reading,
    row_of,
    told_by,
)

METER = "ph-meter"
# R·ln 10/F from the constants of the SI, in mV/K.
NERNST = 8.31446261815324 * 2.302585092994046 / 96485.33212331 * 1000


def at(key, **changes):
    return evaluated(METER, **changes)[key]


def buffered(nominal, kelvins):
    return lambda i, step, junction, warm, buffer, opened: (
        i + step + junction + (nominal - 7) * warm / kelvins - buffer - opened - 0.005 * warm
    )


PEERS = {
    "meter-4-ph": Peer(
        lambda i, step, voltage, drift, fine: (
            i + step - (7 - (voltage + drift + fine) / (NERNST * 298.15))
        ),
        {
            "i": mean_of([4.00, 4.00, 4.01]), "step": rectangle(0.005),
            # Between 0 mV with 0.01 mV and 200 mV with -0.01 mV of correction.
            "voltage": certificate(0.06, value=177.48 + 0.01 - 0.02 * 177.48 / 200),
            "drift": rectangle(0.03), "fine": rectangle(0.005),
        },
    ),
    "buffer-4p005-ph": Peer(buffered(4.005, 298.15), {
        "i": mean_of([4.01, 4.01, 4.00]), "step": rectangle(0.005),
        "junction": rectangle(0.01), "warm": rectangle(0.3),
        "buffer": certificate(0.010, value=4.005), "opened": rectangle(0.003),
    }),
    "buffer-9p180-ph": Peer(buffered(9.18, 298.25), {
        "i": mean_of([9.17, 9.16, 9.17]), "step": rectangle(0.005),
        "junction": rectangle(0.01), "warm": rectangle(0.3),
        "buffer": certificate(0.014, value=9.18), "opened": rectangle(0.005),
    }),
}  # fmt: skip


@pytest.mark.parametrize("key", PEERS)
def test_gtc_and_trials_find_the_same_error_and_uncertainty(key):
    found = at(key)
    value, uncertainty, freedom = PEERS[key].by_gtc()
    assert found.error_of_indication == pytest.approx(value, abs=1e-6)
    assert found.combined_standard_uncertainty == pytest.approx(uncertainty, rel=1e-6)
    assert found.degrees_of_freedom == pytest.approx(freedom, rel=1e-5)
    mean, scatter = PEERS[key].scatter_of_trials()
    assert mean == pytest.approx(value, abs=0.01 * uncertainty)
    assert scatter == pytest.approx(uncertainty, rel=0.01)


def test_the_order_of_the_input_quantities_leaves_the_result():
    plain, turned = evaluated(METER), evaluated(METER, design=inputs_turned)
    results = [(one, turned[key]) for key, one in plain.items() if one.rows]
    assert len(results) == 6
    for one, other in results:
        assert one.error_of_indication == other.error_of_indication
        assert one.expanded_uncertainty == pytest.approx(other.expanded_uncertainty, rel=1e-14)


def test_the_nernst_slope_at_25_degrees_is_the_printed_one():
    slope = 1 / row_of(at("meter-4-ph"), "Simulator").sensitivity_coefficient
    assert round(slope, 2) == 59.16


def test_the_voltage_that_belongs_to_a_value_is_expected_where_it_is_typed():
    found = read_template(data_of(METER), METER)
    rows = {row.key: row for row in found.design.plan(found.example.run_values().parameters)}
    assert float(rows["meter-4-ph-u-s"].expected) == pytest.approx(177.48, abs=0.005)
    assert float(rows["meter-10-ph-u-s"].expected) == pytest.approx(-177.48, abs=0.005)


def test_a_meter_set_to_another_temperature_expects_another_voltage():
    cold = at("meter-4-ph", example=parameter(set_temperature="5"))
    assert cold.reference_value == pytest.approx(7 - 177.48 / (NERNST * 278.15), abs=1e-6)


def test_slope_and_zero_point_follow_of_the_line_through_the_buffers():
    found = at("buffer-6p865-ph")
    said = told_by(found)
    # By hand: the slope of least squares through (4.005, 172.1), (6.865, 4.6), (9.180, -131.0).
    points = [(4.005, 172.1), (6.865, 4.6), (9.18, -131.0)]
    x, y = (sum(point[at] for point in points) / 3 for at in (0, 1))
    slope = sum((a - x) * (b - y) for a, b in points) / sum((a - x) ** 2 for a, _ in points)
    assert f"Slope: {-100 * slope / (NERNST * 298.15):.4g} %, at least 95" in said
    assert f"Zero point: {y + slope * (7 - x):.4g} mV, at least -30" in said


def test_a_worn_electrode_is_told_beside_the_results():
    worn = reading(buffer_4p005_ph_u_e="155.0", buffer_9p180_ph_u_e="-110.0")
    said = at("buffer-6p865-ph", example=worn).warnings
    assert any(each.startswith("Slope: 86.") and "does not hold" in each for each in said)


def test_a_buffer_near_the_isopotential_point_is_least_sensitive_to_the_electrode():
    def on_temperature(key):
        # Without the buffer's own change, only the electrode's slope is left.
        found = at(key, example=parameter(buffer_coefficient="0"))
        return abs(row_of(found, "Temperature of the buffer").sensitivity_coefficient)

    middle = on_temperature("buffer-6p865-ph")
    assert middle < on_temperature("buffer-9p180-ph") < on_temperature("buffer-4p005-ph")


def test_meter_and_electrode_have_limits_of_their_own():
    assert at("meter-7-ph").upper_limit == pytest.approx(0.02)
    assert at("buffer-6p865-ph").upper_limit == pytest.approx(0.05)
