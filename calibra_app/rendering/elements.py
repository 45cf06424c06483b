"""The elements that a certificate must hold: which of them are missing, named one by one.

The first sixteen are 7.8.2.1 a to p of ISO/IEC 17025:2017; then what a calibration adds
(7.8.4.1), statements of conformity (7.8.6), opinions, amendments and the accreditation symbol.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from calibra_app.metrology.quantity import MetrologyError, compatible
from calibra_app.rendering.blocks import Verdict
from calibra_app.rendering.certificate import CertificateContent, Phase, ResultTable


@dataclass(frozen=True, slots=True)
class MissingElement:
    """A mandatory element that is not there: its clause, a sentence to act on, where to act."""

    code: str
    sentence: str
    place: str


@dataclass(frozen=True, slots=True)
class Check:
    """One mandatory element and how its absence is found."""

    code: str
    title: str
    place: str
    find: Callable[[CertificateContent], Iterator[str]]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What one check found; no sentence means that the element is there."""

    code: str
    title: str
    place: str
    sentences: tuple[str, ...]

    @property
    def is_met(self) -> bool:
        """Say whether nothing is missing."""
        return not self.sentences


def check_elements(content: CertificateContent) -> tuple[CheckResult, ...]:
    """Return every check with what it found, in the order of the clauses."""
    return tuple(
        CheckResult(check.code, check.title, check.place, tuple(check.find(content)))
        for check in CHECKS
    )


def missing_elements(content: CertificateContent) -> tuple[MissingElement, ...]:
    """Return each mandatory element that is missing; a certificate with one is not issued."""
    return tuple(
        MissingElement(result.code, sentence, result.place)
        for result in check_elements(content)
        for sentence in result.sentences
    )


def _title(c: CertificateContent) -> Iterator[str]:
    if not c.title:
        yield "The certificate has no title."


def _laboratory(c: CertificateContent) -> Iterator[str]:
    if not c.branding.laboratory:
        yield "The laboratory's name is missing."
    if not c.branding.address:
        yield "The laboratory's address is missing."


def _place(c: CertificateContent) -> Iterator[str]:
    if not c.place:
        yield "It does not say where the calibration was performed."


def _identification(c: CertificateContent) -> Iterator[str]:
    if not c.number:
        yield "The certificate has no number to stand on every page."


def _customer(c: CertificateContent) -> Iterator[str]:
    if not c.customer.name:
        yield "The customer's name is missing."
    if not (c.customer.address or c.customer.contact or c.customer.email):
        yield "The customer has neither address nor contact."


def _method(c: CertificateContent) -> Iterator[str]:
    if not (c.method.code and c.method.title):
        yield "The measurement procedure is not identified."


def _item(c: CertificateContent) -> Iterator[str]:
    if not c.item.description:
        yield "The item is not described."
    if not (c.item.serial or c.item.tag):
        yield "The item has neither serial number nor tag."
    if not c.item.condition:
        yield "The item's condition is not stated."
    if c.item.customer_supplied and not c.customer_data:
        yield "Some data come from the customer, but the disclaimer is missing."


def _receipt(c: CertificateContent) -> Iterator[str]:
    if c.is_receipt_critical and c.received_on is None:
        yield "The date of receipt is missing."


def _performed(c: CertificateContent) -> Iterator[str]:
    if c.performed_from is None or c.performed_to is None:
        yield "The date of calibration is missing."


def _issued(c: CertificateContent) -> Iterator[str]:
    if c.issued_on is None:
        yield "The date of issue is missing."


def _sampling(c: CertificateContent) -> Iterator[str]:
    if c.method.is_sampled and not c.method.sampling:
        yield "The item was sampled, but no sampling plan is named."


def _relates_only(c: CertificateContent) -> Iterator[str]:
    if not c.relates_only:
        yield "The statement that the results relate only to the item calibrated is missing."


def _results(c: CertificateContent) -> Iterator[str]:
    if not any(table.rows for table in c.results):
        yield "There is no result."
    for table in c.results:
        if not table.unit or not table.error_unit:
            yield f"{_named(table)}: the unit of measurement is missing."
        if any(row.indication is None and row.error is None for row in table.rows):
            yield f"{_named(table)}: a point has neither indication nor error."


def _deviations(c: CertificateContent) -> Iterator[str]:
    if not c.method.deviations:
        yield "It does not say whether the method was departed from."


def _authorization(c: CertificateContent) -> Iterator[str]:
    if not any(s.authorizing and s.name and s.signed_at for s in c.signatures):
        yield "The person who authorizes the certificate is missing."


def _external(c: CertificateContent) -> Iterator[str]:
    named = {part.provider for part in c.external}
    for table in c.results:
        if table.provider and table.provider not in named:
            yield f"{_named(table)}: the external provider {table.provider} is not identified."
    for part in c.external:
        if not part.certificate:
            yield f"The certificate of the external provider {part.provider} is not named."


def _uncertainty(c: CertificateContent) -> Iterator[str]:
    if not c.uncertainty:
        yield "The statement on the uncertainty of measurement is missing."
    for table in c.results:
        if any(row.uncertainty is None or row.coverage_factor is None for row in table.rows):
            yield f"{_named(table)}: a point has no expanded uncertainty or coverage factor."
        if table.unit and table.error_unit and not _in_unit_of_result(table):
            yield (
                f"{_named(table)}: U is stated in {table.error_unit}, "
                f"which is neither a unit of the result ({table.unit}) nor relative."
            )


def _conditions(c: CertificateContent) -> Iterator[str]:
    if c.results and all(table.provider for table in c.results):
        # They stand in the provider's certificate, which is named and enclosed.
        return
    if not any(
        condition.minimum is not None or condition.mean is not None for condition in c.conditions
    ):
        yield "The conditions under which the calibration was made are missing."


def _traceability(c: CertificateContent) -> Iterator[str]:
    if not c.traceability:
        yield "The statement of metrological traceability is missing."
    if not c.standards and not all(table.provider for table in c.results):
        yield "No reference standard is named."
    for standard in c.standards:
        if not standard.certificate:
            yield f"Reference standard {standard.code} names no certificate."


def _adjustment(c: CertificateContent) -> Iterator[str]:
    phases = {table.phase for table in c.results if table.rows}
    if c.adjustment is None:
        if Phase.AS_FOUND in phases and Phase.AS_LEFT in phases:
            yield "There are results as found and as left, but no adjustment is described."
        return
    if not c.adjustment.description:
        yield "The adjustment is not described."
    if Phase.AS_FOUND not in phases and not c.adjustment.no_as_found_reason:
        yield "The item was adjusted, but as-found results or a reason are missing."
    if Phase.AS_LEFT not in phases:
        yield "The item was adjusted, but as-left results are missing."


def _rule(c: CertificateContent) -> Iterator[str]:
    if c.conformity is None:
        return
    if not c.conformity.rule:
        yield "The decision rule is missing."
    if not c.conformity.risk:
        yield "The level of risk of the decision rule is missing."


def _statement(c: CertificateContent) -> Iterator[str]:
    if c.conformity is None:
        if c.is_conformity_agreed:
            yield "A statement of conformity was agreed and is missing."
        elif any(row.verdict is not Verdict.UNDECIDED for t in c.results for row in t.rows):
            yield "Verdicts are shown without a statement of conformity."
        return
    if not c.conformity.specification:
        yield "The specification that was met or not met is not named."
    if not c.conformity.statements:
        yield "The statement of conformity is missing."
    for statement in c.conformity.statements:
        if not statement.covers:
            yield "A statement of conformity does not say which results it covers."


def _opinion(c: CertificateContent) -> Iterator[str]:
    if c.opinion is not None and not (c.opinion.basis and c.opinion.author):
        yield "An opinion is given without its basis or its author."


def _interval(c: CertificateContent) -> Iterator[str]:
    if c.due_on is not None and not c.due_agreed_in:
        yield "A due date is stated, but no agreement with the customer is named."


def _amendment(c: CertificateContent) -> Iterator[str]:
    if c.amendment is None:
        return
    if not c.amendment.replaces or c.amendment.replaces == c.number:
        yield "The amendment does not name the certificate that it replaces."
    if not c.amendment.reason:
        yield "The amendment gives no reason."
    if not c.amendment.changes:
        yield "The amendment does not say what changed."


def _symbol(c: CertificateContent) -> Iterator[str]:
    if not c.scope.wants_symbol:
        return
    yield from c.scope.refusals
    if not c.branding.accreditation_number:
        yield "The accreditation symbol is asked for, but there is no accreditation number."
    elif all(table.provider or not table.is_accredited for table in c.results) and c.results:
        yield "The accreditation symbol is asked for, but no result is inside the scope."


def _in_unit_of_result(table: ResultTable) -> bool:
    if table.unit == table.error_unit:
        return True
    try:
        return compatible(table.unit, table.error_unit) or compatible(table.error_unit, "1")
    except MetrologyError:
        return False


def _named(table: ResultTable) -> str:
    return f"{table.title}, {table.phase.words.lower()}"


CHECKS: tuple[Check, ...] = (
    Check("7.8.2.1-a", "Title", "title", _title),
    Check("7.8.2.1-b", "Laboratory's name and address", "branding", _laboratory),
    Check("7.8.2.1-c", "Place of calibration", "place", _place),
    Check("7.8.2.1-d", "Number on every page, clear end", "number", _identification),
    Check("7.8.2.1-e", "Customer", "customer", _customer),
    Check("7.8.2.1-f", "Method", "method", _method),
    Check("7.8.2.1-g", "Item and its condition", "item", _item),
    Check("7.8.2.1-h", "Date of receipt", "received_on", _receipt),
    Check("7.8.2.1-i", "Dates of calibration", "performed_from", _performed),
    Check("7.8.2.1-j", "Date of issue", "issued_on", _issued),
    Check("7.8.2.1-k", "Sampling", "method", _sampling),
    Check("7.8.2.1-l", "Relates-only statement", "relates_only", _relates_only),
    Check("7.8.2.1-m", "Results with units", "results", _results),
    Check("7.8.2.1-n", "Departures from the method", "method", _deviations),
    Check("7.8.2.1-o", "Authorizing person", "signatures", _authorization),
    Check("7.8.2.1-p", "External results marked", "external", _external),
    Check("7.8.4.1-a", "Uncertainty of every result", "results", _uncertainty),
    Check("7.8.4.1-b", "Conditions", "conditions", _conditions),
    Check("7.8.4.1-c", "Traceability", "standards", _traceability),
    Check("7.8.4.1-d", "As found and as left", "adjustment", _adjustment),
    Check("7.8.4.3", "Interval only as agreed", "due_on", _interval),
    Check("7.8.6.1", "Decision rule and risk", "conformity", _rule),
    Check("7.8.6.2", "Statement of conformity", "conformity", _statement),
    Check("7.8.7", "Opinions", "opinion", _opinion),
    Check("7.8.8", "Amendment", "amendment", _amendment),
    Check("7.8.1-symbol", "Accreditation symbol inside the scope", "scope", _symbol),
)
