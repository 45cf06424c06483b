"""Starter templates: designs with a worked example each, to begin a laboratory's own from.

A template is a file in `templates/` of the form `calibra-procedure-template/1`: a design, where
it comes from, and the readings of an example with the figures that are expected of them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final, cast

from calibra_app.metrology.conformity import (
    GUARDED_ACCEPTANCE,
    NO_STATEMENT,
    SIMPLE_ACCEPTANCE,
    DecisionRule,
)
from calibra_app.metrology.quantity import MetrologyError
from calibra_app.metrology.reference_standard import ReferenceStandard
from calibra_app.metrology.rounding import decimal_of
from calibra_app.procedures.base import PointEvaluation, Run, Sheet
from calibra_app.procedures.designed.design import Design
from calibra_app.procedures.designed.plain import DesignError, read_record, write_record
from calibra_app.procedures.parameters import Parameters, PlainData

FORM: Final = "calibra-procedure-template/1"
FOLDER: Final = Path(__file__).parent / "templates"
RULES: Final[Mapping[str, DecisionRule]] = {
    "simple": SIMPLE_ACCEPTANCE,
    "guarded": GUARDED_ACCEPTANCE,
    "none": NO_STATEMENT,
}


class Confidence(StrEnum):
    """Where the expected figures of a worked example come from."""

    PUBLISHED = "published"
    COMPUTED = "computed"


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example: what is known, what was read, what is expected.

    `readings` are texts by the key of the sheet's row ("9.98 10.01 10.00"); `expected` are texts
    by the same key and the name of a figure of the evaluation. A figure that is a text has to be
    the same; a number has to agree to the last digit that is written, or within `within`.
    """

    source: str = ""
    readings: Mapping[str, str] = field(default_factory=dict[str, str])
    expected: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    confidence: Confidence = Confidence.COMPUTED
    parameters: object = None
    standards: object = None
    environment: object = None
    rule: str = "simple"
    # By figure, how far it may lie from what is expected.
    within: Mapping[str, str] = field(default_factory=dict[str, str])
    tools: str = ""
    notes: str = ""

    def as_json(self) -> dict[str, object]:
        """Return the example as plain data, without what stands at its default."""
        return write_record(self)

    def run_values(self) -> "Bench":
        """Return the example as the engine takes it.

        Raises:
            DesignError: A reading, standard or condition has not the form.
        """
        return Bench.of(
            self.readings,
            self.parameters or {},
            self.standards or (),
            self.environment or {},
            self.rule,
        )


@dataclass(frozen=True, slots=True)
class Bench:
    """Sample readings with all that is known beside them."""

    sheet: Sheet
    parameters: Parameters
    standards: tuple[ReferenceStandard, ...]
    environment: PlainData
    rule: DecisionRule

    @classmethod
    def of(
        cls,
        readings: Mapping[str, str],
        parameters: object,
        standards: object,
        environment: object,
        rule: str,
    ) -> "Bench":
        """Read sample values from texts.

        Raises:
            MetrologyError: One of them has not its form.
        """
        sheet = {key: read_numbers(text, f"readings.{key}") for key, text in readings.items()}
        return cls(
            sheet,
            Parameters(_record(parameters, "parameters")),
            tuple(ReferenceStandard.from_json(each) for each in _records(standards, "standards")),
            {
                name: [float(end) for end in _ends(ends, f"environment.{name}")]
                for name, ends in _record(environment, "environment").items()
            },
            RULES.get(rule, SIMPLE_ACCEPTANCE),
        )

    def evaluate(self, design: Design) -> tuple[PointEvaluation, ...]:
        """Return the evaluations of all rows of a design's sheet.

        Raises:
            DesignError: The design cannot be planned or evaluated; the path names the place.
        """
        return tuple(
            design.evaluate(
                Run(
                    point=point,
                    readings=self.sheet.get(point.key, ()),
                    parameters=self.parameters,
                    standards=self.standards,
                    environment=self.environment,
                    rule=self.rule,
                    sheet=self.sheet,
                )
            )
            for point in design.plan(self.parameters)
        )


def _record(value: object, path: str) -> PlainData:
    if not isinstance(value, Mapping):
        raise DesignError(path, "expected a record of named fields")
    return cast("PlainData", value)


def _records(value: object, path: str) -> list[PlainData]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise DesignError(path, "expected a list")
    listed = cast("Sequence[object]", value)
    return [_record(each, f"{path}[{at}]") for at, each in enumerate(listed)]


def _ends(value: object, path: str) -> tuple[Decimal, ...]:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise DesignError(path, "expected the lowest and the highest reading")
    text = " ".join(str(end) for end in cast("Sequence[object]", value))
    return read_numbers(text, path)


def read_numbers(text: str, path: str) -> tuple[Decimal, ...]:
    """Return numbers that stand in a text with blanks or semicolons between them.

    Raises:
        DesignError: One of them is no number.

    Example:
        >>> read_numbers("9,98; 10.01", "readings")
        (Decimal('9.98'), Decimal('10.01'))
    """
    found: list[Decimal] = []
    for word in text.replace(";", " ").split():
        try:
            found.append(decimal_of(word.replace(",", ".").replace("−", "-"), path))
        except MetrologyError:
            raise DesignError(path, f"{word[:40]} is not a number") from None
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Template:
    """One starter template."""

    key: str
    source: str
    design: Design
    example: Example
    notes: str = ""

    @property
    def title(self) -> str:
        """Return the title of its design."""
        return self.design.title

    @property
    def discipline(self) -> str:
        """Return the discipline of its design."""
        return self.design.discipline


@dataclass(frozen=True, slots=True)
class Comparison:
    """One expected figure beside the computed one."""

    key: str
    figure: str
    expected: str
    computed: str
    agrees: bool


def read_template(data: object, key: str) -> Template:
    """Return a template from plain data.

    Raises:
        DesignError: It has not the form.
    """
    if not isinstance(data, Mapping):
        raise DesignError("", "expected a record of named fields")
    given = dict(cast("Mapping[str, object]", data))
    if given.get("form") != FORM:
        raise DesignError("form", f"expected {FORM}")
    unknown = sorted(given.keys() - {"form", "source", "notes", "design", "example"})
    if unknown:
        raise DesignError(unknown[0], "no such field")
    return Template(
        key,
        str(given.get("source", "")),
        Design.from_json(given.get("design")),
        read_record(Example, given.get("example"), "example"),
        str(given.get("notes", "")),
    )


def read_design(text: str) -> tuple[Design, Example]:
    """Return the design in a file, with its example where it has one.

    Raises:
        DesignError: It holds neither a template nor a design.
    """
    try:
        data: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise DesignError("", f"not JSON: {str(error)[:120]}") from None
    named: Mapping[str, object] = cast("PlainData", data) if isinstance(data, Mapping) else {}
    if named.get("form") == FORM:
        found = read_template(named, "")
        return found.design, found.example
    return Design.from_json(named), Example()


def write_design(design: PlainData, example: PlainData) -> str:
    """Return the text of a file that holds a design with its example."""
    data = {"form": FORM, "source": "", "design": design, "example": example}
    return f"{json.dumps(data, ensure_ascii=False, indent=2)}\n"


@cache
def templates() -> tuple[Template, ...]:
    """Return the starter templates by discipline and title."""
    found = [
        read_template(json.loads(file.read_text(encoding="utf-8")), file.stem)
        for file in sorted(FOLDER.glob("*.json"))
    ]
    return tuple(sorted(found, key=lambda each: (each.discipline, each.title)))


def compare(design: Design, example: Example) -> tuple[Comparison, ...]:
    """Return what a design computes of a worked example beside what is expected.

    Raises:
        DesignError: The design cannot be planned or evaluated.
    """
    found = {one.key: one.as_json() for one in example.run_values().evaluate(design)}
    return tuple(
        _compared(key, name, text, found.get(key, {}).get(name), example.within.get(name, ""))
        for key, figures in example.expected.items()
        for name, text in figures.items()
    )


def _compared(key: str, name: str, expected: str, value: object, within: str) -> Comparison:
    computed = "" if value is None else str(value)
    if isinstance(value, float | int) and not isinstance(value, bool):
        number = decimal_of(expected, f"expected.{key}.{name}")
        # The last digit that is written is rounded: half of it is agreement.
        half = Decimal(5).scaleb(cast("int", number.as_tuple().exponent) - 1)
        allowed = Decimal(within) if within else half
        agrees = abs(Decimal(repr(float(value))) - number) <= allowed * Decimal("1.000001")
        return Comparison(key, name, expected, f"{value:.8g}", agrees)
    return Comparison(key, name, expected, computed, computed == expected)
