"""The first picture: the distribution of the value over the zones of the rule."""

import math
from dataclasses import dataclass
from typing import Any

from calibra_app.metrology.conformity import Conformity, RuleName
from calibra_app.metrology.exploration import Figures, RuleAnswer, ends_of
from calibra_app.ui.components.chart import Drawing
from calibra_app.ui.pages.explorer.shapes import (
    ACCEPTANCE,
    CURVE,
    DOUBT_FILL,
    FAIL_FILL,
    GUARD_FILL,
    INSIDE_FILL,
    LIMIT,
    OUTSIDE_FILL,
    PASS_FILL,
    REACH,
    band,
    curve,
    drawing,
    places_of,
    remark,
    short,
    steps,
    upright,
)
from calibra_app.ui.words import say

STEPS = 160
LEAST_SHOWN = 0.07  # of the width: a narrower zone has no room for its word


@dataclass(frozen=True, slots=True)
class Zone:
    """One zone between two places; its word is shown where there is room."""

    start: float
    end: float
    fill: str
    word: str


def window_of(figures: Figures, decided: Conformity | None) -> tuple[float, float]:
    """Return from where to where the picture reaches: limits, value and its spread."""
    value, reach = float(figures.value), REACH * figures.standard_uncertainty
    ends = [end for end in ends_of(figures.limits) if end is not None]
    width = float(decided.guard_band) if decided and decided.rule.non_binary else 0.0
    places = [value - reach, value + reach]
    places += [end - width for end in ends] + [end + width for end in ends]
    low, high = min(places), max(places)
    room = 0.06 * (high - low)
    return low - room, high + room


def zones_of(figures: Figures, decided: Conformity, window: tuple[float, float]) -> list[Zone]:
    """Return the zones of the rule from left to right."""
    low, high = window
    lower, upper = ends_of(figures.limits)
    left, right = ends_of(decided.acceptance)
    width = float(decided.guard_band)
    first = low if lower is None else lower
    last = high if upper is None else upper
    if decided.rule.name is RuleName.NO_STATEMENT:
        return [Zone(first, last, PASS_FILL, say("tolerance"))]
    start = low if left is None else min(left, last)
    end = high if right is None else max(right, first)
    if start > end:
        start = end = (start + end) / 2
    doubt = width if decided.rule.non_binary else 0.0
    between = say("cond. pass") if decided.rule.non_binary else say("guard band")
    zones = [Zone(start, end, PASS_FILL, say("pass"))]
    if lower is not None:
        zones = [
            Zone(low, lower - doubt, FAIL_FILL, say("fail")),
            Zone(lower - doubt, lower, DOUBT_FILL, say("cond. fail")),
            Zone(lower, start, GUARD_FILL, between),
            *zones,
        ]
    if upper is not None:
        zones += [
            Zone(end, upper, GUARD_FILL, between),
            Zone(upper, upper + doubt, DOUBT_FILL, say("cond. fail")),
            Zone(upper + doubt, high, FAIL_FILL, say("fail")),
        ]
    return [zone for zone in zones if zone.end > zone.start]


def zones_figure(figures: Figures, answer: RuleAnswer, unit: str) -> Drawing:
    """Return the distribution of the value over the zones of the rule."""
    decided = answer.decided
    window = window_of(figures, decided)
    shapes: list[dict[str, Any]] = []
    notes: list[dict[str, Any]] = []
    for zone in zones_of(figures, decided, window) if decided else ():
        shapes.append(band(zone.start, zone.end, zone.fill))
        if (zone.end - zone.start) > LEAST_SHOWN * len(zone.word) / 6 * (window[1] - window[0]):
            notes.append(remark((zone.start + zone.end) / 2, zone.word, 1.0))
    if decided is not None and float(decided.guard_band):
        shapes += [upright(end, ACCEPTANCE, "dash") for end in places_of(decided.acceptance)]
    shapes += [upright(end, LIMIT, "solid") for end in places_of(figures.limits)]
    value = float(figures.value)
    marker = {
        "type": "scatter",
        "mode": "markers",
        "x": [value],
        "y": [1.12],
        "marker": {"size": 9, "symbol": "diamond", "color": CURVE},
        "error_x": {
            "type": "constant",
            "value": figures.expanded_uncertainty,
            "color": CURVE,
            "thickness": 2,
        },
        "name": "y ± U",
    }
    return drawing(
        [*_distribution(figures, window), marker],
        shapes=shapes,
        annotations=notes,
        showlegend=False,
        hovermode=False,
        margin={"l": 16, "r": 16, "t": 22, "b": 44},
        xaxis={"range": [*window], "title": {"text": unit or say("value")}},
        yaxis={"visible": False, "range": [0, 1.28], "fixedrange": True},
    )


def _distribution(figures: Figures, window: tuple[float, float]) -> list[dict[str, Any]]:
    """Return the curve in its parts: inside the limits, and each side outside of them."""
    value, spread = float(figures.value), figures.standard_uncertainty
    low, high = max(window[0], value - REACH * spread), min(window[1], value + REACH * spread)
    lower, upper = ends_of(figures.limits)
    first = low if lower is None else min(max(lower, low), high)
    last = high if upper is None else min(max(upper, low), high)
    parts = (
        (low, first, OUTSIDE_FILL, say("outside")),
        (first, last, INSIDE_FILL, say("inside")),
        (last, high, OUTSIDE_FILL, say("outside")),
    )
    return [
        curve(
            (places := steps(start, end, STEPS)),
            [_bell((place - value) / spread) for place in places],
            line={"color": CURVE if fill is INSIDE_FILL else LIMIT, "width": 2, "dash": "solid"},
            fill="tozeroy",
            fillcolor=fill,
            name=name,
        )
        for start, end, fill, name in parts
        if end > start
    ]


def _bell(z: float) -> float:
    return short(math.exp(-0.5 * z * z))
