"""What is typed into the explorer, or stands in its address: read, or told beside its field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibra_app.metrology.conformity import DecisionRule, RuleName
from calibra_app.ui.format import Region
from calibra_app.ui.pages.explorer import shapes
from calibra_app.ui.pages.explorer.entry import (
    CHOICES,
    EXAMPLE,
    FIELDS,
    choice_of,
    choices_of,
    query_of,
    read,
    texts_of,
    unit_of,
)
from calibra_app.ui.pages.explorer.rows import picture_of, readable_step
from calibra_app.ui.theme import NEUTRALS, contrast


@given(st.dictionaries(st.sampled_from([*FIELDS, *CHOICES, "unit"]), st.text(max_size=60)))
def test_whatever_an_address_says_is_read_or_told_beside_a_field(params):
    texts, choices = texts_of(params), choices_of(params)
    entered, faults = read(texts, choices)
    assert (entered is None) == bool(faults)
    assert faults.keys() <= set(FIELDS)
    assert "<" not in unit_of(params)
    assert query_of(texts, choices, {"unit": unit_of(params)})


NUMBERS = st.one_of(
    st.floats(-1e6, 1e6).map(str), st.sampled_from(["", "1e29", "-1e29", "1e-29", "0", "1", "2"])
)


@given(
    st.fixed_dictionaries(dict.fromkeys(FIELDS, NUMBERS)),
    st.fixed_dictionaries(
        {name: st.sampled_from([value for value, _ in listed]) for name, listed in CHOICES.items()}
    ),
)
def test_figures_of_any_size_give_a_picture_or_a_refusal_that_the_page_knows(texts, choices):
    entered, _ = read(texts, choices)
    if entered is None:
        return
    try:
        picture = picture_of(entered, choices["view"], "mm", Region())
    except (ValueError, ArithmeticError):
        # What the page answers with a sentence, while its last picture stays.
        return
    assert len(picture.rows) >= 7


@pytest.mark.parametrize(
    "written", ["<b>x</b>", '<a href="//evil">', "x" * 40, "a\nb", "&lt;", "'\"", "[1]"]
)
def test_a_unit_carries_no_markup_into_a_picture(written):
    assert unit_of({"unit": written}) == ""


@pytest.mark.parametrize("written", ["mm", "°C", "µV/V", "%", "N·m", "kg/m³", "Ω"])
def test_a_unit_is_taken_from_the_address(written):
    assert unit_of({"unit": written}) == written


@pytest.mark.parametrize(
    "rule",
    [
        DecisionRule(RuleName.GUARD_BAND, 0.83, least_tur=1.0),
        DecisionRule(RuleName.GUARD_BAND, 0.5, non_binary=True, least_tur=1.0),
        DecisionRule(RuleName.SPECIFIC_PFA, probability_of_false_acceptance=0.01, least_tur=1.0),
        DecisionRule(RuleName.SIMPLE, minimum_tur=4.0, least_tur=1.0),
        DecisionRule(RuleName.RSS, least_tur=1.0),
        DecisionRule(RuleName.NO_STATEMENT),
    ],
)
def test_each_rule_is_written_as_a_choice_and_read_as_the_same_rule(rule):
    name, own = choice_of(rule)
    entered, _ = read({**EXAMPLE, **own}, {**choices_of({}), "rule": name})
    assert entered.rule == rule


def test_a_slider_steps_in_ones_twos_and_fives():
    assert [readable_step(fine) for fine in (0.01, 0.0199, 0.06, 7.0, 300.0)] == [
        (0.01, 2),
        (0.01, 2),
        (0.05, 2),
        (5.0, 0),
        (200.0, 0),
    ]


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_the_lines_of_the_pictures_stand_out_from_the_page(mode):
    for colour in shapes.LINES:
        assert contrast(colour, NEUTRALS[mode]["surface"]) >= 3
