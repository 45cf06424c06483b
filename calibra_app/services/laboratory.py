"""The laboratory as every deed needs it: its settings, its day and its numbers."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlmodel import select

from calibra_app.core.access import Permission, permitted, within_deed
from calibra_app.core.errors import NotFound
from calibra_app.models.laboratory import LaboratorySettings
from calibra_app.models.tenant import Tenant
from calibra_app.persistence.numbering import continue_after, next_number
from calibra_app.persistence.unit_of_work import UnitOfWork

# How numbers are written unless the tenant admin says otherwise.
PATTERNS = {
    "srf": "SRF-{year}-{number:04}",
    "quotation": "Q-{year}-{number:04}",
    "invoice": "INV-{year}-{number:04}",
    "certificate": "CC-{yy}-{srf}-{line:02}",
}


@within_deed
def own_tenant(work: UnitOfWork) -> Tenant:
    """Return the laboratory's own entry: name, zone, currency."""
    laboratory = work.session.get(Tenant, work.actor.tenant_id)
    if laboratory is None:
        raise NotFound("There is no such laboratory.")
    return laboratory


@within_deed
def settings_of(work: UnitOfWork) -> LaboratorySettings:
    """Return what the tenant admin has set; the defaults where nothing is set yet."""
    found: LaboratorySettings | None = work.exec(select(LaboratorySettings)).first()
    return found or LaboratorySettings()


@within_deed
def today_of(work: UnitOfWork) -> date:
    """Return the day it is in the laboratory."""
    zone = work.actor.zone or own_tenant(work).time_zone
    return work.now.astimezone(ZoneInfo(zone)).date()


@within_deed
def pattern_of(work: UnitOfWork, kind: str) -> str:
    """Return how numbers of a kind are written in this laboratory."""
    return str(settings_of(work).number_patterns.get(kind) or PATTERNS[kind])


@within_deed
def draw_number(work: UnitOfWork, kind: str) -> str:
    """Return the next number of a kind; call it last, since others wait until the commit."""
    return next_number(work, kind, pattern_of(work, kind))


@permitted(Permission.BRANDING_SET)
def continue_numbers(work: UnitOfWork, kind: str, last: int) -> None:
    """Let the numbers of a kind go on where another system left off.

    Raises:
        Conflict: A later number has been given out here already.
    """
    continue_after(work, kind, pattern_of(work, kind), last)
