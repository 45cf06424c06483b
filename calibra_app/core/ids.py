"""Typed identifiers that sort by creation (UUID version 7), and secrets handed out once."""

import secrets
from typing import NewType
from uuid import UUID

import uuid_utils

PersonId = NewType("PersonId", UUID)
CustomerId = NewType("CustomerId", UUID)
ContactId = NewType("ContactId", UUID)
InstrumentId = NewType("InstrumentId", UUID)
StandardId = NewType("StandardId", UUID)
ProcedureVersionId = NewType("ProcedureVersionId", UUID)
RoomId = NewType("RoomId", UUID)
SrfId = NewType("SrfId", UUID)
LineId = NewType("LineId", UUID)
QuotationId = NewType("QuotationId", UUID)
RevisionId = NewType("RevisionId", UUID)
SheetId = NewType("SheetId", UUID)
CertificateId = NewType("CertificateId", UUID)
DocumentId = NewType("DocumentId", UUID)
InvoiceId = NewType("InvoiceId", UUID)
ShipmentId = NewType("ShipmentId", UUID)


def new_id() -> UUID:
    """Return a new identifier; later ones sort behind earlier ones."""
    return UUID(int=uuid_utils.uuid7().int)


def new_secret() -> str:
    """Return 256 random bits as text that fits into an address or a cookie."""
    return secrets.token_urlsafe(32)
