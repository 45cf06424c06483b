"""Parameters of an instrument and points of a certificate, as lines that people read and write."""

from decimal import Decimal

import pytest

from calibra_app.core.errors import Invalid
from calibra_app.demo.instruments import INSTRUMENTS
from calibra_app.procedures.registry import plan_points
from calibra_app.ui.pages.instruments.parameters import read_parameters, write_parameters
from calibra_app.ui.pages.standards.points import read_points, write_points


@pytest.mark.parametrize("sample", INSTRUMENTS, ids=lambda sample: sample.tag)
def test_each_sample_instrument_survives_being_written_and_read(sample):
    again = read_parameters(write_parameters(sample.parameters))
    planned = plan_points(sample.procedure, sample.version, again)
    assert planned == sample.points


def test_records_keep_signs_that_also_divide():
    text = "maximum_permissible_error:\n  - up_to=50 | source=class I, e = 1 mg"
    assert read_parameters(text) == {
        "maximum_permissible_error": [{"up_to": "50", "source": "class I, e = 1 mg"}]
    }


@pytest.mark.parametrize("text", ["garbage", "- a=1", "a b: 1", "limits:\n - oops", ": 1"])
def test_a_line_of_another_form_is_named(text):
    with pytest.raises(Invalid, match=r"Line \d") as refused:
        read_parameters(text)
    assert refused.value.field == "parameters"


def test_empty_lines_count_for_nothing():
    assert read_parameters("\n\n unit: mm \n\n") == {"unit": "mm"}


def test_points_are_read_from_lines_and_from_a_block_of_a_spreadsheet():
    lines = "gauge pressure; 10; bar; 0,2; 1.4; 2; 0.5; mbar\n\ngauge pressure;0;bar;0;0.3"
    first, second = read_points(lines)
    assert (first.correction, first.expanded_uncertainty) == (Decimal("0.2"), Decimal("1.4"))
    assert (first.drift, first.uncertainty_unit) == (Decimal("0.5"), "mbar")
    assert (second.coverage_factor, second.drift, second.uncertainty_unit) == (2, 0, "")
    assert read_points(lines.replace("; ", "\t").replace(";", "\t")) == (first, second)
    assert read_points(write_points((first, second))) == (first, second)


@pytest.mark.parametrize("line", ["mass; 1; g; 0", "mass;1;g;0;1;2;3;4;5", "mass; one; g; 0; 1"])
def test_a_point_of_another_form_is_named_by_its_line(line):
    with pytest.raises(Invalid, match="Line 2") as refused:
        read_points(f"mass; 1; g; 0; 1\n{line}")
    assert refused.value.field == "points"
