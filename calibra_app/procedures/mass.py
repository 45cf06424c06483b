"""Mass procedures: balances and platform scales with weights."""

from decimal import Decimal
from typing import Final

from calibra_app.metrology.budget import BudgetRow
from calibra_app.metrology.quantity import convert
from calibra_app.metrology.rounding import plain
from calibra_app.metrology.type_a import Repeatability, mean_of
from calibra_app.metrology.type_b import (
    estimate_row,
    full_width_row,
    repeatability_row,
    resolution_row,
)
from calibra_app.procedures.base import (
    Entry,
    EnvironmentLimit,
    Indications,
    PlannedPoint,
    ReferenceUse,
    Run,
)
from calibra_app.procedures.method import MeasurementProcedure, slug
from calibra_app.procedures.parameters import Parameters

DISCIPLINE: Final = "mass"
FUNCTION: Final = "mass"
REPEATABILITY: Final = "repeatability"
ECCENTRICITY: Final = "eccentricity"
LINEARITY: Final = "linearity"
CENTRE: Final = "centre"
POSITIONS: Final = (CENTRE, "front left", "back left", "back right", "front right")


class WeighingProcedure(MeasurementProcedure):
    """Three tests that feed one budget: repeatability, eccentricity, errors of indication.

    Model: error = δI_L − δI_0 + δI_rep + δI_ecc − (m_c + δm_D + δm_B), noted as a deviation
    from the load. The scatter is that of one weighing, as the instrument is used.
    """

    def plan(self, parameters: Parameters) -> tuple[PlannedPoint, ...]:
        """Return the repeatability load, the linearity loads, the five places of the pan."""
        values = parameters.over(self.defaults)
        load, unit = values.decimal("repeatability_load"), values.text("unit")
        eccentric = values.decimal("eccentricity_load")
        repeated = self._point(
            values,
            load,
            key=REPEATABILITY,
            group="Repeatability",
            label=f"{plain(load)} {unit}",
            repeats=values.whole("repeats"),
        )
        linear = (
            self._point(
                values,
                nominal,
                key=slug(LINEARITY, nominal, unit),
                group="Linearity",
                label=f"{plain(nominal)} {unit}",
            )
            for nominal in sorted(values.decimals("points"))
        )
        places = (
            self._point(
                values,
                eccentric,
                key=slug(ECCENTRICITY, place),
                group=f"Eccentricity at {plain(eccentric)} {unit}",
                label=place,
                position=place,
            )
            for place in POSITIONS
        )
        return (repeated, *linear, *places)

    def _point(
        self,
        values: Parameters,
        nominal: Decimal,
        *,
        key: str,
        group: str,
        label: str,
        repeats: int = 1,
        position: str = "",
    ) -> PlannedPoint:
        unit = values.text("indication_unit")
        return PlannedPoint(
            key=key,
            group=group,
            label=label,
            function=FUNCTION,
            nominal=nominal,
            nominal_unit=values.text("unit"),
            expected=Decimal(0),
            unit=unit,
            result_unit=unit,
            resolution=values.decimal("resolution"),
            repeats=repeats,
            position=position,
            entry=Entry.ERROR,
        )

    def scatter_sources(self, run: Run) -> tuple[Indications, ...]:
        """Return the repeatability test: one s for all loads of the range."""
        return (run.sheet.get(REPEATABILITY, ()),)

    def reference(self, run: Run) -> ReferenceUse:
        """Return the weights; at a place of the pan, what the same load shows in the centre."""
        if not run.point.position:
            return super().reference(run)
        centre = run.sheet.get(slug(ECCENTRICITY, CENTRE), ())
        return ReferenceUse(mean_of(centre) if centre else Decimal(0))

    def observed(self, run: Run, repeatability: Repeatability) -> tuple[BudgetRow, ...]:
        """Return the scatter of one weighing, and the resolution at load and at zero."""
        unit, step = run.point.result_unit, float(run.point.resolution)
        return (
            repeatability_row(repeatability, unit, single=True),
            resolution_row(step, unit, at="load"),
            resolution_row(step, unit, at="zero"),
        )

    def contributions(self, run: Run) -> tuple[BudgetRow, ...]:
        """Return the eccentricity, in proportion to the load; none where it is itself the result.

        `eccentricity_share` is the part of it that a load in the middle of the platform sees.

        Source:
            EURAMET cg-18, 7.1.1.4: ± |ΔI_ecc|max/(2·L_ecc)·I.
        """
        if run.point.position:
            return ()
        values = run.parameters
        width = max(eccentricity_of(run), values.decimal("eccentricity_allowance"))
        width *= values.decimal("eccentricity_share")
        width *= run.point.nominal / values.decimal("eccentricity_load")
        return (
            full_width_row(
                "δ_ecc",
                "Eccentricity",
                float(width),
                run.point.result_unit,
                source="largest difference to the centre, in proportion to the load",
            ),
        )

    def late_contributions(self, run: Run) -> tuple[BudgetRow, ...]:
        """Return the air buoyancy, in proportion to the load."""
        if run.point.position:
            return ()
        relative = run.parameters.number("buoyancy")
        load = float(run.point.nominal)
        unit = run.point.result_unit
        mass = convert(load, run.point.nominal_unit, unit)
        return (
            estimate_row(
                "δ_B", "Air buoyancy", relative * mass, unit, source=f"u = {relative:g} of the load"
            ),
        )


def eccentricity_of(run: Run) -> Decimal:
    """Return the largest difference to the centre that the sheet holds so far."""
    centre = run.sheet.get(slug(ECCENTRICITY, CENTRE), ())
    if not centre:
        return Decimal(0)
    places = (run.sheet.get(slug(ECCENTRICITY, place), ()) for place in POSITIONS)
    return max(abs(mean_of(readings) - mean_of(centre)) for readings in places if readings)


BALANCE: Final = WeighingProcedure(
    key="MP-MAS-01",
    version="6",
    title="Analytical balances",
    discipline=DISCIPLINE,
    budget_name="BUD-MAS-01 v4",
    method="Weights of class E2 on the pan, after EURAMET cg-18",
    reference_title="Weight",
    environment_limits=(
        EnvironmentLimit("temperature", 15.0, 30.0, "°C"),
        EnvironmentLimit("humidity", 30.0, 70.0, "%RH"),
    ),
    defaults={"repeats": "10", "buoyancy": "0.00000025", "eccentricity_share": "1"},
)
PLATFORM_SCALE: Final = WeighingProcedure(
    key="MP-MAS-04",
    version="3",
    title="Platform scales",
    discipline=DISCIPLINE,
    budget_name="BUD-MAS-04 v2",
    method="Weights of class F1 on the platform, after EURAMET cg-18",
    reference_title="Weights",
    environment_limits=(EnvironmentLimit("temperature", -10.0, 40.0, "°C"),),
    defaults={"repeats": "6", "buoyancy": "0.0000016", "eccentricity_share": "0.5"},
)
