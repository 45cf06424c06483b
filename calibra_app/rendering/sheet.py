"""Observation sheet: raw readings to results, for an assessor to compute again (7.5.1)."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from calibra_app.rendering.blocks import (
    BrandingContent,
    ItemContent,
    PartyContent,
    SignatureContent,
    Verdict,
)
from calibra_app.rendering.certificate import (
    AdjustmentContent,
    ConditionContent,
    MethodContent,
    Phase,
    StandardContent,
)
from calibra_app.rendering.content import Content


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionContent(Content):
    """A reading that was changed: the old value stays readable (7.5.2)."""

    cell: str
    old: str
    new: str
    reason: str
    person: str
    corrected_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPoint(Content):
    """One point: the indications as typed, and what the engine made of them."""

    nominal: Decimal
    readings: tuple[str, ...]
    label: str = ""
    reference_value: Decimal | None = None
    mean: Decimal | None = None
    deviation: Decimal | None = None
    """The experimental standard deviation s of the indications."""
    error: Decimal | None = None
    lower_limit: Decimal | None = None
    upper_limit: Decimal | None = None
    combined_uncertainty: Decimal | None = None
    degrees_of_freedom: int | None = None
    coverage_factor: Decimal | None = None
    uncertainty: Decimal | None = None
    verdict: Verdict = Verdict.UNDECIDED
    budget: str = ""
    """The title of the uncertainty budget that was used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetTable(Content):
    """The points of one group in one phase."""

    title: str
    phase: Phase
    unit: str
    error_unit: str
    points: tuple[SheetPoint, ...]
    nominal_unit: str = ""
    recorded_by: str = ""
    recorded_from: datetime | None = None
    recorded_to: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetRow(Content):
    """One input quantity of the measurement model."""

    quantity: str
    standard_uncertainty: str
    distribution: str
    sensitivity: str
    contribution: str
    degrees_of_freedom: int | None = None
    share: Decimal | None = None
    """Percent of the combined variance."""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetContent(Content):
    """An uncertainty budget, row by row."""

    title: str
    unit: str
    rows: tuple[BudgetRow, ...]
    version: str = ""
    measurement_model: str = ""
    combined_uncertainty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetContent(Content):
    """An observation sheet as handed over to technical review."""

    branding: BrandingContent
    number: str
    customer: PartyContent
    item: ItemContent
    method: MethodContent
    tables: tuple[SheetTable, ...]
    title: str = "Observation sheet"
    language: str = "en"
    srf_number: str = ""
    place: str = ""
    engine_version: str = ""
    conditions: tuple[ConditionContent, ...] = ()
    standards: tuple[StandardContent, ...] = ()
    budgets: tuple[BudgetContent, ...] = ()
    corrections: tuple[CorrectionContent, ...] = ()
    adjustment: AdjustmentContent | None = None
    declaration: str = ""
    remarks: tuple[str, ...] = ()
    signatures: tuple[SignatureContent, ...] = ()
    issued_on: date | None = None
