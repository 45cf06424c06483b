"""A design tried out: held against sample readings, with every fault at its place.

Nothing here is stored; what is typed on the designer page comes back as figures or as reasons.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, cast

from calibra_app.core.access import Permission, permitted
from calibra_app.core.errors import Invalid, NotFound
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.procedures.base import PlannedPoint, Run
from calibra_app.procedures.designed.checks import Fault, faults_of
from calibra_app.procedures.designed.design import LARGEST_DESIGN, Design
from calibra_app.procedures.designed.plain import DesignError, read_record
from calibra_app.procedures.templates import (
    Bench,
    Comparison,
    Example,
    Template,
    compare,
    read_design,
    templates,
)

SEE: Final = (Permission.PROCEDURE_EDIT, Permission.LABORATORY_SEE)


class DesignRefused(Invalid):
    """A design cannot be kept or handed over; `faults` say where and what was expected."""

    code: ClassVar[str] = "design_refused"

    def __init__(self, faults: Sequence[Fault]) -> None:
        """Keep the faults; the first one is said."""
        first = faults[0]
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        place = f"{first.path}: " if first.path else ""
        super().__init__(f"{place}{first.sentence}{more}", field="design")
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class TryOutRow:
    """One row of the sheet as tried out: as planned, and what its sample readings amount to."""

    planned: Mapping[str, Any]
    readings: str
    result: Mapping[str, Any] | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class TryOut:
    """A design held against its sample readings."""

    faults: tuple[Fault, ...]
    rows: tuple[TryOutRow, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    digest: str = ""


@dataclass(frozen=True, slots=True)
class TemplateSummary:
    """A starter template as the list shows it."""

    key: str
    title: str
    discipline: str
    source: str
    confidence: str


@permitted(*SEE, reading=True)
def try_design(
    work: UnitOfWork, design: Mapping[str, object], sample: Mapping[str, object]
) -> TryOut:
    """Hold a design against sample readings; nothing is stored, nothing is lost.

    What cannot be read or computed comes back as faults and reasons beside the rows.
    """
    del work
    try:
        read, example = read_parts(design, sample)
    except DesignRefused as error:
        return TryOut(error.faults)
    faults = all_faults(read, example)
    try:
        bench = example.run_values()
        planned = read.plan(bench.parameters)
    except DesignError as error:
        return TryOut(tuple(dict.fromkeys((*faults, Fault.of(error)))), digest=read.digest)
    except MetrologyError as error:
        return TryOut((*faults, Fault("sample", str(error))), digest=read.digest)
    rows = tuple(_tried(read, bench, point, example) for point in planned)
    return TryOut(faults, rows, _compared(read, example), read.digest)


@permitted(*SEE, reading=True)
def list_templates(work: UnitOfWork) -> tuple[TemplateSummary, ...]:
    """List the starter templates by discipline."""
    del work
    return tuple(
        TemplateSummary(
            each.key, each.title, each.discipline, each.source, each.example.confidence.value
        )
        for each in templates()
    )


@permitted(*SEE, reading=True)
def template_design(
    work: UnitOfWork, key: str
) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """Return design and worked example of a starter template.

    Raises:
        NotFound: There is no such template.
    """
    del work
    found: Template | None = next((each for each in templates() if each.key == key), None)
    if found is None:
        raise NotFound("There is no such template.")
    return found.design.as_json(), found.example.as_json()


@permitted(Permission.PROCEDURE_EDIT, reading=True)
def read_design_file(
    work: UnitOfWork, text: str
) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """Return design and sample readings of a file that was exported here or elsewhere.

    Raises:
        DesignRefused: It holds no design.
    """
    del work
    if len(text) > LARGEST_DESIGN:
        raise DesignRefused((Fault("", f"a design has at most {LARGEST_DESIGN} characters"),))
    try:
        design, example = read_design(text)
    except DesignError as error:
        raise DesignRefused((Fault.of(error),)) from None
    return design.as_json(), example.as_json()


def read_parts(
    design: Mapping[str, object], sample: Mapping[str, object]
) -> tuple[Design, Example]:
    """Read a design with its sample readings.

    Raises:
        DesignRefused: One of them has not its form.
    """
    try:
        return Design.from_json(design), read_record(Example, sample, "sample")
    except DesignError as error:
        raise DesignRefused((Fault.of(error),)) from None


def all_faults(design: Design, example: Example) -> tuple[Fault, ...]:
    """Return all that has to be mended in a design."""
    given: object = example.parameters
    known: Mapping[str, object] = {}
    if isinstance(given, Mapping):
        known = cast("Mapping[str, object]", given)
    return faults_of(design, known)


def dry_run(design: Design, example: Example) -> list[Fault]:
    """Return why the sample readings do not give a single whole result."""
    try:
        bench = example.run_values()
        rows = [_tried(design, bench, point, example) for point in design.plan(bench.parameters)]
    except DesignError as error:
        return [Fault.of(error)]
    except MetrologyError as error:
        return [Fault("sample", str(error))]
    failed = [Fault("sample.readings", row.why) for row in rows if row.why]
    if failed:
        return failed[:1]
    if not any(row.result and row.result.get("uncertainty_text") for row in rows):
        return [Fault("sample.readings", "type sample readings that give at least one result")]
    return []


def _tried(design: Design, bench: Bench, point: PlannedPoint, example: Example) -> TryOutRow:
    run = Run(
        point=point,
        readings=bench.sheet.get(point.key, ()),
        parameters=bench.parameters,
        standards=bench.standards,
        environment=bench.environment,
        rule=bench.rule,
        sheet=bench.sheet,
    )
    read = example.readings.get(point.key, "")
    try:
        return TryOutRow(point.as_json(), read, design.evaluate(run).as_json())
    except MetrologyError as error:
        return TryOutRow(point.as_json(), read, None, f"{point.label}: {error}")


def _compared(design: Design, example: Example) -> tuple[Comparison, ...]:
    try:
        return compare(design, example)
    except MetrologyError:
        # What fails is told beside its row.
        return ()
