"""Charts of analysis pages: Plotly's basic bundle, in the colours of the site.

The bundle weighs 345 KB, so it stays off landing pages, panels and cards; those use
`components.stat`. A template stored in a figure is lost, because Reflex sets its own by colour
mode: so it is given to the component.

A state keeps a picture as plain data, not as a `go.Figure`: it is stored after every event, and the
classes of a figure take some forty milliseconds to come back.
"""

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import plotly.graph_objects as go
import reflex as rx

from calibra_app.ui.components.values import Text
from calibra_app.ui.theme import Mode, series, tokens

# A picture as Plotly's own JSON.
Drawing: TypeAlias = dict[str, Any]
NO_DRAWING: Final[Drawing] = {"data": [], "layout": {}}

# Shape and dash repeat what colour says.
MARKERS = ("circle", "square", "diamond", "triangle-up", "x", "cross", "star", "hexagon")
DASHES = ("solid", "dash", "dot", "dashdot")


def template(mode: Mode) -> go.layout.Template:
    """Return the Plotly template of one colour mode."""
    colours = tokens(mode)
    small = {"color": colours["text-2"], "size": 12}
    axis: Mapping[str, object] = {
        "gridcolor": colours["chart-grid"],
        "linecolor": colours["line-strong"],
        "tickcolor": colours["line-strong"],
        "tickfont": small,
        "title": {"font": small, "standoff": 8},
        "showline": True,
        "zeroline": False,
        "ticks": "outside",
        "ticklen": 4,
        "automargin": True,
    }
    lines = [
        go.Scatter(line={"width": 2, "dash": DASHES[at % 4]}, marker={"size": 7, "symbol": shape})
        for at, shape in enumerate(MARKERS)
    ]
    return go.layout.Template(
        layout={
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "colorway": series(mode),
            "font": {
                "family": "Inter, system-ui, sans-serif",
                "size": 12,
                "color": colours["text"],
            },
            "margin": {"l": 56, "r": 20, "t": 28, "b": 44},
            "xaxis": axis,
            "yaxis": axis,
            "hovermode": "x unified",
            "hoverlabel": {
                "bgcolor": colours["raised"],
                "bordercolor": colours["line-strong"],
                "font": {"color": colours["text"], "size": 12},
            },
            "legend": {"orientation": "h", "x": 0, "y": 1.08, "font": small},
            "separators": ".\N{NARROW NO-BREAK SPACE}",
        },
        data={
            "scatter": lines,
            "bar": [go.Bar(marker={"line": {"width": 0}, "cornerradius": 2})],
        },
    )


def drawing_of(figure: go.Figure) -> Drawing:
    """Return a figure as plain data, for a state to keep."""
    drawing: Drawing = figure.to_plotly_json()
    drawing["layout"].pop("template", None)
    return drawing


def chart(
    picture: rx.Var[Drawing] | Drawing, sentence: Text, *, height: str = "360px"
) -> rx.Component:
    """Return a chart under the sentence that says what it shows.

    Args:
        picture: The picture that a state keeps, without colours of its own.
        sentence: What the chart shows; visible, and what a screen reader says.
        height: Its height; a skeleton of the same height stands while the bundle loads.
    """

    def drawn(mode: Mode) -> rx.Component:
        return rx.plotly.basic(
            data=rx.Var.create(picture).to(go.Figure),
            template=template(mode),
            config={"displayModeBar": False, "responsive": True},
            width="100%",
            height=height,
        )

    return rx.el.figure(
        rx.el.figcaption(sentence, class_name="small second"),
        rx.el.div(
            rx.color_mode_cond(drawn("light"), drawn("dark")),
            role="img",
            aria_label=sentence,
            style={"minHeight": height},
        ),
        class_name="stack gap-8",
    )
