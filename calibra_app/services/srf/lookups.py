"""What guards and pages look up about the lines of a request."""

from collections.abc import Sequence
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import within_deed
from calibra_app.models.customer import Customer
from calibra_app.models.equipment import Instrument
from calibra_app.models.scope import Procedure, ProcedureStatus, ProcedureVersion
from calibra_app.models.srf import (
    ContractReview,
    CustomerDecision,
    ItemCondition,
    Srf,
    SrfLine,
)
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.scope.designs import hold_designs
from calibra_app.services.srf.agreement import Agreement, completeness
from calibra_app.services.srf.facts import LineFacts, OfferFacts
from calibra_app.services.srf.moves import switched_off
from calibra_app.services.srf.states import ENDED, HeaderState


@within_deed
def line_facts(work: UnitOfWork, lines: Sequence[SrfLine]) -> tuple[LineFacts, ...]:
    """Return what the guards may look at, for lines of one request."""
    ids = [line.id for line in lines]
    reviews = _reviews(work, ids)
    decided = _decided(work, ids)
    versions = versions_in_force(work)
    return tuple(
        _facts(line, reviews.get(line.id), versions, decided=line.id in decided) for line in lines
    )


@within_deed
def versions_in_force(work: UnitOfWork) -> dict[str, str]:
    """Return for each procedure the version of the model that is in force."""
    rows = work.exec(
        select(Procedure.code, ProcedureVersion.model_version)
        .join(ProcedureVersion, col(ProcedureVersion.procedure_id) == Procedure.id)
        .where(ProcedureVersion.status == ProcedureStatus.EFFECTIVE)
    ).all()
    versions = {str(row[0]): str(row[1]) for row in rows}
    hold_designs(work, versions.values())
    return versions


@within_deed
def instruments_of(work: UnitOfWork, lines: Sequence[SrfLine]) -> dict[UUID, Instrument]:
    """Return the instruments on lines, by their ids."""
    ids = {line.instrument_id for line in lines}
    rows = work.exec(select(Instrument).where(col(Instrument.id).in_(ids))).all()
    return {row.id: row for row in rows}


@within_deed
def also_open(work: UnitOfWork, instrument_ids: Sequence[UUID], but: UUID) -> dict[UUID, str]:
    """Return the instruments that stand on another open request, with its number (A13)."""
    rows = work.exec(
        select(SrfLine.instrument_id, Srf.number)
        .join(Srf, col(Srf.id) == SrfLine.srf_id)
        .where(
            col(SrfLine.instrument_id).in_(list(instrument_ids)),
            SrfLine.srf_id != but,
            col(SrfLine.state).not_in([*ENDED]),
        )
    ).all()
    return {row[0]: str(row[1]) or "a draft" for row in rows}


@within_deed
def agreement_offer(work: UnitOfWork, srf: Srf) -> OfferFacts:
    """Return what stands in place of an offer: the customer's standing agreement (T10)."""
    customer = work.peek(Customer, srf.customer_id)
    # A laboratory that writes no offers at all accepts every request this way.
    accepted = customer.standing_agreement or HeaderState.QUOTED in switched_off(work)
    return OfferFacts(
        "A standing agreement", totals_valid=True, tax_determined=True, accepted=accepted
    )


def _reviews(work: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, ContractReview]:
    rows = work.exec(select(ContractReview).where(col(ContractReview.line_id).in_(ids))).all()
    return {row.line_id: row for row in rows}


def _decided(work: UnitOfWork, ids: Sequence[UUID]) -> set[UUID]:
    rows = work.exec(
        select(CustomerDecision.line_id).where(
            col(CustomerDecision.line_id).in_(ids),
            CustomerDecision.kind == "condition",
            col(CustomerDecision.decided_at).is_not(None),
        )
    ).all()
    return set(rows)


def _facts(
    line: SrfLine, review: ContractReview | None, versions: dict[str, str], *, decided: bool
) -> LineFacts:
    agreement = Agreement.of_line(line)
    missing = completeness(agreement, versions.get(line.procedure_code, "")).missing
    verdict = review.scope_verdict if review else ""
    outside = str(review.evidence.get("outside", "")) if review else ""
    return LineFacts(
        number=line.position,
        state=line.state,
        missing=missing,
        reviewed=bool(review and review.complete),
        checked=bool(verdict),
        outside=outside,
        marked=not line.accredited or line.provider_id is not None,
        in_custody=line.condition is not None,
        identified=line.condition is not None,
        condition_recorded=line.condition is not None,
        condition_abnormal=line.condition not in (None, ItemCondition.OK),
        condition_decided=decided,
    )
