"""A laboratory with people, customers and instruments in a few lines; every record is valid."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from uuid import UUID

from sqlmodel import select

from calibra_app.core.access import Actor, Role
from calibra_app.core.clock import system_clock
from calibra_app.demo.instruments import INSTRUMENTS
from calibra_app.models.customer import Contact, Customer, DecisionRule
from calibra_app.models.equipment import Instrument, Room
from calibra_app.models.person import (
    Competence,
    Deed,
    Person,
    PersonRole,
    PersonStatus,
    PortalProfile,
)
from calibra_app.models.scope import Procedure, ProcedureStatus, ProcedureVersion
from calibra_app.persistence.unit_of_work import unit_of_work
from calibra_app.services.sign_in import hash_password

PASSWORD = "correct horse battery staple"  # noqa: S105
LONG_AGO = date(2020, 1, 1)


@cache
def password_hash():
    """Hash the one password of all tests once; hashing is slow on purpose."""
    return hash_password(PASSWORD)


def a_person(work, name="Ada Lovelace", *roles, customer_id=None, profile=None):
    """Add a person who can sign in, with these roles."""
    person = Person(
        email=f"{name.lower().replace(' ', '.')}@laboratory.example",
        name=name,
        initials="".join(part[0] for part in name.split())[:2],
        status=PersonStatus.ACTIVE,
        password_hash=password_hash(),
        customer_id=customer_id,
        portal_profile=profile,
    )
    work.add(person)
    work.add_all([PersonRole(person_id=person.id, role=role) for role in roles])
    return person


def a_competence(work, person_id, discipline, *deeds):
    """Let a person do these deeds in a discipline, since long ago."""
    work.add_all(
        [
            Competence(
                person_id=person_id, discipline=discipline, deed=Deed(deed), valid_from=LONG_AGO
            )
            for deed in deeds
        ]
    )


def a_customer(work, code="K2", **more):
    """Add a customer with a contact; return both."""
    customer = Customer(
        **{
            "code": code,
            "name": f"Customer {code}",
            "decision_rule": DecisionRule.SIMPLE_OR_FOUR_OUTCOMES,
            **more,
        }
    )
    work.add(customer)
    contact = Contact(customer_id=customer.id, name="Yara Haddad", email="yara@customer.example")
    work.add(contact)
    return customer, contact


def a_procedure(work, sample):
    """Add the procedure of a sample instrument in its effective version, unless it is there."""
    there = work.exec(select(Procedure).where(Procedure.code == sample.procedure)).first()
    if there:
        return there
    procedure = Procedure(
        code=sample.procedure,
        title=sample.procedure,
        discipline=sample.discipline,
        model_key=sample.procedure,
    )
    work.add(procedure)
    work.add(
        ProcedureVersion(
            procedure_id=procedure.id,
            revision=int(sample.version) if sample.version.isdigit() else 1,
            model_version=sample.version,
            status=ProcedureStatus.EFFECTIVE,
            effective_from=LONG_AGO,
        )
    )
    return procedure


def an_instrument(work, customer_id, number=5, *, agreed=True):
    """Add one of the twelve sample instruments, with its procedure and last agreement."""
    sample = next(each for each in INSTRUMENTS if each.number == number)
    a_procedure(work, sample)
    instrument = Instrument(
        customer_id=customer_id,
        tag=sample.tag,
        description=sample.description,
        manufacturer=sample.manufacturer,
        model=sample.model,
        serial=sample.serial,
        discipline=sample.discipline,
        procedure_code=sample.procedure,
        parameters=dict(sample.parameters),
        on_site=sample.on_site,
        agreement={
            "adjustment": "ask",
            "as_found": "yes",
            "due_on_label": "no",
            "urgency": "standard",
        }
        if agreed
        else {},
    )
    work.add(instrument)
    return instrument


@dataclass
class House:
    """A laboratory of one test: its people by name, a customer and instruments."""

    tenant_id: int
    people: dict[str, UUID] = field(default_factory=dict)
    roles: dict[str, frozenset[Role]] = field(default_factory=dict)
    customer_id: UUID | None = None
    contact_id: UUID | None = None
    instrument_ids: tuple[UUID, ...] = ()
    room_id: UUID | None = None

    def actor(self, name):
        """Return one of the people as an actor."""
        return Actor(
            tenant_id=self.tenant_id,
            person_id=self.people[name],
            name=name,
            roles=self.roles[name],
            customer_id=self.customer_id if Role.CU in self.roles[name] else None,
            session_id="test",
            request_id="test",
        )

    @contextmanager
    def work(self, name="Asha Rao", *, clock=system_clock, reason=""):
        """Open a unit of work as one of the people."""
        with unit_of_work(self.actor(name), reason, clock) as work:
            yield work


STAFF = {
    "Asha Rao": (Role.FD,),
    "Marco Bellini": (Role.DI,),
    "Daniel Ortiz": (Role.TE,),
    "Mei Lin": (Role.TE,),
    "Tomasz Nowak": (Role.TE,),
    "Ruth Okoye": (Role.ST,),
    "Jonas Weber": (Role.TR,),
    "Helena Brandt": (Role.AS,),
    "Kenji Mori": (Role.AS,),
    "Priya Menon": (Role.LM,),
    "Samuel Okafor": (Role.QM,),
    "Grace Liu": (Role.FI,),
    "Victor Hale": (Role.TA,),
    "Ingrid Solberg": (Role.VA,),
}
SKILLS = {
    "Daniel Ortiz": (("electrical", "temperature", "humidity"), ("perform",)),
    "Mei Lin": (("dimensional", "mass"), ("perform",)),
    "Tomasz Nowak": (("pressure", "torque", "mass"), ("perform",)),
    "Ruth Okoye": (("dimensional", "mass"), ("perform",)),
    "Jonas Weber": (
        ("electrical", "temperature", "humidity", "dimensional", "mass", "pressure", "torque"),
        ("review",),
    ),
    "Helena Brandt": (
        ("electrical", "temperature", "humidity", "pressure", "torque"),
        ("authorize",),
    ),
    "Kenji Mori": (("dimensional", "mass"), ("authorize",)),
}


def a_house(work_in, *, instruments=(5, 6)):
    """Staff a laboratory as in the sample week and give it one customer with instruments."""
    with work_in() as work:
        house = House(work.actor.tenant_id)
        for name, roles in STAFF.items():
            house.people[name] = a_person(work, name, *roles).id
            house.roles[name] = frozenset(roles)
        for name, (disciplines, deeds) in SKILLS.items():
            for discipline in disciplines:
                a_competence(work, house.people[name], discipline, *deeds)
        customer, contact = a_customer(work)
        house.customer_id, house.contact_id = customer.id, contact.id
        yara = a_person(
            work, "Yara Haddad", Role.CU, customer_id=customer.id, profile=PortalProfile.APPROVER
        )
        house.people["Yara Haddad"] = yara.id
        house.roles["Yara Haddad"] = frozenset({Role.CU})
        house.instrument_ids = tuple(
            an_instrument(work, customer.id, number).id for number in instruments
        )
        room = Room(code="D1", name="Dimensional", discipline="dimensional")
        work.add(room)
        house.room_id = room.id
    return house
