"""The validation report on paper: what an assessor reads first, and what must catch the eye."""

from dataclasses import replace

from calibra_app.rendering.blocks import Verdict
from calibra_app.rendering.deviation_chart import deviation_chart
from calibra_app.rendering.html import to_html
from tests.rendering.parts import D
from tests.rendering.validations import OHM, STATEMENT, VALIDATION

FAR_OFF = replace(OHM.figures[0], agrees=False, share="3.200", exact_share=D("3.2"))
WRONG = replace(OHM, agrees=False, figures=(FAR_OFF, OHM.figures[1]))


def with_examples(*examples):
    group = replace(VALIDATION.groups[0], examples=examples)
    return replace(
        VALIDATION,
        agrees=all(each.agrees for each in examples),
        groups=(group, *VALIDATION.groups[1:]),
    )


def test_the_report_counts_examples_and_figures_by_kind():
    both = with_examples(OHM, WRONG)
    budgets = both.groups[0]
    assert (budgets.agreeing, budgets.published, budgets.figures) == (1, 2, 4)
    assert (budgets.verdict, both.groups[1].verdict) == (Verdict.FAIL, Verdict.PASS)
    assert (both.agreeing, both.figures, len(both.examples)) == (2, 5, 3)
    assert budgets.largest is FAR_OFF
    assert both.groups[1].largest is None


def test_a_validation_that_fails_says_so_and_does_not_accept_the_engine():
    page = to_html("validation", with_examples(WRONG))
    assert "Not validated" in page
    assert "accepted for use" not in page
    good = to_html("validation", VALIDATION)
    assert "Not validated" not in good
    assert "accepted for use in this laboratory" in good


def test_an_example_that_was_refused_shows_the_sentence():
    refused = replace(OHM, agrees=False, figures=(), error="model: expected a formula")
    assert "refused this example: model: expected a formula" in to_html(
        "validation", with_examples(refused)
    )


def test_a_remark_stands_only_where_a_printed_figure_was_rounded_before():
    assert "rounds between its steps; its printed" in to_html("validation", VALIDATION)
    whole = replace(OHM, figures=OHM.figures[:1])
    assert "rounds between its steps; its printed" not in to_html(
        "validation", with_examples(whole)
    )


def test_each_example_names_what_its_expectation_was_computed_with():
    page = to_html("validation", VALIDATION)
    assert "After ILAC-G8:09/2019 4.2.3. Expected figures: computed with scipy 1.17" in page
    assert page.count("Expected figures: computed with") == 1


def test_powers_of_ten_are_raised_by_the_page():
    page = to_html("validation", VALIDATION)
    assert "1.0·10<sup>−11</sup>" in page
    assert "⁻¹¹" not in page


def test_the_chart_has_a_dot_for_every_figure_and_marks_what_lies_outside():
    chart = str(deviation_chart(with_examples(OHM, WRONG).groups))
    assert chart.count("<circle") == 4
    assert chart.count('fill="#ba3535" fill-opacity') == 1
    assert deviation_chart((replace(VALIDATION.groups[1], examples=(STATEMENT,)),)) == ""


def test_words_of_a_question_cannot_become_markup():
    hostile = replace(OHM, title="<script>alert(1)</script>")
    page = to_html("validation", with_examples(hostile))
    assert "<script>alert" not in page
