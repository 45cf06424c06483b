"""Templates for force and hardness: testing machines, reference blocks, hardness machines."""

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

MACHINE, BLOCK, TESTER = "force-testing-machine", "hardness-reference-block", "hardness-tester"


def force(kilonewtons, **changes):
    return evaluated(MACHINE, **changes)[f"force-{kilonewtons}-kn"]


def hardness(key, points, **changes):
    return evaluated(key, **changes)[f"{points}-hrc"]


def relative_errors(nominal, readings, low, high):
    """Return what the machine is off, in per cent; the certificate is interpolated by hand."""
    slope = (high[1] - low[1]) / (high[0] - low[0])
    true = [each + low[1] + slope * (each - low[0]) for each in readings]
    return [(nominal - each) / each * 100 for each in true]


def triangle(width):
    return Known(0.0, width / 24**0.5)


def loaded(nominal):
    return lambda q, step, zero, proving, drift, fine, kelvins, alignment: (
        q + 100 * (step + zero - proving - drift - fine) / nominal - 0.005 * kelvins + alignment
    )


STEPS = {
    "step": rectangle(0.005), "zero": rectangle(0.005), "fine": rectangle(0.00005),
    "kelvins": rectangle(3), "alignment": rectangle(0.05),
}  # fmt: skip
PEERS = {
    (MACHINE, "force-20-kn"): Peer(loaded(20), {
        "q": mean_of(relative_errors(
            20, [19.9412, 19.9530, 19.9461], (10, 0.0), (50, 0.01)
        )),
        "proving": certificate(0.05), "drift": rectangle(0.02), **STEPS,
    }),
    (MACHINE, "force-100-kn"): Peer(loaded(100), {
        "q": mean_of(relative_errors(
            100, [99.7810, 99.8240, 99.8020], (50, 0.01), (110, 0.03)
        )),
        "proving": certificate(0.11), "drift": rectangle(0.05), **STEPS,
    }),
    (BLOCK, "64-hrc"): Peer(lambda h, scale, step, uneven: h + scale + step + uneven - 64, {
        "h": mean_of([63.6, 64.3, 64.0, 63.8, 64.3], 0.45, 100), "scale": certificate(1.0),
        "step": rectangle(0.05), "uneven": triangle(0.54),
    }),
    (TESTER, "25-hrc"): Peer(lambda h, block, drift, uneven: h - block - drift - uneven, {
        "h": mean_of([25.4, 25.3, 25.5, 25.3, 25.7]), "block": certificate(0.45, value=25.7),
        "drift": rectangle(0.1), "uneven": triangle(0.3),
    }),
}  # fmt: skip


@pytest.mark.parametrize("place", PEERS)
def test_gtc_and_trials_find_the_same_error_and_uncertainty(place):
    key, row = place
    found = evaluated(key)[row]
    value, uncertainty, freedom = PEERS[place].by_gtc()
    assert found.error_of_indication == pytest.approx(value, abs=1e-7)
    assert found.combined_standard_uncertainty == pytest.approx(uncertainty, rel=1e-6)
    assert found.degrees_of_freedom == pytest.approx(freedom, rel=1e-5)
    mean, scatter = PEERS[place].scatter_of_trials()
    assert mean == pytest.approx(value, abs=0.01 * uncertainty)
    assert scatter == pytest.approx(uncertainty, rel=0.01)


@pytest.mark.parametrize("key", [MACHINE, BLOCK, TESTER])
def test_the_order_of_the_input_quantities_leaves_the_result(key):
    plain, turned = evaluated(key), evaluated(key, design=inputs_turned)
    results = [(one, turned[row]) for row, one in plain.items() if one.rows]
    assert results
    for one, other in results:
        assert one.error_of_indication == other.error_of_indication
        assert one.expanded_uncertainty == pytest.approx(other.expanded_uncertainty, rel=1e-14)


def test_the_machine_shows_too_much_where_the_true_force_is_less():
    assert force(60).error_of_indication > 0
    assert force(60).reference_value == pytest.approx(59.8773, abs=5e-5)


@pytest.mark.parametrize(
    ("number", "error", "repeatability", "reversibility", "resolution", "zero"),
    [("0.5", 0.5, "0.5", "0.75", "0.25", "0.05"), ("1", 1, "1", "1.5", "0.5", "0.1"),
     ("2", 2, "2", "3.0", "1.0", "0.2"), ("3", 3, "3", "4.5", "1.5", "0.3")],
)  # fmt: skip
def test_every_limit_is_that_of_the_class(  # noqa: PLR0917
    number, error, repeatability, reversibility, resolution, zero
):
    found = force(20, example=parameter(machine_class=number))
    assert (found.lower_limit, found.upper_limit) == (-error, error)
    said = told_by(found)
    for words in (
        f"Repeatability b: 0.05931 %, at most {repeatability}:",
        f"Reversibility v: 0.2846 %, at most {reversibility}:",
        f"Resolution a: 0.05 %, at most {resolution}:",
        f"Zero error f0: 0.02 %, at most {zero}:",
    ):
        assert words in said
    assert found.limit_trace.endswith("not at hand, not checked against the source)")


def test_series_that_differ_by_more_than_the_class_allows_are_told():
    found = force(20, example=reading(force_20_kn="19.80 20.05 19.95"))
    assert any(
        "Repeatability b: 1.259 %, at most 1: does not hold." in each for each in found.warnings
    )


def test_without_a_falling_series_the_rest_is_stated():
    found = force(100)
    assert found.uncertainty_text
    assert "Reversibility v: Reversibility is not read yet." in told_by(found)


def test_the_block_of_the_gum_has_the_printed_contributions():
    found = hardness(BLOCK, 64)
    printed = {"Reference scale": 0.5, "Repeatability": 0.20, "Unevenness of the block": 0.11}
    for title, contribution in printed.items():
        assert round(row_of(found, title).contribution, 2) == contribution
    assert row_of(found, "Unevenness of the block").distribution == "triangular"
    assert read_template(data_of(BLOCK), BLOCK).example.confidence == "published"


def test_the_correction_of_the_calibration_machine_moves_the_block_and_its_uncertainty_not():
    def corrected(example):
        for point in example["standards"][0]["points"]:
            point["correction"] = 0.3

    found = hardness(BLOCK, 64, example=corrected)
    assert found.error_of_indication == pytest.approx(0.3)
    assert found.expanded_uncertainty == hardness(BLOCK, 64).expanded_uncertainty


def test_equal_indentations_leave_the_step_of_the_display_and_no_scatter():
    titles = {row.title for row in hardness(TESTER, 63).rows if row.contribution}
    assert "Resolution" in titles
    assert "Repeatability" not in titles


@pytest.mark.parametrize(("points", "most"), [(25, "1.5"), (45, "1.1"), (63, "0.8")])
def test_soft_blocks_may_scatter_more_than_hard_ones(points, most):
    said = told_by(hardness(TESTER, points))
    assert f"A and C scale: {[0.4, 0.3, 0][(points > 25) + (points > 45)]:g} HRC" in said
    assert any(f"at most {most}" in each for each in hardness(TESTER, points).explanations)


def test_a_machine_whose_forces_failed_is_told_at_every_block():
    found = hardness(TESTER, 45, example=parameter(direct="0"))
    assert "Direct checks: 0, at least 1: does not hold." in found.warnings


def test_the_limit_goes_by_the_scale():
    def on_the_b_scale(example):
        parameter(scale="HRB")(example)
        for point in example["standards"][0]["points"]:
            point.update(function="hardness HRB", unit="HRB")
        example["readings"] = {"45-hrb": "44.9 45.1 45.0 44.8 45.1"}

    found = evaluated(TESTER, example=on_the_b_scale)["45-hrb"]
    assert (hardness(TESTER, 45).upper_limit, found.upper_limit) == (1.5, 3)
    assert found.result_unit == "HRB"
