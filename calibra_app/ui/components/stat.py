"""Figures of a dashboard: tiles, bars and small trend lines, drawn without a chart library."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from calibra_app.ui.components.icon import icon
from calibra_app.ui.components.values import Text, is_blank


def tile(
    label: Text,
    value: Text,
    *,
    href: Text,
    unit: Text = "",
    note: rx.Component | Text = "",
    trend: rx.Component | None = None,
) -> rx.Component:
    """Return a figure that is a link to the list with the same number.

    Args:
        label: What is counted.
        value: The figure as text.
        href: The list.
        unit: Behind the figure: "items", "days".
        note: A line under it; `remark(…)` gives it a tone.
        trend: `sparkline(State.path)`.
    """
    after = () if is_blank(unit) else (" ", rx.el.span(unit, class_name="unit"))
    return rx.el.a(
        rx.el.span(label, class_name="label"),
        rx.el.span(value, *after, class_name="key-figure num"),
        trend,
        rx.el.span(note, class_name="tiny second"),
        href=href,
        class_name="card tile",
    )


def remark(words: Text, tone: Text, symbol: Text) -> rx.Component:
    """Return a toned remark under a figure: icon and words."""
    return rx.el.span(icon(symbol, size=14), " ", words, class_name=f"ink-{tone}")


def bar(
    share: Text, *, tone: Text = "brand", thick: bool = False, label: Text = ""
) -> rx.Component:
    """Return a bar; `share` is its length as text with a percent sign: "42%"."""
    spoken: dict[str, Any] = (
        {"aria_hidden": "true"} if is_blank(label) else {"role": "img", "aria_label": label}
    )
    return rx.el.span(
        rx.el.i(class_name=f"fill-{tone}", style={"width": share}),
        class_name="bar bar-thick grow" if thick else "bar bar-medium grow",
        **spoken,
    )


def measure(
    words: Text, count: Text, share: Text, *, tone: Text, symbol: Text, href: Text
) -> rx.Component:
    """Return one line of a bar list (work by state): icon and words, bar, figure; a link."""
    return rx.el.a(
        rx.el.span(
            icon(symbol, size=15, class_name=f"ink-{tone}"), rx.el.span(words, class_name="cut")
        ),
        bar(share, tone=tone, thick=True),
        rx.el.span(count, class_name="num"),
        href=href,
        class_name="measure",
    )


WIDTH, HEIGHT = 64.0, 22.0


def spark_path(values: Sequence[float]) -> str:
    """Return the SVG path of a trend, for `sparkline`; fewer than two values give no line."""
    if len(values) < 2:  # noqa: PLR2004 - a line has two ends
        return ""
    low, high = min(values), max(values)
    span = (high - low) or 1.0
    step = (WIDTH - 6) / (len(values) - 1)
    points = [
        f"{3 + place * step:.1f} {HEIGHT - 3 - (HEIGHT - 6) * (value - low) / span:.1f}"
        for place, value in enumerate(values)
    ]
    return "M" + "L".join(points)


def sparkline(path: Text) -> rx.Component:
    """Return a small trend line from `spark_path`; decoration, for the figure says the same."""
    return rx.el.svg(
        rx.el.svg.path(
            d=path,
            fill="none",
            stroke="var(--brand-text)",
            stroke_width="1.75",
            stroke_linecap="round",
            stroke_linejoin="round",
        ),
        view_box=f"0 0 {WIDTH:g} {HEIGHT:g}",
        width=f"{WIDTH:g}",
        height=f"{HEIGHT:g}",
        class_name="sparkline",
        custom_attrs={"aria-hidden": "true"},
    )
