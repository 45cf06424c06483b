"""External providers to which a line may be subcontracted (ISO/IEC 17025, 6.6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, cast
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.entry import filled, limited
from calibra_app.core.errors import Conflict
from calibra_app.metrology.quantity import MetrologyError, convert
from calibra_app.models.scope import Provider
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.persistence.versions import amend
from calibra_app.services.laboratory import today_of
from calibra_app.services.scope.capability import ScopePoint


class ProviderNotApproved(Conflict):
    """The provider is not approved for this work (guard G31)."""

    code: ClassVar[str] = "provider_not_approved"


@dataclass(frozen=True, slots=True)
class Approval:
    """Up to where a provider is approved for one procedure."""

    procedure_code: str
    high: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class ProviderDraft:
    """What is entered of a provider."""

    name: str
    accreditation: str = ""
    approvals: tuple[Approval, ...] = ()
    approved_until: date | None = None


@dataclass(frozen=True, slots=True)
class ProviderRecord:
    """One provider as it stands."""

    id: UUID
    version: int
    draft: ProviderDraft


@permitted(Permission.PROVIDER_APPROVE, Permission.LABORATORY_SEE, reading=True)
def list_providers(work: UnitOfWork, procedure_code: str = "") -> tuple[ProviderRecord, ...]:
    """List external providers by name; with a procedure, those approved for it today."""
    today = today_of(work)
    found: Sequence[Provider] = work.exec(select(Provider).order_by(col(Provider.name))).all()
    records = tuple(ProviderRecord(row.id, row.version, _draft(row)) for row in found)
    if not procedure_code:
        return records
    return tuple(
        record
        for record in records
        if any(each.procedure_code == procedure_code for each in record.draft.approvals)
        and record.draft.approved_until is not None
        and today <= record.draft.approved_until
    )


@permitted(Permission.PROVIDER_APPROVE)
def add_provider(work: UnitOfWork, draft: ProviderDraft) -> UUID:
    """Enter an external provider with what it is approved for."""
    fields = _checked(draft)
    if work.exec(select(Provider.id).where(Provider.name == fields["name"])).first() is not None:
        raise Conflict(f"There is a provider {draft.name} already.", field="name")
    row = Provider(**fields)
    work.add(row)
    return row.id


@permitted(Permission.PROVIDER_APPROVE)
def change_provider(work: UnitOfWork, provider_id: UUID, seen: int, draft: ProviderDraft) -> None:
    """Change what an external provider is approved for.

    Raises:
        Stale: Somebody else has changed it meanwhile.
    """
    amend(work, work.get(Provider, provider_id), seen, _checked(draft))


@within_deed
def require_approved(
    work: UnitOfWork, provider_id: UUID, procedure_code: str, points: Sequence[ScopePoint]
) -> str:
    """Refuse a provider that is not approved for the work; return its name.

    Raises:
        ProviderNotApproved: For the procedure, up to the highest point, or any more.
    """
    row = work.peek(Provider, provider_id)
    draft = _draft(row)
    if draft.approved_until is None or draft.approved_until < today_of(work):
        raise ProviderNotApproved(f"The approval of {row.name} has ended. Ask quality to renew it.")
    approval = next(
        (each for each in draft.approvals if each.procedure_code == procedure_code), None
    )
    if approval is None:
        raise ProviderNotApproved(f"{row.name} is not approved for {procedure_code}.")
    beyond = [point.name for point in points if not _covers(approval, point)]
    if beyond:
        raise ProviderNotApproved(
            f"{row.name} is approved up to {approval.high:f} {approval.unit},"
            f" not for {', '.join(beyond)}."
        )
    return row.name


def _covers(approval: Approval, point: ScopePoint) -> bool:
    try:
        value = convert(float(abs(point.value)), point.unit, approval.unit)
    except MetrologyError:
        return False
    return value <= float(approval.high)


def _draft(row: Provider) -> ProviderDraft:
    approved = cast("dict[str, dict[str, str]]", row.approved_for)
    return ProviderDraft(
        row.name,
        row.accreditation,
        tuple(
            Approval(code, Decimal(held["high"]), held["unit"]) for code, held in approved.items()
        ),
        row.approved_until,
    )


def _checked(draft: ProviderDraft) -> dict[str, Any]:
    return {
        "name": filled(draft.name, "name", "the provider's name"),
        "accreditation": limited(draft.accreditation, "accreditation"),
        "approved_for": {
            each.procedure_code: {"high": f"{each.high:f}", "unit": each.unit}
            for each in draft.approvals
        },
        "approved_until": draft.approved_until,
    }
