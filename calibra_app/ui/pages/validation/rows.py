"""The lines of the pages of the software validation, as text, and the picture of deviations."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self

import plotly.graph_objects as go

from calibra_app.rendering.validation import (
    ExampleContent,
    ExampleGroup,
    FigureContent,
    InputContent,
)
from calibra_app.services.validation import ValidationSummary
from calibra_app.ui import routes
from calibra_app.ui.format import NOTHING, Region, signed_at
from calibra_app.ui.words import say

# The picture's scale ends here on both sides; an exact agreement stands at its lower end.
LOWEST, HIGHEST = -13.0, 1.0
_LOWERED = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "−0123456789")
_OUTSIDE = "#d64545"

PRINTING = {
    "queued": (say("Waiting for the printer"), "gray", "hourglass"),
    "printing": (say("Being printed"), "blue", "printer"),
    "done": (say("Printed"), "green", "check"),
    "failed": (say("Not printed"), "red", "circle-alert"),
}
AGREES = (say("Agrees"), "green", "verdict-pass")
DIFFERS = (say("Differs"), "red", "verdict-fail")
WAITING = (NOTHING, "gray", "verdict-open")


@dataclass(frozen=True, slots=True)
class ExampleRow:
    """One example in the list."""

    name: str
    title: str
    source: str
    figures: str
    worst: str
    words: str
    tone: str
    symbol: str
    path: str
    published: bool
    differs: bool
    sought: str

    @classmethod
    def of(cls, example: ExampleContent) -> Self:
        """Return the line of one example."""
        computed = bool(example.figures or example.error)
        words, tone, symbol = WAITING if not computed else AGREES if example.agrees else DIFFERS
        return cls(
            example.name,
            example.title,
            example.source,
            str(len(example.figures)) if computed else NOTHING,
            example.worst if computed else NOTHING,
            words,
            tone,
            symbol,
            routes.worked_example(example.name),
            example.is_published,
            computed and not example.agrees,
            f"{example.name} {example.title} {example.source}".casefold(),
        )


@dataclass(frozen=True, slots=True)
class GroupRow:
    """The examples of one kind of calculation."""

    title: str
    agreeing: str
    tone: str
    examples: list[ExampleRow] = field(default_factory=list)

    @classmethod
    def of(cls, title: str, rows: list[ExampleRow]) -> Self:
        """Return the examples of one kind with how many of them agree."""
        agreeing = sum(row.tone == "green" for row in rows)
        computed = any(row.tone != "gray" for row in rows)
        tone = "gray" if not computed else "green" if agreeing == len(rows) else "red"
        told = say("{agreeing} of {total}", agreeing=agreeing, total=len(rows))
        return cls(title, told if computed else str(len(rows)), tone, rows)


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report on record."""

    key: str
    number: str
    when: str
    who: str
    engine: str
    platform: str
    verdict: str
    agrees: bool
    state: str
    tone: str
    symbol: str
    error: str
    digest: str
    path: str
    done: bool
    failed: bool

    @classmethod
    def of(cls, report: ValidationSummary, region: Region) -> Self:
        """Return the line of one report."""
        state, tone, symbol = PRINTING[report.state.value]
        return cls(
            str(report.id),
            report.number,
            signed_at(report.run_at, region=region),
            report.run_by,
            report.engine_version,
            report.platform,
            report.verdict,
            report.agrees,
            state,
            tone,
            symbol,
            report.error,
            report.sha256[:12],
            f"/api/v1/documents/{report.id}?inline=true",
            report.state.value == "done",
            report.state.value == "failed",
        )


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as its digits and, where it has one, its power of ten."""

    digits: str
    power: str = ""

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the parts of a number such as 2.3·10⁻⁷: a page raises the power by itself."""
        digits, ten, raised = text.partition("·10")
        return cls(digits, raised.translate(_LOWERED)) if ten else cls(text)


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure: printed, expected, computed, and how far off."""

    title: str
    printed: Numeral
    expected: Numeral
    computed: Numeral
    deviation: Numeral
    tolerance: Numeral
    share: str
    words: str
    tone: str
    symbol: str
    rounded_before: bool

    @classmethod
    def of(cls, figure: FigureContent) -> Self:
        """Return the line of one figure."""
        words, tone, symbol = AGREES if figure.agrees else DIFFERS
        return cls(
            figure.title,
            Numeral.of(figure.printed),
            Numeral.of(figure.expected),
            Numeral.of(figure.computed),
            Numeral.of(figure.deviation),
            Numeral.of(figure.tolerance),
            figure.share,
            words,
            tone,
            symbol,
            not figure.is_as_printed,
        )


@dataclass(frozen=True, slots=True)
class InputRow:
    """One input quantity of a measurement model."""

    name: str
    value: str
    unit: str
    distribution: str
    stated: str
    degrees: str

    @classmethod
    def of(cls, quantity: InputContent) -> Self:
        """Return the line of one input quantity."""
        return cls(
            quantity.name,
            quantity.value,
            quantity.unit,
            quantity.distribution,
            quantity.stated,
            quantity.degrees_of_freedom or "∞",
        )


Dots = Sequence[tuple[str, str, FigureContent]]


def dots_of(groups: Sequence[ExampleGroup]) -> Dots:
    """Return the figures of all examples, each with its row of the picture and its name."""
    return [
        (group.title, f"{example.name}, {figure.title}", figure)
        for group in groups
        for example in group.examples
        for figure in example.figures
    ]


def deviation_figure(dots: Dots) -> go.Figure:
    """Return each figure's deviation in parts of its tolerance, on a logarithmic scale."""
    told = [dot for dot in dots if dot[2].exact_share is not None]
    rows = list(dict.fromkeys(row for row, _, _ in told))
    crowded = len(told) > len(rows)
    figure = go.Figure()
    for agrees, name, symbol in ((True, AGREES[0], "circle"), (False, DIFFERS[0], "x")):
        held = [(row, words, one) for row, words, one in told if one.agrees is agrees]
        if held:
            figure.add_trace(
                go.Scatter(
                    x=[_place(one) for _, _, one in held],
                    y=[
                        rows.index(row) + (_aside(at) if crowded else 0)
                        for at, (row, _, _) in enumerate(held)
                    ],
                    text=[f"{words}: {one.share}" for _, words, one in held],
                    hovertemplate="%{text}<extra></extra>",
                    mode="markers",
                    name=name,
                    marker={"size": 7, "symbol": symbol, "opacity": 0.7}
                    | ({} if agrees else {"color": _OUTSIDE}),
                )
            )
    figure.add_trace(
        go.Scatter(
            x=[1, 1],
            y=[-0.6, len(rows) - 0.4],
            mode="lines",
            name=say("Tolerance"),
            hoverinfo="skip",
            line={"color": _OUTSIDE, "width": 2, "dash": "solid"},
        )
    )
    powers = range(-12, 1, 2)
    figure.update_layout(
        hovermode="closest",
        showlegend=True,
        xaxis={
            "type": "log",
            "range": [LOWEST - 0.3, HIGHEST],
            "tickvals": [10.0**LOWEST, *(10.0**power for power in powers)],
            "ticktext": ["0", *(_power(power) for power in powers)],
            "title": {"text": say("Deviation in parts of the tolerance")},
        },
        yaxis={
            "tickvals": list(range(len(rows))),
            "ticktext": rows,
            "range": [len(rows) - 0.4, -0.6],
            "showgrid": False,
        },
    )
    return figure


def _place(figure: FigureContent) -> float:
    share = abs(float(figure.exact_share or 0))
    power = math.log10(share) if share else LOWEST
    return 10.0 ** min(HIGHEST - 0.1, max(LOWEST, power))


def _aside(at: int) -> float:
    # Dots of one row lie beside each other in a fixed order, so that they can be told apart.
    return ((at * 5) % 7 - 3) * 0.1


def _power(power: int) -> str:
    return "1" if power == 0 else f"10<sup>−{-power}</sup>"
