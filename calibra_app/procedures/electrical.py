"""Electrical procedures: multimeters and clamp meters against a calibrator."""

from decimal import Decimal
from typing import Final

from calibra_app.metrology.budget import BudgetRow
from calibra_app.metrology.rounding import plain
from calibra_app.metrology.type_b import limits_row
from calibra_app.procedures.base import EnvironmentLimit, PlannedPoint, Run
from calibra_app.procedures.method import MeasurementProcedure, slug
from calibra_app.procedures.parameters import Parameters

RANGE_SHARES: Final = (Decimal("0.1"), Decimal("0.9"))
DISCIPLINE: Final = "electrical"
BENCH: Final = (
    EnvironmentLimit("temperature", 22.0, 24.0, "°C"),
    EnvironmentLimit("humidity", 30.0, 60.0, "%RH"),
)


class MeterProcedure(MeasurementProcedure):
    """A meter that shows what a calibrator sources, range by range.

    Model: error = V_i − (V_S + δV_S + δV_D), with the resolution and scatter of V_i.
    """

    def plan(self, parameters: Parameters) -> tuple[PlannedPoint, ...]:
        """Return the points of every range: the stated ones, else 10 % and 90 % of the range.

        A range states `function`, `range`, `unit`, `resolution`, and `points` or `full_scale`.
        """
        values = parameters.over(self.defaults)
        return tuple(
            self._point(record, nominal, values.whole("repeats"))
            for record in values.records("ranges")
            for nominal in _nominals(record)
        )

    def _point(self, record: Parameters, nominal: Decimal, repeats: int) -> PlannedPoint:
        function, unit = record.text("function"), record.text("unit")
        frequency = record.text("frequency", "")
        label = f"{plain(nominal).replace('-', '−')} {unit}"
        return PlannedPoint(
            key=slug(function, record.text("range"), nominal, frequency),
            group=f"{function}, {record.text('range')} range",
            label=f"{label}, {frequency}" if frequency else label,
            function=function,
            nominal=nominal,
            nominal_unit=unit,
            expected=nominal,
            unit=unit,
            result_unit=unit,
            resolution=record.decimal("resolution"),
            repeats=record.whole("repeats", str(repeats)),
            span=record.decimal("full_scale", "0"),
        )


class ClampProcedure(MeterProcedure):
    """A clamp meter around the turns of a coil or one conductor."""

    def late_contributions(self, run: Run) -> tuple[BudgetRow, ...]:
        """Return the effect of the conductor's position in the jaws."""
        percent = run.parameters.number("position_percent")
        return (
            limits_row(
                "δ_pos",
                "Position of the conductor",
                abs(float(run.point.nominal)) * percent / 100,
                run.point.result_unit,
                source=f"± {percent:g} % of the current",
            ),
        )


def _nominals(record: Parameters) -> tuple[Decimal, ...]:
    if record.has("points"):
        return record.decimals("points")
    full_scale = record.decimal("full_scale")
    return tuple((full_scale * share).normalize() for share in RANGE_SHARES)


MULTIMETER: Final = MeterProcedure(
    key="MP-ELE-04",
    version="7",
    title="Digital multimeters",
    discipline=DISCIPLINE,
    budget_name="BUD-ELE-04 v3",
    method="Direct measurement of the output of a calibrator, after EURAMET cg-15",
    reference_title="Calibrator",
    environment_limits=BENCH,
    defaults={"repeats": "5"},
)
CLAMP: Final = ClampProcedure(
    key="MP-ELE-09",
    version="2",
    title="Clamp meters",
    discipline=DISCIPLINE,
    budget_name="BUD-ELE-09 v2",
    method="Comparison in the field of a current coil, after EURAMET cg-15",
    reference_title="Current source with coil",
    environment_limits=BENCH,
    defaults={"repeats": "3", "position_percent": "0.3"},
)
