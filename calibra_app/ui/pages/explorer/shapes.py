"""What both pictures of the explorer are drawn with: colours, bands, lines and words.

Fills let the ground shine through and lines stand out from both, so that one figure serves the
light and the dark page.
"""

from collections.abc import Sequence
from typing import Any, Final

from calibra_app.metrology.conformity import Limits
from calibra_app.metrology.exploration import ends_of
from calibra_app.ui.components.chart import Drawing

LIMIT, ACCEPTANCE, CURVE, OTHER = "#d64545", "#2f9a5a", "#3b82d6", "#c47f12"
LINES: Final = (LIMIT, ACCEPTANCE, CURVE, OTHER)
PASS_FILL, GUARD_FILL = "rgba(47,154,90,.17)", "rgba(214,150,30,.22)"
FAIL_FILL, OUTSIDE_FILL = "rgba(214,69,69,.10)", "rgba(214,69,69,.55)"
INSIDE_FILL, DOUBT_FILL = "rgba(59,130,214,.30)", "rgba(230,110,30,.20)"
REACH = 4.0


def drawing(parts: Sequence[dict[str, Any]] = (), **layout: Any) -> Drawing:
    """Return a picture of its parts."""
    return {"data": list(parts), "layout": layout}


def curve(places: Sequence[float], heights: Sequence[float | None], **more: Any) -> dict[str, Any]:
    """Return a line through places at their heights."""
    return {"type": "scatter", "mode": "lines", "x": list(places), "y": list(heights), **more}


def band(start: float, end: float, fill: str) -> dict[str, Any]:
    """Return a band over the whole height of a picture."""
    return {
        "type": "rect",
        "xref": "x",
        "yref": "paper",
        "x0": start,
        "x1": end,
        "y0": 0,
        "y1": 1,
        "fillcolor": fill,
        "line": {"width": 0},
        "layer": "below",
    }


def upright(place: float, colour: str, dash: str) -> dict[str, Any]:
    """Return an upright line."""
    return {
        "type": "line",
        "xref": "x",
        "yref": "paper",
        "x0": place,
        "x1": place,
        "y0": 0,
        "y1": 1,
        "line": {"color": colour, "width": 2, "dash": dash},
    }


def remark(place: float, text: str, height: float) -> dict[str, Any]:
    """Return a word at a place; `height` is a share of the picture's."""
    return {
        "x": place,
        "xref": "x",
        "y": height,
        "yref": "paper",
        "yanchor": "bottom",
        "text": text,
        "showarrow": False,
        "font": {"size": 11},
    }


def places_of(limits: Limits) -> list[float]:
    """Return the limits that are there; none where they cross."""
    lower, upper = ends_of(limits)
    if lower is not None and upper is not None and lower > upper:
        return []
    return [end for end in (lower, upper) if end is not None]


def steps(start: float, end: float, count: int) -> list[float]:
    """Return places at even distances, both ends among them."""
    return [float(f"{start + (end - start) * at / count:.12g}") for at in range(count + 1)]


def short(value: float) -> float:
    """Return a number with as many digits as a picture shows, for the way to the browser."""
    return float(f"{value:.7g}")
