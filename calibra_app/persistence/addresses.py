"""The address of the site as papers and letters print it, for the laboratory at work."""

from calibra_app.config import settings
from calibra_app.models.tenant import Tenant
from calibra_app.persistence.unit_of_work import UnitOfWork


def origin_of(work: UnitOfWork) -> str:
    """Return where the laboratory's own pages are reached, such as `https://lab.example.com`.

    Why here: a service reads no settings, and what a code on a certificate leads to is decided
    when its content is frozen, in a transaction.
    """
    laboratory = work.session.get(Tenant, work.actor.tenant_id)
    if laboratory is None:
        return settings().origin
    if laboratory.host:
        return f"https://{laboratory.host}"
    scheme, _, rest = settings().origin.partition("://")
    return f"{scheme}://{laboratory.slug}.{rest}"
