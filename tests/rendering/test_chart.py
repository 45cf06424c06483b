"""The chart of errors against limits: its scale, its marks, and when there is none."""

import re
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree as ET

from calibra_app.rendering.chart import error_chart
from tests.rendering.certificates import CLAMP, GAUGE, MICROMETER

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str]:
    return [element.text or "" for element in ET.fromstring(svg).iter(f"{SVG}text")]  # noqa: S314


def test_the_scale_is_in_the_unit_of_error_where_the_limits_are_one():
    words = texts(error_chart(MICROMETER.results))
    assert "Error / µm" in words
    assert "+2" in words
    assert "−2" in words
    assert words.count("limit") == 2


def test_the_scale_is_in_percent_of_the_limit_where_limits_differ():
    words = texts(error_chart(CLAMP.results[1:]))
    assert "Error / % of limit" in words
    assert "+100" in words


def test_every_point_has_one_mark_and_one_bar_in_each_phase():
    svg = error_chart(GAUGE.results)
    found, left = (re.findall(rf'<path d="([^"]*{shape}[^"]*)"', svg) for shape in ("l2.6", "a2.1"))
    assert [path.count("z") for path in (*found, *left)] == [5, 5]
    assert svg.count("h4") == 2 * 2 * 5


def test_the_picture_tells_what_it_shows():
    title = ET.fromstring(error_chart(GAUGE.results)).find(f"{SVG}title")  # noqa: S314
    assert title is not None
    assert title.text == (
        "Gauge pressure, rising: errors of indication with expanded uncertainty and limits"
    )


def test_one_point_makes_no_picture():
    assert error_chart(CLAMP.results[:1]) == ""


def test_results_without_errors_or_limits_make_no_picture():
    (table,) = MICROMETER.results
    bare = tuple(
        replace(row, error=None, lower_limit=None, upper_limit=None, uncertainty=None)
        for row in table.rows
    )
    assert error_chart((replace(table, rows=bare),)) == ""


def test_an_error_far_outside_stays_at_the_edge_of_the_picture():
    (table,) = MICROMETER.results
    wild = replace(table.rows[0], error=Decimal(1000000), upper_limit=Decimal(1))
    numbers = re.findall(
        r'[MVHy="](-?\d+(?:\.\d+)?)', error_chart((replace(table, rows=(wild, *table.rows[1:])),))
    )
    assert max(float(number) for number in numbers) <= 504


def test_words_of_a_title_are_never_markup():
    (table,) = MICROMETER.results
    svg = error_chart((replace(table, title="<b>&", unit="<i>"),))
    assert "<b>" not in svg
    assert "&lt;b&gt;&amp;" in svg
    ET.fromstring(svg)  # noqa: S314
