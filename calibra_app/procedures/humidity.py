"""Humidity procedure: thermo-hygrometers in a climatic chamber."""

from typing import Final

from calibra_app.metrology.budget import BudgetRow
from calibra_app.metrology.rounding import plain
from calibra_app.metrology.type_b import full_width_row, limits_row
from calibra_app.procedures.base import EnvironmentLimit, PlannedPoint, Run
from calibra_app.procedures.method import MeasurementProcedure, slug
from calibra_app.procedures.parameters import Parameters

FUNCTION: Final = "relative humidity"
UNIT: Final = "%RH"
# At room temperature the saturation pressure of water changes by 6 % per kelvin.
RELATIVE_SLOPE_PER_KELVIN: Final = 0.06


class ChamberProcedure(MeasurementProcedure):
    """A hygrometer beside a dew-point mirror in a chamber.

    Model: error = U_i − (U_S + δU_S + δU_D + δU_hom + δU_stab + δU_t) + δ_res + δ_rep
    """

    def plan(self, parameters: Parameters) -> tuple[PlannedPoint, ...]:
        """Return the humidities at the chamber's temperature."""
        values = parameters.over(self.defaults)
        temperature = values.text("chamber_temperature")
        return tuple(
            PlannedPoint(
                key=slug(nominal, "RH"),
                group=f"Relative humidity at {temperature} °C",
                label=f"{plain(nominal)} {UNIT}",
                function=FUNCTION,
                nominal=nominal,
                nominal_unit=UNIT,
                expected=nominal,
                unit=UNIT,
                result_unit=UNIT,
                resolution=values.decimal("resolution"),
                repeats=values.whole("repeats"),
            )
            for nominal in sorted(values.decimals("points"))
        )

    def late_contributions(self, run: Run) -> tuple[BudgetRow, ...]:
        """Return the chamber: gradient of humidity, its stability, gradient of temperature."""
        kelvin = run.parameters.number("temperature_gradient")
        return (
            full_width_row(
                "δ_hom",
                "Chamber uniformity",
                run.parameters.number("chamber_uniformity"),
                UNIT,
                source="largest difference between two places",
            ),
            full_width_row(
                "δ_stab",
                "Chamber stability",
                run.parameters.number("chamber_stability"),
                UNIT,
                source="span within the time of measurement",
            ),
            limits_row(
                "δ_t",
                "Temperature gradient",
                kelvin,
                "K",
                source=f"± {kelvin:g} K between mirror and item",
                sensitivity=RELATIVE_SLOPE_PER_KELVIN * float(run.point.nominal),
            ),
        )


HYGROMETER: Final = ChamberProcedure(
    key="MP-TEM-05",
    version="3",
    title="Thermo-hygrometers",
    discipline="humidity",
    budget_name="BUD-TEM-05 v2",
    method="Comparison with a dew-point mirror in a climatic chamber, after DKD-R 5-8",
    reference_title="Dew-point mirror",
    environment_limits=(EnvironmentLimit("temperature", 21.0, 25.0, "°C"),),
    defaults={
        "repeats": "5",
        "chamber_temperature": "23",
        "chamber_uniformity": "0.4",
        "chamber_stability": "0.2",
        "temperature_gradient": "0.05",
    },
)
