"""Every worked example that ships with the engine: what is expected, what it computes, how far off.

What a laboratory validates its software with (ISO/IEC 17025:2017, 7.11.2), as a table for a
terminal; the page of the same name shows and prints the same figures.
"""

from calibra_app.core.clock import system_clock
from calibra_app.metrology.budget import ENGINE_VERSION
from calibra_app.metrology.validation.report import (
    Comparison,
    ExampleResult,
    validate_engine,
    versions_here,
)

AGREES, DIFFERS = "agrees", "DIFFERS"
NOTE = (
    f"Engine {ENGINE_VERSION}, "
    + ", ".join(f"{name} {version}" for name, version in versions_here().items())
    + f", run on {system_clock():%Y-%m-%d %H:%M} UTC. Expected: computed with other tools"
    " or certified by the source. Printed: what the source itself prints. Off: the"
    " deviation in parts of the tolerance; an example agrees when none is above 1."
)


def run() -> list[dict[str, str | float]]:
    """Compute every example; return one row for each figure."""
    return [
        row
        for result in validate_engine().results
        for row in (
            [_row(result, comparison) for comparison in result.comparisons] or [_refused(result)]
        )
    ]


def failure_of(rows: list[dict[str, str | float]]) -> str:
    """Return which examples do not agree, in a sentence; empty where all do."""
    names = list(dict.fromkeys(str(row["example"]) for row in rows))
    failed = [
        name
        for name in names
        if any(row["example"] == name and row["verdict"] == DIFFERS for row in rows)
    ]
    if not failed:
        return ""
    return f"{len(failed)} of {len(names)} worked examples do not agree: {', '.join(failed)}."


def _row(result: ExampleResult, comparison: Comparison) -> dict[str, str | float]:
    share, tolerance = comparison.share, comparison.tolerance
    return {
        "example": result.example.name,
        "source": result.example.source,
        "figure": comparison.field,
        "printed": comparison.printed,
        "expected": comparison.expected,
        "computed": comparison.computed,
        "deviation": "" if comparison.deviation is None else f"{comparison.deviation:.2g}",
        "tolerance": "" if tolerance is None else f"{tolerance:.2g}",
        "off": "" if share is None else f"{share:.3f}",
        "verdict": AGREES if comparison.agrees else DIFFERS,
    }


def _refused(result: ExampleResult) -> dict[str, str | float]:
    return {
        "example": result.example.name,
        "source": result.example.source,
        "figure": "",
        "printed": "",
        "expected": "an answer",
        "computed": result.error,
        "deviation": "",
        "tolerance": "",
        "off": "",
        "verdict": DIFFERS,
    }
