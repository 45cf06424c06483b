"""Torque procedure: hand torque tools on a transducer."""

from typing import Final

from calibra_app.metrology.budget import BudgetRow
from calibra_app.metrology.rounding import plain
from calibra_app.metrology.type_b import full_width_row
from calibra_app.procedures.base import EnvironmentLimit, PlannedPoint, Run
from calibra_app.procedures.method import MeasurementProcedure, slug
from calibra_app.procedures.parameters import Parameters

FUNCTION: Final = "torque"


class TorqueProcedure(MeasurementProcedure):
    """A setting torque tool, released on a transducer.

    Model: error = T_i − (T_S + δT_S) + δ_res + δ_rep + δ_int; T_i as the tester shows it.
    """

    def plan(self, parameters: Parameters) -> tuple[PlannedPoint, ...]:
        """Return the torques, from the lowest to the highest."""
        values = parameters.over(self.defaults)
        unit = values.text("unit")
        return tuple(
            PlannedPoint(
                key=slug(nominal, "N m"),
                group="Clockwise",
                label=f"{plain(nominal)} {unit}",
                function=FUNCTION,
                nominal=nominal,
                nominal_unit=unit,
                expected=nominal,
                unit=unit,
                result_unit=unit,
                resolution=values.decimal("resolution"),
                repeats=values.whole("repeats"),
            )
            for nominal in sorted(values.decimals("points"))
        )

    def late_contributions(self, run: Run) -> tuple[BudgetRow, ...]:
        """Return the effect of the drive interface, which grows with the torque."""
        percent = run.parameters.number("interface_percent")
        return (
            full_width_row(
                "δ_int",
                "Drive interface",
                float(run.point.nominal) * percent / 100,
                run.point.result_unit,
                source=f"{percent:g} % of the torque, full width",
            ),
        )


TORQUE_TOOL: Final = TorqueProcedure(
    key="MP-TOR-01",
    version="4",
    title="Hand torque tools",
    discipline="torque",
    budget_name="BUD-TOR-01 v2",
    method="Release on a torque transducer, after ISO 6789-2",
    reference_title="Torque transducer",
    environment_limits=(
        EnvironmentLimit("temperature", 19.0, 23.0, "°C"),
        EnvironmentLimit("humidity", 0.0, 90.0, "%RH"),
    ),
    defaults={"repeats": "5", "interface_percent": "0.4"},
)
