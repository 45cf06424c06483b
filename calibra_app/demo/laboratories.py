"""The sample laboratories: who works there, for whom, in which rooms, at which prices."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from calibra_app.core.access import Role
from calibra_app.services.customers import (
    CustomerDraft,
    DecisionRule,
    PortalProfile,
    ReleaseRule,
    TaxTreatment,
)
from calibra_app.services.equipment import RoomDraft, RoomLimit
from calibra_app.services.people import Deed
from calibra_app.services.scope import PriceDraft, PriceKind
from calibra_app.services.settings.options import Particulars

ALL_DISCIPLINES: Final = (
    "dimensional", "electrical", "humidity", "mass", "pressure", "temperature", "torque",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """One of the personnel. `duties`: what they may do, in which disciplines or by which codes."""

    name: str
    roles: tuple[Role, ...]
    title: str
    team: str = ""
    duties: tuple[tuple[Deed, tuple[str, ...]], ...] = ()
    # Day of the sample on which the account ends.
    last_day: int | None = None


@dataclass(frozen=True, slots=True)
class SampleContact:
    """A customer's contact with portal access."""

    name: str
    duty: str
    profile: PortalProfile


@dataclass(frozen=True, slots=True)
class SampleCustomer:
    """A customer with contacts."""

    draft: CustomerDraft
    contacts: tuple[SampleContact, ...]


@dataclass(frozen=True, slots=True)
class SampleLaboratory:
    """One laboratory: the first of its people is its admin."""

    slug: str
    name: str
    people: tuple[SamplePerson, ...]
    customers: tuple[SampleCustomer, ...]
    rooms: tuple[RoomDraft, ...]
    prices: tuple[PriceDraft, ...]
    particulars: Particulars
    colour: str
    tax_rate: Decimal
    certificate_pattern: str
    # Numbers of the instruments that the customers have in the registry.
    instruments: tuple[int, ...] = ()
    standards: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class SignIn:
    """With which address somebody of the sample signs in, and as what."""

    email: str
    what: str


def email_of(name: str, slug: str) -> str:
    """Return the address of a sample person."""
    first, *_, last = name.lower().split()
    return f"{first}.{last}@{slug}.example"


def sample_people() -> tuple[SignIn, ...]:
    """Return everybody of the sample who can sign in."""
    found: list[SignIn] = []
    for laboratory in LABORATORIES:
        for person in laboratory.people:
            titles = ", ".join(role.label for role in person.roles)
            found.append(SignIn(email_of(person.name, laboratory.slug), titles))
        for customer in laboratory.customers:
            found.extend(
                SignIn(email_of(each.name, laboratory.slug), f"Customer, {customer.draft.name}")
                for each in customer.contacts
            )
    return tuple(found)


def _limit(quantity: str, low: str, high: str, unit: str) -> RoomLimit:
    return RoomLimit(quantity, Decimal(low), Decimal(high), unit)


def _calibration(procedure: str, title: str, amount: str) -> PriceDraft:
    code = procedure.replace("MP-", "CAL-")
    return PriceDraft(code, title, PriceKind.CALIBRATION, Decimal(amount), procedure_code=procedure)


_PERFORM, _REVIEW, _AUTHORIZE = Deed.PERFORM, Deed.REVIEW, Deed.AUTHORIZE

MERIDIAN: Final = SampleLaboratory(
    slug="meridian",
    name="Meridian Metrology",
    particulars=Particulars(
        legal_name="Meridian Metrology GmbH",
        address="Messstraße 7\n28359 Bremen\nGermany",
        phone="+49 421 555 0130",
        email="lab@meridian.example",
        website="https://www.meridian.example",
        vat_id="DE812345678",
        bank="Weser Bank, IBAN DE02 1203 0000 0000 2020 51",
        accreditation_body="National Accreditation Service",
        accreditation_number="D-K-15042-01-00",
    ),
    colour="#0b6e8f",
    tax_rate=Decimal(20),
    certificate_pattern="MM-{yy}-{srf}-{line:02}",
    people=(
        SamplePerson("Victor Hale", (Role.TA,), "IT and security"),
        SamplePerson("Asha Rao", (Role.FD,), "Customer service", "office"),
        SamplePerson("Marco Bellini", (Role.DI,), "Dispatcher", "office"),
        SamplePerson(
            "Daniel Ortiz", (Role.TE,), "Technician", "electrical",
            ((_PERFORM, ("electrical", "temperature", "humidity")),),
        ),
        SamplePerson(
            "Mei Lin", (Role.TE,), "Technician", "dimensional",
            ((_PERFORM, ("dimensional", "mass")),),
        ),
        SamplePerson(
            "Tomasz Nowak", (Role.TE,), "Field technician", "mechanical",
            ((_PERFORM, ("pressure", "torque", "MP-MAS-01", "MP-MAS-04")),),
        ),
        SamplePerson(
            "Ruth Okoye", (Role.ST,), "Senior technician", "dimensional",
            ((_PERFORM, ("dimensional", "mass")),),
        ),
        SamplePerson(
            "Jonas Weber", (Role.TR,), "Technical reviewer", "quality",
            ((_REVIEW, ALL_DISCIPLINES),),
        ),
        SamplePerson(
            "Helena Brandt", (Role.AS,), "Authorized signatory", "quality",
            ((_AUTHORIZE, ("electrical", "temperature", "humidity", "pressure", "torque")),),
        ),
        SamplePerson(
            "Kenji Mori", (Role.AS,), "Authorized signatory", "quality",
            ((_AUTHORIZE, ("dimensional", "mass")),),
        ),
        SamplePerson("Priya Menon", (Role.LM,), "Laboratory manager", "office"),
        SamplePerson("Samuel Okafor", (Role.QM,), "Quality manager", "quality"),
        SamplePerson("Grace Liu", (Role.FI,), "Finance", "office"),
        SamplePerson("Ingrid Solberg", (Role.VA,), "External assessor", last_day=11),
    ),
    customers=(
        SampleCustomer(
            CustomerDraft(
                "K1", "Northwind Biologics", "Hafenstraße 12\n28195 Bremen", "DE", "DE811204567",
                accredited=True, decision_rule=DecisionRule.GUARD_BAND_U,
                release_rule=ReleaseRule.ON_APPROVAL, tax_rate=Decimal(20),
                discount_percent=Decimal(5),
            ),
            (
                SampleContact("Ben Adeyemi", "Requester", PortalProfile.REQUESTER),
                SampleContact("Laura Petit", "Quality, approver", PortalProfile.APPROVER),
            ),
        ),
        SampleCustomer(
            CustomerDraft(
                "K2", "Kestrel Aero Components", "Rue du Moulin 8\n31000 Toulouse", "FR",
                "FR40303265045", accredited=True,
                decision_rule=DecisionRule.SIMPLE_OR_FOUR_OUTCOMES,
                release_rule=ReleaseRule.ON_INVOICE, tax_treatment=TaxTreatment.REVERSE_CHARGE,
            ),
            (SampleContact("Yara Haddad", "Requester and approver", PortalProfile.APPROVER),),
        ),
        SampleCustomer(
            CustomerDraft(
                "K3", "Bluewater Foods", "Am Kai 3\n26721 Emden", "DE", "DE290117733",
                accredited=False, decision_rule=DecisionRule.SIMPLE,
                release_rule=ReleaseRule.ON_PAYMENT, tax_rate=Decimal(20), due_date_on_label=True,
            ),
            (SampleContact("Olaf Berg", "Requester, approver, quality", PortalProfile.APPROVER),),
        ),
    ),
    rooms=(
        RoomDraft("E1", "Electrical", "electrical", "TH-E1", (
            _limit("temperature", "22", "24", "°C"), _limit("humidity", "30", "60", "%RH"),
        )),
        RoomDraft("D1", "Dimensional", "dimensional", "TH-D1", (
            _limit("temperature", "19.5", "20.5", "°C"),
            RoomLimit("gradient", None, Decimal("0.3"), "K/h"),
        )),
        RoomDraft("M1", "Mass", "mass", "TH-M1", (
            _limit("temperature", "19", "21", "°C"), _limit("humidity", "40", "60", "%RH"),
            _limit("pressure", "950", "1050", "hPa"),
        )),
        RoomDraft("P1", "Pressure and torque", "pressure, torque", "TH-P1", (
            _limit("temperature", "19", "23", "°C"),
        )),
        RoomDraft("T1", "Temperature and humidity", "temperature, humidity", "TH-T1", (
            _limit("temperature", "21", "25", "°C"),
        )),
        RoomDraft("V1", "Van"),
    ),
    prices=(
        _calibration("MP-MAS-01", "Analytical balance", "180.00"),
        _calibration("MP-MAS-04", "Platform scale", "140.00"),
        _calibration("MP-TEM-01", "Probe thermometer", "55.00"),
        _calibration("MP-TEM-02", "Resistance thermometer", "145.00"),
        _calibration("MP-TEM-05", "Thermo-hygrometer", "160.00"),
        _calibration("MP-PRE-01", "Pressure gauge", "65.00"),
        _calibration("MP-PRE-03", "Pressure transmitter", "130.00"),
        _calibration("MP-DIM-01", "Caliper", "36.00"),
        _calibration("MP-DIM-02", "Micrometer", "48.00"),
        _calibration("MP-TOR-01", "Torque wrench", "75.00"),
        _calibration("MP-ELE-04", "Digital multimeter", "155.00"),
        _calibration("MP-ELE-09", "AC clamp meter", "90.00"),
        PriceDraft("ADJ-PRE-01", "Adjustment of a pressure gauge", PriceKind.ADJUSTMENT,
                   Decimal("40.00"), procedure_code="MP-PRE-01"),
        PriceDraft("TRAVEL-1", "Travel, zone 1", PriceKind.TRAVEL, Decimal("80.00")),
        PriceDraft("TRAVEL-2", "Travel, zone 2", PriceKind.TRAVEL, Decimal("120.00")),
        PriceDraft("HANDLING", "Handling of subcontracted work", PriceKind.HANDLING, Decimal(15),
                   is_percentage=True),
        PriceDraft("URGENT", "Urgency", PriceKind.SURCHARGE, Decimal(25), is_percentage=True),
    ),
    instruments=tuple(range(1, 13)),
    standards=(
        "STD-E-001", "STD-D-003", "STD-M-002", "STD-P-001", "STD-P-002", "STD-T-001",
        "STD-T-004", "STD-Q-001", "STD-MW-01",
    ),
)  # fmt: skip

POLARIS: Final = SampleLaboratory(
    slug="polaris",
    name="Polaris Calibration",
    particulars=Particulars(
        legal_name="Polaris Calibration AS",
        address="Havnegata 3\n9008 Tromsø\nNorway",
        phone="+47 555 77 01",
        email="post@polaris.example",
        vat_id="NO 912 345 678 MVA",
        bank="Nordbanken, 1503 40 12345",
    ),
    colour="#7a3fb0",
    tax_rate=Decimal(25),
    certificate_pattern="PC-{yy}-{srf}-{line:02}",
    people=(
        SamplePerson("Karl Voss", (Role.TA,), "Administration"),
        SamplePerson("Nora Lind", (Role.LM, Role.QM), "Owner"),
        SamplePerson("Ida Holm", (Role.FD, Role.FI), "Office"),
        SamplePerson(
            "Emil Sand", (Role.ST,), "Technician", duties=((_PERFORM, ("electrical",)),)
        ),
        SamplePerson(
            "Sara Lund", (Role.TR, Role.AS), "Reviewer and signatory",
            duties=((_REVIEW, ("electrical",)), (_AUTHORIZE, ("electrical",))),
        ),
    ),
    customers=(
        SampleCustomer(
            CustomerDraft(
                "K2", "Aurora Instruments", "Storgata 5\n9008 Tromsø", "NO",
                decision_rule=DecisionRule.SIMPLE, tax_rate=Decimal(25),
            ),
            (SampleContact("Pia Moen", "Requester and approver", PortalProfile.APPROVER),),
        ),
    ),
    rooms=(
        RoomDraft("L1", "Laboratory", "electrical", "TH-L1", (
            _limit("temperature", "22", "24", "°C"), _limit("humidity", "30", "60", "%RH"),
        )),
    ),
    prices=(_calibration("MP-ELE-04", "Digital multimeter", "170.00"),),
    instruments=(8,),
    standards=("STD-E-001",),
)  # fmt: skip

LABORATORIES: Final = (MERIDIAN, POLARIS)
