"""Telling customers which of their instruments fall due, a month ahead."""

from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select

from calibra_app.core.access import Permission, permitted
from calibra_app.models.customer import Contact
from calibra_app.models.equipment import Instrument
from calibra_app.persistence.outbox import Job
from calibra_app.persistence.unit_of_work import UnitOfWork
from calibra_app.services.laboratory import today_of
from calibra_app.services.srf.letters import PORTAL
from calibra_app.services.srf.lookups import also_open

REMIND_DAYS = 30
_NO_REQUEST = UUID(int=0)


@permitted(Permission.NOTICE_SEND)
def write_reminders(work: UnitOfWork) -> int:
    """Write to each customer with instruments that fall due in thirty days; return how many.

    What is on an open request already is not asked for again.
    """
    day = today_of(work) + timedelta(days=REMIND_DAYS)
    rows = work.exec(
        select(Instrument)
        .where(Instrument.due_on == day, col(Instrument.archived).is_(False))
        .order_by(col(Instrument.tag))
    ).all()
    with_us = also_open(work, [row.id for row in rows], _NO_REQUEST)
    by_customer: dict[UUID, list[str]] = {}
    for row in rows:
        if row.id not in with_us:
            by_customer.setdefault(row.customer_id, []).append(row.tag)
    written = 0
    for customer_id, tags in sorted(by_customer.items()):
        contact = _first_contact(work, customer_id)
        if contact is None:
            continue
        payload = {
            "kind": "due",
            "to": contact.email,
            "name": contact.name,
            "items": ", ".join(tags),
            "due_on": day.isoformat(),
            "path": PORTAL,
        }
        work.hand_over(Job.SEND_MAIL, customer_id, payload)
        written += 1
    return written


def _first_contact(work: UnitOfWork, customer_id: UUID) -> Contact | None:
    found: Contact | None = work.exec(
        select(Contact)
        .where(
            Contact.customer_id == customer_id,
            col(Contact.archived).is_(False),
            Contact.email != "",
        )
        .order_by(col(Contact.created_at), col(Contact.id))
        .limit(1)
    ).first()
    return found
