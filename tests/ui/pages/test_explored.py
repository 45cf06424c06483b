"""From a point of a sheet to the explorer: the same figures, the same word of the same rule."""

from urllib.parse import parse_qsl

import pytest

from calibra_app.demo.sheets import fill_sheet, prepare_sheet
from calibra_app.metrology.conformity import STATEMENT_TEXTS, DecisionRule, RuleName, Statement
from calibra_app.models.customer import DecisionRule as Entry
from calibra_app.models.srf import SrfLine
from calibra_app.services.calibrations import Phase, get_point, get_sheet
from calibra_app.services.srf.agreement import Agreement
from calibra_app.services.srf.rules import ChosenRule
from calibra_app.ui.format import Region
from calibra_app.ui.pages.explorer.entry import choices_of, read, texts_of
from calibra_app.ui.pages.explorer.rows import picture_of
from calibra_app.ui.pages.sheets.explored import figures_of, rule_of
from tests.services.calibrations.conftest import a_bench

PART = DecisionRule(RuleName.GUARD_BAND, 0.83, least_tur=1.0)


def seen(made, sheet_id):
    """Return the evaluated points as the sheet shows them, with the sheet."""
    with made.house.work("Priya Menon") as work:
        sheet = get_sheet(work, sheet_id)
        points = [
            get_point(work, sheet_id, point.key, Phase.AS_FOUND).result for point in sheet.points
        ]
    return sheet, points


def explored(sheet, result):
    """Return what the explorer says of a point's address."""
    params = dict(parse_qsl(f"{figures_of(result)}&{rule_of(sheet.decision_rule)}"))
    entered, faults = read(texts_of(params), choices_of(params))
    assert faults == {}
    return picture_of(entered, "truth", params["unit"], Region()).answer


@pytest.mark.parametrize("number", [8, 9, 5])
def test_each_point_of_a_sheet_gets_the_same_statement_there(work_in, number):
    made = a_bench(work_in, (number,))
    sheet_id = made.started(number)
    with made.work(number) as work:
        prepare_sheet(work, sheet_id)
        fill_sheet(work, sheet_id)
    sheet, results = seen(made, sheet_id)
    asked = [result for result in results if figures_of(result)]
    assert asked
    for result in asked:
        answer = explored(sheet, result)
        assert STATEMENT_TEXTS[answer.decided.statement] == result["statement_text"]
        chance = result["probability_of_conformity"]
        assert answer.decided.probability_of_conformity == pytest.approx(chance, abs=1e-6)


def test_a_point_without_an_uncertainty_leads_nowhere(work_in):
    made = a_bench(work_in, (8,))
    sheet_id = made.started(8)
    _, results = seen(made, sheet_id)
    assert {figures_of(result) for result in results} == {""}


def test_a_sheet_is_begun_with_the_rule_of_its_own_that_was_agreed(work_in):
    made = a_bench(work_in, (8,))
    with made.house.work("Priya Menon") as work:
        line = work.get(SrfLine, made.lines[8])
        known = Agreement.of_line(line)
        Agreement(
            procedure_code=known.procedure_code,
            parameters=known.parameters,
            decision_rule=Entry.OWN,
            chosen_rule=ChosenRule(PART, "Drawn in by 0.83 U."),
        ).write_to(line)
    sheet_id = made.started(8)
    with made.work(8) as work:
        prepare_sheet(work, sheet_id)
        fill_sheet(work, sheet_id)
    sheet, results = seen(made, sheet_id)
    assert sheet.decision_rule == PART
    judged = [result for result in results if result.get("guard_band")]
    assert judged
    for result in judged:
        assert result["guard_band"] == pytest.approx(0.83 * result["expanded_uncertainty"])
        assert result["rule_text"] == "guard band w = 0.83·U"
        assert result["statement"] in {each.value for each in Statement}
