"""Letters about a request: handed over with the deed, posted by the worker after the commit."""

from collections.abc import Iterable

from sqlmodel import col, select

from calibra_app.core.access import Role, within_deed
from calibra_app.models.customer import Contact
from calibra_app.models.person import Person, PersonRole, PersonStatus
from calibra_app.models.srf import Srf
from calibra_app.persistence.outbox import Job
from calibra_app.persistence.unit_of_work import UnitOfWork

# Where a customer finds the own requests; the letter's link leads there.
PORTAL = "/portal/"


@within_deed
def write_to_contact(work: UnitOfWork, srf: Srf, kind: str, **fields: str) -> None:
    """Have a letter about a request written to its contact; nobody known, no letter.

    Args:
        work: The transaction of the deed.
        srf: The request.
        kind: A kind of `jobs/notices.py`.
        fields: What the letter's words ask for besides the number.
    """
    contact = contact_of(work, srf)
    if contact is None or not contact.email:
        return
    payload = {
        "kind": kind,
        "to": contact.email,
        "name": contact.name,
        "number": srf.number or "(draft)",
        "path": PORTAL,
        **fields,
    }
    work.hand_over(Job.SEND_MAIL, srf.id, payload)


@within_deed
def write_to_roles(
    work: UnitOfWork, srf: Srf, kind: str, roles: Iterable[Role], **fields: str
) -> None:
    """Have a letter about a request written to everybody at work who holds one of the roles.

    Whoever does the deed knows it already and gets none.
    """
    rows = work.exec(
        select(Person.id, Person.name, Person.email)
        .join(PersonRole, col(PersonRole.person_id) == Person.id)
        .where(
            col(PersonRole.role).in_([*roles]),
            col(PersonRole.ended_at).is_(None),
            Person.status == PersonStatus.ACTIVE,
            col(Person.id) != work.actor.person_id,
        )
        .distinct()
        .order_by(Person.name)
    ).all()
    for _, name, email in rows:
        payload = {
            "kind": kind,
            "to": email,
            "name": name,
            "number": srf.number,
            "path": f"/requests/{srf.id}/",
            **fields,
        }
        work.hand_over(Job.SEND_MAIL, srf.id, payload)


@within_deed
def contact_of(work: UnitOfWork, srf: Srf) -> Contact | None:
    """Return whom a letter about a request goes to: its contact, or the customer's first one."""
    if srf.contact_id is not None:
        return work.peek(Contact, srf.contact_id)
    found: Contact | None = work.exec(
        select(Contact)
        .where(Contact.customer_id == srf.customer_id, col(Contact.archived).is_(False))
        .order_by(col(Contact.created_at), col(Contact.id))
        .limit(1)
    ).first()
    return found
