"""Pressure procedures: gauges and transmitters, rising and falling."""

from decimal import Decimal
from typing import Final

from calibra_app.metrology.budget import BudgetRow
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.reference_standard import find_standard
from calibra_app.metrology.rounding import exact, plain
from calibra_app.metrology.type_a import Repeatability, mean_of
from calibra_app.metrology.type_b import (
    certificate_row,
    estimate_row,
    full_width_row,
    repeatability_row,
    resolution_row,
)
from calibra_app.procedures.base import (
    EnvironmentLimit,
    Indications,
    PlannedPoint,
    ReferenceUse,
    Run,
    Sheet,
)
from calibra_app.procedures.evaluation import reference_of
from calibra_app.procedures.method import MeasurementProcedure, rising_and_falling, slug
from calibra_app.procedures.parameters import Parameters

DISCIPLINE: Final = "pressure"
ROOM: Final = (EnvironmentLimit("temperature", 19.0, 23.0, "°C"),)
PRESSURE: Final = "gauge pressure"
CURRENT_INPUT: Final = "loop current"


def hysteresis_of(sheet: Sheet) -> Decimal:
    """Return the largest difference between falling and rising indications of a sheet.

    Example:
        >>> hysteresis_of({"8-up": [Decimal("8.02")], "8-down": [Decimal("8.04")]})
        Decimal('0.02')
    """
    differences = [
        abs(mean_of(readings) - mean_of(sheet[partner]))
        for key, readings in sheet.items()
        if key.endswith("-up")
        and readings
        and sheet.get(partner := f"{key.removesuffix('-up')}-down")
    ]
    return max(differences, default=Decimal(0))


class PressureProcedure(MeasurementProcedure):
    """What gauges and transmitters share: hysteresis, temperature, the borrowed scatter."""

    def scatter_sources(self, run: Run) -> list[Indications]:
        """Return the indications of the repeated point."""
        return sorted(run.sheet.values(), key=len, reverse=True)[:1]

    def contributions(self, run: Run) -> tuple[BudgetRow, ...]:
        """Return the hysteresis: the largest one seen, not less than what the type is known for."""
        allowance = run.parameters.decimal("hysteresis_allowance")
        width = max(hysteresis_of(run.sheet), allowance)
        return (
            full_width_row(
                "δ_h",
                "Hysteresis",
                float(width),
                run.point.result_unit,
                source=f"largest fall minus rise, at least {plain(allowance)}",
            ),
        )


class GaugeProcedure(PressureProcedure):
    """A gauge that shows the pressure of the standard.

    Model: error = p_i − (p_S + δp_S) + δ_res + δ_rep + δ_h + δ_T
    """

    def plan(self, parameters: Parameters) -> tuple[PlannedPoint, ...]:
        """Return the pressures rising and falling; one of them is read repeatedly."""
        values = parameters.over(self.defaults)
        unit = values.text("unit")
        points = [
            PlannedPoint(
                key=slug(nominal, unit),
                group="",
                label=f"{plain(nominal)} {unit}",
                function=PRESSURE,
                nominal=nominal,
                nominal_unit=unit,
                expected=nominal,
                unit=unit,
                result_unit=unit,
                resolution=values.decimal("reading_resolution"),
                repeats=values.whole("repeats"),
                span=values.decimal("range_high") - values.decimal("range_low"),
            )
            for nominal in values.decimals("points")
        ]
        repeated = values.decimal("repeated_point")
        return rising_and_falling(
            points, repeated=next(point for point in points if point.nominal == repeated)
        )

    def observed(self, run: Run, repeatability: Repeatability) -> tuple[BudgetRow, ...]:
        """Return scatter and resolution; the scale is resolved finer than its interval."""
        unit = run.point.result_unit
        return (
            repeatability_row(repeatability, unit),
            resolution_row(run.parameters.number("resolution"), unit),
        )

    def late_contributions(self, run: Run) -> tuple[BudgetRow, ...]:
        """Return the effect of temperature on the elastic element."""
        relative = run.parameters.number("temperature_effect")
        return (
            estimate_row(
                "δ_T",
                "Temperature",
                relative * abs(float(run.point.nominal)),
                run.point.result_unit,
                source=f"u = {relative:g} of the pressure",
            ),
        )


class TransmitterProcedure(PressureProcedure):
    """A transmitter that turns pressure into a loop current.

    Model: error = I − [I0 + (p_S − p0)/(p1 − p0)·(I1 − I0)] + δ_res + δ_rep + δ_h, in mA
    """

    def plan(self, parameters: Parameters) -> tuple[PlannedPoint, ...]:
        """Return the pressures rising and falling, with the ideal current of each."""
        values = parameters.over(self.defaults)
        unit = values.text("unit")
        points = [
            PlannedPoint(
                key=slug(nominal, unit),
                group="",
                label=f"{plain(nominal)} {unit}",
                function=PRESSURE,
                nominal=nominal,
                nominal_unit=unit,
                expected=_ideal_current(values, nominal),
                unit="mA",
                result_unit="mA",
                resolution=values.decimal("resolution"),
                repeats=values.whole("repeats"),
                span=values.decimal("output_high") - values.decimal("output_low"),
            )
            for nominal in values.decimals("points")
        ]
        return rising_and_falling(points)

    def reference(self, run: Run) -> ReferenceUse:
        """Return pressure and current of the standard, both in mA."""
        unit = run.point.nominal_unit
        pressure = reference_of(
            run, "Pressure standard", sensitivity=float(_slope(run.parameters)), unit=unit
        )
        meter = find_standard(run.standards, CURRENT_INPUT)
        if meter is None:
            raise MetrologyError(f"Choose a reference standard for {CURRENT_INPUT}.")
        value = meter.at(CURRENT_INPUT, float(run.point.expected), "mA", "mA")
        row = certificate_row(
            "Loop ammeter",
            value.expanded_uncertainty,
            value.coverage_factor,
            "mA",
            source=f"{meter.asset}, certificate {meter.certificate_number}",
        )
        # The ammeter's correction is what it adds to its own indication.
        correction = pressure.correction - exact(value.correction)
        return ReferenceUse(correction, (*pressure.rows, row), pressure.asset)


def _slope(parameters: Parameters) -> Decimal:
    output = parameters.decimal("output_high") - parameters.decimal("output_low")
    return output / (parameters.decimal("range_high") - parameters.decimal("range_low"))


def _ideal_current(parameters: Parameters, pressure: Decimal) -> Decimal:
    above = pressure - parameters.decimal("range_low")
    return parameters.decimal("output_low") + above * _slope(parameters)


GAUGE: Final = GaugeProcedure(
    key="MP-PRE-01",
    version="4",
    title="Pressure gauges",
    discipline=DISCIPLINE,
    budget_name="BUD-PRE-01 v2",
    method="Comparison with a reference pressure gauge, basic sequence of EURAMET cg-17",
    reference_title="Pressure standard",
    environment_limits=ROOM,
    defaults={"repeats": "3", "temperature_effect": "0.00006", "hysteresis_allowance": "0"},
)
TRANSMITTER: Final = TransmitterProcedure(
    key="MP-PRE-03",
    version="3",
    title="Pressure transmitters with current output",
    discipline=DISCIPLINE,
    budget_name="BUD-PRE-03 v2",
    method="Comparison with a pressure calibrator, two series up and down, after DKD-R 6-1",
    reference_title="Pressure standard",
    environment_limits=ROOM,
    defaults={
        "repeats": "2",
        "output_low": "4",
        "output_high": "20",
        "hysteresis_allowance": "0.002",
    },
)
