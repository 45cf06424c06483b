"""Temperature procedures: probes and resistance thermometers in a bath."""

from typing import Final

from calibra_app.metrology.budget import BudgetRow
from calibra_app.metrology.rounding import plain
from calibra_app.metrology.type_b import full_width_row
from calibra_app.procedures.base import EnvironmentLimit, PlannedPoint, Run
from calibra_app.procedures.method import MeasurementProcedure, slug
from calibra_app.procedures.parameters import Parameters

DISCIPLINE: Final = "temperature"
FUNCTION: Final = "temperature"
ROOM: Final = (EnvironmentLimit("temperature", 21.0, 25.0, "°C"),)


class BathProcedure(MeasurementProcedure):
    """A thermometer beside a reference thermometer in a stirred bath.

    Model: error = t_i − (t_S + δt_S + δt_D + δt_hom + δt_stab) + δ_res + δ_rep
    """

    def plan(self, parameters: Parameters) -> tuple[PlannedPoint, ...]:
        """Return the temperatures, from the lowest to the highest."""
        values = parameters.over(self.defaults)
        return tuple(
            PlannedPoint(
                key=slug(nominal, "C"),
                group="Temperature",
                label=f"{plain(nominal).replace('-', '−')} °C",
                function=FUNCTION,
                nominal=nominal,
                nominal_unit="°C",
                expected=nominal,
                unit="°C",
                result_unit="K",
                resolution=values.decimal("resolution"),
                repeats=values.whole("repeats"),
                span=values.decimal("range_high") - values.decimal("range_low"),
            )
            for nominal in sorted(values.decimals("points"))
        )

    def late_contributions(self, run: Run) -> tuple[BudgetRow, ...]:
        """Return uniformity and stability of the bath, observed as full widths."""
        return (
            full_width_row(
                "δ_hom",
                "Bath uniformity",
                run.parameters.number("bath_uniformity"),
                run.point.result_unit,
                source="largest difference between two places",
            ),
            full_width_row(
                "δ_stab",
                "Bath stability",
                run.parameters.number("bath_stability"),
                run.point.result_unit,
                source="span within the time of measurement",
            ),
        )


PROBE: Final = BathProcedure(
    key="MP-TEM-01",
    version="5",
    title="Probe thermometers",
    discipline=DISCIPLINE,
    budget_name="BUD-TEM-01 v3",
    method="Comparison with a reference thermometer in a stirred bath, after DKD-R 5-1",
    reference_title="Reference thermometer",
    environment_limits=ROOM,
    defaults={"repeats": "3", "bath_uniformity": "0.03", "bath_stability": "0.02"},
)
RESISTANCE_THERMOMETER: Final = BathProcedure(
    key="MP-TEM-02",
    version="6",
    title="Resistance thermometers with indicator",
    discipline=DISCIPLINE,
    budget_name="BUD-TEM-02 v4",
    method="Comparison with a reference thermometer in a stirred bath, after DKD-R 5-1",
    reference_title="Reference thermometer",
    environment_limits=ROOM,
    defaults={"repeats": "5", "bath_uniformity": "0.03", "bath_stability": "0.02"},
)
