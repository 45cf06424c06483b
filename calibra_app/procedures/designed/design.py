"""A procedure that a laboratory designed as data: read, written, and evaluated like any other.

A `Design` implements the Procedure protocol, so sheets, review and certificates know nothing of
it. It is plain data (form `calibra-procedure/1`, see `form.py`) with one canonical text
and one digest; a sheet keeps the design that it was begun with, and evaluates by that one.

Why data and not code: a laboratory changes its budgets without a programmer, an assessor reads
them, and nothing in them can do anything but compute (`metrology/expression.py`).
"""

import hashlib
import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from threading import Lock, local
from typing import Final, Self, cast

from calibra_app.metrology.conformity import Limits
from calibra_app.metrology.coverage import Coverage
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.procedures.base import (
    PER_HOUR,
    EnvironmentLimit,
    MaximumPermissibleError,
    PlannedPoint,
    PointEvaluation,
    ReferenceUse,
    Run,
)
from calibra_app.procedures.designed.budget import Outcome, outcome_of
from calibra_app.procedures.designed.columns import Notebook
from calibra_app.procedures.designed.form import (
    CoverageChoice,
    Parameter,
    ResolutionRule,
    RoomLimit,
    Table,
)
from calibra_app.procedures.designed.formula import computing, value_of
from calibra_app.procedures.designed.inputs import Desk
from calibra_app.procedures.designed.limits import limit_of
from calibra_app.procedures.designed.plain import DesignError, read_record, write_record
from calibra_app.procedures.designed.plan import Spot, numbers_of, spots_of
from calibra_app.procedures.evaluation import Found, stated, unfinished
from calibra_app.procedures.limits import PARAMETER, maximum_permissible_error
from calibra_app.procedures.parameters import Parameters, PlainData

FORM: Final = "calibra-procedure/1"
LARGEST_DESIGN: Final = 400_000
# No question is asked about a reading of which nothing is expected.
ANYTHING: Final = Decimal(10) ** 30
PLANS_KEPT: Final = 16


@dataclass(frozen=True, kw_only=True)
class Design:
    """A designed procedure; all of it is data."""

    key: str
    title: str
    discipline: str
    tables: tuple[Table, ...]
    version: str = "1"
    method: str = ""
    guide: str = ""
    budget: str = ""
    note: str = ""
    environment: tuple[RoomLimit, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    coverage_choice: CoverageChoice = field(default_factory=CoverageChoice)
    resolution_rule: ResolutionRule = ResolutionRule.BOTH

    @classmethod
    def from_json(cls, data: object) -> Self:
        """Read a design from plain data.

        Raises:
            DesignError: It has not the form; the path names the place.
        """
        if not isinstance(data, Mapping):
            raise DesignError("", "expected a record of named fields")
        given = dict(cast("Mapping[str, object]", data))
        if given.pop("form", None) != FORM:
            raise DesignError("form", f"expected {FORM}")
        return read_record(cls, given)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read a design from a file's text.

        Raises:
            DesignError: It is no JSON, too large, or has not the form.
        """
        if len(text) > LARGEST_DESIGN:
            raise DesignError("", f"a design has at most {LARGEST_DESIGN} characters")
        try:
            data: object = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise DesignError("", f"not JSON: {str(error)[:120]}") from None
        return cls.from_json(data)

    def as_json(self) -> dict[str, object]:
        """Return the design as plain data, without what stands at its default."""
        return {"form": FORM, **write_record(self)}

    @property
    def text(self) -> str:
        """Return the canonical text, of which the digest is taken."""
        return json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the canonical text."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def budget_name(self) -> str:
        """Return name and version of the uncertainty budget."""
        return self.budget or f"{self.key} v{self.version}"

    @property
    def environment_limits(self) -> tuple[EnvironmentLimit, ...]:
        """Return the limits of the room's climate."""
        values = numbers_of(self.defaults)
        return tuple(
            EnvironmentLimit(
                limit.quantity,
                float(value_of(limit.low, values, f"environment[{at}].low")),
                float(value_of(limit.high, values, f"environment[{at}].high")),
                limit.unit,
            )
            for at, limit in enumerate(self.environment)
        )

    @property
    def defaults(self) -> PlainData:
        """Return the parameters that hold where an instrument states nothing else."""
        return {each.name: each.default for each in self.parameters if each.default}

    @property
    def coverage(self) -> Coverage:
        """Return how the coverage factor is found."""
        chosen = self.coverage_choice
        probability = value_of(chosen.probability, {}, "coverage_choice.probability")
        factor = value_of(chosen.factor, {}, "coverage_choice.factor")
        return Coverage(chosen.method, float(probability), float(factor), chosen.truncate)

    def spots(self, parameters: Parameters) -> tuple[Spot, ...]:
        """Return all points with what is known of them before anything is read."""
        return _PLANS.of(self, parameters)

    def plan(self, parameters: Parameters) -> tuple[PlannedPoint, ...]:
        """Return the rows of the sheet for an instrument."""
        return tuple(row for spot in self.spots(parameters) for row in spot.rows.values())

    def limit(self, point: PlannedPoint, parameters: Parameters) -> MaximumPermissibleError:
        """Return the maximum permissible error at a point, with its trace.

        What is agreed for the instrument comes before what the procedure says.
        """
        if not point.reported:
            width = ANYTHING if point.expected == 0 else abs(point.expected)
            return maximum_permissible_error(
                point,
                Parameters({PARAMETER: [{"absolute": str(width), "unit": point.result_unit}]}),
            )
        values = parameters.over(self.defaults)
        if values.has(PARAMETER):
            return maximum_permissible_error(point, values)
        spot, _ = self._place(point, parameters)
        desk = Desk(Notebook((), {}), spot)
        with computing(f"the limit at {point.label}"):
            return limit_of(spot.table.limits, spot, point.result_unit, desk.evaluate)

    def evaluate(self, run: Run) -> PointEvaluation:
        """Return what the indications of one point amount to."""
        return self.evaluate_in(run, self.notebook(run))

    def notebook(self, run: Run) -> Notebook:
        """Return the notebook of a run: one serves all points of the same readings."""
        spots = self.spots(run.parameters)
        last: Notebook | None = getattr(_LAST, "book", None)
        if last is None or not last.serves(spots, run):
            last = Notebook(
                spots, dict(run.sheet), run.standards, dict(run.environment), self.tables
            )
        _LAST.book = last.turned(run.sheet)
        return _LAST.book

    def evaluate_in(self, run: Run, book: Notebook) -> PointEvaluation:
        """Return what one point amounts to, from a notebook that is shared by all of them."""
        spot, column = self._place(run.point, run.parameters)
        if column != spot.result_row:
            none = MaximumPermissibleError(Limits(), run.point.result_unit, "")
            return unfinished(self, run, none, None, ReferenceUse(), warnings=())
        limit = self.limit(run.point, run.parameters)
        warnings = self._room_warnings(run)
        try:
            with computing(run.point.label):
                outcome = outcome_of(self, Desk(book, spot, self.environment), run)
        except DesignError:
            raise
        except MetrologyError as error:
            # A reading or a standard is missing: mean and scatter stand on the sheet all the same.
            why = (str(error),) if run.readings else ()
            return unfinished(self, run, limit, None, ReferenceUse(), warnings=(*why, *warnings))
        with computing(run.point.label):
            return self._stated(run, limit, outcome, warnings)

    def _stated(
        self, run: Run, limit: MaximumPermissibleError, outcome: Outcome, warnings: tuple[str, ...]
    ) -> PointEvaluation:
        found = Found(
            outcome.value,
            outcome.mean,
            outcome.standard_deviation,
            outcome.asset,
            outcome.reference,
            outcome.floor,
        )
        return stated(
            self,
            run,
            limit,
            found,
            outcome.budget,
            warnings=(*warnings, *outcome.warnings),
            notes=outcome.notes,
        )

    def _place(self, point: PlannedPoint, parameters: Parameters) -> tuple[Spot, str]:
        found = _PLANS.places(self, parameters).get(point.key)
        if found is None:
            raise DesignError("", f"{self.key} plans no point {point.key}")
        return found

    def _room_warnings(self, run: Run) -> tuple[str, ...]:
        book = Notebook((), {}, (), run.environment)
        values = numbers_of(run.parameters.over(self.defaults).values)
        words: list[str] = []
        for at, limit in enumerate(self.environment):
            ends = book.room(limit.quantity)
            if ends is None:
                continue
            path = f"environment[{at}]"
            low, high = (value_of(text, values, path) for text in (limit.low, limit.high))
            name = limit.quantity.capitalize()
            if ends[0] < low or ends[1] > high:
                words.append(f"{name} outside {low:f} to {high:f} {limit.unit}.")
            if limit.change and ends[1] - ends[0] > value_of(limit.change, values, path):
                words.append(f"{name} changed by more than {limit.change} {limit.unit}.")
            rate = book.room(f"{limit.quantity}{PER_HOUR}")
            most = limit.change_per_hour
            if rate and most and rate[1] > value_of(most, values, path):
                words.append(f"{name} changed by more than {most} {limit.unit} an hour.")
        return tuple(words)


# The points of a sheet are evaluated one after the other from the same readings.
_LAST: Final = local()


class _Plans:
    """The plans of the designs in use, by design and parameters; the least used leaves first."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, str], Plan] = OrderedDict()
        self._lock = Lock()

    def of(self, design: Design, parameters: Parameters) -> tuple[Spot, ...]:
        return self._planned(design, parameters)[1]

    def places(self, design: Design, parameters: Parameters) -> "Places":
        return self._planned(design, parameters)[2]

    def _planned(self, design: Design, parameters: Parameters) -> "Plan":
        # All points of a sheet come with the same parameters: mostly the last plan is meant.
        last: tuple[Plan, PlainData] | None = getattr(_LAST, "plan", None)
        if last is not None and last[0][0] is design and last[1] == parameters.values:
            return last[0]
        values = parameters.over(design.defaults)
        key = (id(design), json.dumps(values.values, sort_keys=True, default=str))
        with self._lock:
            known = self._kept.get(key)
        if known is None or known[0] is not design:
            with computing("the plan"):
                spots = spots_of(design.tables, values)
            places = {row.key: (spot, name) for spot in spots for name, row in spot.rows.items()}
            known = (design, spots, places)
        with self._lock:
            self._kept[key] = known
            self._kept.move_to_end(key)
            while len(self._kept) > PLANS_KEPT:
                self._kept.popitem(last=False)
        _LAST.plan = (known, dict(parameters.values))
        return known


Places = Mapping[str, tuple[Spot, str]]
Plan = tuple[Design, tuple[Spot, ...], Places]
_PLANS: Final = _Plans()
