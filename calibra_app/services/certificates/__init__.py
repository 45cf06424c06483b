"""Certificates: what they state, who authorizes them, when they are seen, how they are amended."""

from calibra_app.services.certificates.amend import (
    AMENDABLE,
    AmendmentDraft,
    WithdrawalCause,
    authorize_amendment,
    prepare_amendment,
    withdraw_certificate,
)
from calibra_app.services.certificates.export import export_certified
from calibra_app.services.certificates.issue import (
    authorize_certificate,
    publish_issued,
    refuse_work,
)
from calibra_app.services.certificates.public import PublicStatus, public_status, status_of_file
from calibra_app.services.certificates.queries import (
    CertificateDetail,
    CertificateRow,
    get_certificate,
    list_certificates,
    list_waiting,
)
from calibra_app.services.certificates.release import release_certificates

__all__ = [
    "AMENDABLE",
    "AmendmentDraft",
    "CertificateDetail",
    "CertificateRow",
    "PublicStatus",
    "WithdrawalCause",
    "authorize_amendment",
    "authorize_certificate",
    "export_certified",
    "get_certificate",
    "list_certificates",
    "list_waiting",
    "prepare_amendment",
    "public_status",
    "publish_issued",
    "refuse_work",
    "release_certificates",
    "status_of_file",
    "withdraw_certificate",
]
