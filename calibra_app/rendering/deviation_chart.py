"""Every figure's deviation in parts of its tolerance, as an SVG: a row for each kind of example.

Why a logarithmic scale: nearly all figures agree to a millionth of their tolerance, and an
assessor wants to see how much room is left as well as that there is some.
"""

import math
from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup, escape

from calibra_app.rendering.validation import ExampleGroup

WIDTH = 505.0
LEFT, RIGHT, TOP, BOTTOM = 152.0, 14.0, 16.0, 18.0
ROW = 12.5
LOWEST, HIGHEST = -12.8, 1.2
"""Powers of ten at the ends of the scale; what lies beyond is drawn at its end."""
_LIMIT, _GRID, _TEXT, _AGREES, _DIFFERS = "#ba3535", "#dfe2e6", "#464c56", "#0767b9", "#ba3535"
_TICKS = ((-12.0, "10⁻¹²"), (-10.0, "10⁻¹⁰"), (-8.0, "10⁻⁸"), (-6.0, "10⁻⁶"), (-4.0, "10⁻⁴"),
          (-2.0, "0.01"), (0.0, "1"))  # fmt: skip


def deviation_chart(groups: Sequence[ExampleGroup]) -> Markup:
    """Return the chart; empty text where no figure is a number."""
    shown = [(group.title, _shares(group)) for group in groups]
    shown = [(title, shares) for title, shares in shown if shares]
    if not shown:
        return Markup()
    height = TOP + ROW * len(shown) + BOTTOM
    parts = [_ground(height), *(_row(at, *each) for at, each in enumerate(shown))]
    count = sum(len(shares) for _, shares in shown)
    title = f"Deviations of {count} figures in parts of their tolerances, by kind of calculation"
    return Markup(  # noqa: S704  (numbers are ours, words are escaped)
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(WIDTH)} {_n(height)}" '
        f'style="display:block;width:178mm" font-family="Calibra Text, sans-serif" font-size="6.6">'
        f"<title>{escape(title)}</title>{''.join(parts)}</svg>"
    )


def _shares(group: ExampleGroup) -> list[Decimal]:
    return [
        figure.exact_share
        for example in group.examples
        for figure in example.figures
        if figure.exact_share is not None
    ]


def _across(power: float) -> float:
    inside = min(HIGHEST, max(LOWEST, power))
    return LEFT + (WIDTH - LEFT - RIGHT) * (inside - LOWEST) / (HIGHEST - LOWEST)


def _power(share: Decimal) -> float:
    return math.log10(abs(share)) if share else LOWEST


def _ground(height: float) -> str:
    low, high = TOP - 4, height - BOTTOM + 2
    left, limit = _across(LOWEST), _across(0.0)
    size = f'width="{_n(limit - left)}" height="{_n(high - low)}"'
    parts = [f'<rect x="{_n(left)}" y="{_n(low)}" {size} fill="#f4f8f5"/>']
    for power, words in _TICKS:
        if power:
            parts.append(_line(_across(power), low, high, _GRID))
        parts.append(_text(_across(power), high + 9, words))
    parts.append(_text(left, high + 9, "0"))
    parts.append(_line(limit, low, high, _LIMIT, 0.9))
    parts.append(_text(limit, low - 3, "tolerance", _LIMIT))
    return "".join(parts)


def _row(at: int, title: str, shares: Sequence[Decimal]) -> str:
    y = TOP + ROW * (at + 0.5)
    dots = "".join(
        f'<circle cx="{_n(_across(_power(share)))}" cy="{_n(y + _spread(place))}" r="1.5" '
        f'fill="{_AGREES if abs(share) <= 1 else _DIFFERS}" fill-opacity=".62"/>'
        for place, share in enumerate(shares)
    )
    words = (
        f'<text x="0" y="{_n(y + 2.3)}" fill="{_TEXT}">{escape(title)}</text>'
        f'<text x="{_n(LEFT - 12)}" y="{_n(y + 2.3)}" text-anchor="end" fill="{_TEXT}">'
        f"{len(shares)}</text>"
    )
    return words + dots


def _spread(place: int) -> float:
    # Over the height of the row, in a fixed order: the same content gives the same bytes.
    return ((place * 5) % 7 - 3) * 1.15


def _line(x: float, low: float, high: float, colour: str, width: float = 0.5) -> str:
    path = f"M{_n(x)} {_n(low)}V{_n(high)}"
    return f'<path d="{path}" stroke="{colour}" stroke-width="{_n(width)}"/>'


def _text(x: float, y: float, words: str, colour: str = _TEXT) -> str:
    return f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="middle" fill="{colour}">{words}</text>'


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
