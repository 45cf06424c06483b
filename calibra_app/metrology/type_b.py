"""Type B evaluation: rows of a budget from resolution, certificates, limits and experience."""

import math

from calibra_app.metrology.budget import BudgetRow
from calibra_app.metrology.distributions import Shape, divisor
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.type_a import Repeatability


def repeatability_row(
    repeatability: Repeatability, unit: str, *, single: bool = False, sensitivity: float = 1.0
) -> BudgetRow:
    """Return the row of repeated indications (Type A).

    Args:
        repeatability: What the indications say.
        unit: Their unit.
        single: The scatter of one indication in use, not of the mean.
        sensitivity: The sensitivity coefficient.

    Source:
        JCGM 100:2008 (GUM), 4.2.3.
    """
    number = repeatability.number
    return BudgetRow(
        symbol="δ_rep",
        title="Repeatability",
        source="one indication in use" if single else f"mean of {number} indications",
        evaluation="A",
        distribution="normal",
        spread=repeatability.standard_deviation,
        divisor=1.0 if single else math.sqrt(number),
        unit=unit,
        sensitivity_coefficient=sensitivity,
        degrees_of_freedom=repeatability.degrees_of_freedom,
    )


def limits_row(
    symbol: str,
    title: str,
    half_width: float,
    unit: str,
    *,
    source: str,
    sensitivity: float = 1.0,
    shape: Shape = Shape.RECTANGULAR,
) -> BudgetRow:
    """Return the row of a quantity known to lie within ± a half-width.

    Source:
        JCGM 100:2008 (GUM), 4.3.7 to 4.3.9.

    Example:
        >>> row = limits_row("δ_t", "Temperature", 0.3, "K", source="room")
        >>> round(row.standard_uncertainty, 4)
        0.1732
    """
    if half_width < 0:
        raise MetrologyError(f"{title}: a half-width is not negative")
    return BudgetRow(
        symbol, title, source, "B", shape, half_width, divisor(shape), unit, sensitivity
    )


def resolution_row(
    resolution: float, unit: str, *, at: str = "", sensitivity: float = 1.0
) -> BudgetRow:
    """Return the row of a finite resolution: a rectangle of half-width resolution/2.

    Source:
        JCGM 100:2008 (GUM), F.2.2.1.

    Example:
        >>> round(resolution_row(0.01, "V").standard_uncertainty, 6)
        0.002887
    """
    return limits_row(
        "δ_0" if at == "zero" else "δ_res",
        f"Resolution at {at}" if at else "Resolution",
        resolution / 2,
        unit,
        source=f"half of {resolution:g} {unit}",
        sensitivity=sensitivity,
    )


def full_width_row(
    symbol: str, title: str, width: float, unit: str, *, source: str, sensitivity: float = 1.0
) -> BudgetRow:
    """Return the row of an observed difference, taken as the full width of a rectangle.

    Source:
        EURAMET cg-17 and cg-18: hysteresis h/2, eccentricity |ΔI|max/2.
    """
    return limits_row(symbol, title, width / 2, unit, source=source, sensitivity=sensitivity)


def certificate_row(
    title: str,
    expanded_uncertainty: float,
    coverage_factor: float,
    unit: str,
    *,
    source: str,
    sensitivity: float = 1.0,
) -> BudgetRow:
    """Return the row of a reference standard: U and k of its certificate.

    Source:
        JCGM 100:2008 (GUM), 4.3.3.

    Example:
        >>> certificate_row("Gauge block", 0.12, 2.0, "µm", source="No. 1").standard_uncertainty
        0.06
    """
    if not coverage_factor > 0:
        raise MetrologyError(f"{title}: a coverage factor is positive")
    return BudgetRow(
        "δ_S",
        title,
        source,
        "B",
        Shape.NORMAL,
        expanded_uncertainty,
        coverage_factor,
        unit,
        sensitivity,
    )


def estimate_row(
    symbol: str,
    title: str,
    standard_uncertainty: float,
    unit: str,
    *,
    source: str,
    sensitivity: float = 1.0,
) -> BudgetRow:
    """Return the row of a quantity whose standard uncertainty is stated as such."""
    return BudgetRow(
        symbol, title, source, "B", Shape.NORMAL, standard_uncertainty, 1.0, unit, sensitivity
    )
