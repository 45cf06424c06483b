"""Maximum permissible errors as data: constant, per cent of value or span, counts, by range."""

from decimal import Decimal
from typing import Final

from calibra_app.metrology.conformity import Limits
from calibra_app.metrology.quantity import MetrologyError, convert
from calibra_app.metrology.rounding import exact, plain
from calibra_app.procedures.base import MaximumPermissibleError, PlannedPoint
from calibra_app.procedures.parameters import Parameters

PARAMETER: Final = "maximum_permissible_error"
HUNDRED: Final = Decimal(100)


def maximum_permissible_error(
    point: PlannedPoint, parameters: Parameters
) -> MaximumPermissibleError:
    """Return the limits of the error at a point from the instrument's table.

    The table is a list of records; the first one whose `function` is the point's (or missing)
    and whose `up_to` is not exceeded (in the unit of the nominal value) applies. Its terms add:
    `absolute` (in `unit`), `percent_of_value`, `percent_of_span`, `counts` of the resolution.

    An instrument without a table has no limits: its results are reported without a statement.

    Raises:
        MetrologyError: No record applies, or it has no term.

    Example:
        >>> from calibra_app.procedures.base import PlannedPoint
        >>> ten_volt = PlannedPoint("k", "g", "10 V", "DC voltage", Decimal(10), "V", Decimal(10),
        ...     "V", "V", Decimal("0.01"), 5)
        >>> table = [{"percent_of_value": "0.05", "counts": "1"}]
        >>> mpe = maximum_permissible_error(ten_volt, Parameters({PARAMETER: table}))
        >>> mpe.trace
        '0.05 % of 10 V + 1 × 0.01 V = ±0.015 V'
    """
    if not parameters.has(PARAMETER):
        return MaximumPermissibleError(Limits(), point.result_unit, "no limit is agreed")
    for record in parameters.records(PARAMETER):
        if record.has("function") and record.text("function") != point.function:
            continue
        if record.has("up_to") and abs(point.nominal) > record.decimal("up_to"):
            continue
        return _of_record(point, record)
    raise MetrologyError(f"{point.label}: no maximum permissible error is given")


def _of_record(point: PlannedPoint, record: Parameters) -> MaximumPermissibleError:
    unit = point.result_unit
    total = Decimal(0)
    words: list[str] = []
    if record.has("percent_of_value"):
        percent = record.decimal("percent_of_value")
        total += abs(point.expected) * percent / HUNDRED
        words.append(f"{percent} % of {plain(abs(point.expected))} {point.unit}")
    if record.has("percent_of_span"):
        percent = record.decimal("percent_of_span")
        total += point.span * percent / HUNDRED
        words.append(f"{percent} % of span {plain(point.span)} {point.unit}")
    if record.has("counts"):
        counts = record.decimal("counts")
        total += counts * point.resolution
        words.append(f"{counts} × {plain(point.resolution)} {point.unit}")
    if record.has("absolute"):
        stated = record.decimal("absolute")
        given = record.text("unit", unit)
        total += exact(convert(float(stated), given, unit, difference=True))
        words.append(f"{stated} {given}")
    if not words:
        raise MetrologyError(f"{PARAMETER}: a record needs at least one term")
    source = f" ({record.text('source')})" if record.has("source") else ""
    total = total.normalize()
    # A limit that is stated as it is needs no sum beside it.
    stated_so = words == [f"{plain(total)} {unit}"]
    summed = "" if stated_so else f"{' + '.join(words)} = "
    trace = f"{summed}±{plain(total)} {unit}{source}"
    return MaximumPermissibleError(Limits(-total, total), unit, trace)
