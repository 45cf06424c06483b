"""The list of procedures, by key and version, and the one call that recomputes a sheet's point."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from threading import Lock
from typing import Final

from calibra_app.metrology.cmc import Cmc
from calibra_app.metrology.conformity import DecisionRule
from calibra_app.metrology.plausibility import Question, question_of
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.reference_standard import ReferenceStandard
from calibra_app.procedures import (
    dimensional,
    electrical,
    humidity,
    mass,
    pressure,
    temperature,
    torque,
)
from calibra_app.procedures.base import (
    Indications,
    PlannedPoint,
    PointEvaluation,
    Procedure,
    Run,
    Sheet,
)
from calibra_app.procedures.designed.design import Design
from calibra_app.procedures.designed.plain import DesignError
from calibra_app.procedures.evaluation import expected_band
from calibra_app.procedures.parameters import Parameters, PlainData

PROCEDURES: Final[tuple[Procedure, ...]] = (
    dimensional.CALIPER,
    dimensional.MICROMETER,
    electrical.MULTIMETER,
    electrical.CLAMP,
    humidity.HYGROMETER,
    mass.BALANCE,
    mass.PLATFORM_SCALE,
    pressure.GAUGE,
    pressure.TRANSMITTER,
    temperature.PROBE,
    temperature.RESISTANCE_THERMOMETER,
    torque.TORQUE_TOOL,
)

_BY_KEY: Final[Mapping[tuple[str, str], Procedure]] = {
    (procedure.key, procedure.version): procedure for procedure in PROCEDURES
}


# What the measurement model of a designed procedure is called; its version is the digest.
DESIGNED: Final = "designed"
DESIGNS_KEPT: Final = 256
_DESIGNS: Final[OrderedDict[str, Design]] = OrderedDict()
_DESIGNS_LOCK: Final = Lock()


def hold_design(data: PlainData, digest: str = "") -> str:
    """Make a design known to this process, and return the version by which it is found.

    The version is the digest of its content, so a sheet can only ever meet the design that it
    was begun with. Who reads a sheet or a procedure from the database calls this.

    Args:
        data: The design as plain data.
        digest: What its digest is said to be; one that is held already is not read again.

    Raises:
        DesignError: It is no design, or not the one that it is said to be.
    """
    if digest and is_held(digest):
        return digest
    design = Design.from_json(data)
    if digest and design.digest != digest:
        raise DesignError("", "the stored design is not the one that was approved")
    with _DESIGNS_LOCK:
        # The one that is known keeps its plans.
        _DESIGNS.setdefault(design.digest, design)
        _DESIGNS.move_to_end(design.digest)
        while len(_DESIGNS) > DESIGNS_KEPT:
            _DESIGNS.popitem(last=False)
    return design.digest


def is_held(digest: str) -> bool:
    """Tell whether a design is known to this process, and keep it known."""
    with _DESIGNS_LOCK:
        if digest not in _DESIGNS:
            return False
        _DESIGNS.move_to_end(digest)
        return True


def procedure_of(key: str, version: str) -> Procedure:
    """Return a procedure by its key and version; a designed one by its version alone.

    Raises:
        MetrologyError: There is none.

    Example:
        >>> procedure_of("MP-ELE-04", "7").title
        'Digital multimeters'
    """
    procedure: Procedure | None = _BY_KEY.get((key, version))
    if procedure is None:
        with _DESIGNS_LOCK:
            procedure = _DESIGNS.get(version)
    if procedure is None:
        raise MetrologyError(f"There is no procedure {key}, version {version}.")
    return procedure


def plan_points(key: str, version: str, parameters: PlainData) -> tuple[PlannedPoint, ...]:
    """Return the points of the sheet that a procedure plans for an instrument.

    Raises:
        MetrologyError: The procedure is unknown or a parameter is missing.
    """
    return procedure_of(key, version).plan(Parameters(parameters))


def evaluate_point(  # noqa: PLR0917 - the parts of a run, in the order of the sheet
    procedure_key: str,
    version: str,
    point: PlannedPoint,
    readings: Indications,
    standards: Sequence[ReferenceStandard],
    environment: PlainData,
    parameters: PlainData,
    rule: DecisionRule,
    cmc: Sequence[Cmc],
    sheet: Sheet | None = None,
) -> PointEvaluation:
    """Return what the indications of one point amount to; made to be called at each keystroke.

    Args:
        procedure_key: The laboratory's number of the procedure.
        version: Its revision.
        point: The point, as planned.
        readings: The indications so far, in their order; none is fine.
        standards: The reference standards chosen for the sheet, as frozen at use.
        environment: The room's climate: `temperature`, `humidity`, `pressure` as [low, high].
        parameters: The instrument's parameters.
        rule: The agreed decision rule.
        cmc: The rows of the laboratory's scope for this procedure.
        sheet: The indications of all points of the same phase by point key; tests on other
            points (repeatability, eccentricity, hysteresis) are read from it.

    Raises:
        MetrologyError: The procedure is unknown or a parameter is missing.
    """
    run = Run(
        point=point,
        readings=tuple(readings),
        parameters=Parameters(parameters),
        standards=standards,
        environment=environment,
        rule=rule,
        cmc=cmc,
        sheet={point.key: tuple(readings)} if sheet is None else sheet,
    )
    return procedure_of(procedure_key, version).evaluate(run)


def evaluate_sheet(  # noqa: PLR0917 - the parts of a run, in the order of the sheet
    procedure_key: str,
    version: str,
    sheet: Sheet,
    standards: Sequence[ReferenceStandard],
    environment: PlainData,
    parameters: PlainData,
    rule: DecisionRule,
    cmc: Sequence[Cmc],
) -> tuple[PointEvaluation, ...]:
    """Return the evaluations of all planned points of one phase, in the order of the plan."""
    return tuple(
        evaluate_point(
            procedure_key,
            version,
            point,
            sheet.get(point.key, ()),
            standards,
            environment,
            parameters,
            rule,
            cmc,
            sheet,
        )
        for point in plan_points(procedure_key, version, parameters)
    )


def plausibility_of(  # noqa: PLR0917 - the parts of a run, in the order of the sheet
    procedure_key: str,
    version: str,
    point: PlannedPoint,
    parameters: PlainData,
    typed: Decimal,
    others: Indications = (),
) -> Question | None:
    """Return what to ask before a typed indication is kept, or None if it is plausible.

    Example:
        >>> point = PlannedPoint("k", "g", "10 V", "DC voltage", Decimal(10), "V", Decimal(10),
        ...     "V", "V", Decimal("0.01"), 5)
        >>> table = {"maximum_permissible_error": [{"percent_of_value": "0.05", "counts": "1"}]}
        >>> plausibility_of("MP-ELE-04", "7", point, table, Decimal("100.1")).text
        '×10?'
    """
    limit = procedure_of(procedure_key, version).limit(point, Parameters(parameters))
    expected = Decimal(0) if point.entry == "error" else point.expected
    return question_of(typed, expected, expected_band(point, limit), others)
