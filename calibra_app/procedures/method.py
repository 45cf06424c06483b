"""What all procedures have in common, so that a discipline states only its own physics."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from calibra_app.metrology.budget import BudgetRow
from calibra_app.metrology.coverage import Coverage
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.type_a import Repeatability
from calibra_app.metrology.type_b import repeatability_row, resolution_row
from calibra_app.procedures.base import (
    Direction,
    EnvironmentLimit,
    Indications,
    MaximumPermissibleError,
    PlannedPoint,
    PointEvaluation,
    ReferenceUse,
    Run,
)
from calibra_app.procedures.evaluation import evaluate_rows, reference_of, repeatability_of
from calibra_app.procedures.limits import maximum_permissible_error
from calibra_app.procedures.parameters import Parameters, PlainData

LARGER_ONLY: Final = "larger"


@dataclass(frozen=True, kw_only=True)
class MeasurementProcedure:
    """A procedure with the parts that do not differ between disciplines.

    A discipline overrides `plan`, `contributions` and, where it is not a plain comparison with
    one standard, `reference` and `scatter_sources`.
    """

    key: str
    version: str
    title: str
    discipline: str
    budget_name: str
    method: str
    reference_title: str
    environment_limits: tuple[EnvironmentLimit, ...] = ()
    defaults: PlainData = field(default_factory=dict[str, object])
    coverage: Coverage = field(default_factory=Coverage)

    def plan(self, parameters: Parameters) -> tuple[PlannedPoint, ...]:
        """Return the points of the sheet for an instrument."""
        raise NotImplementedError

    def limit(self, point: PlannedPoint, parameters: Parameters) -> MaximumPermissibleError:
        """Return the maximum permissible error at a point, with its trace."""
        return maximum_permissible_error(point, parameters.over(self.defaults))

    def evaluate(self, run: Run) -> PointEvaluation:
        """Return what the indications of one point amount to.

        A missing standard leaves mean and scatter on the sheet, with the reason why there is
        no uncertainty yet.
        """
        run = replace(run, parameters=run.parameters.over(self.defaults))
        repeatability = repeatability_of(run, self.scatter_sources(run))
        try:
            reference = self.reference(run)
        except MetrologyError as error:
            return evaluate_rows(self, run, None, ReferenceUse(), (), warnings=(str(error),))
        if repeatability is None:
            return evaluate_rows(self, run, None, reference, (), warnings=self.warnings(run))
        rows = (
            *self.observed(run, repeatability),
            *self.contributions(run),
            *reference.rows,
            *self.late_contributions(run),
        )
        return evaluate_rows(self, run, repeatability, reference, rows, warnings=self.warnings(run))

    def reference(self, run: Run) -> ReferenceUse:
        """Return what the reference standard brings to the point."""
        return reference_of(run, self.reference_title)

    def scatter_sources(self, run: Run) -> Sequence[Indications]:
        """Return the indications of other points whose scatter a single indication borrows."""
        del run
        return ()

    def observed(self, run: Run, repeatability: Repeatability) -> tuple[BudgetRow, ...]:
        """Return the rows of repeatability and resolution, by the rule for the two.

        `both` keeps the two rows. `larger` keeps the larger one: with few digits the scatter is
        already the work of the resolution.
        """
        unit = run.point.result_unit
        scatter = repeatability_row(repeatability, unit)
        display = resolution_row(float(run.point.resolution), unit)
        if run.parameters.text("resolution_rule", "both") != LARGER_ONLY:
            return scatter, display
        return (max(scatter, display, key=lambda row: row.contribution),)

    def contributions(self, run: Run) -> tuple[BudgetRow, ...]:
        """Return the rows that stand before those of the standard."""
        del run
        return ()

    def late_contributions(self, run: Run) -> tuple[BudgetRow, ...]:
        """Return the rows that stand after those of the standard."""
        del run
        return ()

    def warnings(self, run: Run) -> tuple[str, ...]:
        """Return where the room's climate leaves the limits of the procedure."""
        words: list[str] = []
        for limit in self.environment_limits:
            ends = run.environment.get(limit.quantity)
            if not isinstance(ends, list | tuple):
                continue
            numbers = [float(str(end)) for end in ends]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
            if numbers and (min(numbers) < limit.low or max(numbers) > limit.high):
                words.append(
                    f"{limit.quantity.capitalize()} outside "
                    f"{limit.low:g} to {limit.high:g} {limit.unit}."
                )
        return tuple(words)


def slug(*words: object) -> str:
    """Return a key made of words: lower case letters, digits, hyphens.

    Example:
        >>> slug("DC voltage", "200 V", "-190")
        'dc-voltage-200-v-minus-190'
    """
    text = "-".join(re.sub(r"^[-−](?=[0-9])", "minus-", str(word)) for word in words if str(word))
    text = text.replace("Ω", "ohm").replace("µ", "u").replace("%", "percent").replace(".", "p")
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.sub(r"[^0-9a-z]+", "-", plain.lower()).strip("-")


def rising_and_falling(
    points: Sequence[PlannedPoint], *, repeated: PlannedPoint | None = None
) -> tuple[PlannedPoint, ...]:
    """Return points as a series up and a series down; one may be repeated on the way up."""
    rising = [
        replace(
            point,
            key=f"{point.key}-up",
            group="Rising",
            label=f"{point.label} ↑",
            direction=Direction.UP,
            repeats=point.repeats if repeated is None or point is repeated else 1,
        )
        for point in points
    ]
    falling = [
        replace(
            point,
            key=f"{point.key}-down",
            group="Falling",
            label=f"{point.label} ↓",
            direction=Direction.DOWN,
            repeats=1 if repeated is not None else point.repeats,
        )
        for point in reversed(points)
    ]
    return (*rising, *falling)
