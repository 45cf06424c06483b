"""The points of a certificate as lines, as they come out of a spreadsheet.

    gauge pressure; 10; bar; 0.2; 1.4; 2; 0.5; mbar

Quantity, nominal value, unit, correction, U, then k, drift and the unit of correction, U and drift
where they differ from 2, 0 and the unit. Tabs divide as well, so a block of cells can be pasted.
"""

from collections.abc import Sequence
from decimal import Decimal

from calibra_app.core.errors import Invalid
from calibra_app.services.equipment import PointDraft
from calibra_app.ui.format import read_number
from calibra_app.ui.words import say

NEEDED = 5
MOST = 8


def read_points(text: str, field: str = "points") -> tuple[PointDraft, ...]:
    """Return the points that lines hold.

    Raises:
        Invalid: A line has another form; the sentence names it.
    """
    return tuple(
        _point(line, number, field)
        for number, line in enumerate(text.splitlines(), 1)
        if line.strip()
    )


def _point(line: str, number: int, field: str) -> PointDraft:
    cells = [cell.strip() for cell in line.split("\t" if "\t" in line else ";")]
    if not NEEDED <= len(cells) <= MOST:
        raise Invalid(
            say("Line {number}: write quantity; nominal; unit; correction; U.", number=number),
            field=field,
        )
    cells += [""] * (MOST - len(cells))
    quantity, nominal, unit, correction, expanded, k, drift, small = cells

    def value(written: str, otherwise: str = "") -> Decimal:
        try:
            return read_number(written or otherwise)
        except ValueError as error:
            raise Invalid(
                say("Line {number}: “{text}” is no number.", number=number, text=written),
                field=field,
            ) from error

    return PointDraft(
        quantity=quantity,
        nominal=value(nominal),
        unit=unit,
        correction=value(correction),
        expanded_uncertainty=value(expanded),
        coverage_factor=value(k, "2"),
        drift=value(drift, "0"),
        uncertainty_unit=small,
    )


def write_points(points: Sequence[PointDraft]) -> str:
    """Return points as lines that `read_points` reads."""
    return "\n".join(
        "; ".join(
            (
                point.quantity,
                f"{point.nominal:f}",
                point.unit,
                f"{point.correction:f}",
                f"{point.expanded_uncertainty:f}",
                f"{point.coverage_factor:f}",
                f"{point.drift:f}",
                point.uncertainty_unit,
            )
        )
        for point in points
    )
