"""The template for hygrometers: humidity from a dew point and the temperature of the air."""

import GTC
import numpy as np
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

HYGROMETERS = "humidity-dew-point"


def at(humidity, way="up", **changes):
    return evaluated(HYGROMETERS, **changes)[f"{humidity}-rh-{way}"]


def exponential(x):
    return GTC.exp(x) if hasattr(x, "u") else np.exp(x)


def saturation(t):
    return exponential(17.62 * t / (243.12 + t))


def errors(readings, dew_points):
    """Return indication less reference, reading by reading; both standards are corrected."""
    first = [25.03, 25.04, 25.02, 25.03, 25.05]
    second = [24.97, 24.98, 24.98, 24.96, 24.97]
    air = [(a + b) / 2 for a, b in zip(first, second, strict=True)]
    correction = 0.01 + (sum(air) / 5 - 10) / 30 * 0.02
    mirror = 0.02 - (sum(dew_points) / 5 - 10) / 30 * 0.03
    return [
        i - 100 * saturation(td + mirror) / saturation(t + correction)
        for i, td, t in zip(readings, dew_points, air, strict=True)
    ]


PEER = Peer(
    lambda e, step, hys, td, mirror_drift, dew, mirror_step, t, drift, air, fine, p, f: (
        e + step + hys + 49.99169
        - 100 * saturation(td + mirror_drift + dew + mirror_step)
        / saturation(t + drift + air + fine) * (1 + p + f)
    ),
    {
        "e": mean_of(errors([50.2, 50.3, 50.1, 50.3, 50.2], [13.85, 13.86, 13.84, 13.87, 13.85])),
        "step": rectangle(0.05), "hys": rectangle(0.25), "td": certificate(0.1, value=13.870146),
        "mirror_drift": rectangle(0.05), "dew": rectangle(0.05), "mirror_step": rectangle(0.005),
        "t": certificate(0.06, value=25.023002), "drift": rectangle(0.02),
        "air": rectangle(0.1), "fine": rectangle(0.005), "p": rectangle(0.0005),
        "f": rectangle(0.001),
    },
)  # fmt: skip


def test_gtc_and_trials_find_the_same_error_and_uncertainty():
    found = at(50)
    value, uncertainty, freedom = PEER.by_gtc()
    assert found.error_of_indication == pytest.approx(value, abs=2e-4)
    assert found.combined_standard_uncertainty == pytest.approx(uncertainty, rel=1e-4)
    assert found.degrees_of_freedom == pytest.approx(freedom, rel=1e-2)
    mean, scatter = PEER.scatter_of_trials()
    assert mean == pytest.approx(value, abs=0.01 * uncertainty)
    assert scatter == pytest.approx(uncertainty, rel=0.01)


@pytest.mark.parametrize(("humidity", "printed"), [(50, "0.3"), (90, "0.5")])
def test_a_tenth_of_a_kelvin_of_dew_point_is_what_was_published(humidity, printed):
    slope = row_of(at(humidity), "Dew-point mirror").sensitivity_coefficient
    assert f"{0.1 * abs(slope):.1f}" == printed


def test_one_kelvin_of_the_air_is_about_six_per_cent_of_the_reading():
    for humidity in (20, 50, 90):
        slope = row_of(at(humidity), "Thermometers").sensitivity_coefficient
        assert slope / humidity == pytest.approx(0.06, abs=0.001)


def test_the_order_of_the_input_quantities_leaves_the_result():
    plain, turned = evaluated(HYGROMETERS), evaluated(HYGROMETERS, design=inputs_turned)
    results = [(one, turned[key]) for key, one in plain.items() if one.rows]
    assert len(results) == 6
    for one, other in results:
        assert one.error_of_indication == other.error_of_indication
        assert one.expanded_uncertainty == pytest.approx(other.expanded_uncertainty, rel=1e-14)


def test_saturated_air_has_its_dew_point_at_its_temperature():
    def dewy(example):
        example["standards"] = [
            {**each, "points": [{**point, "correction": 0} for point in each["points"]]}
            for each in example["standards"]
        ]
        reading(_90_rh_up_td="25.00 " * 5, _90_rh_up_t1="25.00 " * 5, _90_rh_up_t2="25.00 " * 5)(
            example
        )

    assert at(90, example=dewy).reference_value == pytest.approx(100, abs=1e-9)


def test_hysteresis_of_the_worst_point_enters_every_budget():
    assert row_of(at(90), "Hysteresis").spread == pytest.approx(0.25)
    assert "Hysteresis: 0.5 %RH, at most 1: holds." in told_by(at(20, "down"))


def test_a_slow_falling_series_is_told_beside_the_result():
    found = at(20, example=reading(_20_rh_down="21.9 22.0 21.8 22.0 21.9"))
    assert "Hysteresis: 1.5 %RH, at most 1: does not hold." in found.warnings


def test_thermometers_that_disagree_are_told():
    found = at(20, example=reading(_20_rh_up_t1="25.40 25.40 25.40 25.40 25.40"))
    assert any(
        each.startswith("Difference of the thermometers: 0.428 K, at most 0.2: does not hold")
        for each in found.warnings
    )


def test_a_finer_display_lowers_the_uncertainty_and_no_more():
    fine = at(50, example=parameter(resolution="0.01"))
    assert fine.error_of_indication == at(50).error_of_indication
    assert fine.combined_standard_uncertainty < at(50).combined_standard_uncertainty


def test_the_dew_point_that_belongs_to_a_humidity_is_expected_where_it_is_typed():
    found = read_template(data_of(HYGROMETERS), HYGROMETERS)
    rows = found.design.plan(found.example.run_values().parameters)
    dew_point = next(float(row.expected) for row in rows if row.key == "50-rh-up-td")
    assert 100 * saturation(dew_point) / saturation(25.0) == pytest.approx(50, abs=1e-9)
