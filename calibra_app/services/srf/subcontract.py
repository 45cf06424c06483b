"""Sending an item to an external provider and taking the result in (T24, T33, T34; 6.6, 7.8.1).

The provider's certificate is attached, its values are typed over by one person and compared by
another; one of the two knows the methods. Only then the line goes to review.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import cast
from uuid import UUID

from sqlmodel import select

from calibra_app.core.access import ROLE_GRANTS, Permission, permitted
from calibra_app.core.entry import filled
from calibra_app.core.errors import Conflict, Forbidden, Invalid
from calibra_app.core.ids import LineId
from calibra_app.models.document import StoredFile
from calibra_app.models.equipment import Instrument
from calibra_app.models.person import Person
from calibra_app.models.srf import ContractReview, LineState, ProviderResult, Srf, SrfLine
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.laboratory import today_of
from calibra_app.services.people import roles_of
from calibra_app.services.scope import effective_procedure
from calibra_app.services.scope.providers import ProviderNotApproved, require_approved
from calibra_app.services.srf.custody import note_custody
from calibra_app.services.srf.evidence import points_of
from calibra_app.services.srf.facts import Facts, ProviderFacts
from calibra_app.services.srf.facts import ProviderResult as ResultFacts
from calibra_app.services.srf.guards import Refusal, refuse
from calibra_app.services.srf.letters import write_to_contact
from calibra_app.services.srf.moves import Move, announce, lines_of, move_line, take_line
from calibra_app.services.srf.printing import print_srf_form
from calibra_app.services.srf.questions import Answer


@dataclass(frozen=True, slots=True)
class ProviderPoint:
    """One value of the provider's certificate, every figure as it stands there."""

    label: str
    nominal: str
    unit: str
    indication: str
    error: str
    expanded_uncertainty: str
    k: str


@dataclass(frozen=True, slots=True)
class ResultDraft:
    """What is taken over from the provider's certificate.

    Attributes:
        file_id: The certificate itself, uploaded for this line.
    """

    certificate_number: str
    issued_on: date
    points: tuple[ProviderPoint, ...]
    file_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ResultDetail:
    """The provider's result of a line as it stands.

    Attributes:
        mine: The one who looks typed the values, so somebody else compares them.
    """

    version: int
    draft: ResultDraft
    entered_by: str
    checked_by: str
    mine: bool


@permitted(Permission.SUBCONTRACT_EXCHANGE)
def send_to_provider(work: UnitOfWork, line_id: LineId, seen: int, provider_id: UUID) -> None:
    """Send an item to an external provider (T24).

    Raises:
        GuardFailed: The provider is not approved for the points, or the customer has not agreed
            (G31).
    """
    line = take_line(work, line_id)
    try:
        procedure = effective_procedure(work, line.procedure_code)
        name = require_approved(work, provider_id, line.procedure_code, points_of(line, procedure))
    except ProviderNotApproved as objection:
        refuse([Refusal("G31", objection.message)])
        raise
    facts = Facts(provider=ProviderFacts(approved=True, customer_agreed=_agreed(work, line)))
    line.provider_id = provider_id
    move_line(work, line, Move("T24", seen), facts)
    note_custody(work, line, "to provider", place=name)
    srf = work.peek(Srf, line.srf_id)
    print_srf_form(work, srf, [line], closing=f"Sent to the external provider {name}.")
    tag = work.peek(Instrument, line.instrument_id).tag
    write_to_contact(work, srf, "subcontracted", tag=tag, provider=name)


@permitted(Permission.SUBCONTRACT_EXCHANGE)
def record_result(work: UnitOfWork, line_id: LineId, seen: int, draft: ResultDraft) -> None:
    """Type over what the provider's certificate says; a second person compares it.

    Raises:
        Invalid: A value is missing, or the file belongs to another item.
    """
    line = take_line(work, line_id)
    _require_out(line)
    if seen != line.version:
        raise Conflict("This item was changed in the meantime. Look at it again, then repeat.")
    _require_whole(work, line, draft)
    row = _result_of(work, line_id)
    if row is None:
        row = ProviderResult(
            line_id=line.id,
            certificate_number="",
            issued_on=draft.issued_on,
            entered_by=work.actor.person_id,
        )
    row.certificate_number = filled(
        draft.certificate_number, "certificate_number", "the certificate's number"
    )
    row.issued_on = draft.issued_on
    row.file_id = draft.file_id
    row.results = {"points": [asdict(point) for point in draft.points]}
    row.entered_by, row.checked_by = work.actor.person_id, None
    work.add(row)
    _announce(work, line)


@permitted(Permission.SUBCONTRACT_EXCHANGE)
def take_result_in(work: UnitOfWork, line_id: LineId, seen: int) -> None:
    """Confirm that the typed values are those of the certificate, and pass the line to review.

    Raises:
        Forbidden: The actor typed the values.
        GuardFailed: The certificate is missing, or neither of the two knows the methods (G32).
    """
    line = take_line(work, line_id)
    row = _result_of(work, line_id)
    if row is None:
        facts = ResultFacts(attached=False)
    elif row.entered_by == work.actor.person_id:
        raise Forbidden("You typed these values; somebody else compares them.")
    else:
        row.checked_by = work.actor.person_id
        facts = ResultFacts(
            attached=row.file_id is not None,
            reviewed=_knows_methods(work, row),
            checked_twice=True,
        )
    move_line(work, line, Move("T33", seen), Facts(provider_result=facts))
    note_custody(work, line, "from provider")
    number = row.certificate_number if row else ""
    came = f"Result of the external provider taken in: certificate {number}."
    print_srf_form(work, work.peek(Srf, line.srf_id), [line], closing=came)


@permitted(Permission.SUBCONTRACT_EXCHANGE)
def note_provider_failed(work: UnitOfWork, line_id: LineId, seen: int, reason: str) -> None:
    """Take an item back that the provider could not calibrate (T34)."""
    line = take_line(work, line_id)
    move_line(work, line, Move("T34", seen, reason.strip()))
    line.provider_id = None
    note_custody(work, line, "from provider", note=reason.strip())


@permitted(Permission.SUBCONTRACT_EXCHANGE, Permission.SHEET_SEE, reading=True)
def result_of_provider(work: UnitOfWork, line_id: LineId) -> ResultDetail | None:
    """Return what was taken over from the provider's certificate; None before anything was."""
    row = _result_of(work, line_id)
    if row is None:
        return None
    names = {one: work.peek(Person, one).name for one in (row.entered_by, row.checked_by) if one}
    points = cast("Sequence[dict[str, str]]", row.results.get("points", []))
    return ResultDetail(
        version=row.version,
        draft=ResultDraft(
            row.certificate_number,
            row.issued_on,
            tuple(ProviderPoint(**point) for point in points),
            row.file_id,
        ),
        entered_by=names[row.entered_by],
        checked_by=names[row.checked_by] if row.checked_by else "",
        mine=row.entered_by == work.actor.person_id,
    )


def _agreed(work: UnitOfWork, line: SrfLine) -> bool:
    review: ContractReview | None = work.exec(
        select(ContractReview).where(ContractReview.line_id == line.id)
    ).first()
    if review is None:
        return False
    given = cast("dict[str, object]", review.answers.get("subcontract") or {})
    return given.get("answer") == Answer.YES.value


def _result_of(work: UnitOfWork, line_id: UUID) -> ProviderResult | None:
    found: ProviderResult | None = work.exec(
        select(ProviderResult).where(ProviderResult.line_id == line_id)
    ).first()
    return found


def _require_out(line: SrfLine) -> None:
    if line.state is not LineState.SUBCONTRACTED:
        raise Conflict("This item is not with a provider.")


def _require_whole(work: UnitOfWork, line: SrfLine, draft: ResultDraft) -> None:
    if draft.issued_on > today_of(work):
        raise Invalid("A certificate is not issued in the future.", field="issued_on")
    if not draft.points:
        raise Invalid("Type at least one value of the certificate.", field="points")
    for at, point in enumerate(draft.points, start=1):
        if not all((point.label, point.indication, point.unit, point.expanded_uncertainty)):
            raise Invalid(
                f"Value {at}: label, unit, indication and expanded uncertainty are needed.",
                field="points",
            )
    if draft.file_id is not None:
        row = work.peek(StoredFile, draft.file_id)
        if row.subject_id != line.id:
            raise Invalid("This file belongs to another item.", field="file_id")


def _knows_methods(work: UnitOfWork, row: ProviderResult) -> bool:
    """Say whether one of the two, who typed and who compared, answers technical questions."""
    if work.actor.may(Permission.CONTRACT_REVIEW_TECHNICAL):
        return True
    rights = ROLE_GRANTS[Permission.CONTRACT_REVIEW_TECHNICAL]
    return any(rights[role].admits() for role in roles_of(work, row.entered_by))


def _announce(work: UnitOfWork, line: SrfLine) -> None:
    srf = work.get(Srf, line.srf_id)
    announce(work, srf, [one for one in lines_of(work, srf.id) if one.id == line.id])
