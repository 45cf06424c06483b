"""Dimensional procedures: calipers and micrometers against gauge blocks."""

from decimal import Decimal
from typing import Final

from calibra_app.metrology.budget import BudgetRow
from calibra_app.metrology.rounding import plain
from calibra_app.metrology.type_b import full_width_row, limits_row
from calibra_app.procedures.base import Entry, EnvironmentLimit, PlannedPoint, ReferenceUse, Run
from calibra_app.procedures.method import MeasurementProcedure, slug
from calibra_app.procedures.parameters import Parameters

DISCIPLINE: Final = "dimensional"
FUNCTION: Final = "length"
ROOM: Final = (EnvironmentLimit("temperature", 19.5, 20.5, "°C"),)
EXPANSION_PER_KELVIN: Final = 11.5e-6
MICROMETRES_PER_MILLIMETRE: Final = 1000.0


class LengthProcedure(MeasurementProcedure):
    """What hand tools share: gauge blocks, and the temperature between block and tool.

    Model: error = l_i − (l_S + δl_S) + L·alpha·δt + δ_res + δ_rep + δ_mech
    """

    def reference(self, run: Run) -> ReferenceUse:
        """Return the gauge block; closed jaws need none."""
        if run.point.nominal == 0:
            return ReferenceUse(asset=run.standards[0].asset if run.standards else "")
        return super().reference(run)

    def late_contributions(self, run: Run) -> tuple[BudgetRow, ...]:
        """Return the temperature difference and the mechanical effect of faces or jaws."""
        kelvin = run.parameters.number("temperature_difference")
        scale = MICROMETRES_PER_MILLIMETRE if run.point.result_unit == "µm" else 1.0
        mechanical = run.parameters.text("mechanical_effect_title")
        return (
            limits_row(
                "δ_t",
                "Temperature difference",
                kelvin,
                "K",
                source=f"± {kelvin:g} K at 11.5·10⁻⁶ per kelvin",
                sensitivity=EXPANSION_PER_KELVIN * float(run.point.nominal) * scale,
            ),
            full_width_row(
                "δ_mech",
                mechanical,
                run.parameters.number("mechanical_effect"),
                run.point.result_unit,
                source="full width, from the check of the faces",
            ),
        )


class CaliperProcedure(LengthProcedure):
    """A caliper, by its outside and inside jaws."""

    def plan(self, parameters: Parameters) -> tuple[PlannedPoint, ...]:
        """Return the outside lengths, then the inside ones."""
        values = parameters.over(self.defaults)
        outside = [self._point(values, nominal, "outside") for nominal in values.decimals("points")]
        inside = [
            self._point(values, nominal, "inside") for nominal in values.decimals("inside_points")
        ]
        return (*outside, *inside)

    def _point(self, values: Parameters, nominal: Decimal, jaws: str) -> PlannedPoint:
        return PlannedPoint(
            key=slug(jaws, nominal, "mm"),
            group=f"{jaws.capitalize()} jaws",
            label=f"{plain(nominal)} mm",
            function=FUNCTION,
            nominal=nominal,
            nominal_unit="mm",
            expected=nominal,
            unit="mm",
            result_unit="mm",
            resolution=values.decimal("resolution"),
            repeats=values.whole("repeats"),
            position=jaws,
        )


class MicrometerProcedure(LengthProcedure):
    """An outside micrometer; its deviations are noted in micrometres."""

    def plan(self, parameters: Parameters) -> tuple[PlannedPoint, ...]:
        """Return the check lengths, each read as a deviation from the nominal length."""
        values = parameters.over(self.defaults)
        return tuple(
            PlannedPoint(
                key=slug(nominal, "mm"),
                group="Measuring faces",
                label=f"{plain(nominal)} mm",
                function=FUNCTION,
                nominal=nominal,
                nominal_unit="mm",
                expected=Decimal(0),
                unit="µm",
                result_unit="µm",
                resolution=values.decimal("resolution"),
                repeats=values.whole("repeats"),
                entry=Entry.ERROR,
            )
            for nominal in values.decimals("points")
        )


CALIPER: Final = CaliperProcedure(
    key="MP-DIM-01",
    version="5",
    title="Calipers",
    discipline=DISCIPLINE,
    budget_name="BUD-DIM-01 v3",
    method="Comparison with gauge blocks, after ISO 13385-1 and VDI/VDE/DGQ 2618-9.1",
    reference_title="Gauge block",
    environment_limits=ROOM,
    defaults={
        "repeats": "3",
        "temperature_difference": "0.5",
        "mechanical_effect": "0.01",
        "mechanical_effect_title": "Parallelism of the jaws",
        "inside_points": (),
    },
)
MICROMETER: Final = MicrometerProcedure(
    key="MP-DIM-02",
    version="4",
    title="Outside micrometers",
    discipline=DISCIPLINE,
    budget_name="BUD-DIM-02 v3",
    method="Comparison with gauge blocks, after ISO 3611 and VDI/VDE/DGQ 2618-10.1",
    reference_title="Gauge block",
    environment_limits=ROOM,
    defaults={
        "repeats": "5",
        "temperature_difference": "0.5",
        "mechanical_effect": "0.3",
        "mechanical_effect_title": "Measuring faces",
    },
)
