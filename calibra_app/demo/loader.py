"""Enters the sample laboratories through the services, each record by who would enter it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from calibra_app.config import settings
from calibra_app.core.access import NOBODY, Actor, Role
from calibra_app.core.clock import system_clock
from calibra_app.core.ids import CustomerId, InstrumentId, PersonId, StandardId, new_id
from calibra_app.demo.cmc import CMC_ROWS
from calibra_app.demo.instruments import INSTRUMENTS, SampleInstrument
from calibra_app.demo.laboratories import (
    ALL_DISCIPLINES,
    LABORATORIES,
    SampleLaboratory,
    email_of,
)
from calibra_app.demo.standards import BY_ASSET, SampleStandard
from calibra_app.demo.week import SampleWeek, week_of
from calibra_app.jobs.runner import Desk
from calibra_app.procedures.registry import PROCEDURES
from calibra_app.services import customers, equipment, people, scope, tenants
from calibra_app.services.settings import face, options
from calibra_app.services.sign_in import hash_password

# How long before the sample week its procedures came into effect and its people were judged.
IN_EFFECT_DAY = -300
YEAR = timedelta(days=365)
# The multimeter, for which the customer decides each time.
URGENCY_ASKED = 8
WARM_UP_MINUTES = {"electrical": "30", "mass": "60"}


@dataclass(slots=True)
class LoadedLaboratory:
    """What was entered, by the names that the sample uses."""

    tenant_id: int
    slug: str
    week: SampleWeek
    people: dict[str, Actor] = field(default_factory=dict)
    customers: dict[str, CustomerId] = field(default_factory=dict)
    contacts: dict[str, UUID] = field(default_factory=dict)
    instruments: dict[int, InstrumentId] = field(default_factory=dict)
    standards: dict[str, StandardId] = field(default_factory=dict)
    providers: dict[str, UUID] = field(default_factory=dict)

    def who(self, role: Role) -> Actor:
        """Return the first person with a role."""
        return next(actor for actor in self.people.values() if role in actor.roles)

    def desk(self, actor: Actor) -> Desk:
        """Return a place in the laboratory for somebody to enter things from."""
        return Desk(actor, new_id(), 1, "sample", NOBODY)


def load_laboratories(scale: int = 1) -> tuple[LoadedLaboratory, ...]:
    """Enter the sample laboratories.

    Args:
        scale: How many times; further ones are called `meridian-2` and so on.
    """
    kept = hash_password(settings().sample_password)
    week = week_of(system_clock())
    return tuple(
        load_laboratory(_numbered(laboratory, number), week, kept)
        for number in range(1, scale + 1)
        for laboratory in LABORATORIES
    )


def load_laboratory(
    sample: SampleLaboratory, week: SampleWeek, password_hash: str
) -> LoadedLaboratory:
    """Enter one laboratory with everything it has before its first request."""
    admin = sample.people[0]
    founded = tenants.open_laboratory(
        sample.name, email_of(admin.name, sample.slug), slug=sample.slug, admin=admin.name
    )
    loaded = LoadedLaboratory(founded.tenant_id, sample.slug, week)
    first = Actor(founded.tenant_id, founded.admin_id, admin.name, frozenset(admin.roles))
    loaded.people[admin.name] = first
    _enter_people(loaded, sample, password_hash)
    _enter_settings(loaded, sample)
    _enter_rooms_and_prices(loaded, sample)
    _enter_scope(loaded, sample)
    _enter_competences(loaded, sample)
    _enter_standards(loaded, [BY_ASSET[code] for code in sample.standards])
    _enter_customers(loaded, sample, password_hash)
    wanted = [each for each in INSTRUMENTS if each.number in sample.instruments]
    enter_instruments(loaded, {each.number: each for each in wanted})
    return loaded


def _numbered(sample: SampleLaboratory, number: int) -> SampleLaboratory:
    if number == 1:
        return sample
    return replace(sample, slug=f"{sample.slug}-{number}", name=f"{sample.name} {number}")


def _enter_people(loaded: LoadedLaboratory, sample: SampleLaboratory, password_hash: str) -> None:
    admin = next(iter(loaded.people.values()))
    with loaded.desk(admin).work() as work:
        people.admit_person(work, admin.person_id, password_hash)
        for each in sample.people[1:]:
            until = None if each.last_day is None else loaded.week.at(each.last_day + 1, 0)
            draft = people.PersonDraft(
                each.name,
                email_of(each.name, sample.slug),
                job_title=each.title,
                team=each.team,
                valid_until=until,
            )
            person_id = people.add_person(work, draft, each.roles)
            people.admit_person(work, person_id, password_hash)
            loaded.people[each.name] = Actor(
                loaded.tenant_id, person_id, each.name, frozenset(each.roles)
            )


def _enter_settings(loaded: LoadedLaboratory, sample: SampleLaboratory) -> None:
    with loaded.desk(loaded.who(Role.TA)).work() as work:
        known = options.get_settings(work)
        seen = options.change_particulars(work, known.version, sample.particulars)
        limits = replace(known.limits, tax_rate=sample.tax_rate)
        seen = options.change_limits(work, seen, limits)
        patterns = {**known.patterns, "certificate": sample.certificate_pattern}
        options.change_patterns(work, seen, patterns)
        face.change_face(
            work,
            face.latest_face(work).revision,
            face.FaceDraft(
                colour=sample.colour,
                sender_name=sample.name,
                sender_email=sample.particulars.email,
            ),
        )


def _enter_rooms_and_prices(loaded: LoadedLaboratory, sample: SampleLaboratory) -> None:
    with loaded.desk(loaded.who(Role.LM)).work() as work:
        for room in sample.rooms:
            equipment.add_room(work, room)
        for price in sample.prices:
            scope.add_price(work, price)


def _enter_scope(loaded: LoadedLaboratory, sample: SampleLaboratory) -> None:
    author, approver = loaded.who(Role.ST), loaded.who(Role.QM)
    disciplines = _disciplines(sample)
    offered = [each for each in PROCEDURES if _discipline_of(each.key) in disciplines]
    versions: list[UUID] = []
    with loaded.desk(author).work() as work:
        for each in offered:
            discipline = _discipline_of(each.key)
            owner = author.person_id if discipline == "dimensional" else None
            procedure_id = scope.add_procedure(
                work, scope.ProcedureDraft(each.key, each.title, discipline, each.key, owner)
            )
            warm_up = WARM_UP_MINUTES.get(discipline)
            version_id = scope.draft_version(
                work,
                procedure_id,
                scope.VersionDraft(
                    model_version=each.version,
                    revision=int(each.version),
                    settings={"warm_up_minutes": warm_up} if warm_up else {},
                    change_note="In effect before Calibra.",
                ),
            )
            scope.submit_version(work, version_id)
            versions.append(version_id)
    with loaded.desk(approver).work() as work:
        for version_id in versions:
            scope.approve_version(work, version_id)
            scope.put_in_effect(work, version_id, loaded.week.day(IN_EFFECT_DAY))
    with loaded.desk(loaded.who(Role.LM)).work() as work:
        for row in CMC_ROWS:
            if row.discipline in disciplines:
                scope.add_cmc(
                    work,
                    scope.CmcDraft(
                        discipline=row.discipline,
                        procedure_code=row.procedure,
                        measurand=row.quantity,
                        low=_exact(row.range_min),
                        high=_exact(row.range_max),
                        unit=row.unit,
                        absolute=_exact(row.absolute),
                        absolute_unit=row.uncertainty_unit,
                        relative=_exact(row.relative),
                        valid_from=loaded.week.day(IN_EFFECT_DAY),
                    ),
                )
    with loaded.desk(approver).work() as work:
        loaded.providers["Nordic Power Lab"] = scope.add_provider(
            work,
            scope.ProviderDraft(
                "Nordic Power Lab",
                "NO-CAL-0417",
                (scope.Approval("MP-ELE-09", Decimal(1000), "A"),),
                loaded.week.day(245),
            ),
        )


def _enter_competences(loaded: LoadedLaboratory, sample: SampleLaboratory) -> None:
    with loaded.desk(loaded.who(Role.QM)).work() as work:
        for person in sample.people:
            for deed, fields in person.duties:
                for wanted in fields:
                    whole = wanted in ALL_DISCIPLINES
                    people.record_competence(
                        work,
                        people.CompetenceDraft(
                            person_id=loaded.people[person.name].person_id,
                            deed=deed,
                            discipline=wanted if whole else _discipline_of(wanted),
                            procedure_code="" if whole else wanted,
                            valid_from=loaded.week.day(IN_EFFECT_DAY),
                            evidence="Witnessed work and comparison, record on file",
                        ),
                    )


def _enter_standards(loaded: LoadedLaboratory, samples: Sequence[SampleStandard]) -> None:
    certificates: list[UUID] = []
    with loaded.desk(loaded.who(Role.LM)).work() as work:
        for at, each in enumerate(samples, 1):
            standard_id = equipment.register_standard(
                work,
                equipment.StandardDraft(
                    each.asset,
                    each.description,
                    each.discipline,
                    each.manufacturer,
                    each.model,
                    each.serial,
                    each.room,
                ),
            )
            loaded.standards[each.asset] = StandardId(standard_id)
            certificates.extend(
                equipment.add_certificate(work, standard_id, draft)
                for draft in (_previous(each, loaded.week, at), _current(each, loaded.week))
            )
    with loaded.desk(loaded.who(Role.QM)).work() as work:
        for certificate_id in certificates:
            equipment.accept_certificate(work, certificate_id)


def _current(sample: SampleStandard, week: SampleWeek) -> equipment.CertificateDraft:
    return equipment.CertificateDraft(
        number=sample.certificate_number,
        provider=sample.provider,
        issued_on=week.day(sample.calibrated_day),
        due_on=week.day(sample.due_day),
        points=tuple(
            equipment.PointDraft(
                quantity=point.function,
                nominal=_exact(point.nominal),
                unit=point.unit,
                correction=_exact(point.correction),
                expanded_uncertainty=_exact(point.expanded_uncertainty),
                coverage_factor=_exact(point.coverage_factor),
                drift=_exact(point.drift),
                uncertainty_unit=point.small_unit,
                distribution=str(point.distribution),
            )
            for point in sample.points
        ),
        accreditation=f"Accredited laboratory {sample.provider}",
        traceability="SI, through the national metrology institute",
    )


def _previous(sample: SampleStandard, week: SampleWeek, at: int) -> equipment.CertificateDraft:
    """Return the certificate of a year before: what the drift is judged by."""
    current = _current(sample, week)
    issued = current.issued_on - YEAR
    prefix = current.number.partition("-")[0]
    quarter = Decimal("0.25")
    return replace(
        current,
        number=f"{prefix}-{issued:%Y}-{1000 + 37 * at}",
        issued_on=issued,
        due_on=current.issued_on,
        points=tuple(
            replace(
                point,
                correction=point.correction
                - quarter * (point.drift or point.expanded_uncertainty) * (1 if number % 2 else -1),
            )
            for number, point in enumerate(current.points)
        ),
    )


def _enter_customers(
    loaded: LoadedLaboratory, sample: SampleLaboratory, password_hash: str
) -> None:
    contacts: list[tuple[UUID, customers.PortalProfile]] = []
    with loaded.desk(loaded.who(Role.FD)).work() as work:
        for each in sample.customers:
            customer_id = customers.add_customer(work, each.draft)
            loaded.customers[each.draft.code] = customer_id
            for contact in each.contacts:
                contact_id = customers.add_contact(
                    work,
                    customer_id,
                    customers.ContactDraft(
                        contact.name, email_of(contact.name, sample.slug), duty=contact.duty
                    ),
                )
                loaded.contacts[contact.name] = contact_id
                contacts.append((contact_id, contact.profile))
    with loaded.desk(loaded.who(Role.TA)).work() as work:
        for contact_id, profile in contacts:
            person_id = customers.give_portal_access(work, contact_id, profile)
            people.admit_person(work, person_id, password_hash)
    _remember_contacts(loaded, sample)


def _remember_contacts(loaded: LoadedLaboratory, sample: SampleLaboratory) -> None:
    with loaded.desk(loaded.who(Role.FD)).work() as work:
        for each in sample.customers:
            customer_id = loaded.customers[each.draft.code]
            for contact in customers.list_contacts(work, customer_id):
                if contact.person_id is not None:
                    loaded.people[contact.name] = Actor(
                        loaded.tenant_id,
                        PersonId(contact.person_id),
                        contact.name,
                        frozenset({Role.CU}),
                        customer_id,
                    )


def enter_instruments(loaded: LoadedLaboratory, samples: Mapping[int, SampleInstrument]) -> None:
    """Enter instruments of customers, each to be found again by its number."""
    owners = tuple(loaded.customers)
    with loaded.desk(loaded.who(Role.FD)).work() as work:
        for number, each in samples.items():
            owner = each.customer if each.customer in loaded.customers else owners[0]
            loaded.instruments[number] = equipment.add_instrument(
                work,
                equipment.InstrumentDraft(
                    customer_id=loaded.customers[owner],
                    tag=each.tag,
                    description=each.description,
                    manufacturer=each.manufacturer,
                    model=each.model,
                    serial=each.serial,
                    discipline=each.discipline,
                    procedure_code=each.procedure,
                    range_text=_range_text(each.parameters),
                    parameters=each.parameters,
                    agreement=_last_agreed(each),
                    on_site=each.on_site,
                    due_on=loaded.week.day(
                        4 + each.number if each.due_day is None else each.due_day
                    ),
                    interval_months=12,
                ),
            )


def _last_agreed(sample: SampleInstrument) -> dict[str, object]:
    """Return what a request for the instrument begins with; of one the urgency is still asked."""
    urgency = {} if sample.number == URGENCY_ASKED else {"urgency": "standard"}
    due_on_label = "yes" if sample.customer == "K3" else "no"
    return {"adjustment": "ask", "as_found": "yes", "due_on_label": due_on_label, **urgency}


def _range_text(parameters: Mapping[str, object]) -> str:
    if "range_low" in parameters:
        return f"{parameters['range_low']} to {parameters['range_high']} {parameters['unit']}"
    ranges = parameters.get("ranges", ())
    count = len(ranges) if isinstance(ranges, Sequence) else 0
    return f"{count} ranges" if count > 1 else ""


def _disciplines(sample: SampleLaboratory) -> frozenset[str]:
    return frozenset(BY_ASSET[code].discipline for code in sample.standards)


def _discipline_of(procedure_code: str) -> str:
    return next(row.discipline for row in CMC_ROWS if row.procedure == procedure_code)


def _exact(value: float) -> Decimal:
    return Decimal(f"{value:.0f}" if value == round(value) else str(value))
