"""Calibration certificate: all that it states, by 7.8.2, 7.8.4 and 7.8.6 of ISO/IEC 17025."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from calibra_app.rendering.blocks import (
    BrandingContent,
    ItemContent,
    PartyContent,
    SignatureContent,
    Verdict,
)
from calibra_app.rendering.content import Content

RELATES_ONLY = "The results relate only to the item calibrated, in the condition in which it was."
REPRODUCTION = (
    "This certificate shall not be reproduced except in full without the written approval of the "
    "laboratory."
)
TRACEABILITY = (
    "The results are metrologically traceable to the International System of Units (SI) through "
    "an unbroken chain of calibrations by way of the reference standards below, each calibrated "
    "by a national metrology institute or by a laboratory accredited to ISO/IEC 17025."
)
UNCERTAINTY = (
    "The expanded uncertainty U stated beside each result is the combined standard uncertainty "
    "multiplied by the coverage factor k of the same row. k follows from the effective degrees of "
    "freedom (Student t) for a coverage probability of approximately 95 %. The evaluation follows "
    "JCGM 100:2008 (GUM) and EA-4/02 M:2022; U is never reported below the laboratory's "
    "calibration and measurement capability (CMC)."
)
CUSTOMER_DATA = (
    "Information marked with a dagger (†) was supplied by the customer; the laboratory is not "
    "responsible for it, and it may affect the validity of the results."
)


class Phase(StrEnum):
    """When a result was taken with respect to an adjustment."""

    AS_FOUND = "as_found"
    AS_LEFT = "as_left"
    BOTH = "both"

    @property
    def words(self) -> str:
        """Return the phase as printed."""
        return _PHASES[self]


_PHASES = {
    Phase.AS_FOUND: "As found",
    Phase.AS_LEFT: "As left",
    Phase.BOTH: "As found = as left",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodContent(Content):
    """The measurement procedure, and what was done otherwise (7.8.2.1 f, k and n)."""

    code: str
    title: str
    revision: str = ""
    description: str = ""
    follows: str = ""
    deviations: str = "None."
    is_sampled: bool = False
    sampling: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionContent(Content):
    """One influence quantity while the calibration lasted (7.8.4.1 b)."""

    quantity: str
    unit: str
    minimum: Decimal | None = None
    mean: Decimal | None = None
    maximum: Decimal | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardContent(Content):
    """A reference standard and the certificate that carries its traceability (7.8.4.1 c)."""

    code: str
    description: str
    serial: str = ""
    certificate: str = ""
    provider: str = ""
    calibrated_on: date | None = None
    due_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultRow(Content):
    """The measurement result at one point, rounded once and for all by the engine.

    The indication is in the table's unit; error, limits and U in its error unit.
    """

    nominal: Decimal
    label: str = ""
    indication: Decimal | None = None
    error: Decimal | None = None
    lower_limit: Decimal | None = None
    upper_limit: Decimal | None = None
    uncertainty: Decimal | None = None
    coverage_factor: Decimal | None = None
    verdict: Verdict = Verdict.UNDECIDED
    is_changed: bool = False
    """Whether an amendment changed this row (7.8.8.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultTable(Content):
    """Results of one group of points in one phase (7.8.2.1 m, 7.8.4.1 a)."""

    title: str
    phase: Phase
    unit: str
    error_unit: str
    rows: tuple[ResultRow, ...]
    nominal_unit: str = ""
    """Where the item shows another quantity than is realized (bar in, mA out)."""
    is_accredited: bool = True
    provider: str = ""
    """Who measured, if not this laboratory (7.8.2.1 p)."""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentContent(Content):
    """What was adjusted or repaired between as found and as left (7.8.4.1 d)."""

    description: str
    adjusted_on: date | None = None
    adjusted_by: str = ""
    no_as_found_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementContent(Content):
    """One statement of conformity: which results, met or not (7.8.6.2 a and b)."""

    phase: Phase
    verdict: Verdict
    covers: str
    """Which results the statement speaks of."""
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConformityContent(Content):
    """Specification, decision rule with its risk, and the statements made by them (7.8.6)."""

    specification: str
    rule: str
    risk: str
    agreed_in: str = ""
    statements: tuple[StatementContent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionContent(Content):
    """Opinions and interpretations, marked as such, with their basis (7.8.7)."""

    text: str
    basis: str
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnclosureContent(Content):
    """A stored file that the printed certificate carries inside, known by its digest."""

    name: str
    sha256: str
    description: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalContent(Content):
    """Work done by an external provider (7.8.2.1 p)."""

    provider: str
    scope: str
    certificate: str = ""
    accreditation: str = ""
    enclosure: EnclosureContent | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendmentContent(Content):
    """What a new version of a certificate replaces, why, and what changed (7.8.8)."""

    replaces: str
    reason: str
    changes: tuple[str, ...] = ()
    replaced_issued_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeContent(Content):
    """The scope guard's finding: may the accreditation symbol be shown (7.8.1, ILAC-P8)."""

    wants_symbol: bool = False
    refusals: tuple[str, ...] = ()
    """Each reason why the symbol may not be shown, as found on the day of authorization."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateContent(Content):
    """All that a calibration certificate states; frozen when it is authorized."""

    branding: BrandingContent
    number: str
    customer: PartyContent
    item: ItemContent
    method: MethodContent
    title: str = "Calibration certificate"
    language: str = "en"
    srf_number: str = ""
    order_reference: str = ""
    place: str = ""
    is_receipt_critical: bool = True
    received_on: date | None = None
    performed_from: date | None = None
    performed_to: date | None = None
    issued_on: date | None = None
    conditions: tuple[ConditionContent, ...] = ()
    standards: tuple[StandardContent, ...] = ()
    traceability: str = TRACEABILITY
    uncertainty: str = UNCERTAINTY
    results: tuple[ResultTable, ...] = ()
    adjustment: AdjustmentContent | None = None
    is_conformity_agreed: bool = True
    conformity: ConformityContent | None = None
    opinion: OpinionContent | None = None
    external: tuple[ExternalContent, ...] = ()
    remarks: tuple[str, ...] = ()
    signatures: tuple[SignatureContent, ...] = ()
    relates_only: str = RELATES_ONLY
    reproduction: str = REPRODUCTION
    customer_data: str = CUSTOMER_DATA
    due_on: date | None = None
    due_agreed_in: str = ""
    amendment: AmendmentContent | None = None
    scope: ScopeContent = ScopeContent()
    verification_url: str = ""

    @property
    def shows_symbol(self) -> bool:
        """Say whether the accreditation symbol stands on the paper: asked for, never refused."""
        return (
            self.scope.wants_symbol
            and not self.scope.refusals
            and bool(self.branding.accreditation_number)
            and any(table.is_accredited and not table.provider for table in self.results)
        )

    @property
    def enclosures(self) -> tuple[EnclosureContent, ...]:
        """Return the files inside: the certificates of external providers."""
        return tuple(part.enclosure for part in self.external if part.enclosure is not None)

    @property
    def unaccredited(self) -> tuple[ResultTable, ...]:
        """Return the tables that an accredited certificate has to mark."""
        return tuple(table for table in self.results if not table.is_accredited or table.provider)
