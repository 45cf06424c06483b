"""Comparisons, calibration intervals, control charts, groups."""

import math

import pytest

from calibra_app.metrology.cases import evaluate_case
from calibra_app.metrology.comparison import Verdict, score, verdict_of_en, verdict_of_z
from calibra_app.metrology.control_charts import ewma, individuals, mean_and_s
from calibra_app.metrology.intervals import (
    exponential_interval,
    failure_rate,
    interval_by_test,
    interval_by_variables,
    staircase,
)
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.regression import fit_line
from calibra_app.metrology.variance import weighted_mean


def test_two_laboratories_agree_or_do_not():
    """ISO 13528:2022, 9.7."""
    good = score(10.0042, 10.0010, 0.0030, 0.0020)
    bad = score(50.12, 50.02, 0.06, 0.04)
    assert (round(good, 3), verdict_of_en(good)) == (0.888, Verdict.SATISFACTORY)
    assert (round(bad, 3), verdict_of_en(bad)) == (1.387, Verdict.UNSATISFACTORY)


@pytest.mark.parametrize(
    ("number", "verdict"),
    [(2.0, "satisfactory"), (-2.5, "questionable"), (3.0, "unsatisfactory")],
)
def test_z_scores_have_three_verdicts(number, verdict):
    assert verdict_of_z(number) == verdict


@pytest.mark.parametrize(("observed", "months"), [(0.88, 4.8), (0.98, 30.5)])
def test_an_exponential_reliability_gives_the_interval(observed, months):
    assert round(exponential_interval(-math.log(observed), 12.0, 0.95), 1) == months


def test_four_in_five_at_two_years_asks_for_half_a_year():
    rate = failure_rate([24.0], [100], [80])
    assert round(exponential_interval(rate, 1.0, 0.95), 1) == 5.5


def test_a_rate_from_several_intervals_lies_between_those_of_each():
    rates = [failure_rate([t], [n], [x]) for t, n, x in ((6, 50, 48), (12, 60, 52))]
    assert min(rates) < failure_rate([6, 12], [50, 60], [48, 52]) < max(rates)


def test_nothing_out_of_tolerance_gives_no_end():
    assert exponential_interval(0, 100.0, 0.95) == math.inf
    assert failure_rate([12.0], [10], [10]) == 0.0


def test_an_interval_stays_where_reliability_is_above_the_target():
    assert interval_by_test(20, 20, 0.95, 12.0, 0.5).interval == 12.0


def test_a_linear_drift_meets_its_limit():
    """Errors at 0, 12, 24, 36 months; the line meets 0.16 at 49.8 months."""
    line = fit_line([0, 12, 24, 36], [0.02, 0.05, 0.09, 0.12])
    assert round(line.slope, 6) == 0.002833
    assert round(line.intercept, 3) == 0.019
    assert round(line.scatter, 4) == 0.0032
    assert round((0.16 - line.intercept) / line.slope, 1) == 49.8


def test_the_staircase_goes_down_after_a_failure():
    steps = staircase(
        12.0, [2.0, 0.1], 1.0, increase_below=0.5, increase=1.5, decrease=0.5, shortest=3.0,
        longest=8.0,
    )  # fmt: skip
    assert steps == [6.0, 8.0]


def test_the_target_of_variables_data_is_met_at_the_proposed_time():
    times, drifts = [1.0, 2.0, 3.0, 4.0], [0.11, 0.19, 0.32, 0.40]
    found = interval_by_variables(times, drifts, 1, 0.01, 0.05)
    spread = found.scatter**2 * found.interval**2 / sum(time**2 for time in times)
    assert 0.01**2 + found.scatter**2 + spread == pytest.approx(0.05**2, rel=1e-9)


def test_an_error_exactly_at_its_mark_is_good_and_one_at_the_mpe_no_failure():
    steps = {"increase": 2.0, "decrease": 0.5, "shortest": 1.0, "longest": 99.0}
    assert staircase(12.0, [0.07], 0.1, increase_below=0.7, **steps) == [24.0]
    assert staircase(12.0, [-0.1], 0.1, increase_below=0.7, **steps) == [12.0]
    assert staircase(12.0, [0.1 + 0.2], 0.3, increase_below=0.7, **steps) == [12.0]


def test_an_uncertainty_equal_to_the_cmc_is_not_raised_to_it():
    cmc = {"abs": 0.1, "rel": 0.02}
    answer = evaluate_case({"kind": "cmc_floor", "input": {"value": -10, "U": 0.3, "cmc": cmc}})
    assert answer == {"cmc": pytest.approx(0.3), "U_reported": 0.3, "floored": False,
                      "in_scope": True}  # fmt: skip


@pytest.mark.parametrize(
    ("size", "mean_factor", "low_factor", "high_factor"),
    [(2, 2.659, 0, 3.267), (3, 1.954, 0, 2.568), (4, 1.628, 0, 2.266), (5, 1.427, 0, 2.089),
     (6, 1.287, 0.030, 1.970), (10, 0.975, 0.284, 1.716)],
)  # fmt: skip
def test_the_limits_of_mean_and_s_are_those_of_the_table(
    size, mean_factor, low_factor, high_factor
):
    """ISO 7870-2, constants A3, B3 and B4."""
    groups = [[10.0 + 0.1 * (place % 3) for place in range(size)], [10.0, *[10.1] * (size - 1)]]
    answer = evaluate_case(
        {"kind": "control_chart", "input": {"chart": "xbar_s", "groups": groups}}
    )
    center, s = answer["center"], answer["s_center"]
    assert (answer["limits"][1] - center) / s == pytest.approx(mean_factor, abs=6e-4)
    assert [limit / s for limit in answer["s_limits"]] == pytest.approx(
        [low_factor, high_factor], abs=6e-4
    )


def test_individual_values_are_limited_at_2_66_mean_moving_ranges():
    """ISO 7870-2, constant E2 = 2.660."""
    answer = evaluate_case(
        {"kind": "control_chart", "input": {"chart": "individuals", "x": [1.0, 2.0, 1.5, 1.2]}}
    )
    reach = answer["limits"][1] - answer["center"]
    assert reach / answer["mean_moving_range"] == pytest.approx(2.660, abs=6e-4)


@pytest.mark.parametrize(("centre", "digits"), [(1_000_000.2, 1e-9), (10_000_000.2, 1e-7)])
def test_a_scatter_far_behind_the_point_is_not_lost(centre, digits):
    """NIST Statistical Reference Datasets, NumAcc3 and NumAcc4: s = 0.1 exactly."""
    readings = [centre] + [round(centre - 0.1, 1), round(centre + 0.1, 1)] * 500
    inputs = [{"name": "x", "dist": "readings", "readings": readings}]
    answer = evaluate_case({"kind": "budget", "model": "x", "inputs": inputs})
    assert answer["y"] == pytest.approx(centre, rel=1e-15)
    assert answer["u_c"] == pytest.approx(0.1 / math.sqrt(1001), rel=digits)


def test_the_unit_of_time_scales_the_interval_alone():
    years, drifts = [1.0, 2.0, 3.0, 4.0, 5.0], [0.11, 0.19, 0.32, 0.40, 0.47]
    one = interval_by_variables(years, drifts, 3, 0.01, 0.3)
    other = interval_by_variables([86_400 * 365.0 * t for t in years], drifts, 3, 0.01, 0.3)
    assert other.interval == pytest.approx(86_400 * 365.0 * one.interval, rel=1e-12)
    assert other.scatter == pytest.approx(one.scatter, rel=1e-12)


def test_the_first_time_at_which_the_target_is_met_is_the_interval():
    """A curve through late points alone is least certain before them."""
    times, drifts = [8.0, 9.0, 10.0], [0.4, 0.2, 0.35]
    found = interval_by_variables(times, drifts, 2, 0.01, 0.25)
    assert found.interval < 8
    later = interval_by_variables(times, drifts, 2, 0.01, 1.0)
    assert later.interval > 10


def test_times_before_the_calibration_before_are_refused():
    with pytest.raises(MetrologyError, match="not negative"):
        interval_by_variables([-1.0, -2.0, -3.0], [0.1, 0.2, 0.3], 1, 0.01, 0.05)


def test_a_chart_of_individuals_finds_the_one_that_left():
    chart = individuals([10.0, 10.1, 9.9, 10.0, 10.1, 12.0], baseline=5)
    assert chart.out_of_control == (5,)


def test_means_and_deviations_have_a_chart_each():
    groups = [[1.0, 1.1, 0.9], [1.05, 0.95, 1.0], [3.0, 3.1, 2.9]]
    means, deviations = mean_and_s(groups)
    assert means.out_of_control == (0, 1, 2)
    assert deviations.out_of_control == ()
    assert deviations.limits[0] == 0.0


def test_exact_ewma_limits_widen_to_the_asymptotic_ones():
    exact = ewma([10.0] * 60, 0.25, 10.0, 0.2, asymptotic=False).limits
    asymptotic = ewma([10.0] * 60, 0.25, 10.0, 0.2).limits
    assert exact[0][1] < exact[1][1] < asymptotic[0][1]
    assert exact[-1] == pytest.approx(asymptotic[-1])


def test_values_that_contradict_each_other_are_not_consistent():
    assert not weighted_mean([1.0, 2.0], [0.1, 0.1]).consistent


def test_impossible_counts_are_refused():
    with pytest.raises(MetrologyError):
        interval_by_test(21, 20, 0.95, 12.0, 0.5)
    with pytest.raises(MetrologyError):
        failure_rate([12.0], [10], [11])
