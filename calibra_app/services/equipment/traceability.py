"""Certificates of reference standards: their points, their acceptance, what the engine reads."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.entry import filled, in_order, limited
from calibra_app.core.errors import Conflict, Invalid
from calibra_app.metrology.quantity import MetrologyError, convert
from calibra_app.metrology.reference_standard import CertificatePoint
from calibra_app.metrology.reference_standard import ReferenceStandard as Reference
from calibra_app.models.equipment import (
    ReferenceStandard,
    StandardCertificate,
    StandardPoint,
    StandardStatus,
)
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.persistence.versions import amend
from calibra_app.services.laboratory import today_of

DISTRIBUTIONS = ("normal", "rectangular")


class NoCertificate(Conflict):
    """The standard has no accepted certificate."""

    code: ClassVar[str] = "no_certificate"


class AlreadyAccepted(Conflict):
    """The certificate has been accepted before."""

    code: ClassVar[str] = "already_accepted"


@dataclass(frozen=True, slots=True)
class PointDraft:
    """One line of a certificate: the standard realizes nominal + correction, ± U.

    Correction, U and drift are in `uncertainty_unit`, or in `unit` where that is empty; `drift` is
    the half-width by which the value may have moved since.
    """

    quantity: str
    nominal: Decimal
    unit: str
    correction: Decimal
    expanded_uncertainty: Decimal
    coverage_factor: Decimal = Decimal(2)
    drift: Decimal = Decimal(0)
    uncertainty_unit: str = ""
    distribution: str = "normal"


@dataclass(frozen=True, slots=True)
class CertificateDraft:
    """What is entered of a standard's certificate."""

    number: str
    provider: str
    issued_on: date
    due_on: date
    points: tuple[PointDraft, ...]
    accreditation: str = ""
    traceability: str = ""


@dataclass(frozen=True, slots=True)
class CertificateRecord:
    """One certificate of a standard with its points."""

    id: UUID
    draft: CertificateDraft
    accepted_at: datetime | None
    accepted_by: UUID | None


@dataclass(frozen=True, slots=True)
class FrozenStandard:
    """A standard as it is at the moment of use: what a sheet keeps of it."""

    standard_id: UUID
    code: str
    name: str
    due_on: date
    certificate_number: str
    provider: str
    traceability: str
    reference: Reference

    def as_json(self) -> dict[str, object]:
        """Return it as plain data; `reference_standard.ReferenceStandard` reads it back."""
        return self.reference.as_json() | {
            "name": self.name,
            "due_on": self.due_on.isoformat(),
            "provider": self.provider,
            "traceability": self.traceability,
        }


@permitted(Permission.STANDARD_REGISTER)
def add_certificate(work: UnitOfWork, standard_id: UUID, draft: CertificateDraft) -> UUID:
    """Enter a certificate of a standard; it counts once it is accepted.

    Raises:
        Invalid: A date, unit or number cannot be; the sentence names the point.
        Conflict: The standard has a certificate with this number.
    """
    standard = work.get(ReferenceStandard, standard_id)
    number = filled(draft.number, "number", "the certificate's number", most=60)
    in_order(draft.issued_on, draft.due_on, "due_on")
    if draft.issued_on > today_of(work):
        raise Invalid("The certificate is dated after today.", field="issued_on")
    if not draft.points:
        raise Invalid("Enter at least one point of the certificate.", field="points")
    taken = work.exec(
        select(StandardCertificate.id).where(
            StandardCertificate.standard_id == standard.id, StandardCertificate.number == number
        )
    ).first()
    if taken is not None:
        raise Conflict(f"{standard.code} has a certificate {number} already.", field="number")
    row = StandardCertificate(
        standard_id=standard.id,
        number=number,
        provider=filled(draft.provider, "provider", "who calibrated it"),
        accreditation=limited(draft.accreditation, "accreditation"),
        issued_on=draft.issued_on,
        due_on=draft.due_on,
        traceability=limited(draft.traceability, "traceability", most=500),
    )
    work.add(row)
    work.add_all(
        [_point_row(row.id, position, point) for position, point in enumerate(draft.points, 1)]
    )
    return row.id


@permitted(Permission.STANDARD_ACCEPT)
def accept_certificate(work: UnitOfWork, certificate_id: UUID) -> None:
    """Accept a certificate: its points and due date count from now on.

    A standard that was away comes into service; one in quarantine stays there.

    Raises:
        AlreadyAccepted: It has been accepted before.
    """
    row = work.get(StandardCertificate, certificate_id)
    if row.accepted_at is not None:
        raise AlreadyAccepted(f"Certificate {row.number} is accepted already.")
    standard = work.get(ReferenceStandard, row.standard_id)
    row.accepted_at = work.now
    row.accepted_by = work.actor.person_id
    work.add(row)
    newest = _newest(work, standard.id)
    changes: dict[str, object] = {"due_on": newest.due_on}
    if standard.status is StandardStatus.IN_CALIBRATION:
        changes["status"] = StandardStatus.IN_SERVICE
    amend(work, standard, standard.version, changes)


@permitted(Permission.LABORATORY_SEE, reading=True)
def list_certificates(work: UnitOfWork, standard_id: UUID) -> tuple[CertificateRecord, ...]:
    """List the certificates of a standard with their points, newest first."""
    certificates: Sequence[StandardCertificate] = work.exec(
        select(StandardCertificate)
        .where(StandardCertificate.standard_id == standard_id)
        .order_by(col(StandardCertificate.issued_on).desc(), col(StandardCertificate.id).desc())
    ).all()
    points = _points_of(work, [row.id for row in certificates])
    return tuple(
        CertificateRecord(
            row.id,
            CertificateDraft(
                number=row.number,
                provider=row.provider,
                issued_on=row.issued_on,
                due_on=row.due_on,
                points=tuple(_point_draft(point) for point in points.get(row.id, [])),
                accreditation=row.accreditation,
                traceability=row.traceability,
            ),
            row.accepted_at,
            row.accepted_by,
        )
        for row in certificates
    )


@within_deed
def freeze_standard(work: UnitOfWork, standard_id: UUID) -> FrozenStandard:
    """Return a standard as its newest accepted certificate describes it.

    Raises:
        NoCertificate: None of its certificates is accepted.
    """
    standard = work.peek(ReferenceStandard, standard_id)
    certificate = _newest(work, standard_id)
    points = _points_of(work, [certificate.id]).get(certificate.id, [])
    return FrozenStandard(
        standard_id=standard.id,
        code=standard.code,
        name=standard.name,
        due_on=certificate.due_on,
        certificate_number=certificate.number,
        provider=certificate.provider,
        traceability=certificate.traceability,
        reference=Reference(
            standard.code,
            standard.name,
            certificate.number,
            tuple(_as_point(point) for point in points),
        ),
    )


@within_deed
def references_of(work: UnitOfWork, standard_ids: Sequence[UUID]) -> dict[UUID, Reference]:
    """Return what the newest accepted certificate of each standard says, in two questions."""
    rows: Sequence[tuple[StandardCertificate, str, str]] = work.exec(
        select(StandardCertificate, ReferenceStandard.code, ReferenceStandard.name)
        .join(ReferenceStandard, col(ReferenceStandard.id) == StandardCertificate.standard_id)
        .where(
            col(StandardCertificate.standard_id).in_(standard_ids),
            col(StandardCertificate.accepted_at).is_not(None),
        )
        .order_by(col(StandardCertificate.issued_on), col(StandardCertificate.id))
    ).all()
    newest = {
        certificate.standard_id: (certificate, code, name) for certificate, code, name in rows
    }
    points = _points_of(work, [certificate.id for certificate, _, _ in newest.values()])
    return {
        standard_id: Reference(
            code,
            name,
            certificate.number,
            tuple(_as_point(point) for point in points.get(certificate.id, [])),
        )
        for standard_id, (certificate, code, name) in newest.items()
    }


def _newest(work: UnitOfWork, standard_id: UUID) -> StandardCertificate:
    found = work.exec(
        select(StandardCertificate)
        .where(
            StandardCertificate.standard_id == standard_id,
            col(StandardCertificate.accepted_at).is_not(None),
        )
        .order_by(col(StandardCertificate.issued_on).desc(), col(StandardCertificate.id).desc())
        .limit(1)
    ).first()
    if found is None:
        code = work.peek(ReferenceStandard, standard_id).code
        raise NoCertificate(f"{code} has no accepted certificate. Accept one first.")
    return found


def _points_of(
    work: UnitOfWork, certificate_ids: Sequence[UUID]
) -> dict[UUID, list[StandardPoint]]:
    if not certificate_ids:
        return {}
    found: Sequence[StandardPoint] = work.exec(
        select(StandardPoint)
        .where(col(StandardPoint.certificate_id).in_(certificate_ids))
        .order_by(col(StandardPoint.certificate_id), col(StandardPoint.position))
    ).all()
    points: dict[UUID, list[StandardPoint]] = {}
    for point in found:
        points.setdefault(point.certificate_id, []).append(point)
    return points


def _point_row(certificate_id: UUID, position: int, point: PointDraft) -> StandardPoint:
    where = f"Point {position}"
    if not point.quantity.strip():
        raise Invalid(f"{where}: name the quantity.", field="points")
    if point.expanded_uncertainty <= 0 or point.coverage_factor <= 0 or point.drift < 0:
        raise Invalid(f"{where}: U and k are above zero, drift is not below.", field="points")
    if point.distribution not in DISTRIBUTIONS:
        raise Invalid(f"{where}: the distribution is normal or rectangular.", field="points")
    try:
        small = point.uncertainty_unit or point.unit
        convert(1.0, small, point.unit, difference=True)
    except MetrologyError as error:
        raise Invalid(f"{where}: {error}.", field="points") from error
    return StandardPoint(
        certificate_id=certificate_id,
        position=position,
        quantity=point.quantity.strip(),
        nominal=point.nominal,
        unit=point.unit.strip(),
        correction=point.correction,
        expanded_uncertainty=point.expanded_uncertainty,
        coverage_factor=point.coverage_factor,
        drift=point.drift,
        uncertainty_unit=point.uncertainty_unit.strip(),
        distribution=point.distribution,
    )


def _point_draft(row: StandardPoint) -> PointDraft:
    names = PointDraft.__dataclass_fields__
    return PointDraft(**{name: getattr(row, name) for name in names})


def _as_point(row: StandardPoint) -> CertificatePoint:
    return CertificatePoint(
        row.quantity,
        float(row.nominal),
        row.unit,
        float(row.correction),
        float(row.expanded_uncertainty),
        float(row.coverage_factor),
        float(row.drift),
        row.uncertainty_unit,
        row.distribution,
    )
