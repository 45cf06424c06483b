"""A bench for the tests: lines that are received and assigned, standards, rooms, a scope."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlmodel import select

from calibra_app.core.clock import system_clock
from calibra_app.demo.cmc import CMC_ROWS
from calibra_app.demo.instruments import INSTRUMENTS
from calibra_app.demo.standards import BY_ASSET
from calibra_app.models.customer import DecisionRule
from calibra_app.models.equipment import (
    Instrument,
    ReferenceStandard,
    StandardCertificate,
    StandardPoint,
)
from calibra_app.models.scope import Cmc
from calibra_app.models.srf import ItemCondition, Srf, SrfLine
from calibra_app.services.calibrations import start_work
from calibra_app.services.srf.agreement import Agreement
from calibra_app.services.srf.states import HeaderState, LineState
from tests.builders import LONG_AGO, a_house

WHO = {
    "electrical": "Daniel Ortiz",
    "temperature": "Daniel Ortiz",
    "humidity": "Daniel Ortiz",
    "dimensional": "Mei Lin",
    "mass": "Mei Lin",
    "pressure": "Tomasz Nowak",
    "torque": "Tomasz Nowak",
}
RULES = {
    "K1": DecisionRule.GUARD_BAND_U,
    "K2": DecisionRule.SIMPLE_OR_FOUR_OUTCOMES,
    "K3": DecisionRule.SIMPLE,
}


def a_standard(work, code, *, due_on=None, asset=None):
    """Enter a standard of the sample with its accepted certificate."""
    sample = BY_ASSET[asset or code]
    due_on = due_on or system_clock().date() + timedelta(days=100)
    row = ReferenceStandard(
        code=code,
        name=sample.description,
        discipline=sample.discipline,
        due_on=due_on,
    )
    work.add(row)
    certificate = StandardCertificate(
        standard_id=row.id,
        number=sample.certificate_number,
        provider=sample.provider,
        issued_on=LONG_AGO,
        due_on=due_on,
        traceability="SI",
        accepted_at=work.now,
        accepted_by=work.actor.person_id,
    )
    work.add(certificate)
    work.add_all(
        [
            StandardPoint(
                certificate_id=certificate.id,
                position=at,
                quantity=point.function,
                nominal=Decimal(str(point.nominal)),
                unit=point.unit,
                correction=Decimal(str(point.correction)),
                expanded_uncertainty=Decimal(str(point.expanded_uncertainty)),
                coverage_factor=Decimal(str(point.coverage_factor)),
                drift=Decimal(str(point.drift)),
                uncertainty_unit=point.small_unit,
                distribution=str(point.distribution),
            )
            for at, point in enumerate(sample.points, 1)
        ]
    )
    return row


@dataclass
class Bench:
    """A house whose lines wait on the bench, by the numbers of the sample week."""

    house: object
    lines: dict
    people: dict

    def who(self, number):
        return self.people[number]

    def work(self, number=None, *, name=None):
        return self.house.work(name or self.people[number])

    def started(self, number):
        """Begin the work on an instrument and return its sheet."""
        with self.work(number) as work:
            return start_work(work, self.lines[number])


def a_bench(work_in, numbers):
    """Put instruments of the sample week, received and assigned, on the bench."""
    house = a_house(work_in, instruments=numbers)
    bench = Bench(house, {}, {})
    with work_in() as work:
        for asset in {asset for n in numbers for asset in _sample(n).standards}:
            a_standard(work, asset)
        for row in CMC_ROWS:
            work.add(
                Cmc(
                    discipline=row.discipline,
                    procedure_code=row.procedure,
                    measurand=row.quantity,
                    low=Decimal(str(row.range_min)),
                    high=Decimal(str(row.range_max)),
                    unit=row.unit,
                    absolute=Decimal(str(row.absolute)),
                    absolute_unit=row.uncertainty_unit,
                    relative=Decimal(str(row.relative)),
                    valid_from=LONG_AGO,
                )
            )
        srf = Srf(
            number="SRF-2026-0414",
            customer_id=house.customer_id,
            contact_id=house.contact_id,
            state=HeaderState.ASSIGNED,
            created_by=house.people["Asha Rao"],
            state_since=work.now,
        )
        work.add(srf)
        for position, (number, instrument_id) in enumerate(
            zip(numbers, house.instrument_ids, strict=True), 1
        ):
            sample = _sample(number)
            bench.people[number] = WHO[sample.discipline]
            line = SrfLine(
                srf_id=srf.id,
                position=position,
                instrument_id=instrument_id,
                procedure_code=sample.procedure,
                state=LineState.ASSIGNED,
                decision_rule=RULES[sample.customer],
                assignee_id=house.people[bench.people[number]],
                condition=ItemCondition.OK,
                received_at=work.now,
                state_since=work.now,
            )
            item = work.peek(Instrument, instrument_id)
            Agreement(
                procedure_code=sample.procedure,
                decision_rule=RULES[sample.customer],
                parameters=item.parameters,
            ).write_to(line)
            work.add(line)
            bench.lines[number] = line.id
    return bench


def _sample(number):
    return next(each for each in INSTRUMENTS if each.number == number)


@pytest.fixture
def bench(work_in):
    """Make a bench with instruments: `bench(8, 9)`."""
    return lambda *numbers: a_bench(work_in, numbers)


@pytest.fixture
def line_of():
    """Read a line again."""

    def read(made, number):
        with made.house.work("Priya Menon") as work:
            return work.exec(select(SrfLine).where(SrfLine.id == made.lines[number])).one()

    return read
