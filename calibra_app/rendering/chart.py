"""The chart of a certificate: errors of indication with U, against the limits; our own small SVG.

Why no chart library: a page with two charts costs about 1 ms this way and 100 ms otherwise. All
marks of one kind share one path, and text is kept short, because text is the dear part of a page.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup, escape

from calibra_app.rendering.certificate import Phase, ResultRow, ResultTable
from calibra_app.rendering.figures import number, signed

WIDTH, HEIGHT = 504.0, 124.6
LEFT, RIGHT, TOP, BOTTOM = 34.0, 30.0, 14.0, 16.0
MOST_LABELS = 14
HEADROOM = 1.12
_AS_FOUND, _AS_LEFT, _LIMIT, _GRID, _TEXT = "#8a929d", "#1d4e89", "#ba3535", "#e3e6ea", "#464c56"


@dataclass(frozen=True, slots=True)
class _Point:
    """One mark: where it stands, how high, how long its bar is."""

    x: float
    y: float
    bar: float


@dataclass(frozen=True, slots=True)
class _Series:
    """The marks of one phase."""

    phase: Phase
    points: tuple[_Point, ...]


@dataclass(frozen=True, slots=True)
class _Frame:
    """The scale of the drawing."""

    count: int
    low: float
    high: float

    def across(self, index: float) -> float:
        """Return the position of the point with this index."""
        return LEFT + (WIDTH - LEFT - RIGHT) * (index + 0.5) / self.count

    def down(self, value: float) -> float:
        """Return the height of a value; what lies outside is drawn at the edge."""
        share = (min(self.high, max(self.low, value)) - self.low) / (self.high - self.low)
        return HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM)


def error_chart(tables: Sequence[ResultTable]) -> Markup:
    """Return the chart of the phases of one group of points; empty text without errors to draw.

    Where the limits differ from point to point, errors are drawn in percent of the limit.
    """
    rows = max((table.rows for table in tables), key=len, default=())
    spans = [_half_width(row) for row in rows]
    relative = len({span for span in spans if span}) > 1 and all(spans)
    series = [_series(table, relative=relative) for table in tables]
    reach = max((abs(p.y) + p.bar for s in series for p in s.points), default=0.0)
    limit = 100.0 if relative else float(next((span for span in spans if span), 0))
    reach = max(reach, limit) * HEADROOM
    if not reach or len(rows) < 2:  # noqa: PLR2004  (one point makes no picture)
        return Markup()
    if relative:
        reach = min(reach, 250.0)
    frame = _Frame(len(rows), -reach, reach)
    unit = "% of limit" if relative else tables[0].error_unit
    parts = [
        _ground(frame, limit, unit),
        *(
            _marks(frame, item, shift)
            for item, shift in zip(series, _shifts(len(series)), strict=True)
        ),
        _labels(frame, rows, tables[0].nominal_unit or tables[0].unit),
    ]
    title = escape(f"{tables[0].title}: errors of indication with expanded uncertainty and limits")
    return Markup(  # noqa: S704  (numbers are ours, words are escaped)
        '<svg xmlns="http://www.w3.org/2000/svg" class="chart" '
        f'viewBox="0 0 {_n(WIDTH)} {_n(HEIGHT)}" '
        'font-family="Calibra Text, sans-serif" font-size="6.6">'
        f"<title>{title}</title>{''.join(parts)}</svg>"
    )


def _half_width(row: ResultRow) -> Decimal | None:
    bounds = [abs(bound) for bound in (row.lower_limit, row.upper_limit) if bound]
    return max(bounds, default=None)


def _series(table: ResultTable, *, relative: bool) -> _Series:
    points: list[_Point] = []
    for index, row in enumerate(table.rows):
        if row.error is None:
            continue
        span = _half_width(row) if relative else None
        scale = 100 / float(span) if span else 1.0
        points.append(_Point(index, float(row.error) * scale, float(row.uncertainty or 0) * scale))
    return _Series(table.phase, tuple(points))


def _shifts(count: int) -> tuple[float, ...]:
    return (0.0,) if count == 1 else tuple(4.0 * (2 * i / (count - 1) - 1) for i in range(count))


def _ground(frame: _Frame, limit: float, unit: str) -> str:
    right = WIDTH - RIGHT
    ticks = list(_ticks(frame.high))
    grid = "".join(f"M{_n(LEFT)} {_n(frame.down(t))}H{_n(right)}" for t in ticks if t)
    words = "".join(
        _text(LEFT - 5, frame.down(t) + 2.3, signed(Decimal(f"{t:.12g}")), "end") for t in ticks
    )
    middle = f"M{_n(LEFT)} {_n(frame.down(0))}H{_n(right)}"
    zero = f'<path d="{middle}" stroke="#9aa1ab" stroke-width=".7"/>'
    bounds = ""
    if limit:
        top, bottom = frame.down(limit), frame.down(-limit)
        bounds = (
            f'<rect x="{_n(LEFT)}" y="{_n(top)}" width="{_n(right - LEFT)}" '
            f'height="{_n(bottom - top)}" fill="#f4f8f5"/>'
        )
        line = f"M{_n(LEFT)} {_n(top)}H{_n(right)}M{_n(LEFT)} {_n(bottom)}H{_n(right)}"
        words += f'<path d="{line}" stroke="{_LIMIT}" stroke-width=".9"/>' + "".join(
            _text(right + 4, y + 2.3, "limit", "start", _LIMIT) for y in (top, bottom)
        )
    return f'{bounds}<path d="{grid}" stroke="{_GRID}" stroke-width=".5"/>{zero}{words}' + _text(
        0, 6, f"Error / {escape(unit)}", "start"
    )


def _ticks(reach: float) -> Iterable[float]:
    raw = reach / 3.4
    size = 10 ** math.floor(math.log10(raw))
    step = next(m * size for m in (1, 2, 2.5, 5, 10) if m * size >= raw * 0.8)
    most = math.floor(reach / step + 1e-9)
    return (index * step for index in range(-most, most + 1))


def _marks(frame: _Frame, series: _Series, shift: float) -> str:
    bars: list[str] = []
    dots: list[str] = []
    is_found = series.phase is Phase.AS_FOUND
    for point in series.points:
        x = frame.across(point.x) + shift
        high, low, y = (frame.down(v) for v in (point.y + point.bar, point.y - point.bar, point.y))
        bars.append(
            f"M{_n(x)} {_n(high)}V{_n(low)}M{_n(x - 2)} {_n(high)}h4M{_n(x - 2)} {_n(low)}h4"
        )
        dots.append(
            f"M{_n(x)} {_n(y - 2.6)}l2.6 2.6l-2.6 2.6l-2.6 -2.6z"
            if is_found
            else f"M{_n(x - 2.1)} {_n(y)}a2.1 2.1 0 1 0 4.2 0a2.1 2.1 0 1 0 -4.2 0z"
        )
    colour = _AS_FOUND if is_found else _AS_LEFT
    fill = f'fill="#fff" stroke="{colour}" stroke-width=".9"' if is_found else f'fill="{colour}"'
    return (
        f'<path d="{"".join(bars)}" stroke="{colour}" stroke-width=".8"/>'
        f'<path d="{"".join(dots)}" {fill}/>'
    )


def _labels(frame: _Frame, rows: Sequence[ResultRow], unit: str) -> str:
    step = math.ceil(len(rows) / MOST_LABELS)
    words = [
        _text(frame.across(i), HEIGHT - BOTTOM + 10, number(row.nominal))
        for i, row in enumerate(rows)
        if i % step == 0
    ]
    return "".join(words) + _text(WIDTH, HEIGHT - BOTTOM + 10, str(escape(unit)), "end")


def _text(x: float, y: float, words: str, anchor: str = "middle", colour: str = _TEXT) -> str:
    return f'<text x="{_n(x)}" y="{_n(y)}" text-anchor="{anchor}" fill="{colour}">{words}</text>'


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
