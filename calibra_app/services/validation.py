"""Software validation: the engine run through worked examples, and the report kept of it (7.11.2).

Why the report is a document and not a table of its own: what was validated, when, by whom and with
which figures is what the paper says. Its content is frozen with the deed, its digest kept, its
print asked for like any other; a second record of the same could only come to differ from it.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, cast

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.errors import NotFound
from calibra_app.core.ids import DocumentId, new_id
from calibra_app.metrology.budget import ENGINE_VERSION
from calibra_app.metrology.validation.examples import all_cases, worked_examples
from calibra_app.metrology.validation.report import (
    Comparison,
    ExampleResult,
    ValidationReport,
    validate_engine,
    versions_here,
)
from calibra_app.metrology.validation.wording import (
    computed_with,
    digits,
    figure_title,
    origin,
    share_text,
    short,
    shown,
    stated,
)
from calibra_app.models.document import Document, DocumentState
from calibra_app.persistence.numbering import next_number
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.rendering.html import DocumentKind
from calibra_app.rendering.validation import (
    AskedContent,
    ExampleContent,
    ExampleGroup,
    FigureContent,
    InputContent,
    ValidationContent,
    VersionContent,
)
from calibra_app.services.documents import DocumentDraft, queue_again, request_document
from calibra_app.services.laboratory import today_of
from calibra_app.services.letterhead import letterhead

SEE: Final = Permission.SOFTWARE_VALIDATE
PATTERN: Final = "SV-{year}-{number:04}"
MOST_LISTED: Final = 50
_SHARE_DIGITS: Final = Decimal("1e-12")


@dataclass(frozen=True, slots=True)
class Platform:
    """What this installation computes with."""

    engine_version: str
    versions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ValidationRun:
    """All examples as computed, by kind, and what they were computed with."""

    platform: Platform
    verdict: str
    agrees: bool
    groups: tuple[ExampleGroup, ...]
    run_at: datetime | None = None
    run_by: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class ValidationSummary:
    """One report on record, as the list of them shows it."""

    id: DocumentId
    number: str
    engine_version: str
    platform: str
    verdict: str
    agrees: bool
    run_at: datetime
    run_by: str
    state: DocumentState
    error: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ValidationOverview:
    """What the page opens with: the examples, what is on record, what this installation is."""

    here: Platform
    last: ValidationRun | None
    examples: tuple[ExampleGroup, ...]
    reports: tuple[ValidationSummary, ...]

    @property
    def is_current(self) -> bool:
        """Say whether the last report is of the engine and the libraries that run here."""
        return self.last is not None and self.last.platform == self.here


@dataclass(frozen=True, slots=True)
class ComputedExample:
    """One example as computed just now, and the names of those before and after it."""

    example: ExampleContent
    group: str
    before: str
    after: str


@permitted(SEE, reading=True)
def validation_overview(work: UnitOfWork) -> ValidationOverview:
    """Return the last report on record with its examples; the bare examples where there is none."""
    rows = work.exec(
        select(Document)
        .where(Document.kind == DocumentKind.VALIDATION.value)
        .order_by(col(Document.created_at).desc(), col(Document.id).desc())
        .limit(MOST_LISTED)
    ).all()
    contents = [ValidationContent.from_json(row.content) for row in rows]
    last = _run_of(contents[0]) if contents else None
    waiting = _grouped(ValidationReport(tuple(ExampleResult(e, ()) for e in worked_examples())))
    return ValidationOverview(
        _platform_here(),
        last,
        last.groups if last else waiting,
        tuple(_summary(row, content) for row, content in zip(rows, contents, strict=True)),
    )


@permitted(SEE, reading=True)
def run_validation(work: UnitOfWork) -> ValidationRun:
    """Compute every example on this installation, now; nothing is stored."""
    report = validate_engine()
    return ValidationRun(
        _platform_here(),
        report.verdict,
        report.agrees,
        _grouped(report),
        work.now,
        work.actor.name,
    )


@permitted(SEE, reading=True)
def compute_example(work: UnitOfWork, name: str) -> ComputedExample:
    """Compute one example anew and return it with its question and its figures.

    Raises:
        NotFound: There is no such example.
    """
    del work
    examples = worked_examples()
    place = next((at for at, example in enumerate(examples) if example.name == name), None)
    if place is None:
        raise NotFound("There is no such example.")
    (result,) = validate_engine(examples[place : place + 1]).results
    return ComputedExample(
        _content_of(result),
        examples[place].group,
        examples[place - 1].name if place else "",
        examples[place + 1].name if place + 1 < len(examples) else "",
    )


@permitted(SEE, reading=True)
def export_examples(work: UnitOfWork) -> str:
    """Return every example with its expected figures as a file for anybody's own tools (F11)."""
    del work
    return json.dumps(all_cases(), ensure_ascii=False, indent=1) + "\n"


@permitted(SEE)
def print_validation(work: UnitOfWork) -> DocumentId:
    """Compute every example, keep the report as it came out, and have it printed.

    The figures are computed here once more and never taken from a page: what is kept is what this
    installation computes.
    """
    report = validate_engine()
    number = next_number(work, "software_validation", PATTERN)
    content = ValidationContent(
        branding=letterhead(work),
        number=number,
        engine_version=report.engine_version,
        verdict=report.verdict,
        agrees=report.agrees,
        groups=_grouped(report),
        versions=tuple(
            VersionContent(name=name, version=version) for name, version in report.versions.items()
        ),
        run_at=work.now,
        run_by=work.actor.name,
        issued_on=today_of(work),
    )
    return request_document(
        work,
        DocumentDraft(
            kind=DocumentKind.VALIDATION,
            number=number,
            title=f"{content.title}, engine {report.engine_version}",
            content=content,
            subject_kind="software_validation",
            subject_id=new_id(),
            topic=_topic(work),
        ),
    )


@permitted(SEE)
def print_validation_again(work: UnitOfWork, document_id: DocumentId) -> None:
    """Ask the printer once more for a report on record whose printing failed."""
    row = work.get(Document, document_id)
    if row.kind != DocumentKind.VALIDATION.value:
        raise NotFound("There is no such report.")
    queue_again(work, row, _topic(work))


def _topic(work: UnitOfWork) -> str:
    """Return the topic on which open pages hear of the printing of reports."""
    return f"t:{work.actor.tenant_id}:validation"


def _platform_here() -> Platform:
    return Platform(ENGINE_VERSION, tuple(versions_here().items()))


def _run_of(content: ValidationContent) -> ValidationRun:
    return ValidationRun(
        Platform(
            content.engine_version, tuple((each.name, each.version) for each in content.versions)
        ),
        content.verdict,
        content.agrees,
        content.groups,
        content.run_at,
        content.run_by,
        content.number,
    )


def _summary(row: Document, content: ValidationContent) -> ValidationSummary:
    return ValidationSummary(
        DocumentId(row.id),
        content.number,
        content.engine_version,
        content.platform,
        content.verdict,
        content.agrees,
        content.run_at or row.created_at,
        content.run_by,
        row.state,
        row.error,
        row.sha256,
    )


def _grouped(report: ValidationReport) -> tuple[ExampleGroup, ...]:
    return tuple(
        ExampleGroup(title=title, examples=tuple(_content_of(result) for result in results))
        for title, results in report.grouped()
    )


def _content_of(result: ExampleResult) -> ExampleContent:
    example = result.example
    computed = bool(result.comparisons)
    return ExampleContent(
        name=example.name,
        title=example.title,
        source=origin(example.source, is_published=example.is_published),
        is_published=example.is_published,
        agrees=result.agrees and computed,
        worst=share_text(result.worst) if computed else "",
        figures=tuple(_figure(comparison) for comparison in result.comparisons),
        inputs=tuple(_input(quantity) for quantity in example.inputs),
        asked=tuple(AskedContent(name=name, value=value) for name, value in example.asked()),
        error=result.error,
        notes=example.notes,
        computed_with=computed_with(example.tools),
    )


def _figure(comparison: Comparison) -> FigureContent:
    share = comparison.share
    return FigureContent(
        title=figure_title(comparison.field),
        expected=digits(comparison.expected),
        computed=digits(comparison.computed),
        agrees=comparison.agrees,
        printed=digits(comparison.printed),
        is_as_printed=comparison.as_printed,
        deviation=short(comparison.deviation),
        tolerance=short(comparison.tolerance),
        share=share_text(share),
        exact_share=_exact(share),
    )


def _exact(share: float | None) -> Decimal | None:
    if share is None:
        return None
    if math.isinf(share):
        return Decimal(1_000_000)
    return Decimal(share).quantize(_SHARE_DIGITS)


def _input(quantity: Mapping[str, Any]) -> InputContent:
    readings = cast("list[object]", quantity.get("readings", []))
    own = len(readings) - 1 if readings and "pooled_s" not in quantity else None
    degrees = quantity.get("dof", own)
    return InputContent(
        name=str(quantity.get("name", "")),
        value=shown(quantity["value"]) if "value" in quantity else "mean",
        distribution=str(quantity.get("dist", "normal")),
        stated=stated(quantity),
        unit=str(quantity.get("unit", "")).replace("degC", "°C"),
        degrees_of_freedom="" if degrees is None else shown(degrees),
    )
