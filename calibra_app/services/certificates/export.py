"""The result behind a certificate, with everything it was computed from (Z26)."""

from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted
from calibra_app.core.errors import NotFound
from calibra_app.models.calibration import Sheet
from calibra_app.models.certificate import Certificate
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.calibrations.export import ResultFile, result_file
from calibra_app.services.calibrations.sheets import sheet_of_line


@permitted(Permission.SHEET_SEE, reading=True)
def export_certified(work: UnitOfWork, certificate_id: UUID) -> ResultFile:
    """Return the result that a certificate states, as its sheet was accepted for it.

    Raises:
        NotFound: There is no such certificate, or nothing was measured here for it.
    """
    certificate = work.peek(Certificate, certificate_id)
    sheet = _sheet_behind(work, certificate)
    if sheet is None:
        raise NotFound("Nothing was measured here for this certificate.")
    return result_file(
        work,
        sheet,
        certificate=certificate.number,
        certificate_state=certificate.state.value,
        certificate_sha256=certificate.content_sha256,
    )


def _sheet_behind(work: UnitOfWork, certificate: Certificate) -> Sheet | None:
    """Return the sheet last accepted before the certificate: a later one measured it anew."""
    if certificate.authorized_at is not None:
        accepted: Sheet | None = work.exec(
            select(Sheet)
            .where(
                Sheet.line_id == certificate.line_id,
                col(Sheet.accepted_at) <= certificate.authorized_at,
            )
            .order_by(col(Sheet.accepted_at).desc())
            .limit(1)
        ).first()
        if accepted is not None:
            return accepted
    return sheet_of_line(work, certificate.line_id)
