"""Propagation of distributions: the printed examples of JCGM 101, and what its trials promise."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibra_app.metrology.cases import evaluate_case
from calibra_app.metrology.distributions import Shape, curvilinear_standard_uncertainty
from calibra_app.metrology.draws import Draws
from calibra_app.metrology.expression import parse
from calibra_app.metrology.monte_carlo import (
    BLOCK,
    Interval,
    shortest_interval,
    simulate,
    simulate_together,
    simulate_until_stable,
    symmetric_interval,
    tolerance_of,
)
from calibra_app.metrology.propagation import Correlations, InputQuantity, propagate
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.trials import Moments, Tails, covered_of

TRIALS = 400_000


def normal(name, value=0.0, u=1.0, degrees=math.inf):
    return InputQuantity(name, value, u, degrees)


def rectangular(name, value=0.0, half=3**0.5):
    return InputQuantity(
        name, value, half / math.sqrt(3.0), shape=Shape.RECTANGULAR, half_width=half
    )


def ctrap(name, value, half, inexactness):
    u = curvilinear_standard_uncertainty(half, inexactness)
    return InputQuantity(
        name, value, u, shape=Shape.CTRAP, half_width=half, inexactness=inexactness
    )


SUM = parse("x1 + x2 + x3 + x4")


@pytest.mark.parametrize(
    ("quantities", "u", "ends", "within"),
    [
        # JCGM 101, 9.2.2 to 9.2.4 with tables 2 to 4: y = x1 + x2 + x3 + x4, estimates 0.
        ([normal(f"x{i}") for i in (1, 2, 3, 4)], 2.00, 3.92, 0.03),
        ([rectangular(f"x{i}") for i in (1, 2, 3, 4)], 2.00, 3.88, 0.03),
        (
            [*(rectangular(f"x{i}") for i in (1, 2, 3)), rectangular("x4", half=10 * 3**0.5)],
            10.1,
            17.0,
            0.06,
        ),
    ],
)
def test_the_sums_of_jcgm_101_9_2(quantities, u, ends, within):
    found = simulate(SUM, quantities, trials=TRIALS)
    assert found.mean == pytest.approx(0.0, abs=6 * u / math.sqrt(TRIALS))
    assert found.standard_deviation == pytest.approx(u, abs=within)
    for interval in (found.symmetric, found.shortest):
        assert interval[0] == pytest.approx(-ends, abs=3 * within)
        assert interval[1] == pytest.approx(ends, abs=3 * within)


def test_the_mass_calibration_of_jcgm_101_9_3():
    # The deviation from 100 g in mg; densities of air a, weight w and reference r; table 6.
    model = parse("(m + d)*(1 + (a - 1.2)*(1/w - 1/r)) - 100000")
    quantities = [
        normal("m", 100000.0, 0.050),
        normal("d", 1.234, 0.020),
        rectangular("a", 1.20, 0.10),
        rectangular("w", 8000.0, 1000.0),
        rectangular("r", 8000.0, 50.0),
    ]
    found = simulate(model, quantities, trials=TRIALS)
    assert found.mean == pytest.approx(1.2340, abs=0.0008)
    assert found.standard_deviation == pytest.approx(0.0754, abs=0.0005)
    assert found.shortest == pytest.approx((1.0834, 1.3825), abs=0.004)
    # The linear result is 0.0539 at first order and 0.0750 at second.
    first, second = (
        propagate(model, quantities, second_order=choice).combined_standard_uncertainty
        for choice in (False, True)
    )
    assert (round(first, 4), round(second, 4)) == (0.0539, 0.0750)


@pytest.mark.parametrize(
    ("x1", "r", "mean", "u", "shortest"),
    [
        # JCGM 101, 9.4, comparison loss y = x1² + x2² with u = 0.005, tables 8 and 9, in 1e-6.
        (0.000, 0.0, 50, 50, (0, 150)),
        (0.010, 0.0, 150, 112, (0, 367)),
        (0.050, 0.0, 2551, 502, (1590, 3543)),
        (0.000, 0.9, 50, 67, (0, 185)),
        (0.010, 0.9, 150, 121, (13, 398)),
        (0.050, 0.9, 2551, 505, (1628, 3555)),
    ],
)
def test_the_comparison_loss_of_jcgm_101_9_4(x1, r, mean, u, shortest):
    quantities = [normal("x1", x1, 0.005), normal("x2", 0.0, 0.005)]
    pairs = Correlations({("x1", "x2"): r} if r else {})
    found = simulate(parse("(x1**2 + x2**2)*1e6"), quantities, pairs, trials=TRIALS)
    assert found.mean == pytest.approx(mean, abs=1.0 + 6 * u / math.sqrt(TRIALS))
    assert found.standard_deviation == pytest.approx(u, abs=1.0 + 0.01 * u)
    assert found.shortest == pytest.approx(shortest, abs=2.0 + 0.05 * u)


def test_the_gauge_block_of_jcgm_101_9_5():
    # Table 10; δL in nm with its nominal length of 50 mm.
    model = parse("Ls + D + d1 + d2 - Ls*(da*(t0 + Delta) + alpha*dt) - 50000000")
    quantities = [
        InputQuantity("Ls", 50_000_623.0, 25.0, 18.0, Shape.T),
        InputQuantity("D", 215.0, 6.0, 24.0, Shape.T),
        InputQuantity("d1", 0.0, 4.0, 5.0, Shape.T),
        InputQuantity("d2", 0.0, 7.0, 8.0, Shape.T),
        rectangular("alpha", 11.5e-6, 2e-6),
        normal("t0", -0.1, 0.2),
        InputQuantity("Delta", 0.0, 0.5 / 2**0.5, shape=Shape.ARCSINE, half_width=0.5),
        ctrap("da", 0.0, 1.0e-6, 0.1e-6),
        ctrap("dt", 0.0, 0.050, 0.025),
    ]
    found = simulate(model, quantities, trials=TRIALS, probability=0.99)
    # Table 11: 838 nm, 36 nm, shortest 99 % interval 745 nm to 932 nm.
    assert found.mean == pytest.approx(838, abs=0.6)
    assert found.standard_deviation == pytest.approx(36, abs=0.6)
    assert found.shortest == pytest.approx((745, 932), abs=2.5)


def test_the_ends_that_are_kept_are_those_of_all_values_sorted():
    quantities = [normal("x", 1.0, 0.2), rectangular("y", 2.0, 0.5)]
    model, trials, seed = parse("exp(x)*y"), 37_211, 4
    draws = Draws(quantities, Correlations(), seed)
    blocks = [draws.block(min(BLOCK, trials - start)) for start in range(0, trials, BLOCK)]
    values = np.sort(np.concatenate([np.exp(one["x"]) * one["y"] for one in blocks]))
    for probability in (0.1, 0.5, 0.95, 0.9973, 0.999999):
        found = simulate(model, quantities, trials=trials, probability=probability, seed=seed)
        assert found.symmetric == symmetric_interval(values, probability)
        assert found.shortest == shortest_interval(values, probability)
    assert found.mean == pytest.approx(values.mean(), rel=1e-13)
    assert found.standard_deviation == pytest.approx(values.std(ddof=1), rel=1e-12)


@given(
    st.lists(st.lists(st.integers(-9, 9), min_size=1, max_size=40), min_size=1, max_size=12),
    st.integers(1, 30),
)
def test_tails_hold_the_lowest_and_the_highest_however_the_blocks_fall(blocks, size):
    tails, moments = Tails(size), Moments()
    for block in blocks:
        tails.add(np.array(block, dtype=float))
        moments.add(np.array(block, dtype=float))
    ordered = sorted(value for block in blocks for value in block)
    number = min(size, len(ordered))
    lows, highs = tails.ends(number)
    assert lows.tolist() == ordered[:number]
    assert highs.tolist() == ordered[len(ordered) - number :]
    assert moments.mean == pytest.approx(np.mean(ordered), abs=1e-12)
    if len(ordered) > 1:
        assert moments.standard_deviation == pytest.approx(np.std(ordered, ddof=1), abs=1e-12)


@given(st.integers(2, 10**7), st.floats(0.001, 0.9999))
def test_an_interval_spans_the_part_of_the_trials_that_was_asked_for(trials, probability):
    covered = covered_of(trials, probability)
    assert abs(covered - probability * trials) <= 1.0
    assert 0 <= covered < trials


def test_adaptive_trials_stop_when_their_figures_stand():
    found = simulate_until_stable(SUM, [normal(f"x{i}") for i in (1, 2, 3, 4)], digits=2)
    assert found.stable
    assert found.tolerance == 0.05
    assert found.simulation.trials % BLOCK == 0
    # Table 2 of JCGM 101: two digits ask for some 1e5 trials, three for some 1e7.
    assert 2 * BLOCK <= found.simulation.trials <= 600_000
    assert found.simulation.standard_deviation == pytest.approx(2.0, abs=0.05)
    assert found.simulation.symmetric == pytest.approx((-3.92, 3.92), abs=0.06)


@pytest.mark.parametrize("interval", Interval)
def test_adaptive_trials_are_recomputed_from_their_seed_and_number(interval):
    quantities = [normal("x", 5.0, 0.1, 12.0), rectangular("y", 2.0, 0.1)]
    choices = {"probability": 0.99, "seed": 99}
    found = simulate_until_stable(
        parse("x/y"), quantities, digits=1, interval=interval, **choices
    ).simulation
    again = simulate(parse("x/y"), quantities, trials=found.trials, **choices)
    assert again == found


def test_more_digits_ask_for_more_trials():
    quantities = [normal("x"), rectangular("y")]
    one, two = (
        simulate_until_stable(parse("x + y"), quantities, digits=digits).simulation.trials
        for digits in (2, 3)
    )
    assert one < two


def test_adaptive_trials_that_do_not_suffice_say_so():
    found = simulate_until_stable(parse("x"), [normal("x")], digits=4, most=5 * BLOCK)
    assert not found.stable
    assert found.simulation.trials == 5 * BLOCK


@pytest.mark.parametrize(
    ("choices", "sentence"),
    [
        ({"digits": 0}, "digits"),
        ({"digits": 7}, "digits"),
        ({"most": 10**9}, "trials"),
        ({"most": 10**5, "probability": 0.9999}, "at least 2000000 trials"),
        ({"probability": 1.0}, "probability"),
    ],
)
def test_choices_out_of_range_are_refused(choices, sentence):
    with pytest.raises(MetrologyError, match=sentence):
        simulate_until_stable(parse("x"), [normal("x")], **choices)


def test_a_certain_output_stands_at_once():
    found = simulate_until_stable(parse("2*x"), [normal("x", 3.0, 0.0)])
    assert found.stable
    assert found.simulation.standard_deviation == 0.0
    assert found.simulation.shortest == (6.0, 6.0)


@pytest.mark.parametrize(
    ("u", "digits", "tolerance"),
    [(0.0351, 2, 0.0005), (0.0351, 1, 0.005), (0.0996, 2, 0.005), (12.0, 2, 0.5), (0.0, 2, 0.0)],
)
def test_the_numerical_tolerance_is_half_of_the_last_digit(u, digits, tolerance):
    assert tolerance_of(u, digits) == tolerance


@settings(max_examples=15, deadline=None)
@given(st.floats(-0.99, 0.99), st.sampled_from([math.inf, 8.0]))
def test_correlated_quantities_keep_their_correlation_and_their_own_distributions(r, degrees):
    quantities = [normal("x", 1.0, 0.2, degrees), normal("y", -2.0, 0.5, degrees)]
    drawn = Draws(quantities, Correlations({("x", "y"): r}), 7).block(200_000)
    found = np.corrcoef(drawn["x"], drawn["y"])[0, 1]
    assert found == pytest.approx(r, abs=0.02)
    wider = 1.0 if math.isinf(degrees) else math.sqrt(degrees / (degrees - 2))
    assert drawn["x"].std() == pytest.approx(0.2 * wider, rel=0.02)
    assert drawn["y"].std() == pytest.approx(0.5 * wider, rel=0.02)


def test_correlated_quantities_with_the_same_readings_are_jointly_t():
    # Fully correlated: the difference of two equal t quantities is certain, tails and all.
    quantities = [normal("x", 0.0, 1.0, 3.0), normal("y", 0.0, 1.0, 3.0)]
    found = simulate(parse("x - y"), quantities, Correlations({("x", "y"): 1.0}), trials=20_000)
    assert found.standard_deviation == pytest.approx(0.0, abs=1e-6)


def test_groups_that_do_not_hang_together_are_drawn_apart():
    quantities = [normal(name, 0.0, 1.0, 6.0) for name in "abcd"]
    pairs = Correlations({("a", "b"): 0.8, ("c", "d"): -0.6})
    drawn = Draws(quantities, pairs, 3).block(200_000)
    table = np.corrcoef([drawn[name] for name in "abcd"])
    assert table[0, 1] == pytest.approx(0.8, abs=0.02)
    assert table[2, 3] == pytest.approx(-0.6, abs=0.02)
    assert table[0, 2] == pytest.approx(0.0, abs=0.02)
    # Squares of one chi-square are correlated, those of two are not.
    squares = np.corrcoef([np.abs(drawn[name]) for name in "abcd"])
    assert squares[1, 2] == pytest.approx(0.0, abs=0.02)


def test_several_outputs_have_the_covariances_of_the_linear_law():
    quantities = [normal("a", 1.0, 0.1), normal("b", 2.0, 0.3)]
    models = {"sum": parse("a + b"), "difference": parse("a - b"), "a": parse("a")}
    found = simulate_together(models, quantities, trials=TRIALS)
    assert found.means == pytest.approx({"sum": 3.0, "difference": -1.0, "a": 1.0}, abs=0.003)
    expected = {("sum", "difference"): -0.08, ("sum", "a"): 0.01, ("a", "a"): 0.01}
    for (one, other), covariance in expected.items():
        assert found.covariances[one, other] == pytest.approx(covariance, abs=0.001)
        assert found.covariances[other, one] == found.covariances[one, other]


def test_a_model_that_is_not_defined_at_a_drawn_value_is_refused():
    for text in ("sqrt(x)", "atan(1/(x - x))", "1/(x*0)"):
        with pytest.raises(MetrologyError, match="not defined at some of the drawn values"):
            simulate(parse(text), [normal("x", 0.0, 1.0)], trials=1000)


def test_a_distribution_too_wide_to_draw_from_is_refused():
    with pytest.raises(MetrologyError, match="x: its distribution is too wide"):
        simulate(parse("x"), [normal("x", 0.0, 1.0, 1e-4)], trials=1000)


def test_correlated_rectangles_are_refused():
    with pytest.raises(MetrologyError, match="normal or t"):
        simulate(
            parse("x + y"),
            [rectangular("x"), normal("y")],
            Correlations({("x", "y"): 0.5}),
            trials=1000,
        )


CASE = {
    "kind": "monte_carlo",
    "model": "a*b",
    "inputs": [
        {"name": "a", "value": 2.0, "u": 0.1},
        {"name": "b", "value": 3.0, "dist": "rectangular", "a": 0.3},
    ],
}


def test_a_case_with_adaptive_trials_is_recomputed_from_what_it_answers():
    answer = evaluate_case({**CASE, "adaptive": True, "digits": 2, "seed": 5})
    assert answer["stable"] is True
    assert answer["tolerance"] == 0.005
    again = evaluate_case({**CASE, "trials": answer["trials"], "seed": answer["seed"]})
    assert again == {name: answer[name] for name in again}


def test_a_case_with_several_formulas_answers_their_correlations():
    answer = evaluate_case(
        {**CASE, "model": {"sum": "a+b", "difference": "a-b", "fixed": "7"}, "trials": 200_000}
    )
    # Of variances 0.01 and 0.03: (0.01 − 0.03)/(0.01 + 0.03).
    assert answer["output_correlations"]["sum,difference"] == pytest.approx(-0.5, abs=0.01)
    assert answer["output_correlations"]["sum,fixed"] == 0.0
    assert answer["std"]["sum"] == pytest.approx(0.2, abs=0.002)
    assert answer["mean"]["fixed"] == 7.0
