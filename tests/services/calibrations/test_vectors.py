"""The figures of the sample week, typed cell by cell through the services."""

import pytest

from calibra_app.demo.instruments import instrument
from calibra_app.demo.readings import OBSERVATIONS, evaluate_observation
from calibra_app.demo.sheets import complete_sheet, fill_sheet, prepare_sheet
from calibra_app.services.calibrations import (
    AdjustmentDraft,
    Phase,
    Typed,
    enter_indication,
    get_point,
    prereview,
    preview,
    record_adjustment,
)
from calibra_app.services.srf.agreement import Adjustment, Agreement
from calibra_app.services.srf.moves import take_line

TEN_VOLTS = "dc-voltage-200-v-10"


def result_of(made, number, sheet_id, key, phase=Phase.AS_FOUND):
    with made.work(number) as work:
        return get_point(work, sheet_id, key, phase).result


def allow_adjustment(made, number):
    """Agree beforehand that the item may be adjusted."""
    with made.work(name="Priya Menon") as work:
        line = take_line(work, made.lines[number])
        line.order = {**line.order, "adjustment": Adjustment.ALLOWED.value}
        assert Agreement.of_line(line).adjustment is Adjustment.ALLOWED


def test_ten_volts_typed_five_times_gives_the_figures_of_the_vector(bench):
    made = bench(8)
    sheet_id = made.started(8)
    with made.work(8) as work:
        prepare_sheet(work, sheet_id)
    for repeat, raw in enumerate(("10.00", "10,01", "10.00", "10.01", "10.00"), 1):
        with made.work(8) as work:
            typed = Typed(TEN_VOLTS, Phase.AS_FOUND, repeat, raw)
            assert enter_indication(work, sheet_id, typed).stored
        if repeat == 2:
            after_two = result_of(made, 8, sheet_id, TEN_VOLTS)
            assert after_two["uncertainty_text"]
            assert not after_two["complete"]
    result = result_of(made, 8, sheet_id, TEN_VOLTS)
    assert (result["mean_text"], result["uncertainty_text"]) == ("10.0040", "0.0080")
    assert result["coverage_factor_text"] == "2.12"
    assert result["error_text"] == "+0.0040"
    assert result["limit_text"] == "±0.015 V"
    assert result["statement"] == "pass"
    shares = {row["title"]: round(100 * row["share"]) for row in result["rows"]}
    assert (shares["Resolution"], shares["Repeatability"]) == (58, 42)


def test_the_gauge_fails_as_found_and_passes_as_left(bench):
    made = bench(9)
    sheet_id = made.started(9)
    allow_adjustment(made, 9)
    with made.work(9) as work:
        prepare_sheet(work, sheet_id)
        fill_sheet(work, sheet_id)
    found = result_of(made, 9, sheet_id, "10-bar-up")
    assert (found["error_text"], found["uncertainty_text"]) == ("+0.240", "0.022")
    assert found["statement"] == "fail"
    with made.work(9) as work:
        record_adjustment(work, sheet_id, AdjustmentDraft("Linkage adjusted", "Outside its limits"))
        fill_sheet(work, sheet_id, Phase.AS_LEFT)
    left = result_of(made, 9, sheet_id, "10-bar-up", Phase.AS_LEFT)
    assert (left["error_text"], left["uncertainty_text"]) == ("+0.023", "0.018")
    assert left["statement"] == "pass"
    assert result_of(made, 9, sheet_id, "10-bar-up")["error_text"] == "+0.240"


def test_the_micrometer_passes_conditionally(bench):
    made = bench(5)
    sheet_id = made.started(5)
    with made.work(5) as work:
        prepare_sheet(work, sheet_id)
        fill_sheet(work, sheet_id)
    result = result_of(made, 5, sheet_id, "25-mm")
    assert (result["error_text"], result["uncertainty_text"]) == ("+1.40", "0.84")
    assert result["tur_text"] == "2.38"
    assert result["statement"] == "conditional_pass"


@pytest.mark.parametrize("number", [item.number for item in OBSERVATIONS])
def test_every_instrument_of_the_week_can_be_completed(bench, number):
    made = bench(number)
    sheet_id = made.started(number)
    allow_adjustment(made, number)
    with made.work(number) as work:
        complete_sheet(work, sheet_id)
        assert [finding.message for finding in prereview(work, sheet_id)] == []
    expected = {each.key: each for each in evaluate_observation(number)}
    with made.work(number) as work:
        for point in instrument(number).points:
            result = get_point(work, sheet_id, point.key, Phase.AS_FOUND).result
            wanted = expected[point.key]
            assert result["error_text"] == wanted.error_text
            assert result["uncertainty_text"] == wanted.uncertainty_text
            assert result["statement"] == wanted.statement


def test_what_is_being_typed_is_evaluated_and_not_stored(bench):
    made = bench(8)
    sheet_id = made.started(8)
    with made.work(8) as work:
        prepare_sheet(work, sheet_id)
        typed = {1: "10.00", 2: "10.01", 3: "ten"}
        shown = preview(work, sheet_id, TEN_VOLTS, Phase.AS_FOUND, typed)
    assert shown["number"] == 2
    assert shown["uncertainty_text"]
    assert result_of(made, 8, sheet_id, TEN_VOLTS)["number"] == 0
